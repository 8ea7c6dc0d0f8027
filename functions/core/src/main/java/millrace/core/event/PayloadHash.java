package millrace.core.event;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.core.names.KeyedHash;

/**
 * Keyed hash of payloads: {@code <key id>:<hex>}, HMAC-SHA-256 over the canonical payload. Keyed,
 * since hashes of small personal values could otherwise be looked up. Not thread-safe.
 */
public final class PayloadHash {
  private final KeyedHash hash;

  /**
   * @param key at least 16 bytes, from the secret store
   * @throws IllegalArgumentException when the key is too short
   */
  public PayloadHash(byte[] key) {
    this.hash = new KeyedHash(key, "payload hash");
  }

  /** The hash of a message, unknown fields included. */
  public String of(Message message) {
    return ofCanonical(canonical(message));
  }

  /** The hash of a message of which these are the {@link #canonical} bytes. */
  public String ofCanonical(byte[] canonical) {
    return hash.of(canonical);
  }

  /**
   * The canonical payload: fields by number, unknown ones in their place among them and as they
   * came, defaults of fields without presence omitted, map entries by key and one for each key.
   * Payloads that differ only in the order or packing of known fields have the same one.
   */
  public static byte[] canonical(Message message) {
    // A dynamic message keeps map entries as the wire had them, so deterministic serialisation
    // alone is not enough.
    Message sorted = sortMaps(message);
    return UnknownFields.isIn(sorted) ? byNumber(sorted).toByteArray() : sorted.toByteArray();
  }

  /**
   * All fields by number, at every depth. The library writes unknown fields last, so that a release
   * which makes one of them known would give the same event another hash.
   */
  private static UnknownFieldSet byNumber(Message message) {
    Message.Builder inner = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        inner.setField(
            field,
            field.isRepeated()
                ? ((List<?>) entry.getValue()).stream().map(each -> opaque((Message) each)).toList()
                : opaque((Message) entry.getValue()));
      }
    }
    try {
      // a set of fields without names is written by number
      return UnknownFieldSet.parseFrom(inner.build().toByteString());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("what was written just now does not parse", impossible);
    }
  }

  private static Message opaque(Message message) {
    if (!UnknownFields.isIn(message)) {
      return message;
    }
    if (message.getDescriptorForType().getOptions().getMapEntry()) {
      // an entry always has key and value: only what is in its value can be out of order
      FieldDescriptor value = message.getDescriptorForType().findFieldByNumber(2);
      return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          ? message.toBuilder().setField(value, opaque((Message) message.getField(value))).build()
          : message;
    }
    return message.toBuilder().clear().setUnknownFields(byNumber(message)).build();
  }

  private static Message sortMaps(Message message) {
    Message.Builder sorted = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isMapField()) {
        sorted.setField(field, sortEntries(field, (List<?>) entry.getValue()));
      } else if (field.isRepeated()) {
        sorted.setField(
            field,
            ((List<?>) entry.getValue()).stream().map(inner -> sortMaps((Message) inner)).toList());
      } else {
        sorted.setField(field, sortMaps((Message) entry.getValue()));
      }
    }
    return sorted.build();
  }

  private static List<Message> sortEntries(FieldDescriptor map, List<?> entries) {
    FieldDescriptor key = map.getMessageType().findFieldByNumber(1);
    var byKey = new TreeMap<Object, Message>();
    for (Object entry : entries) {
      // keys of one map are all of one comparable class; the last entry of a repeated key wins
      byKey.put(((Message) entry).getField(key), sortMaps((Message) entry));
    }
    return List.copyOf(byKey.values());
  }
}
