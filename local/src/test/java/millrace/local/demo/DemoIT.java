package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import millrace.local.Progress;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole path, from the broker to the marts, on this machine. */
class DemoIT {
  @TempDir Path folder;

  /**
   * The generator's totals are the same for both formats, so marts that agree with them are equal
   * too.
   */
  @ParameterizedTest
  @ValueSource(strings = {"parquet", "ndjson"})
  void everyPublishedEventIsInTheMartsOnceOrFailedWithAReason(String format)
      throws InterruptedException {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Account account;
    try (StateFolder state = StateFolder.open(folder.resolve("demo"), "test")) {
      account =
          new Demo(
                  checkout,
                  DemoSettings.of(2_000, 7, format),
                  Progress.elapsed(System.out, System::nanoTime),
                  InstantSource.system(),
                  System::nanoTime)
              .run(state);
    }
    System.out.println(AccountText.of(account));

    assertThat(account.balances()).as(AccountText.of(account)).isTrue();
    assertThat(account.repeats().killed()).isTrue();
    assertThat(account.repeats().seen()).isGreaterThan(account.repeats().published());
    assertThat(account.steps())
        .extracting(StepFigures::step)
        .containsExactly("receive", "batch", "write", "notify", "load", "model");
    assertThat(account.steps()).allMatch(step -> step.events() >= 1_900);
  }
}
