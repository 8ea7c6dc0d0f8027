package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPartsTest {
  @TempDir Path folder;

  @Test
  void progressLinesBeginWithTheSecondsSinceTheStart() {
    AtomicLong nanos = new AtomicLong(5_000_000_000L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Progress progress =
        Progress.elapsed(new PrintStream(bytes, true, StandardCharsets.UTF_8), nanos::get);

    nanos.addAndGet(3_240_000_000L);
    progress.say("warehouse: migrations applied");

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("[  3.2 s] warehouse: migrations applied" + System.lineSeparator());
  }

  @Test
  void freePortsDifferAndATakenOneIsSeen() throws Exception {
    List<Integer> ports = Ports.free(4);

    assertThat(ports).doesNotHaveDuplicates().allMatch(Ports::isFree);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
    }
  }

  @Test
  void aKeptRunGetsThePortsOfTheLastTimeUnlessOneIsTaken() throws Exception {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      PipelinePorts first = PipelinePorts.choose(state);
      assertThat(PipelinePorts.choose(state)).isEqualTo(first);

      try (ServerSocket taken =
          new ServerSocket(first.broker(), 1, InetAddress.getLoopbackAddress())) {
        assertThat(PipelinePorts.choose(state).broker()).isNotEqualTo(taken.getLocalPort());
      }
    }
  }

  @Test
  void aLogThatIsFullBeginsAnewAndKeepsTheOldOneOnce() throws Exception {
    Path log = folder.resolve("logs/one.log");
    try (LogFile file = new LogFile(log, 40)) {
      for (int i = 0; i < 12; i++) {
        file.line("line number " + i);
      }
      assertThat(file.lastLine()).isEqualTo("line number 11");
    }

    assertThat(Files.size(log)).isLessThanOrEqualTo(40);
    assertThat(Files.size(folder.resolve("logs/one.log.1"))).isLessThanOrEqualTo(40);
    try (var files = Files.list(folder.resolve("logs"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void aReaderOfLogsShowsTheEndThenTheNewsAndSurvivesANewBeginning() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(logs.resolve("one.log"), "a\nb\nc\n");
    Files.writeString(logs.resolve("two.log"), "x\n");
    LogReader reader = new LogReader(logs, Optional.empty());

    assertThat(reader.last(2)).containsExactly("one        b", "one        c", "two        x");
    Files.writeString(logs.resolve("one.log"), "a\nb\nc\nd\n");
    assertThat(reader.news()).containsExactly("one        d");
    Files.writeString(logs.resolve("one.log"), "e\n");
    assertThat(reader.news()).containsExactly("one        e");

    assertThatThrownBy(() -> new LogReader(logs, Optional.of("three")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("no log of 'three'")
        .hasMessageContaining("only of one, two");
  }

  @Test
  void aChildGetsNothingOfTheShellThatCouldMisleadIt() {
    Map<String, String> shell =
        new HashMap<>(
            Map.of(
                "PATH", "/bin", "AWS_PROFILE", "work", "SNOWFLAKE_HOST", "x", "HTTP_PROXY", "y"));

    ChildEnvironment.keepNeeded(shell);

    assertThat(shell).containsOnlyKeys("PATH");
  }

  @Test
  void aStateThatWasMadeWithAnotherFormatIsRefusedWithWhatToDo() {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      RunSettings.of(PipelineOptions.kept("parquet")).agreeWith(state);
      RunSettings.of(PipelineOptions.kept("parquet")).agreeWith(state);

      assertThatThrownBy(() -> RunSettings.of(PipelineOptions.kept("ndjson")).agreeWith(state))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("format=parquet")
          .hasMessageContaining("./millrace reset");
      assertThat(RunSettings.environmentOf(state)).isEqualTo("dev");
    }
  }

  @Test
  void endpointsAreReadAsTheyWereWritten() {
    Endpoints endpoints = endpoints();

    assertThat(Endpoints.parse(endpoints.toJson())).isEqualTo(endpoints);
    assertThatThrownBy(() -> Endpoints.parse("{}")).isInstanceOf(SetupFailure.class);
  }

  @Test
  void endpointsOfARunAreSeenOnlyWhileItHoldsItsFolderAndByItsUserOnly() throws Exception {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      assertThat(Endpoints.ofRunning(folder)).isEmpty();
      state.writePrivately(Endpoints.FILE, endpoints().toJson());

      assertThat(Endpoints.ofRunning(folder)).contains(endpoints());
      assertThat(
              java.nio.file.attribute.PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve(Endpoints.FILE))))
          .isEqualTo("rw-------");
    }
    assertThat(Endpoints.ofRunning(folder)).isEmpty();
  }

  @Test
  void endpointsOfACrashedRunAreNotThoseOfTheOneThatFollows() throws Exception {
    Process crashed = new ProcessBuilder("true").start();
    crashed.waitFor();
    try (StateFolder state = StateFolder.open(folder, "test")) {
      state.write(
          Endpoints.FILE,
          endpoints()
              .toJson()
              .replace("\"pid\" : " + ProcessHandle.current().pid(), "\"pid\" : " + crashed.pid()));

      assertThat(Endpoints.ofRunning(folder)).isEmpty();
      assertThat(RunningPipeline.isStarting(folder)).isTrue();
    }
    StateFolder.open(folder, "next").close();
    assertThat(folder.resolve(Endpoints.FILE)).doesNotExist();
  }

  @Test
  void filesOfMetadataAreNotFilesOfRows() throws Exception {
    Path day = Files.createDirectories(folder.resolve("events/source=orders"));
    Files.writeString(day.resolve("a.r5.parquet"), "x");
    Files.writeString(day.resolve("a.r5.parquet.meta.json"), "{}");

    assertThat(BacklogReader.filesBelow(folder.resolve("events"))).isEqualTo(1);
    assertThat(BacklogReader.filesBelow(folder.resolve("failed"))).isZero();
  }

  @Test
  void passwordsOfABrokerAreNotShown() {
    assertThat(AmqpUrls.withoutPassword(URI.create("amqps://me:secret@host:5671/v")))
        .isEqualTo("amqps://me@host:5671/v");
  }

  @Test
  void theFirstFailureOfParallelWorkIsTheOneThatIsTold() {
    try (Parallel parallel = new Parallel()) {
      var broken =
          parallel.<String>start(
              () -> {
                throw new SetupFailure("no disk");
              });
      var waiting = parallel.start(() -> broken.join() + "!");
      assertThatThrownBy(waiting::join).isInstanceOf(SetupFailure.class).hasMessage("no disk");
    }
  }

  @Test
  void aCheckoutIsFoundByTheScriptsVariablesElseByWalkingUp() throws Exception {
    Files.createDirectories(folder.resolve("local/python"));
    Files.createFile(folder.resolve("local/python/requirements.in"));
    Path deep = Files.createDirectories(folder.resolve("some/where"));

    assertThat(Checkout.find(Map.of(), deep).home()).isEqualTo(folder);
    assertThat(Checkout.find(Map.of("MILLRACE_HOME", "/x"), deep).home()).isEqualTo(Path.of("/x"));
    assertThatThrownBy(() -> Checkout.find(Map.of(), Path.of("/")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("not inside a checkout");
    assertThatThrownBy(() -> Checkout.find(Map.of(), deep).requirePython())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("./millrace prepare");
  }

  @Test
  void aModelIsKnownByItsManifestEntry() throws Exception {
    ModelCatalog catalog =
        ModelCatalog.parse(
            new ObjectMapper()
                .readTree(
                    """
                    {"nodes":{
                      "test.x":{"resource_type":"test","name":"x","schema":"audit"},
                      "model.y":{"resource_type":"model","name":"fct_orders","schema":"MARTS",
                        "description":"One row per order line.\\n  Money is in minor units.",
                        "columns":{"order_id":{"name":"order_id","description":"Whose line."}}}}}
                    """));

    assertThat(catalog.models()).hasSize(1);
    assertThat(catalog.model("FCT_ORDERS").description())
        .isEqualTo("One row per order line. Money is in minor units.");
    assertThat(catalog.model("fct_orders").columns())
        .containsExactly(new ModelCatalog.Column("order_id", "Whose line."));
    assertThatThrownBy(() -> catalog.model("fct_order")).hasMessageContaining("only fct_orders");
  }

  private static Endpoints endpoints() {
    return new Endpoints(
        "dev",
        ProcessHandle.current().pid(),
        "http://127.0.0.1:1",
        "token",
        "amqp://guest:guest@127.0.0.1:2/%2F",
        "http://127.0.0.1:3",
        "eu-west-1",
        "111111111111",
        "bucket",
        "http://127.0.0.1:3/111111111111/q",
        "http://127.0.0.1:3/111111111111/d",
        "arn:aws:sns:eu-west-1:111111111111:t",
        "millrace-dev-writer",
        Path.of("/objects"),
        4,
        Path.of("/history"));
  }
}
