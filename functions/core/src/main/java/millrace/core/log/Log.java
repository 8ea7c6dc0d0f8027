package millrace.core.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Log lines: one JSON object each, with names, places and counts, and never a value of an event.
 * The names of fields are those of the flow: {@link #SOURCE}, {@link #BATCH}, {@link #TRACE}.
 */
public final class Log {
  /** Source of the batch. */
  public static final String SOURCE = "source";

  /** Id of the batch, or several with a blank between. */
  public static final String BATCH = "batch";

  /** W3C trace id of the event that the line is about, checked to be one. */
  public static final String TRACE = "trace_id";

  private static final JsonFactory JSON = new JsonFactory();

  private final String step;
  private final Consumer<String> out;
  private final InstantSource clock;

  /**
   * @param step of the flow: receive, write
   * @param out takes a line
   */
  public Log(String step, Consumer<String> out, InstantSource clock) {
    this.step = step;
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param fields names and values in turn; null leaves the field out
   */
  public void info(String message, @Nullable Object... fields) {
    print("info", message, fields);
  }

  public void warn(String message, @Nullable Object... fields) {
    print("warn", message, fields);
  }

  public void error(String message, @Nullable Object... fields) {
    print("error", message, fields);
  }

  /** A line that is complete already. */
  public void raw(String line) {
    out.accept(line);
  }

  private void print(String level, String message, @Nullable Object... fields) {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeStringField("level", level);
      json.writeStringField("step", step);
      json.writeStringField("message", message);
      for (int i = 0; i + 1 < fields.length; i += 2) {
        if (fields[i + 1] == null) {
          continue;
        }
        json.writeFieldName(String.valueOf(fields[i]));
        if (fields[i + 1] instanceof Number number) {
          json.writeNumber(number.longValue());
        } else {
          json.writeString(String.valueOf(fields[i + 1]));
        }
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    raw(line.toString());
  }
}
