package millrace.consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.time.InstantSource;

/** Log lines: one JSON object each, with names and counts and never a payload. */
public final class Log {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;
  private final InstantSource clock;

  public Log(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * @param fields names and values in turn
   */
  public void info(String message, Object... fields) {
    print("info", message, fields);
  }

  public void warn(String message, Object... fields) {
    print("warn", message, fields);
  }

  public void error(String message, Object... fields) {
    print("error", message, fields);
  }

  /** A line that is complete already. */
  void raw(String line) {
    out.println(line);
  }

  private void print(String level, String message, Object... fields) {
    var line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", clock.instant().toString());
      json.writeStringField("level", level);
      json.writeStringField("message", message);
      for (int i = 0; i + 1 < fields.length; i += 2) {
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
