package millrace.core.row;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import millrace.core.contract.Contract;
import millrace.core.contract.FieldRules;
import millrace.core.contract.JsonPaths;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.json.InvalidJsonException;
import millrace.core.json.JsonText;
import millrace.core.json.JsonValue;
import millrace.core.json.JsonValue.Obj;
import millrace.core.json.JsonValue.Text;
import millrace.core.treat.JsonTreatment;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.event.v1.Event;

/** Payloads that are JSON objects of one source. */
final class JsonReader implements PayloadReader {
  private final Contract contract;
  private final JsonTreatment treatment;

  JsonReader(Contract contract, JsonPaths source) {
    this.contract = contract;
    this.treatment = JsonTreatment.of(contract, source);
  }

  @Override
  public Contract contract() {
    return contract;
  }

  @Override
  public boolean encrypts() {
    return treatment.encrypts();
  }

  /** The id is always that of the transport, which no path describes. */
  @Override
  public boolean hidesTheId() {
    return false;
  }

  @Override
  public Payload read(Event event) throws UnreadablePayloadException {
    try {
      return new Read(event, JsonText.object(event.getPayload()));
    } catch (InvalidJsonException wrong) {
      throw new UnreadablePayloadException(String.valueOf(wrong.getMessage()));
    }
  }

  private final class Read implements Payload {
    private final Event event;
    private final Obj json;
    private final boolean treatedBefore;

    Read(Event event, Obj json) {
      this.event = event;
      this.json = json;
      this.treatedBefore = RowReader.isTreatedBefore(event);
    }

    @Override
    public Set<String> subjects(PersonalHash hash) {
      return treatment.subjects(json, hash, treatedBefore);
    }

    /** Over both columns: one id with two types is a conflict that somebody should see. */
    @Override
    public String hash(PayloadHash hash) {
      var columns = new TreeMap<String, JsonValue>();
      columns.put(Contract.JSON_PAYLOAD, json);
      columns.put(Contract.JSON_STATED_TYPE, new Text(event.getType()));
      return hash.ofCanonical(
          JsonText.canonical(new Obj(columns)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public EventIdentity identity(String payloadHash, PersonalHash personalHash) {
      return EventIdentity.withoutEventId(event, contract, payloadHash);
    }

    /** The build refuses rules in such a contract: they are for fields. */
    @Override
    public Optional<String> violation(FieldRules rules) {
      return Optional.empty();
    }

    /** Nothing of it is known, and all of it is kept. */
    @Override
    public boolean hasUnknownFields() {
      return false;
    }

    @Override
    public Treated treat(
        RowSchema schema,
        String eventId,
        Instant receivedAt,
        PersonalHash hash,
        Map<String, SubjectKey> keys) {
      String text =
          JsonText.canonical(treatment.apply(json, eventId, receivedAt, hash, keys, treatedBefore));
      ByteString bytes = ByteString.copyFromUtf8(text);
      if (bytes.size() > JsonText.MAX_BYTES) {
        throw new InvalidValueException(
            "the JSON is larger than a column holds, " + JsonText.MAX_BYTES);
      }
      Event.Builder archived = event.toBuilder();
      if (!treatment.isNone()) {
        archived.setPayload(bytes).clearSubject();
      }
      return new Treated(
          schema.payloadValues(
              Map.of(Contract.JSON_PAYLOAD, text, Contract.JSON_STATED_TYPE, event.getType())),
          archived);
    }
  }
}
