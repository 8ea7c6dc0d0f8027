package millrace.derive.change;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.derive.artifact.DerivedFiles;

/**
 * What it takes to release a candidate.
 *
 * @param changes against the released set, in the order of types
 */
public record Plan(List<Change> changes) {
  public Plan {
    changes = List.copyOf(changes);
  }

  /**
   * @throws millrace.core.failed.MillraceFailure.SetupFailure when the candidate has names that the
   *     warehouse cannot hold
   */
  public static Plan of(ContractSet released, ContractSet candidate, ModelReaders readers) {
    DerivedFiles.requireNames(candidate);
    Map<String, Contract> known =
        released.contracts().stream()
            .collect(Collectors.toMap(Contract::type, Function.identity()));
    return new Plan(
        Evolution.compare(released, candidate).stream()
            .map(
                change -> {
                  Contract contract = known.get(change.type());
                  return contract == null || change.field().isEmpty()
                      ? change
                      : change.withModels(readers.of(contract, change.field()));
                })
            .toList());
  }

  /** The worst of all changes; safe when there are none. */
  public Verdict verdict() {
    return changes.stream()
        .map(Change::verdict)
        .max(java.util.Comparator.naturalOrder())
        .orElse(Verdict.SAFE);
  }

  /** For people: the breaking ones last, where the eye is. */
  public String text() {
    if (changes.isEmpty()) {
      return "Nothing differs from the released contracts.\n";
    }
    var text = new StringBuilder();
    for (Verdict verdict : Verdict.values()) {
      List<Change> these = changes.stream().filter(c -> c.verdict() == verdict).toList();
      if (!these.isEmpty()) {
        text.append(word(verdict)).append('\n');
        these.forEach(change -> append(text, change));
      }
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Change change) {
    text.append("  ").append(change.place()).append(": ").append(change.type());
    text.append(change.field().isEmpty() ? "" : "." + change.field());
    text.append(": ").append(change.what()).append('\n');
    for (String statement : change.statements()) {
      text.append((statement + ";").indent(6));
    }
    if (!change.models().isEmpty()) {
      text.append("      read by ").append(String.join(", ", change.models())).append('\n');
    }
  }

  static String word(Verdict verdict) {
    return switch (verdict) {
      case SAFE -> "safe";
      case NEEDS_MIGRATION -> "needs migration";
      case BREAKING -> "breaking";
    };
  }

  /** The same for programs: {@code {"verdict", "changes": [{"verdict", "type", ...}]}}. */
  public String json() {
    ObjectNode plan = new ObjectMapper().createObjectNode();
    plan.put("verdict", verdict().name().toLowerCase(Locale.ROOT));
    var list = plan.putArray("changes");
    for (Change change : changes) {
      ObjectNode one = list.addObject();
      one.put("verdict", change.verdict().name().toLowerCase(Locale.ROOT));
      one.put("type", change.type());
      one.put("field", change.field());
      one.put("place", change.place());
      one.put("what", change.what());
      change.statements().forEach(one.putArray("statements")::add);
      change.models().forEach(one.putArray("models")::add);
    }
    return plan.toPrettyString() + "\n";
  }
}
