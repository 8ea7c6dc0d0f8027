package millrace.derive.artifact;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.row.Values;
import millrace.options.v1.Access;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;

/**
 * How a column is protected: the decisions on its field, or, of a message, on all fields in it.
 *
 * @param pii treatments that occur; without PII_NONE and PII_UNSPECIFIED
 * @param restricted whether a value is in it that only those who build models may read
 */
public record Protection(Set<Pii> pii, boolean restricted) {
  /** Of what no contract decides: the metadata columns. */
  public static final Protection NONE = new Protection(Set.of(), false);

  public Protection {
    pii = Set.copyOf(pii);
  }

  public static Protection of(FieldDescriptor field) {
    var pii = EnumSet.noneOf(Pii.class);
    boolean restricted = collect(field, pii, new HashSet<>());
    pii.remove(Pii.PII_NONE);
    pii.remove(Pii.PII_UNSPECIFIED);
    return new Protection(pii, restricted);
  }

  /** The same of a top level field of a contract: of schema-less JSON, what its sources list. */
  public static Protection of(Contract contract, FieldDescriptor field) {
    Protection own = of(field);
    if (!field.getName().equals(Contract.JSON_PAYLOAD) || contract.jsonSources().isEmpty()) {
      return own;
    }
    return new Protection(
        contract.jsonSources().stream()
            .flatMap(source -> source.personal().stream())
            .map(JsonPaths.Personal::pii)
            .collect(Collectors.toSet()),
        own.restricted());
  }

  /** The decision on one field itself. */
  public static Pii pii(FieldDescriptor field) {
    return field.getOptions().getExtension(OptionsProto.field).getPii();
  }

  /** Whether nothing of the field is ever stored. */
  public static boolean isDropped(FieldDescriptor field) {
    return pii(field) == Pii.PII_DROP;
  }

  /**
   * Values of the tags in the warehouse, such as {@code ENCRYPT, HASH}; empty when there are none.
   */
  public String piiTag() {
    return names(pii);
  }

  static String names(Collection<Pii> decisions) {
    return decisions.stream()
        .map(each -> each.name().substring("PII_".length()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean collect(FieldDescriptor field, Set<Pii> pii, Set<Descriptor> seen) {
    var option = field.getOptions().getExtension(OptionsProto.field);
    pii.add(option.getPii());
    boolean restricted = option.getAccess() == Access.ACCESS_RESTRICTED;
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !Values.isWellKnown(field.getMessageType())
        && seen.add(field.getMessageType())) {
      for (FieldDescriptor inner : field.getMessageType().getFields()) {
        restricted |= collect(inner, pii, seen);
      }
    }
    return restricted;
  }
}
