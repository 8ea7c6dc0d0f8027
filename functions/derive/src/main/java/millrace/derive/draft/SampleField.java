package millrace.derive.draft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the values of one JSON member have in common, over all samples. */
final class SampleField {
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})");
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Z0-9_]*");

  /** More different words than this are no enum. */
  private static final int MOST_WORDS = 12;

  int present;
  int texts;
  int integers;
  int fractions;
  int booleans;
  int objects;
  int times;
  int lists;
  int personalTexts;
  boolean isLong;
  boolean isList;
  final TreeSet<String> words = new TreeSet<>();
  boolean onlyWords = true;
  final TreeSet<String> distinct = new TreeSet<>();
  final Map<String, SampleField> members = new LinkedHashMap<>();

  /** Takes one value; null says nothing but that it may be absent. */
  void add(JsonNode value) {
    if (value.isNull()) {
      return;
    }
    present++;
    if (value.isArray()) {
      isList = true;
      value.forEach(this::addElement);
    } else {
      addElement(value);
    }
  }

  private void addElement(JsonNode value) {
    if (value.isArray()) {
      lists++;
    } else if (value.isObject()) {
      objects++;
      value
          .properties()
          .forEach(
              member ->
                  members
                      .computeIfAbsent(member.getKey(), _ -> new SampleField())
                      .add(member.getValue()));
    } else if (value.isBoolean()) {
      booleans++;
    } else if (value.isIntegralNumber()) {
      integers++;
      isLong |= !value.canConvertToInt();
    } else if (value.isNumber()) {
      fractions++;
    } else if (value.isTextual()) {
      addText(value.asText());
    }
  }

  private void addText(String text) {
    texts++;
    distinct.add(text);
    times += TIME.matcher(text).matches() ? 1 : 0;
    personalTexts += PersonalGuess.isPersonal(text) ? 1 : 0;
    if (onlyWords && WORD.matcher(text).matches() && words.size() <= MOST_WORDS) {
      words.add(text);
    } else {
      onlyWords = false;
    }
  }

  boolean isTime() {
    return texts > 0 && times == texts && others(texts) == 0;
  }

  boolean isObject() {
    return objects > 0 && others(objects) == 0 && !members.isEmpty() && !isMap();
  }

  /**
   * Whether members look like data and not like names: most samples have other ones, of one type.
   */
  boolean isMap() {
    return objects > 2
        && others(objects) == 0
        && members.size() > 2
        && members.values().stream().allMatch(member -> 2 * member.present <= objects)
        && members.values().stream().noneMatch(member -> member.isList || !member.isScalar())
        && members.values().stream().map(SampleField::scalar).distinct().count() == 1;
  }

  /** Whether no protobuf type but free JSON holds the values: lists of lists, objects and texts. */
  boolean isFree() {
    return lists > 0 || (objects > 0 && (members.isEmpty() || others(objects) > 0));
  }

  /** Whether there are values of several types. */
  boolean isMixed() {
    return Stream.of(texts, integers + fractions, booleans, objects, lists)
            .filter(count -> count > 0)
            .count()
        > 1;
  }

  /** Whether all that was seen were lists without elements. */
  boolean isEmptyList() {
    return others(0) == 0;
  }

  private boolean isScalar() {
    return objects == 0 && lists == 0 && texts + integers + fractions + booleans > 0;
  }

  /** Few words that come again and again. */
  boolean isEnum() {
    return texts > 0
        && others(texts) == 0
        && onlyWords
        && words.size() <= MOST_WORDS
        && texts >= 2 * words.size();
  }

  /** Never seen twice: it may identify the event. */
  boolean isUnique() {
    return texts > 1 && distinct.size() == texts && others(texts) == 0;
  }

  /** The scalar type that holds every value seen. */
  String scalar() {
    if (texts == 0 && booleans == 0 && objects == 0 && integers + fractions > 0) {
      return fractions > 0 ? "double" : isLong ? "int64" : "int32";
    }
    return booleans > 0 && others(booleans) == 0 ? "bool" : "string";
  }

  private int others(int mine) {
    return texts + integers + fractions + booleans + objects + lists - mine;
  }
}
