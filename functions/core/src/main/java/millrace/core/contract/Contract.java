package millrace.core.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import millrace.options.v1.Format;
import millrace.options.v1.Identity;
import org.jspecify.annotations.Nullable;

/**
 * An event type: a protobuf message with the contract option.
 *
 * @param type full name of the message, such as {@code orders.v1.OrderCreated}
 * @param source the only source that publishes it
 * @param owner team that answers for it
 * @param descriptor the message
 * @param eventId fields that identify an event; empty when the transport or {@code identity} does
 * @param identity where the identity comes from when {@code eventId} is empty
 * @param key fields of the business key
 * @param eventTime the field that says when the fact happened; null when the transport says it
 * @param format format of its files; unspecified takes the default of the deployment
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
    Format format) {
  public Contract {
    eventId = List.copyOf(eventId);
    key = List.copyOf(key);
  }
}
