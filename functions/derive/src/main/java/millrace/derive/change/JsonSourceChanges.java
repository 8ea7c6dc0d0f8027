package millrace.derive.change;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.contract.JsonPaths.Personal;
import millrace.core.contract.JsonPaths.Step;
import millrace.derive.artifact.TableSql;
import millrace.derive.artifact.TableSql.Deployment;

/** Sources of schema-less JSON and their personal data, against the released ones. */
final class JsonSourceChanges {
  private final Contract before;
  private final Contract after;
  private final Findings findings;

  JsonSourceChanges(Contract before, Contract after, Findings findings) {
    this.before = before;
    this.after = after;
    this.findings = findings;
  }

  void compare() {
    Descriptor at = after.descriptor();
    for (JsonPaths was : before.jsonSources()) {
      find(was.source(), after)
          .ifPresentOrElse(
              is -> compare(was, is),
              () ->
                  findings.breaking(
                      "",
                      at,
                      "json source '"
                          + was.source()
                          + "' is gone: its events would fail as UNKNOWN_TYPE"));
    }
    for (JsonPaths is : after.jsonSources()) {
      if (!before.jsonSources().isEmpty() && find(is.source(), before).isEmpty()) {
        var pipes = new ArrayList<>(TableSql.createPipes(after, Deployment.TEMPLATE));
        pipes.removeIf(pipe -> !pipe.contains("/source=" + is.source() + "/"));
        findings.migration("", at, "json source '" + is.source() + "' added: its pipe", pipes);
      }
    }
  }

  private static Optional<JsonPaths> find(String source, Contract in) {
    return in.jsonSources().stream().filter(each -> each.source().equals(source)).findFirst();
  }

  private void compare(JsonPaths was, JsonPaths is) {
    for (Personal old : was.personal()) {
      cover(old.path(), is)
          .ifPresentOrElse(
              now -> compare(old, now, is.source()),
              () ->
                  findings.breaking(
                      "",
                      after.descriptor(),
                      named(old, is.source())
                          + "no longer personal: values would be stored that were not meant to be"));
    }
    for (Personal now : is.personal()) {
      if (cover(now.path(), was).isEmpty()) {
        findings.migration(
            "",
            after.descriptor(),
            named(now, is.source())
                + "personal now: new values are treated, those stored before are not",
            List.of());
      }
    }
  }

  /** What treats a path: its own entry or that of something around it. */
  private static Optional<Personal> cover(List<Step> path, JsonPaths source) {
    return source.personal().stream()
        .filter(
            each ->
                each.path().size() <= path.size()
                    && path.subList(0, each.path().size()).equals(each.path()))
        .max(Comparator.comparingInt(each -> each.path().size()));
  }

  private void compare(Personal was, Personal is, String source) {
    Descriptor at = after.descriptor();
    String named = named(was, source);
    if (was.pii() != is.pii()) {
      String change = named + Decisions.change(was.pii(), is.pii());
      int more = Decisions.strength(is.pii()) - Decisions.strength(was.pii());
      if (more > 0) {
        findings.migration("", at, change + Decisions.STRONGER, List.of());
      } else {
        findings.breaking("", at, change + (more < 0 ? Decisions.WEAKER : Decisions.OTHER));
      }
    } else if (!was.subject().equals(is.subject())) {
      findings.breaking(
          "",
          at,
          named
              + "encrypted for '"
              + JsonPaths.text(is.subject())
              + "', not '"
              + JsonPaths.text(was.subject())
              + "': erasing one person would leave what is stored under the other");
    }
  }

  private static String named(Personal personal, String source) {
    return "json source '" + source + "': '" + JsonPaths.text(personal.path()) + "': ";
  }
}
