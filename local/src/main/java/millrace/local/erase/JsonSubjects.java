package millrace.local.erase;

import static millrace.local.warehouse.EventTables.literal;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.contract.JsonPaths.Personal;
import millrace.core.contract.JsonPaths.Step;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/** The persons for whom a source's schema-less JSON is encrypted. */
record JsonSubjects(JsonPaths source, List<Personal> encrypted) {
  /** Of each source that encrypts. */
  static List<JsonSubjects> of(Contract contract) {
    return contract.jsonSources().stream()
        .map(
            source ->
                new JsonSubjects(
                    source,
                    source.personal().stream()
                        .filter(each -> each.pii() == Pii.PII_ENCRYPT)
                        .toList()))
        .filter(of -> !of.encrypted().isEmpty())
        .toList();
  }

  /** What is encrypted, such as {@code shipping: recipient.name}. */
  List<String> paths() {
    return encrypted.stream()
        .map(each -> source.source() + ": " + JsonPaths.text(each.path()))
        .toList();
  }

  /**
   * Which rows are a person's; empty where rows do not tell: the path that names the person is
   * dropped, encrypted, or lies in something that is treated as a whole.
   *
   * @param name hash of the subject
   */
  Optional<String> condition(String subject, String name) {
    var conditions = new TreeSet<String>();
    for (Personal each : encrypted) {
      String value = stored(each.subject(), subject, name);
      if (value == null) {
        return Optional.empty();
      }
      conditions.add(
          "coalesce(try_parse_json(as_varchar(payload)), payload):"
              + each.subject().stream()
                  .map(step -> '"' + step.member().replace("\"", "\"\"") + '"')
                  .collect(Collectors.joining("."))
              + "::varchar = "
              + literal(value));
    }
    return Optional.of(
        "(_source = "
            + literal(source.source())
            + " and ("
            + String.join(" or ", conditions)
            + "))");
  }

  private @Nullable String stored(List<Step> path, String subject, String name) {
    for (Personal each : source.personal()) {
      List<String> treated = names(each.path());
      List<String> wanted = names(path);
      if (treated.equals(wanted)) {
        return each.pii() == Pii.PII_HASH ? name : null;
      }
      if (treated.size() < wanted.size() && wanted.subList(0, treated.size()).equals(treated)) {
        return null;
      }
    }
    return subject;
  }

  private static List<String> names(List<Step> path) {
    return path.stream().map(Step::member).toList();
  }
}
