package millrace.core.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.stream.Collectors;
import millrace.options.v1.Access;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/**
 * A field of a contract, at any depth, and what is decided of it. Fields of repeated messages and
 * of the values of maps are there once, however many elements an event has.
 *
 * @param path from a top level field of the event down to this one; never empty
 * @param pii what the writer does to the value; never unspecified in a field that holds text or
 *     bytes, except in sets released before there was a decision, where it means {@code PII_NONE}
 * @param access who may read the stored value; never unspecified
 * @param subject whose data key encrypts it; null unless {@code pii} is {@code PII_ENCRYPT}
 * @param stagingName column in staging models; empty for the field's own name
 */
public record ContractField(
    List<FieldDescriptor> path,
    Pii pii,
    Access access,
    @Nullable Subject subject,
    String stagingName) {
  public ContractField {
    path = List.copyOf(path);
  }

  /**
   * Where the name of a person stands, seen from a field.
   *
   * @param outer how many elements of the field's own path lead to the message in which {@code
   *     path} begins; 0 is the event itself
   * @param path singular messages, and last a string
   */
  public record Subject(int outer, List<FieldDescriptor> path) {
    public Subject {
      path = List.copyOf(path);
    }
  }

  /** The field itself. */
  public FieldDescriptor field() {
    return path.getLast();
  }

  /** Field names from the event downwards, such as {@code customer.name}. */
  public String name() {
    return path.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /** Whether the writer changes the value. */
  public boolean isTreated() {
    return switch (pii) {
      case PII_HASH, PII_DROP, PII_ENCRYPT -> true;
      case PII_UNSPECIFIED, PII_NONE -> false;
      case UNRECOGNIZED ->
          throw new IllegalStateException("refused when the contract was read: " + name());
    };
  }
}
