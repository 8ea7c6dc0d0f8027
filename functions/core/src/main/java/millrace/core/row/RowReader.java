package millrace.core.row;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.event.UnknownFields;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.jspecify.annotations.Nullable;

/**
 * Turns one event into one row, or says why it cannot: the rule at the heart of the writer. A pure
 * function of event, contracts and hash key. Not thread-safe.
 */
public final class RowReader {
  private static final Set<String> PROTOBUF =
      Set.of(
          "", "application/x-protobuf", "application/protobuf", "application/vnd.google.protobuf");

  private final ContractSet contracts;
  private final PayloadHash payloadHash;
  private final Map<String, RowSchema> schemas = new HashMap<>();

  public RowReader(ContractSet contracts, PayloadHash payloadHash) {
    this.contracts = contracts;
    this.payloadHash = payloadHash;
  }

  /** What became of an event. */
  public sealed interface Reading {
    /**
     * @param row the row; its column _unknown_fields is still empty
     * @param archived what the archive keeps: the event with its payload hash, without unknown
     *     fields
     * @param quarantined the event as received, when it has unknown fields; else null
     */
    record Accepted(Row row, Event archived, @Nullable Event quarantined) implements Reading {}

    record Refused(FailedEvent failed) implements Reading {}
  }

  /**
   * @param event as received
   * @param batchId batch that carries it
   * @param batchRow position in the batch, from 0
   */
  public Reading read(Event event, String batchId, int batchRow) {
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
    Message payload;
    try {
      payload = DynamicMessage.parseFrom(contract.get().descriptor(), event.getPayload());
    } catch (InvalidProtocolBufferException malformed) {
      return place.refuse(
          FailureClass.MALFORMED, "not a " + contract.get().type() + ": " + malformed.getMessage());
    }
    try {
      return accept(place, contract.get(), payload);
    } catch (InvalidValueException unfit) {
      return place.refuse(FailureClass.MALFORMED, String.valueOf(unfit.getMessage()));
    }
  }

  private Reading accept(Place place, Contract contract, Message payload) {
    Event event = place.event();
    // A replayed event keeps the hash of the first run: what it was made of may be cut or treated
    // by now.
    String hash =
        event.getPayloadHash().isEmpty() ? payloadHash.of(payload) : event.getPayloadHash();
    EventIdentity identity = EventIdentity.of(event, contract, payload, hash);
    if (!(identity instanceof EventIdentity.Known known)) {
      return place.refuse(FailureClass.NO_IDENTITY, ((EventIdentity.None) identity).reason());
    }
    boolean hasUnknown = UnknownFields.isIn(payload);
    Message knownPart = hasUnknown ? UnknownFields.cut(payload) : payload;
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
    Event.Builder archived = event.toBuilder().setPayloadHash(hash);
    if (hasUnknown) {
      archived.setPayload(
          com.google.protobuf.ByteString.copyFrom(PayloadHash.canonical(knownPart)));
    }
    // The hash goes to quarantine too: a replay after release must not look like another payload.
    Event quarantined = hasUnknown ? event.toBuilder().setPayloadHash(hash).build() : null;
    return new Reading.Accepted(new Row(schema, values), archived.build(), quarantined);
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

  private record Place(Event event, String batchId, int batchRow) {
    Reading refuse(FailureClass failureClass, String reason) {
      EventIdentity identity = EventIdentity.ofTransport(event);
      var known = identity instanceof EventIdentity.Known k ? k : null;
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
