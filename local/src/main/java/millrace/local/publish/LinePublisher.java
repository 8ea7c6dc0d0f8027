package millrace.local.publish;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.publish.EventLines.Line;
import millrace.local.publish.EventPublisher.Outcome;

/** Publishes a file of JSON lines: bad lines are reported, the rest goes on. */
public final class LinePublisher {
  /** Of a file that is wrong as a whole, the first lines say enough. */
  private static final int REPORTED = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EventLines lines;
  private final Sink sink;

  /** Where events go; {@link EventPublisher} outside of tests. */
  public interface Sink {
    void publish(OutgoingEvent event, EventPublisher.OutcomeListener listener)
        throws InterruptedException;

    boolean awaitOutcomes(Duration within) throws InterruptedException;

    static Sink of(EventPublisher publisher) {
      return new Sink() {
        @Override
        public void publish(OutgoingEvent event, EventPublisher.OutcomeListener listener)
            throws InterruptedException {
          publisher.publish(event, listener);
        }

        @Override
        public boolean awaitOutcomes(Duration within) throws InterruptedException {
          return publisher.awaitOutcomes(within);
        }
      };
    }
  }

  /**
   * @param published events that the broker confirmed
   * @param bad how many lines were not published
   * @param badLines the first of them, by number
   */
  public record Report(long published, long bad, List<BadLine> badLines) {}

  /**
   * @param number from 1
   */
  public record BadLine(long number, String reason) {}

  public LinePublisher(EventLines lines, Sink sink) {
    this.lines = lines;
    this.sink = sink;
  }

  public Report publish(BufferedReader in) throws IOException, InterruptedException {
    var bad = Collections.synchronizedList(new ArrayList<BadLine>());
    var badCount = new AtomicLong();
    var published = new AtomicLong();
    long number = 0;
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      long line = number;
      switch (lines.read(text)) {
        case Line.Bad wrong -> report(bad, badCount, line, wrong.reason());
        case Line.Good good ->
            sink.publish(
                good.event(),
                (event, outcome) -> {
                  switch (outcome) {
                    case Outcome.Confirmed _ -> published.incrementAndGet();
                    case Outcome.Refused refused -> report(bad, badCount, line, refused.reason());
                  }
                });
      }
    }
    if (!sink.awaitOutcomes(PATIENCE)) {
      throw new EnvironmentFailure(
          "the broker did not confirm every event within " + PATIENCE.toSeconds() + " s", null);
    }
    List<BadLine> inOrder = new ArrayList<>(List.copyOf(bad));
    inOrder.sort(Comparator.comparingLong(BadLine::number));
    return new Report(published.get(), badCount.get(), inOrder);
  }

  private static void report(List<BadLine> bad, AtomicLong count, long line, String reason) {
    if (count.incrementAndGet() <= REPORTED) {
      bad.add(new BadLine(line, reason));
    }
  }
}
