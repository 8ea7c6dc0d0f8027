package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicInteger said = new AtomicInteger();
  private final Readiness readiness =
      new Readiness(List.of("millrace.cards", "millrace.orders"), said::incrementAndGet);

  @Test
  void aConsumerIsReadyWhenTheLastOfItsQueuesIsOpen() {
    readiness.opened("millrace.cards");
    assertThat(said).hasValue(0);

    readiness.opened("millrace.orders");
    assertThat(said).hasValue(1);
  }

  @Test
  void aQueueThatIsOpenedAgainCountsOnceAndNothingIsSaidTwice() {
    readiness.opened("millrace.cards");
    readiness.opened("millrace.cards");
    assertThat(said).hasValue(0);

    readiness.opened("millrace.orders");
    readiness.opened("millrace.orders");
    assertThat(said).hasValue(1);
  }
}
