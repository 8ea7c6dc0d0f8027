package millrace.core.metric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.SequencedMap;
import millrace.core.names.Names;

/**
 * One line in CloudWatch's embedded metric format: the log group turns it into metrics, without a
 * call, a permission or an agent.
 */
public final class MetricLine {
  private static final JsonFactory JSON = new JsonFactory();

  private MetricLine() {}

  /**
   * @param dimensions values by name, in their order; together they name the metrics
   * @param counts values by metric
   * @param bytes sizes by metric
   */
  public static String of(
      Instant now,
      SequencedMap<String, String> dimensions,
      Map<String, Long> counts,
      Map<String, Long> bytes) {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeObjectFieldStart("_aws");
      json.writeNumberField("Timestamp", now.toEpochMilli());
      json.writeArrayFieldStart("CloudWatchMetrics");
      json.writeStartObject();
      json.writeStringField("Namespace", Names.METRIC_NAMESPACE);
      json.writeArrayFieldStart("Dimensions");
      json.writeStartArray();
      for (String dimension : dimensions.keySet()) {
        json.writeString(dimension);
      }
      json.writeEndArray();
      json.writeEndArray();
      json.writeArrayFieldStart("Metrics");
      writeDefinitions(json, counts, "Count");
      writeDefinitions(json, bytes, "Bytes");
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
        json.writeStringField(dimension.getKey(), dimension.getValue());
      }
      writeValues(json, counts);
      writeValues(json, bytes);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return line.toString();
  }

  private static void writeDefinitions(JsonGenerator json, Map<String, Long> metrics, String unit)
      throws IOException {
    for (String name : metrics.keySet()) {
      json.writeStartObject();
      json.writeStringField("Name", name);
      json.writeStringField("Unit", unit);
      json.writeEndObject();
    }
  }

  private static void writeValues(JsonGenerator json, Map<String, Long> values) throws IOException {
    for (Map.Entry<String, Long> value : values.entrySet()) {
      json.writeNumberField(value.getKey(), value.getValue());
    }
  }
}
