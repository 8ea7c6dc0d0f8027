package millrace.core.failed;

/**
 * Why an event cannot become a row. A closed set: the column {@code class} of raw.failed_events.
 */
public enum FailureClass {
  /**
   * The payload is not the protobuf message that its type names, or no JSON object, or holds what
   * no column can.
   */
  MALFORMED,
  /** There is no payload. */
  EMPTY,
  /** No active contract of the source has this type; replay after the release of one. */
  UNKNOWN_TYPE,
  /** The contract's event id is empty, or nothing identifies the event. */
  NO_IDENTITY,
  /** The payload is of a media type that the writer does not read. */
  CONTENT_TYPE,
  /** A rule of the contract is violated. */
  RULE,
  /** A whole batch cannot be read, or not trusted. */
  BAD_BATCH
}
