package millrace.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import millrace.core.failed.FailureClass;
import millrace.core.names.Metrics;
import millrace.core.names.Names;

/**
 * Counts of the write step as CloudWatch's embedded metric format: a line of JSON on standard
 * output becomes metrics without a call. Dimensions are environment, step and failure class, so no
 * publisher can multiply them.
 */
public final class WriterMetrics {
  private static final JsonFactory JSON = new JsonFactory();

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
      Map<String, String> dimensions, Map<String, Long> counts, Map<String, Long> sizes) {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeObjectFieldStart("_aws");
      json.writeNumberField("Timestamp", clock.instant().toEpochMilli());
      json.writeArrayFieldStart("CloudWatchMetrics");
      json.writeStartObject();
      json.writeStringField("Namespace", Names.METRIC_NAMESPACE);
      json.writeArrayFieldStart("Dimensions");
      json.writeStartArray();
      json.writeString(Metrics.ENVIRONMENT);
      json.writeString(Metrics.STEP);
      for (String dimension : dimensions.keySet()) {
        json.writeString(dimension);
      }
      json.writeEndArray();
      json.writeEndArray();
      json.writeArrayFieldStart("Metrics");
      for (String name : counts.keySet()) {
        writeDefinition(json, name, "Count");
      }
      for (String name : sizes.keySet()) {
        writeDefinition(json, name, "Bytes");
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeStringField(Metrics.ENVIRONMENT, environment);
      json.writeStringField(Metrics.STEP, Metrics.WRITE);
      for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
        json.writeStringField(dimension.getKey(), dimension.getValue());
      }
      writeValues(json, counts);
      writeValues(json, sizes);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    out.accept(line.toString());
  }

  private static void writeDefinition(JsonGenerator json, String name, String unit)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("Name", name);
    json.writeStringField("Unit", unit);
    json.writeEndObject();
  }

  private static void writeValues(JsonGenerator json, Map<String, Long> values) throws IOException {
    for (Map.Entry<String, Long> value : values.entrySet()) {
      json.writeNumberField(value.getKey(), value.getValue());
    }
  }
}
