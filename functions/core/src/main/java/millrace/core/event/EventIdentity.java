package millrace.core.event;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.options.v1.Identity;

/** Which event it is: with source and type, the key of deduplication. */
public sealed interface EventIdentity {
  /**
   * @param id never empty
   * @param origin where it comes from
   */
  record Known(String id, IdOrigin origin) implements EventIdentity {}

  /** Nothing identifies the event. */
  record None(String reason) implements EventIdentity {}

  /** The identity candidate of the transport, for events whose payload says nothing. */
  static EventIdentity ofTransport(Event event) {
    return event.getId().isEmpty()
        ? new None("the transport gave no id")
        : new Known(event.getId(), event.getIdOrigin());
  }

  /**
   * The identity by the contract: its event id field(s), which do not fall back when empty, since a
   * producer that forgets its id would otherwise be deduplicated by something it does not know;
   * else the canonical payload where the contract says so; else the transport's.
   */
  static EventIdentity of(Event event, Contract contract, Message payload, String payloadHash) {
    if (contract.eventId().isEmpty()) {
      return withoutEventId(event, contract, payloadHash);
    }
    var parts = new ArrayList<String>();
    for (FieldDescriptor field : contract.eventId()) {
      String value = text(payload.getField(field));
      if (value.isEmpty() || isUnset(payload, field)) {
        return new None("the event id field '" + field.getName() + "' is empty");
      }
      parts.add(value);
    }
    String id = parts.size() == 1 ? parts.getFirst() : joined(parts);
    return new Known(id, IdOrigin.ID_ORIGIN_CONTRACT);
  }

  /** The id of several parts: no part can be mistaken for two. */
  static String joined(List<String> parts) {
    return parts.stream().map(EventIdentity::percentEncode).collect(Collectors.joining("|"));
  }

  /** The identity where the contract names no event id, whatever the payload is. */
  static EventIdentity withoutEventId(Event event, Contract contract, String payloadHash) {
    return contract.identity() == Identity.IDENTITY_CANONICAL_PAYLOAD
        ? new Known(payloadHash, IdOrigin.ID_ORIGIN_CANONICAL_PAYLOAD)
        : ofTransport(event);
  }

  /** The value of the column _id_origin. */
  static String originName(IdOrigin origin) {
    return origin.name().substring("ID_ORIGIN_".length());
  }

  /** A field without presence that has its default cannot be told from one the producer forgot. */
  private static boolean isUnset(Message payload, FieldDescriptor field) {
    return field.hasPresence()
        ? !payload.hasField(field)
        : payload.getField(field).equals(field.getDefaultValue());
  }

  private static String text(Object value) {
    return switch (value) {
      case ByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
      case EnumValueDescriptor constant -> constant.getName();
      default -> value.toString();
    };
  }

  private static String percentEncode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
