package millrace.core.row;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.event.UnknownFields;
import millrace.core.event.WideNumbers;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.treat.NoSubjectException;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.core.treat.Treatment;
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

  private final ContractSet contracts;
  private final PayloadHash payloadHash;
  private final PersonalHash personalHash;
  private final Map<String, RowSchema> schemas = new HashMap<>();
  private final Map<String, Treatment> treatments = new HashMap<>();

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
    Contract contract = contracts.find(event.getSource(), event.getType()).orElse(null);
    if (contract == null
        || !treatment(contract).encrypts()
        || !PROTOBUF.contains(mediaType(event.getContentType()))) {
      return Set.of();
    }
    try {
      return treatment(contract)
          .subjects(parsed(event, contract), personalHash, isTreatedBefore(event));
    } catch (InvalidProtocolBufferException malformed) {
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
    if (!PROTOBUF.contains(mediaType(event.getContentType()))) {
      return place.refuse(
          FailureClass.CONTENT_TYPE, "the writer reads application/x-protobuf only");
    }
    if (event.getPayload().isEmpty()) {
      return place.refuse(FailureClass.EMPTY, "the event has no payload");
    }
    var contract = contracts.find(event.getSource(), event.getType());
    if (contract.isEmpty()) {
      return place.refuse(
          FailureClass.UNKNOWN_TYPE, "no active contract of this source has this type");
    }
    place = place.of(treatment(contract.get()));
    try {
      return accept(place, contract.get(), parsed(event, contract.get()), keys);
    } catch (InvalidProtocolBufferException malformed) {
      return place.refuse(
          FailureClass.MALFORMED, "not a " + contract.get().type() + ": " + malformed.getMessage());
    } catch (InvalidValueException unfit) {
      return place.refuse(FailureClass.MALFORMED, String.valueOf(unfit.getMessage()));
    } catch (NoSubjectException unnamed) {
      return place.refuse(FailureClass.RULE, String.valueOf(unnamed.getMessage()));
    }
  }

  private static Message parsed(Event event, Contract contract)
      throws InvalidProtocolBufferException {
    return DynamicMessage.parseFrom(contract.descriptor(), event.getPayload());
  }

  private Treatment treatment(Contract contract) {
    return treatments.computeIfAbsent(contract.type(), type -> Treatment.of(contract));
  }

  private static boolean isTreatedBefore(Event event) {
    return event.getTreatment() == millrace.event.v1.Treatment.TREATMENT_APPLIED;
  }

  private Reading accept(
      Place place, Contract contract, Message payload, Map<String, SubjectKey> keys)
      throws InvalidProtocolBufferException {
    Event event = place.event();
    Treatment treatment = treatment(contract);
    boolean isTreatedBefore = isTreatedBefore(event);
    // A replayed event keeps the hash of the first run: what it was made of may be cut or treated
    // by now.
    String hash =
        event.getPayloadHash().isEmpty()
            ? hashOfReceived(event, contract, payload)
            : event.getPayloadHash();
    EventIdentity identity =
        EventIdentity.of(
            event, contract, treatment.identified(payload, personalHash, isTreatedBefore), hash);
    if (!(identity instanceof EventIdentity.Known known)) {
      return place.refuse(FailureClass.NO_IDENTITY, ((EventIdentity.None) identity).reason());
    }
    if (!isTreatedBefore) {
      // What was accepted once is a row in every replay: rules are for what producers send, and
      // treated values keep no rule.
      Optional<String> violation = contracts.rules().violation(contract, payload);
      if (violation.isPresent()) {
        return place.refuse(FailureClass.RULE, violation.get());
      }
    }
    boolean hasUnknown = UnknownFields.isIn(payload);
    Message knownPart =
        treatment.apply(
            hasUnknown ? UnknownFields.cut(payload) : payload,
            known.id(),
            Times.instant(event.getReceivedTime()),
            personalHash,
            keys,
            isTreatedBefore);
    RowSchema schema = schemas.computeIfAbsent(contract.type(), type -> RowSchema.of(contract));
    @Nullable Object[] values = schema.payloadValues(knownPart);
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
    Event.Builder archived =
        event.toBuilder()
            .setPayloadHash(hash)
            .setTreatment(millrace.event.v1.Treatment.TREATMENT_APPLIED);
    if (hasUnknown || !treatment.isNone()) {
      archived.setPayload(
          com.google.protobuf.ByteString.copyFrom(PayloadHash.canonical(knownPart)));
    }
    if (treatment.hidesTheId()) {
      // The transport may carry the same id; the contract's own wins over it in every replay.
      archived.clearId().clearIdOrigin();
    }
    if (!treatment.isNone()) {
      // What the event is about, in the words of a header that no contract describes.
      archived.clearSubject();
    }
    // The hash goes to quarantine too: a replay after release must not look like another payload.
    Event quarantined = hasUnknown ? event.toBuilder().setPayloadHash(hash).build() : null;
    return new Reading.Accepted(new Row(schema, values), archived.build(), quarantined);
  }

  private String hashOfReceived(Event event, Contract contract, Message payload)
      throws InvalidProtocolBufferException {
    byte[] canonical = PayloadHash.canonical(payload);
    // Bytes that come out as they went in have lost nothing: most producers' do.
    if (!event.getPayload().asReadOnlyByteBuffer().equals(ByteBuffer.wrap(canonical))) {
      Optional<String> wide = WideNumbers.find(contract.descriptor(), event.getPayload());
      if (wide.isPresent()) {
        throw new InvalidValueException(
            "the field '" + wide.get() + "' holds a number of more than 32 bits");
      }
    }
    return payloadHash.ofCanonical(canonical);
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
    Place of(Treatment treatment) {
      return new Place(event, batchId, batchRow, treatment.hidesTheId());
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
