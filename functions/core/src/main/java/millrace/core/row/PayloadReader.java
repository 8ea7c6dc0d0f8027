package millrace.core.row;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.FieldRules;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/** Reads the payloads of one contract, in the form in which producers send them. */
sealed interface PayloadReader permits MessageReader, JsonReader {
  Contract contract();

  /** Whether it needs data keys of persons. */
  boolean encrypts();

  /** Whether the id of the transport may be a personal value. */
  boolean hidesTheId();

  /**
   * @throws UnreadablePayloadException when the payload is of another form; its message holds no
   *     values
   */
  Payload read(Event event) throws UnreadablePayloadException;

  /** The payload is not what its contract says. */
  final class UnreadablePayloadException extends Exception {
    UnreadablePayloadException(String message) {
      super(message);
    }
  }

  /** What one event says, before treatment. */
  interface Payload {
    /** Names of the persons whose data keys {@link #treat} needs. */
    Set<String> subjects(PersonalHash hash);

    /**
     * The hash of what was received.
     *
     * @throws InvalidValueException when reading has lost a part of it
     */
    String hash(PayloadHash hash);

    EventIdentity identity(String payloadHash, PersonalHash personalHash);

    /** The rule that it violates, as a sentence without values. */
    Optional<String> violation(FieldRules rules);

    /** Whether it holds what the contract does not know. */
    boolean hasUnknownFields();

    /**
     * What may be stored.
     *
     * @param eventId identity of the event
     * @param receivedAt when the pipeline received it first
     * @param keys a data key for each of {@link #subjects}
     * @throws millrace.core.treat.NoSubjectException when a value is to be encrypted for a person
     *     whom the event does not name
     * @throws InvalidValueException when no column can hold a value
     */
    Treated treat(
        RowSchema schema,
        String eventId,
        Instant receivedAt,
        PersonalHash hash,
        Map<String, SubjectKey> keys);
  }

  /**
   * @param values a row's values with those of the payload set and the metadata empty
   * @param archived the event as the archive keeps it, without hash
   */
  record Treated(@Nullable Object[] values, Event.Builder archived) {}
}
