package millrace.core.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import millrace.core.json.JsonValue.Arr;
import millrace.core.json.JsonValue.Num;
import millrace.core.json.JsonValue.Obj;
import millrace.core.json.JsonValue.Text;
import millrace.core.json.JsonValue.Word;

/** Bytes of a producer as JSON, and JSON as the one text that equal values have. */
public final class JsonText {
  /** Of a VARIANT. */
  public static final int MAX_BYTES = 16 << 20;

  /** Far more than people write, far less than what a reader's stack holds. */
  public static final int MAX_DEPTH = 100;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + 1)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(MAX_BYTES)
                  .build())
          // names that strangers make up do not stay in memory
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .build();

  private JsonText() {}

  /**
   * Reads one object as RFC 8259 has it, in UTF-8, and refuses what readers do not agree on: a
   * member twice, half a character, a number that loses digits.
   *
   * @throws InvalidJsonException saying where and what, without any of the bytes
   */
  public static Obj object(ByteString payload) throws InvalidJsonException {
    if (payload.size() > MAX_BYTES) {
      throw new InvalidJsonException("the JSON is larger than a column holds, " + MAX_BYTES);
    }
    if (!payload.isValidUtf8()) {
      throw new InvalidJsonException("the JSON is not UTF-8");
    }
    String text = payload.toStringUtf8();
    // a mark that some libraries set before UTF-8, and that says nothing
    int mark = text.startsWith("\uFEFF") ? 1 : 0;
    try (JsonParser in = JSON.createParser(text.substring(mark))) {
      in.nextToken();
      if (!in.hasToken(JsonToken.START_OBJECT)) {
        throw new InvalidJsonException("the JSON is not an object");
      }
      JsonValue value = read(in, 1);
      if (in.nextToken() != null) {
        throw notJson(in);
      }
      return (Obj) value;
    } catch (JacksonException wrong) {
      long at = wrong.getLocation() == null ? 0 : wrong.getLocation().getCharOffset();
      throw new InvalidJsonException("not JSON at character " + (at + mark));
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  private static InvalidJsonException notJson(JsonParser in) {
    return new InvalidJsonException(
        "not JSON at character " + in.currentTokenLocation().getCharOffset());
  }

  private static JsonValue read(JsonParser in, int depth) throws IOException, InvalidJsonException {
    if (depth > MAX_DEPTH) {
      throw new InvalidJsonException("the JSON is nested deeper than " + MAX_DEPTH);
    }
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        var members = new TreeMap<String, JsonValue>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
          String name = whole(in.currentName());
          in.nextToken();
          if (members.put(name, read(in, depth + 1)) != null) {
            throw new InvalidJsonException(
                "an object has a member twice, before character "
                    + in.currentLocation().getCharOffset());
          }
        }
        yield new Obj(members);
      }
      case START_ARRAY -> {
        var elements = new ArrayList<JsonValue>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          elements.add(read(in, depth + 1));
        }
        yield new Arr(elements);
      }
      case VALUE_STRING -> new Text(whole(in.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(JsonNumbers.text(in.getText()));
      case VALUE_TRUE -> Word.TRUE;
      case VALUE_FALSE -> Word.FALSE;
      case VALUE_NULL -> Word.NULL;
      default -> throw notJson(in);
    };
  }

  /** Escapes can write one half of a surrogate pair, which no UTF-8 has. */
  private static String whole(String text) throws InvalidJsonException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new InvalidJsonException("a text of the JSON holds half a character");
      }
    }
    return text;
  }

  /**
   * The text of a value: members by name, numbers in one form, no spaces. Equal values have equal
   * texts.
   */
  public static String canonical(JsonValue value) {
    var text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      write(value, out);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return text.toString();
  }

  private static void write(JsonValue value, JsonGenerator out) throws IOException {
    switch (value) {
      case Obj object -> {
        out.writeStartObject();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          out.writeFieldName(member.getKey());
          write(member.getValue(), out);
        }
        out.writeEndObject();
      }
      case Arr array -> {
        out.writeStartArray();
        for (JsonValue element : array.elements()) {
          write(element, out);
        }
        out.writeEndArray();
      }
      case Text text -> out.writeString(text.text());
      case Num number -> out.writeNumber(number.text());
      case Word word -> out.writeRawValue(word.text());
    }
  }
}
