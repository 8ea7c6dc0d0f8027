package millrace.derive.draft;

import java.util.List;

/** A contract that passes every check and says nothing yet. */
public final class NewContract {
  private NewContract() {}

  /** The text of its .proto file. */
  public static String of(TypeName type) {
    return type.head(List.of("google/protobuf/timestamp.proto"))
        + """
        // Say in a sentence what has happened when this event is published.
        message %s {
          option (millrace.options.v1.contract) = {
            source: "%s"
            owner: "%s"
            event_id: "event_id"
            event_time: "occurred"
          };

          // Identity of this event, given by the producer. Required.
          string event_id = 1 [(millrace.options.v1.field) = {pii: PII_NONE}];
          // When it happened.
          google.protobuf.Timestamp occurred = 2;
        }
        """
            .formatted(type.message(), type.domain(), type.domain());
  }
}
