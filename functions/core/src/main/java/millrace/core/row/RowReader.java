package millrace.core.row;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.event.TraceContext;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.row.PayloadReader.Payload;
import millrace.core.row.PayloadReader.UnreadablePayloadException;
import millrace.core.treat.NoSubjectException;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Turns one event into one row, or says why it cannot: the rule at the heart of the writer.
 * Personal data is treated here, before a row or an archived event is. A pure function of event,
 * contracts and keys. Not thread-safe.
 */
public final class RowReader {
  private static final Set<String> PROTOBUF =
      Set.of(
          "", "application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf");
  private static final Pattern JSON = Pattern.compile("application/(json|[^/]+\\+json)");

  private final ContractSet contracts;
  private final PayloadHash payloadHash;
  private final PersonalHash personalHash;
  private final Map<String, RowSchema> schemas = new HashMap<>();
  private final Map<String, MessageReader> messageReaders = new HashMap<>();
  private final Map<String, JsonReader> jsonReaders = new HashMap<>();

  public RowReader(ContractSet contracts, PayloadHash payloadHash, PersonalHash personalHash) {
    this.contracts = contracts;
    this.payloadHash = payloadHash;
    this.personalHash = personalHash;
  }

  /** What became of an event. */
  public sealed interface Reading {
    /**
     * @param row the row; its column _unknown_fields is still empty
     * @param archived what the archive keeps: the event with its payload hash, treated, without
     *     unknown fields
     * @param quarantined the event as received, when it has unknown fields; else null
     */
    record Accepted(Row row, Event archived, @Nullable Event quarantined) implements Reading {}

    record Refused(FailedEvent failed) implements Reading {}
  }

  /**
   * Names of the persons whose data keys {@link #read} needs to read the event; empty for nearly
   * every event that it refuses.
   */
  public Set<String> subjects(Event event) {
    if (!(choose(event) instanceof Choice.Readable(PayloadReader reader)) || !reader.encrypts()) {
      return Set.of();
    }
    try {
      return reader.read(event).subjects(personalHash);
    } catch (UnreadablePayloadException malformed) {
      return Set.of();
    }
  }

  /**
   * @param event as received, or from the archive
   * @param batchId batch that carries it
   * @param batchRow position in the batch, from 0
   * @param keys a data key for each of its {@link #subjects}
   */
  public Reading read(Event event, String batchId, int batchRow, Map<String, SubjectKey> keys) {
    var place = new Place(event, batchId, batchRow);
    return switch (choose(event)) {
      case Choice.Unreadable(FailureClass why, String reason) -> place.refuse(why, reason);
      case Choice.Readable(PayloadReader reader) -> read(place.of(reader), reader, keys);
    };
  }

  private Reading read(Place place, PayloadReader reader, Map<String, SubjectKey> keys) {
    try {
      return accept(place, reader.contract(), reader.read(place.event()), keys);
    } catch (UnreadablePayloadException | InvalidValueException malformed) {
      return place.refuse(FailureClass.MALFORMED, String.valueOf(malformed.getMessage()));
    } catch (NoSubjectException unnamed) {
      return place.refuse(FailureClass.RULE, String.valueOf(unnamed.getMessage()));
    }
  }

  /** Who can read an event, if anybody. */
  private sealed interface Choice {
    record Readable(PayloadReader reader) implements Choice {}

    record Unreadable(FailureClass why, String reason) implements Choice {}
  }

  private Choice choose(Event event) {
    String mediaType = mediaType(event.getContentType());
    boolean isJson = JSON.matcher(mediaType).matches();
    if (!isJson && !PROTOBUF.contains(mediaType)) {
      return new Choice.Unreadable(
          FailureClass.CONTENT_TYPE,
          "the writer reads application/x-protobuf and application/json only");
    }
    if (event.getPayload().isEmpty()) {
      return new Choice.Unreadable(FailureClass.EMPTY, "the event has no payload");
    }
    return isJson ? chooseJson(event) : chooseMessage(event);
  }

  private Choice chooseMessage(Event event) {
    Optional<Contract> contract = contracts.find(event.getSource(), event.getType());
    if (contract.isPresent()) {
      return new Choice.Readable(
          messageReaders.computeIfAbsent(
              contract.get().type(), type -> new MessageReader(contract.get())));
    }
    return new Choice.Unreadable(
        FailureClass.UNKNOWN_TYPE,
        "no active contract of this source has this type"
            + (contracts.findJson(event.getSource()).isPresent()
                ? "; its JSON is sent as application/json"
                : ""));
  }

  /**
   * A type that has fields of its own is never read as JSON: the decisions on its personal fields
   * would be passed by.
   */
  private Choice chooseJson(Event event) {
    Optional<Contract> typed = contracts.find(event.getSource(), event.getType());
    if (typed.isPresent()) {
      return new Choice.Unreadable(
          FailureClass.CONTENT_TYPE, typed.get().type() + " is sent as application/x-protobuf");
    }
    Optional<Contract> contract = contracts.findJson(event.getSource());
    if (contract.isEmpty()) {
      return new Choice.Unreadable(
          FailureClass.UNKNOWN_TYPE, "no active contract takes JSON of this source");
    }
    return new Choice.Readable(
        jsonReaders.computeIfAbsent(
            event.getSource(),
            source -> new JsonReader(contract.get(), contract.get().json(source).orElseThrow())));
  }

  static boolean isTreatedBefore(Event event) {
    return event.getTreatment() == millrace.event.v1.Treatment.TREATMENT_APPLIED;
  }

  private Reading accept(
      Place place, Contract contract, Payload payload, Map<String, SubjectKey> keys) {
    Event event = place.event();
    // A replayed event keeps the hash of the first run: what it was made of may be cut or treated
    // by now.
    String hash =
        event.getPayloadHash().isEmpty() ? payload.hash(payloadHash) : event.getPayloadHash();
    EventIdentity identity = payload.identity(hash, personalHash);
    if (!(identity instanceof EventIdentity.Known known)) {
      return place.refuse(FailureClass.NO_IDENTITY, ((EventIdentity.None) identity).reason());
    }
    if (!isTreatedBefore(event)) {
      // What was accepted once is a row in every replay: rules are for what producers send, and
      // treated values keep no rule.
      Optional<String> violation = payload.violation(contracts.rules());
      if (violation.isPresent()) {
        return place.refuse(FailureClass.RULE, violation.get());
      }
    }
    RowSchema schema = schemas.computeIfAbsent(contract.type(), type -> RowSchema.of(contract));
    PayloadReader.Treated treated =
        payload.treat(
            schema, known.id(), Times.instant(event.getReceivedTime()), personalHash, keys);
    @Nullable Object[] values = treated.values();
    var metadata = new Metadata(schema, values);
    metadata.set(MetadataColumn.EVENT_ID, known.id());
    metadata.set(MetadataColumn.ID_ORIGIN, EventIdentity.originName(known.origin()));
    metadata.set(MetadataColumn.SOURCE, event.getSource());
    metadata.set(MetadataColumn.TYPE, contract.type());
    metadata.set(MetadataColumn.OCCURRED_AT, occurredAt(event, contract, schema, values));
    metadata.set(
        MetadataColumn.PUBLISHED_AT, stated(event.hasPublishedTime(), event.getPublishedTime()));
    metadata.set(MetadataColumn.RECEIVED_AT, Times.instant(event.getReceivedTime()));
    metadata.set(MetadataColumn.SCHEMA_VERSION, emptyToNull(event.getSchemaVersion()));
    metadata.set(MetadataColumn.PAYLOAD_HASH, hash);
    metadata.set(MetadataColumn.BATCH_ID, place.batchId());
    metadata.set(MetadataColumn.BATCH_ROW, place.batchRow());
    String traceparent = TraceContext.checked(event.getTraceparent());
    metadata.set(MetadataColumn.TRACEPARENT, emptyToNull(traceparent));
    Event archived =
        treated
            .archived()
            .setPayloadHash(hash)
            .setTraceparent(traceparent)
            .setTreatment(millrace.event.v1.Treatment.TREATMENT_APPLIED)
            .build();
    // The hash goes to quarantine too: a replay after release must not look like another payload.
    Event quarantined =
        payload.hasUnknownFields() ? event.toBuilder().setPayloadHash(hash).build() : null;
    return new Reading.Accepted(new Row(schema, values), archived, quarantined);
  }

  /**
   * The contract's field, else what the transport states. Never the publishing time: a repeat has
   * another one.
   */
  private static @Nullable Instant occurredAt(
      Event event, Contract contract, RowSchema schema, @Nullable Object[] values) {
    if (contract.eventTime() != null) {
      String name = contract.eventTime().getName();
      for (int i = 0; i < values.length; i++) {
        if (schema.columns().get(i).name().equals(name) && values[i] instanceof Instant time) {
          return time;
        }
      }
    }
    return stated(event.hasTime(), event.getTime());
  }

  /**
   * A time that the publisher states beside the payload. One that no calendar has is none: the
   * payload is still good.
   */
  private static @Nullable Instant stated(boolean isStated, Timestamp time) {
    return isStated && Times.isValid(time) ? Times.instant(time) : null;
  }

  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private record Metadata(RowSchema schema, @Nullable Object[] values) {
    void set(MetadataColumn column, @Nullable Object value) {
      values[schema.position(column)] = value;
    }
  }

  private record Place(Event event, String batchId, int batchRow, boolean hidesTheId) {
    Place(Event event, String batchId, int batchRow) {
      this(event, batchId, batchRow, false);
    }

    /** Once the contract is known, it may say that the event's id is personal. */
    Place of(PayloadReader reader) {
      return new Place(event, batchId, batchRow, reader.hidesTheId());
    }

    Reading refuse(FailureClass failureClass, String reason) {
      EventIdentity identity = EventIdentity.ofTransport(event);
      var known = identity instanceof EventIdentity.Known k && !hidesTheId ? k : null;
      return new Reading.Refused(
          new FailedEvent(
              known == null ? null : known.id(),
              known == null ? IdOrigin.ID_ORIGIN_UNSPECIFIED : known.origin(),
              event.getSource(),
              emptyToNull(event.getType()),
              batchId,
              batchRow,
              stated(event.hasReceivedTime(), event.getReceivedTime()),
              failureClass,
              reason,
              event));
    }
  }
}
