package millrace.local.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.contract.ContractSet;
import millrace.local.publish.EventPublisher.Outcome;
import millrace.local.publish.EventPublisher.OutcomeListener;
import millrace.local.publish.LinePublisher.BadLine;
import org.junit.jupiter.api.Test;

class LinePublisherTest {
  /** Confirms every event but those named. */
  private static final class RecordingSink implements LinePublisher.Sink {
    private final List<String> published = new ArrayList<>();
    private final String refused;

    RecordingSink(String refused) {
      this.refused = refused;
    }

    @Override
    public void publish(OutgoingEvent event, OutcomeListener listener) {
      published.add(event.messageId());
      listener.done(
          event,
          event.messageId().equals(refused)
              ? new Outcome.Refused("no queue")
              : new Outcome.Confirmed(Duration.ofMillis(1)));
    }

    @Override
    public boolean awaitOutcomes(Duration within) {
      return true;
    }
  }

  private static final String FILE =
      """
      {"_type":"orders.v1.OrderCreated","event_id":"1"}
      nonsense

      {"_type":"orders.v1.OrderCreated","event_id":"2"}
      {"_type":"orders.v1.OrderCreated"}
      {"_type":"orders.v1.OrderCreated","event_id":"3"}
      """;

  @Test
  void badLinesAreReportedByNumberAndTheRestGoesOn() throws Exception {
    var sink = new RecordingSink("");
    var report =
        new LinePublisher(new EventLines(ContractSet.builtIn(), Optional.empty(), () -> "id"), sink)
            .publish(new BufferedReader(new StringReader(FILE)));

    assertThat(sink.published).containsExactly("1", "2", "3");
    assertThat(report.published()).isEqualTo(3);
    assertThat(report.bad()).isEqualTo(2);
    assertThat(report.badLines()).extracting(BadLine::number).containsExactly(2L, 5L);
    assertThat(report.badLines().getLast().reason()).contains("'event_id' is empty");
  }

  @Test
  void whatTheBrokerRefusesIsABadLineToo() throws Exception {
    var report =
        new LinePublisher(
                new EventLines(ContractSet.builtIn(), Optional.empty(), () -> "id"),
                new RecordingSink("2"))
            .publish(new BufferedReader(new StringReader(FILE)));

    assertThat(report.published()).isEqualTo(2);
    assertThat(report.badLines()).contains(new BadLine(4, "no queue"));
  }
}
