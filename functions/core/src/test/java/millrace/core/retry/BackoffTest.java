package millrace.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void aPauseIsNeverNothingAndGrowsToItsBound() {
    var backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), new Random(3));
    long longest = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(backoff.after(1)).isBetween(Duration.ofMillis(10), Duration.ofMillis(210));
      Duration late = backoff.after(1 + i);
      assertThat(late).isBetween(Duration.ofMillis(10), Duration.ofMillis(30_010));
      longest = Math.max(longest, late.toMillis());
    }
    assertThat(longest).isGreaterThan(29_000);
  }
}
