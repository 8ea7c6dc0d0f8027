package millrace.consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import millrace.core.names.Metrics;
import millrace.core.names.Names;

/**
 * One line in CloudWatch's embedded metric format: the log group turns it into metrics, without a
 * call, a permission or an agent. {@code Backlog} is what scales the service, since brokers of
 * Amazon MQ from version 4 on publish no figures per queue.
 */
final class MetricsReport {
  private static final JsonFactory JSON = new JsonFactory();

  private MetricsReport() {}

  static String line(Instant now, String environment, String queue, Map<String, Long> values) {
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
      json.writeString(Metrics.ENVIRONMENT);
      json.writeString(Metrics.QUEUE);
      json.writeEndArray();
      json.writeEndArray();
      json.writeArrayFieldStart("Metrics");
      for (String name : values.keySet()) {
        json.writeStartObject();
        json.writeStringField("Name", name);
        json.writeStringField("Unit", "Count");
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeStringField(Metrics.ENVIRONMENT, environment);
      json.writeStringField(Metrics.QUEUE, queue);
      for (Map.Entry<String, Long> value : values.entrySet()) {
        json.writeNumberField(value.getKey(), value.getValue());
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return line.toString();
  }
}
