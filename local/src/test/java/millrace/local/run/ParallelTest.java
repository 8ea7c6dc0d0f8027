package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

class ParallelTest {
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
}
