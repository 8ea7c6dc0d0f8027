package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.retry.Backoff;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real child processes, as small as a shell script can be. */
class SupervisorIT {
  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(20), Duration.ofMillis(200), new Random(1));
  private static final String READY = "echo '{\"ready\":true,\"port\":7}'; ";

  @TempDir Path folder;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private StateFolder state;
  private Supervisor supervisor;

  @BeforeEach
  void open() {
    state = StateFolder.open(folder.resolve("state"), "test");
    supervisor = new Supervisor(state, said::add, QUICK);
  }

  @AfterEach
  void close() {
    supervisor.close();
    state.close();
  }

  @Test
  void aReadyLineEndsTheWaitAndIsHandedOver() {
    var line = supervisor.start(shell("one", READY + "exec cat"));

    assertThat(line.path("port").asInt()).isEqualTo(7);
    assertThat(supervisor.isReady("one")).isTrue();
  }

  @Test
  void aChildThatIsKilledIsStartedAgainAndSaysSo() throws Exception {
    supervisor.start(shell("one", READY + "exec cat"));
    long before = pid("one");

    supervisor.kill("one");

    await(() -> supervisor.isReady("one") && pid("one") != before);
    assertThat(supervisor.statuses().getFirst().restarts()).isEqualTo(1);
    assertThat(said).anyMatch(line -> line.startsWith("one: ended with signal 9"));
    assertThat(said).contains("one: restarted");
  }

  @Test
  void aChildThatFailsWhileItRestartsIsTriedUntilItSucceeds() throws Exception {
    Path broken = folder.resolve("broken");
    supervisor.start(shell("one", "test -e '" + broken + "' && exit 3; " + READY + "exec cat"));
    Files.createFile(broken);

    supervisor.kill("one");
    await(() -> said.stream().filter(line -> line.contains("code 3")).count() >= 2);
    Files.delete(broken);

    await(() -> supervisor.isReady("one"));
  }

  @Test
  void aVariableOfTheFirstStartIsGoneAfterTheRestart() throws Exception {
    Path seen = folder.resolve("seen");
    supervisor.start(
        shell("one", "echo \"fault=$FAULT\" >> '" + seen + "'; " + READY + "exec cat")
            .onFirstStart(Map.of("FAULT", "yes")));

    supervisor.kill("one");

    await(() -> lines(seen).size() == 2);
    assertThat(lines(seen)).containsExactly("fault=yes", "fault=");
  }

  @Test
  void aFirstStartThatFailsNamesTheComponentItsLastWordsAndItsLog() {
    assertThatThrownBy(
            () -> supervisor.start(shell("one", "echo 'no disk' >&2; sleep 0.1; exit 4")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("one ended with code 4 before it was ready")
        .hasMessageContaining("no disk")
        .hasMessageContaining("one.log");
    assertThat(supervisor.statuses()).isEmpty();
  }

  @Test
  void aProgramThatDoesNotExistIsOneSentence() {
    assertThatThrownBy(
            () -> supervisor.start(Component.of("one", folder, List.of("/no/such/program"))))
        .isInstanceOf(SetupFailure.class)
        .hasMessageStartingWith("one cannot start");
  }

  @Test
  void aChildThatIsNeverReadyIsEndedAtItsDeadline() {
    assertThatThrownBy(
            () -> supervisor.start(shell("one", "exec cat").readyWithin(Duration.ofMillis(200))))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("was not ready within");
    assertThat(Files.exists(state.path().resolve("processes/one.json"))).isFalse();
  }

  @Test
  void allAreStoppedInTheReverseOrderOfTheirStart() throws Exception {
    Path order = folder.resolve("order");
    for (String name : List.of("first", "second", "third")) {
      supervisor.start(
          shell(
              name,
              "trap \"echo "
                  + name
                  + " >> '"
                  + order
                  + "'; exit 0\" TERM; "
                  + READY
                  + "while :; do sleep 0.05; done"));
    }

    supervisor.close();

    assertThat(lines(order)).containsExactly("third", "second", "first");
    assertThat(supervisor.statuses()).allMatch(status -> status.phase().equals("stopped"));
  }

  @Test
  void aChildThatIgnoresTheSignalIsKilledAtItsDeadline() {
    supervisor.start(
        shell("one", "trap '' TERM; " + READY + "while :; do sleep 0.05; done")
            .stopWithin(Duration.ofMillis(200)));
    ProcessHandle process = ProcessHandle.of(pid("one")).orElseThrow();

    supervisor.close();

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void standardErrorAndOtherOutputAreInTheLog() throws Exception {
    supervisor.start(shell("one", "echo from-stderr >&2; echo from-stdout; " + READY + "exec cat"));

    await(() -> lines(state.log("one")).containsAll(List.of("from-stderr", "from-stdout")));
  }

  @Test
  void nothingStartsOnceTheRunIsBeingStopped() {
    supervisor.close();

    assertThatThrownBy(() -> supervisor.start(shell("one", READY + "exec cat")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("being stopped");
  }

  @Test
  void theLargestMemoryOfAComponentIsKnownAlsoAfterItsEnd() {
    supervisor.start(shell("one", READY + "exec cat"));

    supervisor.close();

    assertThat(supervisor.statuses().getFirst().peakBytes()).isPositive();
  }

  private Component shell(String name, String script) {
    return Component.of(name, folder, List.of("/bin/sh", "-c", script));
  }

  private long pid(String name) {
    return supervisor.statuses().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited 10 s").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
