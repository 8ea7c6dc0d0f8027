package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.publish.EventLines;
import millrace.local.publish.EventPublisher;
import millrace.local.publish.LinePublisher;
import millrace.local.publish.LinePublisher.BadLine;
import millrace.local.publish.LinePublisher.Report;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Endpoints;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "publish",
    description = {
      "Publish events from JSON lines and wait for the broker to confirm each.",
      "The lines are those of ./millrace sample. Bad lines are reported by number and reason; the",
      "rest goes on."
    })
final class PublishCommand implements Callable<Integer> {
  private static final int IN_FLIGHT = 2_000;

  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "JSON lines; - reads standard input.")
  String file = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Type of lines without _type, such as orders.v1.OrderCreated.")
  @Nullable String type;

  @Option(
      names = "--amqp-url",
      paramLabel = "URL",
      description = "Broker to publish to (default: that of ./millrace up).")
  @Nullable String amqpUrl;

  @Option(names = "--json", description = "Print the result as JSON.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalRun run = LocalRun.of(main, "publish", "name its broker with --amqp-url and --env local");
    Optional<Endpoints> running = run.running().map(RunningPipeline::endpoints);
    String url =
        amqpUrl != null
            ? amqpUrl
            : running
                .map(Endpoints::amqpUrl)
                .orElseThrow(() -> new SetupFailure("nothing runs: start it with ./millrace up"));
    ContractSet contracts = LocalContracts.active(main);
    var lines =
        new EventLines(contracts, Optional.ofNullable(type), () -> UUID.randomUUID().toString());
    try (BufferedReader in = open(run.checkout().invokedFrom());
        EventPublisher publisher = EventPublisher.connect(url, IN_FLIGHT, InstantSource.system())) {
      Report report = new LinePublisher(lines, LinePublisher.Sink.of(publisher)).publish(in);
      print(report);
      return report.bad() == 0 ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
    }
  }

  private BufferedReader open(Path folder) {
    // characters that are not UTF-8 end up as bad lines, not as other characters
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    if (file.equals("-")) {
      return new BufferedReader(new InputStreamReader(System.in, decoder));
    }
    Path path = folder.resolve(file);
    try {
      return new BufferedReader(new InputStreamReader(Files.newInputStream(path), decoder));
    } catch (NoSuchFileException e) {
      throw new SetupFailure("there is no file " + file, e);
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private void print(Report report) {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    if (json) {
      ObjectNode result = new ObjectMapper().createObjectNode();
      result.put("published", report.published()).put("bad", report.bad());
      ArrayNode bad = result.putArray("bad_lines");
      for (BadLine line : report.badLines()) {
        bad.addObject().put("line", line.number()).put("reason", line.reason());
      }
      out.println(result);
      return;
    }
    for (BadLine line : report.badLines()) {
      err.println("line " + line.number() + ": " + line.reason());
    }
    if (report.bad() > report.badLines().size()) {
      err.println("and " + (report.bad() - report.badLines().size()) + " bad lines more");
    }
    out.println(
        report.published()
            + " events published"
            + (report.bad() == 0 ? "" : ", " + report.bad() + " bad lines"));
  }
}
