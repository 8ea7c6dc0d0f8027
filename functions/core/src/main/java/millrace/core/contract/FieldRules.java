package millrace.core.contract;

import build.buf.protovalidate.Config;
import build.buf.protovalidate.ValidationResult;
import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.CompilationException;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPathElement;
import build.buf.validate.ValidateProto;
import build.buf.validate.Violation;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * The rules that contracts set for their fields by {@code buf.validate}. A contract without rules
 * costs nothing: the evaluator, a language of its own, is loaded when the first contract with rules
 * is met. Belongs to a contract set, so that what it has read lasts as long as the set.
 */
public final class FieldRules {
  private final Map<String, Boolean> hasRules = new ConcurrentHashMap<>();
  private @Nullable Validator validator;

  /**
   * What a payload violates, as a sentence with the rule's id and the field, and without any of the
   * payload's values; empty when it keeps all rules.
   */
  public Optional<String> violation(Contract contract, Message payload) {
    if (!hasRules.computeIfAbsent(contract.type(), type -> hasRules(contract))) {
      return Optional.empty();
    }
    try {
      ValidationResult result = validator().validate(payload);
      return result.isSuccess()
          ? Optional.empty()
          : Optional.of(sentence(result.getViolations().getFirst().toProto()));
    } catch (CompilationException wrongRule) {
      // The build and the release refuse it; a set that was released otherwise is not trusted.
      throw new SetupFailure(
          "contracts: a rule of " + contract.type() + " cannot be read: release another set",
          wrongRule);
    } catch (ValidationException undecided) {
      return Optional.of("a rule cannot be decided for this payload");
    }
  }

  /**
   * Whether the rules of a contract can be read at all.
   *
   * @param problems takes a sentence for what cannot
   */
  static void check(Contract contract, List<String> problems) {
    if (!hasRules(contract)) {
      return;
    }
    if (!contract.jsonSources().isEmpty()) {
      problems.add(
          ContractReader.named(contract.descriptor())
              + "rules are for fields, and schema-less JSON has none");
      return;
    }
    try {
      var unused =
          ValidatorFactory.newBuilder()
              .withConfig(config())
              .buildWithDescriptors(List.of(contract.descriptor()), true);
    } catch (CompilationException wrong) {
      problems.add(
          ContractReader.named(contract.descriptor())
              + "a rule cannot be read: "
              + String.valueOf(wrong.getMessage()).replaceAll("\\s+", " "));
    }
  }

  private synchronized Validator validator() {
    if (validator == null) {
      validator = ValidatorFactory.newBuilder().withConfig(config()).build();
    }
    return validator;
  }

  /** The first violation is enough: the event fails as a whole. */
  private static Config config() {
    return Config.newBuilder().setFailFast(true).setEnableNativeRules(true).build();
  }

  private static boolean hasRules(Contract contract) {
    return isRuled(contract.descriptor())
        || contract.fields().stream()
            .map(ContractField::field)
            .anyMatch(
                field ->
                    field.getOptions().hasExtension(ValidateProto.field) || isRuledInside(field));
  }

  private static boolean isRuledInside(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && isRuled(
            field.isMapField() && valueOf(field).getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? valueOf(field).getMessageType()
                : field.getMessageType());
  }

  private static FieldDescriptor valueOf(FieldDescriptor map) {
    return map.getMessageType().findFieldByNumber(2);
  }

  private static boolean isRuled(Descriptor message) {
    return message.getOptions().hasExtension(ValidateProto.message)
        || message.getOneofs().stream()
            .anyMatch(oneof -> oneof.getOptions().hasExtension(ValidateProto.oneof));
  }

  private static String sentence(Violation violation) {
    // Keys of maps may be personal: a path names fields and positions only.
    String path =
        violation.getField().getElementsList().stream()
            .map(FieldRules::element)
            .collect(Collectors.joining("."));
    return "the rule "
        + violation.getRuleId()
        + (path.isEmpty() ? " of the message" : " of the field '" + path + "'")
        + " is violated";
  }

  private static String element(FieldPathElement element) {
    return element.getFieldName() + (element.hasIndex() ? "[" + element.getIndex() + "]" : "");
  }
}
