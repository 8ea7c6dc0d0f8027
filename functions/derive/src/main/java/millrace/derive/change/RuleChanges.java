package millrace.derive.change;

import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.OneofRules;
import build.buf.validate.ValidateProto;
import build.buf.validate.Violation;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.derive.change.RuleDifferences.Difference;

/**
 * The rules of fields, messages and oneofs against the released ones: a tighter rule makes events
 * fail that a producer may publish today.
 */
final class RuleChanges {
  private final Findings findings;

  RuleChanges(Findings findings) {
    this.findings = findings;
  }

  void compare(FieldDescriptor before, FieldDescriptor after, String path) {
    judge(
        before.getOptions().getExtension(ValidateProto.field),
        after.getOptions().getExtension(ValidateProto.field),
        path,
        after);
  }

  /** Rules of a message as a whole and of its oneofs, not of its fields. */
  void compare(Descriptor before, Descriptor after, String path) {
    judge(
        before.getOptions().getExtension(ValidateProto.message),
        after.getOptions().getExtension(ValidateProto.message),
        path,
        after);
    for (OneofDescriptor oneof : after.getRealOneofs()) {
      judge(
          released(oneof, before)
              .map(old -> old.getOptions().getExtension(ValidateProto.oneof))
              .orElse(OneofRules.getDefaultInstance()),
          oneof.getOptions().getExtension(ValidateProto.oneof),
          path.isEmpty() ? oneof.getName() : path + "." + oneof.getName(),
          after);
    }
  }

  /** A oneof is known by its members, since it may be renamed. */
  private static Optional<OneofDescriptor> released(OneofDescriptor oneof, Descriptor before) {
    return oneof.getFields().stream()
        .map(member -> before.findFieldByNumber(member.getNumber()))
        .filter(old -> old != null && old.getRealContainingOneof() != null)
        .map(FieldDescriptor::getRealContainingOneof)
        .findFirst();
  }

  /**
   * The id of the rule that a new field violates when a producer does not know it, as the evaluator
   * itself says; empty when all are kept.
   */
  static Optional<String> violatedByAbsence(FieldDescriptor added) {
    if (!added.getOptions().hasExtension(ValidateProto.field)) {
      return Optional.empty();
    }
    try {
      var empty = DynamicMessage.getDefaultInstance(added.getContainingType());
      return ValidatorFactory.newBuilder().build().validate(empty).getViolations().stream()
          .map(build.buf.protovalidate.Violation::toProto)
          .filter(violation -> isOf(added, violation))
          .map(Violation::getRuleId)
          .findFirst();
    } catch (ValidationException undecided) {
      return Optional.of("one that cannot be decided: " + undecided.getMessage());
    }
  }

  private static boolean isOf(FieldDescriptor field, Violation violation) {
    return violation.getField().getElementsCount() > 0
        && violation.getField().getElements(0).getFieldName().equals(field.getName());
  }

  private void judge(Message before, Message after, String path, GenericDescriptor at) {
    List<Difference> differences = RuleDifferences.of(before, after);
    List<Difference> tighter = differences.stream().filter(Difference::tighter).toList();
    if (!tighter.isEmpty()) {
      findings.breaking(
          path,
          at,
          "rules are tighter: "
              + words(tighter)
              + ": events that are good today would fail as RULE");
    } else if (!differences.isEmpty()) {
      findings.safe(path, at, "rules are looser: " + words(differences));
    }
  }

  private static String words(List<Difference> differences) {
    return differences.stream().map(Difference::words).collect(Collectors.joining(", "));
  }
}
