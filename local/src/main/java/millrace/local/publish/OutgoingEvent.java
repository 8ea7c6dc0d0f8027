package millrace.local.publish;

/**
 * An event as a producer hands it to the broker.
 *
 * @param source goes out as app-id
 * @param type goes out as type and as routing key
 * @param messageId names the event towards the broker
 * @param contentType media type of the payload
 * @param payload the bytes; not copied
 */
@SuppressWarnings(
    "ArrayRecordComponent") // never compared; copies of all payloads would cost too much
public record OutgoingEvent(
    String source, String type, String messageId, String contentType, byte[] payload) {
  /** Media type of the payloads of contracts with fields. */
  public static final String PROTOBUF = "application/x-protobuf";

  /** Media type of schema-less JSON. */
  public static final String JSON = "application/json";
}
