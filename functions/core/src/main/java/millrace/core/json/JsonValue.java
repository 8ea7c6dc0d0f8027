package millrace.core.json;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A value of JSON. Immutable. */
public sealed interface JsonValue {
  /** Members by name, in the order of UTF-16, as in RFC 8785. */
  record Obj(SortedMap<String, JsonValue> members) implements JsonValue {
    public Obj {
      members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }
  }

  record Arr(List<JsonValue> elements) implements JsonValue {
    public Arr {
      elements = List.copyOf(elements);
    }
  }

  record Text(String text) implements JsonValue {}

  /**
   * @param text the number as {@link JsonNumbers} writes it: equal numbers have equal texts
   */
  record Num(String text) implements JsonValue {}

  /** What JSON has a word for. */
  enum Word implements JsonValue {
    TRUE("true"),
    FALSE("false"),
    NULL("null");

    private final String text;

    Word(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }
}
