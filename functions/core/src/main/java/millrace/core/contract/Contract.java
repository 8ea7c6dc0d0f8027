package millrace.core.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Optional;
import millrace.options.v1.Format;
import millrace.options.v1.Identity;
import org.jspecify.annotations.Nullable;

/**
 * An event type: a protobuf message with the contract option.
 *
 * @param type full name of the message, such as {@code orders.v1.OrderCreated}
 * @param source the only source that publishes it; empty when {@code jsonSources} do
 * @param owner team that answers for it
 * @param descriptor the message
 * @param eventId fields that identify an event; empty when the transport or {@code identity} does
 * @param identity where the identity comes from when {@code eventId} is empty
 * @param key fields of the business key
 * @param eventTime the field that says when the fact happened; null when the transport says it
 * @param format format of its files; unspecified takes the default of the deployment
 * @param cluster fields that marts are clustered by, in order; empty for the warehouse's choice
 * @param retentionDays days that raw rows are kept; 0 for the default of the deployment
 * @param deletes whether the event deletes what its key names
 * @param jsonSources sources whose schema-less JSON it takes; empty for every other contract
 * @param fields its fields at every depth, each before those in it, by number
 */
public record Contract(
    String type,
    String source,
    String owner,
    Descriptor descriptor,
    List<FieldDescriptor> eventId,
    Identity identity,
    List<FieldDescriptor> key,
    @Nullable FieldDescriptor eventTime,
    Format format,
    List<FieldDescriptor> cluster,
    int retentionDays,
    boolean deletes,
    List<JsonPaths> jsonSources,
    List<ContractField> fields) {
  /** Field of a contract with {@code jsonSources} that takes the JSON. */
  public static final String JSON_PAYLOAD = "payload";

  /**
   * Field of a contract with {@code jsonSources} that takes the type which the publisher states.
   */
  public static final String JSON_STATED_TYPE = "stated_type";

  public Contract {
    eventId = List.copyOf(eventId);
    key = List.copyOf(key);
    cluster = List.copyOf(cluster);
    jsonSources = List.copyOf(jsonSources);
    fields = List.copyOf(fields);
  }

  /** Sources that publish it. */
  public List<String> sources() {
    return jsonSources.isEmpty()
        ? List.of(source)
        : jsonSources.stream().map(JsonPaths::source).toList();
  }

  /** What is personal in the schema-less JSON of a source that it takes. */
  public Optional<JsonPaths> json(String ofSource) {
    return jsonSources.stream().filter(json -> json.source().equals(ofSource)).findFirst();
  }

  /** The fields that the writer treats before anything is stored. */
  public List<ContractField> treated() {
    return fields.stream().filter(ContractField::isTreated).toList();
  }
}
