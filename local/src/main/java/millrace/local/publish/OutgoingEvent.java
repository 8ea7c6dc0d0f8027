package millrace.local.publish;

import org.jspecify.annotations.Nullable;

/**
 * An event as a producer hands it to the broker.
 *
 * @param source goes out as app-id
 * @param type goes out as type and as routing key
 * @param messageId null when the producer gives none
 * @param contentType media type of the payload
 * @param payload the bytes; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of each payload would cost more than it guards
public record OutgoingEvent(
    String source, String type, @Nullable String messageId, String contentType, byte[] payload) {
  /** Media type of every contract's payload. */
  public static final String PROTOBUF = "application/x-protobuf";
}
