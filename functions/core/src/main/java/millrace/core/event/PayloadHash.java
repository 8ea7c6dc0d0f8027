package millrace.core.event;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
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
   * The canonical payload: known fields by number, defaults of fields without presence omitted, map
   * entries by key and one for each key, unknown fields last. Payloads that differ only in the
   * order or packing of fields have the same one.
   */
  public static byte[] canonical(Message message) {
    // A dynamic message keeps map entries as the wire had them, so deterministic serialisation
    // alone is not enough.
    return sortMaps(message).toByteArray();
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
