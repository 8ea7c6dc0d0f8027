package millrace.writer;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import millrace.core.failed.FailureClass;
import millrace.core.metric.MetricLine;
import millrace.core.names.Metrics;

/**
 * Counts of the write step, as lines of the log. Dimensions are environment, step and failure
 * class, so no publisher can multiply them.
 */
public final class WriterMetrics {
  private final String environment;
  private final InstantSource clock;
  private final Consumer<String> out;

  /**
   * @param out takes a line of JSON
   */
  public WriterMetrics(String environment, InstantSource clock, Consumer<String> out) {
    this.environment = environment;
    this.clock = clock;
    this.out = out;
  }

  /** What was put into the store for a group. */
  static final class Stored {
    private int files;
    private int repeated;
    private long bytes;

    void created(int length) {
      files++;
      bytes += length;
    }

    void alreadyThere() {
      repeated++;
    }
  }

  void group(GroupContent content, Stored stored) {
    int rows = content.rowsByType().values().stream().mapToInt(java.util.List::size).sum();
    int failed = content.failedRows().size();
    var counts = new LinkedHashMap<String, Long>();
    counts.put(Metrics.EVENTS, (long) rows + failed);
    counts.put(Metrics.ROWS, (long) rows);
    counts.put(Metrics.FAILED_EVENTS, (long) failed);
    counts.put(Metrics.FILES, (long) stored.files);
    counts.put(Metrics.FILES_ALREADY_THERE, (long) stored.repeated);
    emit(Map.of(), counts, Map.of(Metrics.BYTES, stored.bytes));
    for (Map.Entry<FailureClass, Integer> entry : content.failedByClass().entrySet()) {
      emit(
          Map.of("FailureClass", entry.getKey().name()),
          Map.of(Metrics.FAILED_EVENTS, (long) entry.getValue()),
          Map.of());
    }
  }

  void invocation(int messages, int retried) {
    var counts = new LinkedHashMap<String, Long>();
    counts.put(Metrics.BATCHES, (long) messages);
    counts.put(Metrics.RETRIED_BATCHES, (long) retried);
    emit(Map.of(), counts, Map.of());
  }

  private void emit(
      Map<String, String> dimensions, Map<String, Long> counts, Map<String, Long> bytes) {
    var all = new LinkedHashMap<String, String>();
    all.put(Metrics.ENVIRONMENT, environment);
    all.put(Metrics.STEP, Metrics.WRITE);
    all.putAll(dimensions);
    out.accept(MetricLine.of(clock.instant(), all, counts, bytes));
  }
}
