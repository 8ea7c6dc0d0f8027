package millrace.core.treat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.contract.JsonPaths.Personal;
import millrace.core.contract.JsonPaths.Step;
import millrace.core.json.JsonText;
import millrace.core.json.JsonValue;
import millrace.core.json.JsonValue.Arr;
import millrace.core.json.JsonValue.Num;
import millrace.core.json.JsonValue.Obj;
import millrace.core.json.JsonValue.Text;
import millrace.core.json.JsonValue.Word;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/**
 * What a source wants done to the personal data of its JSON. What lies at a path is treated as a
 * whole, an object or array by its canonical text, so that names in it are hidden too; a text takes
 * its place. Null and empty texts stay.
 *
 * <p>No contract promises the shape of this JSON, so a path also finds its values where an object
 * has become an array of such objects, or an array a single value. A pure function of event,
 * contract, hash key and data keys.
 */
public final class JsonTreatment {
  private final String type;
  private final JsonPaths source;
  private final Node root = new Node();

  private JsonTreatment(String type, JsonPaths source) {
    this.type = type;
    this.source = source;
  }

  /**
   * @param source one of the contract's
   */
  public static JsonTreatment of(Contract contract, JsonPaths source) {
    var treatment = new JsonTreatment(contract.type(), source);
    for (Personal personal : source.personal()) {
      Node node = treatment.root;
      for (Step step : personal.path()) {
        node = node.members.computeIfAbsent(step.member(), each -> new Node());
      }
      node.personal = personal;
    }
    return treatment;
  }

  /** Whether nothing is to be done. */
  public boolean isNone() {
    return source.personal().isEmpty();
  }

  /** Whether it needs data keys of persons. */
  public boolean encrypts() {
    return source.personal().stream().anyMatch(each -> each.pii() == Pii.PII_ENCRYPT);
  }

  /**
   * Names of the persons whose data keys {@link #apply} needs.
   *
   * @param treatedBefore whether the JSON comes from the archive
   */
  public Set<String> subjects(Obj json, PersonalHash hash, boolean treatedBefore) {
    var names = new TreeSet<String>();
    new Walk(json, hash, treatedBefore) {
      @Override
      @Nullable String encrypt(Personal personal, String place, byte[] value) {
        String name = subject(personal);
        if (!name.isEmpty()) {
          names.add(name);
        }
        return "";
      }
    }.members(json, root, "");
    return names;
  }

  /**
   * @param eventId identity of the event: it makes nonces differ
   * @param receivedAt when the pipeline received the event first: values older than an erasure of
   *     their person are cleared
   * @param keys a key for each of {@link #subjects}
   * @throws NoSubjectException when a value is to be encrypted for a person whom the event does not
   *     name; its message names paths and no values
   */
  public Obj apply(
      Obj json,
      String eventId,
      Instant receivedAt,
      PersonalHash hash,
      Map<String, SubjectKey> keys,
      boolean treatedBefore) {
    if (isNone()) {
      return json;
    }
    var ciphers = new SubjectCiphers(keys, receivedAt);
    return new Walk(json, hash, treatedBefore) {
      @Override
      @Nullable String encrypt(Personal personal, String place, byte[] value) {
        return ciphers.encrypt(
            subject(personal),
            "the path '" + JsonPaths.text(personal.path()) + "'",
            List.of(type, source.source(), eventId, place),
            value);
      }
    }.members(json, root, "");
  }

  /** Names at one depth, and what is done to the value itself. */
  private static final class Node {
    private final Map<String, Node> members = new HashMap<>();
    private @Nullable Personal personal;
  }

  /** Goes through JSON and puts treated values in the place of others. */
  private abstract static class Walk {
    private final Obj event;
    private final PersonalHash hash;
    private final boolean treatedBefore;

    Walk(Obj event, PersonalHash hash, boolean treatedBefore) {
      this.event = event;
      this.hash = hash;
      this.treatedBefore = treatedBefore;
    }

    /**
     * @param place path of the value, with the positions of elements
     * @return what stands for the value; null when it must not be kept
     */
    abstract @Nullable String encrypt(Personal personal, String place, byte[] value);

    /** Name of the person, or an empty text when the event names none. */
    String subject(Personal personal) {
      JsonValue in = event;
      for (Step step : personal.subject()) {
        in = in instanceof Obj object ? object.members().get(step.member()) : null;
      }
      String id =
          switch (in) {
            case Text text -> text.text();
            case Num number -> number.text();
            case null, default -> "";
          };
      return SubjectCiphers.name(id, hash, treatedBefore);
    }

    Obj members(Obj object, Node node, String place) {
      var members = new TreeMap<>(object.members());
      node.members.forEach(
          (name, inner) ->
              members.computeIfPresent(name, (same, value) -> value(value, inner, place + name)));
      return new Obj(members);
    }

    /** What stands for a value; null when it must not be kept. */
    private @Nullable JsonValue value(JsonValue value, Node node, String place) {
      // what lies deeper first: a path may want more for it than the path around it
      JsonValue inside = node.members.isEmpty() ? value : inside(value, node, place);
      Personal personal = node.personal;
      if (personal == null) {
        return inside;
      }
      if (personal.path().getLast().eachElement() && inside instanceof Arr array) {
        return elements(array, personal, place);
      }
      return treated(inside, personal, place);
    }

    private JsonValue inside(JsonValue value, Node node, String place) {
      return switch (value) {
        case Obj object -> members(object, node, place + ".");
        case Arr array -> {
          var elements = new ArrayList<JsonValue>();
          for (JsonValue element : array.elements()) {
            elements.add(inside(element, node, place + "[" + elements.size() + "]"));
          }
          yield new Arr(elements);
        }
        case Text text -> value;
        case Num number -> value;
        case Word word -> value;
      };
    }

    private Arr elements(Arr array, Personal personal, String place) {
      var elements = new ArrayList<JsonValue>();
      if (personal.pii() != Pii.PII_DROP) {
        for (JsonValue element : array.elements()) {
          JsonValue treated = treated(element, personal, place + "[" + elements.size() + "]");
          // a place in a list stays a place: other lists may go by it
          elements.add(treated == null ? new Text("") : treated);
        }
      }
      return new Arr(elements);
    }

    private @Nullable JsonValue treated(JsonValue value, Personal personal, String place) {
      String text =
          switch (value) {
            case Text own -> own.text();
            case Num number -> number.text();
            case Word word -> word == Word.NULL ? "" : word.text();
            case Obj object -> JsonText.canonical(object);
            case Arr array -> JsonText.canonical(array);
          };
      if (personal.pii() == Pii.PII_DROP) {
        return null;
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 0
          || (treatedBefore && value instanceof Text && TreatedValue.isTreated(bytes))) {
        return value;
      }
      String stored =
          personal.pii() == Pii.PII_HASH ? hash.of(bytes) : encrypt(personal, place, bytes);
      return stored == null ? null : new Text(stored);
    }
  }
}
