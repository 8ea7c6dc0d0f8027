package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import millrace.local.Progress;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten times the events, hardly more memory: what a step keeps must not grow with what passes
 * through it. Takes about seven minutes on two cores; {@code ./mvnw verify -Pproofs} runs it.
 */
class MillionEventsProof {
  private static final double MOST_GROWTH = 1.5;

  @TempDir Path folder;

  @Test
  void aMillionEventsBalanceInHardlyMoreMemoryThanAHundredThousand() throws InterruptedException {
    Map<String, Long> small = peaks(100_000);
    Map<String, Long> large = peaks(1_000_000);

    large.forEach(
        (process, bytes) ->
            System.out.printf(
                "%-10s %4d MiB, with a tenth of the events %4d MiB: %.2fx%n",
                process,
                bytes >> 20,
                small.get(process) >> 20,
                (double) bytes / small.get(process)));
    assertThat(large).containsOnlyKeys(small.keySet()).isNotEmpty();
    assertThat(large)
        .allSatisfy(
            (process, bytes) ->
                assertThat((double) bytes / small.get(process))
                    .as("growth of " + process)
                    .isLessThanOrEqualTo(MOST_GROWTH));
  }

  /** Peak memory of each child. This process runs the tests, and is no measure of the demo's. */
  private Map<String, Long> peaks(int events) throws InterruptedException {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    try (StateFolder state = StateFolder.open(folder.resolve("demo-" + events), "test")) {
      Account account =
          new Demo(
                  checkout,
                  DemoSettings.of(events, 7, "parquet"),
                  Progress.elapsed(System.out, System::nanoTime),
                  InstantSource.system(),
                  System::nanoTime)
              .run(state);
      assertThat(account.balances()).as(AccountText.of(account)).isTrue();
      account.memory().remove("demo");
      return account.memory();
    }
  }
}
