package millrace.core.row;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.FieldRules;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.event.UnknownFields;
import millrace.core.event.WideNumbers;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.core.treat.Treatment;
import millrace.event.v1.Event;

/** Payloads that are protobuf messages. */
final class MessageReader implements PayloadReader {
  private final Contract contract;
  private final Treatment treatment;

  MessageReader(Contract contract) {
    this.contract = contract;
    this.treatment = Treatment.of(contract);
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public boolean encrypts() {
    return treatment.encrypts();
  }

  @Override
  public boolean hidesTheId() {
    return treatment.hidesTheId();
  }

  @Override
  public Payload read(Event event) throws UnreadablePayloadException {
    try {
      return new Read(event, DynamicMessage.parseFrom(contract.descriptor(), event.getPayload()));
    } catch (InvalidProtocolBufferException malformed) {
      throw new UnreadablePayloadException(
          "not a " + contract.type() + ": " + malformed.getMessage());
    }
  }

  private final class Read implements Payload {
    private final Event event;
    private final Message payload;
    private final boolean treatedBefore;

    Read(Event event, Message payload) {
      this.event = event;
      this.payload = payload;
      this.treatedBefore = RowReader.isTreatedBefore(event);
    }

    @Override
    public Set<String> subjects(PersonalHash hash) {
      return treatment.subjects(payload, hash, treatedBefore);
    }

    @Override
    public String hash(PayloadHash hash) {
      byte[] canonical = PayloadHash.canonical(payload);
      // Bytes that come out as they went in have lost nothing: most producers' do.
      if (!event.getPayload().asReadOnlyByteBuffer().equals(ByteBuffer.wrap(canonical))) {
        Optional<String> wide = WideNumbers.find(contract.descriptor(), event.getPayload());
        if (wide.isPresent()) {
          throw new InvalidValueException(
              "the field '" + wide.get() + "' holds a number of more than 32 bits");
        }
      }
      return hash.ofCanonical(canonical);
    }

    @Override
    public EventIdentity identity(String payloadHash, PersonalHash personalHash) {
      return EventIdentity.of(
          event, contract, treatment.identified(payload, personalHash, treatedBefore), payloadHash);
    }

    @Override
    public Optional<String> violation(FieldRules rules) {
      return rules.violation(contract, payload);
    }

    @Override
    public boolean hasUnknownFields() {
      return UnknownFields.isIn(payload);
    }

    @Override
    public Treated treat(
        RowSchema schema,
        String eventId,
        Instant receivedAt,
        PersonalHash hash,
        Map<String, SubjectKey> keys) {
      boolean hasUnknown = hasUnknownFields();
      Message known =
          treatment.apply(
              hasUnknown ? UnknownFields.cut(payload) : payload,
              eventId,
              receivedAt,
              hash,
              keys,
              treatedBefore);
      Event.Builder archived = event.toBuilder();
      if (hasUnknown || !treatment.isNone()) {
        archived.setPayload(ByteString.copyFrom(PayloadHash.canonical(known)));
      }
      if (treatment.hidesTheId()) {
        // The transport may carry the same id; the contract's own wins over it in every replay.
        archived.clearId().clearIdOrigin();
      }
      if (!treatment.isNone()) {
        // What the event is about, in the words of a header that no contract describes.
        archived.clearSubject();
      }
      return new Treated(schema.payloadValues(known), archived);
    }
  }
}
