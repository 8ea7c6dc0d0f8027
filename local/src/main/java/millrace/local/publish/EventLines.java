package millrace.local.publish;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON lines: the payload's fields under their proto names with the values that rows
 * have, and beside them {@code _type}, which names the contract, and where wanted {@code
 * _event_id}, which names an event whose contract has no event id. Of schema-less JSON, {@code
 * payload} goes out as it is and {@code stated_type} as its type; {@code _source} says which of
 * several sources publishes it.
 */
public final class EventLines {
  public static final String TYPE = "_type";
  public static final String EVENT_ID = "_event_id";
  public static final String SOURCE = "_source";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // a double would round what int64 and decimal fields hold exactly
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final ContractSet contracts;
  private final Optional<String> defaultType;
  private final Supplier<String> newId;

  /** A line as an event, or why it is none. */
  public sealed interface Line {
    record Good(OutgoingEvent event) implements Line {}

    record Bad(String reason) implements Line {}
  }

  /**
   * @param contracts the active ones
   * @param defaultType type of lines without {@code _type}
   * @param newId gives ids to events that have none and whose contract asks for none
   */
  public EventLines(ContractSet contracts, Optional<String> defaultType, Supplier<String> newId) {
    this.contracts = contracts;
    this.defaultType = defaultType;
    this.newId = newId;
  }

  public Line read(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException e) {
      return new Line.Bad("not JSON: " + e.getOriginalMessage());
    }
    if (!(json instanceof ObjectNode line)) {
      return new Line.Bad("not a JSON object");
    }
    @Nullable String type = text(line, TYPE);
    if (type == null) {
      type = defaultType.orElse(null);
    }
    if (type == null) {
      return new Line.Bad("no " + TYPE + " says which contract it follows");
    }
    Optional<Contract> contract = contract(type);
    if (contract.isEmpty()) {
      return new Line.Bad(
          "no active contract '"
              + type
              + "'; there are "
              + String.join(", ", contracts.contracts().stream().map(Contract::type).toList()));
    }
    @Nullable String givenId = text(line, EVENT_ID);
    @Nullable String givenSource = text(line, SOURCE);
    line.remove(List.of(TYPE, EVENT_ID, SOURCE));
    return contract.get().jsonSources().isEmpty()
        ? read(line, contract.get(), givenId)
        : readJson(line, contract.get(), givenId, givenSource);
  }

  private Line readJson(
      ObjectNode line, Contract contract, @Nullable String givenId, @Nullable String givenSource) {
    List<String> sources = contract.sources();
    String source = givenSource == null && sources.size() == 1 ? sources.getFirst() : givenSource;
    if (source == null || !sources.contains(source)) {
      return new Line.Bad(SOURCE + " names none of " + String.join(", ", sources));
    }
    JsonNode payload = line.remove(Contract.JSON_PAYLOAD);
    @Nullable String type = text(line, Contract.JSON_STATED_TYPE);
    line.remove(Contract.JSON_STATED_TYPE);
    if (!line.isEmpty()) {
      return new Line.Bad("not a " + contract.type() + ": " + line.fieldNames().next());
    }
    if (!(payload instanceof ObjectNode)) {
      return new Line.Bad(Contract.JSON_PAYLOAD + " is not a JSON object");
    }
    if (type == null || !type.startsWith(source + ".")) {
      return new Line.Bad(
          Contract.JSON_STATED_TYPE
              + " is the routing key too: it begins with '"
              + source
              + ".', which leads to the source's queue");
    }
    return new Line.Good(
        new OutgoingEvent(
            source,
            type,
            givenId == null ? newId.get() : givenId,
            OutgoingEvent.JSON,
            payload.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private Line read(ObjectNode payload, Contract contract, @Nullable String givenId) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(contract.descriptor());
    try {
      JsonFormat.parser().merge(payload.toString(), message);
    } catch (InvalidProtocolBufferException e) {
      return new Line.Bad("not a " + contract.type() + ": " + e.getMessage());
    }
    String messageId = givenId == null ? newId.get() : givenId;
    if (!contract.eventId().isEmpty()) {
      switch (EventIdentity.of(Event.getDefaultInstance(), contract, message.build(), "")) {
        case EventIdentity.Known known -> messageId = known.id();
        case EventIdentity.None none -> {
          return new Line.Bad(none.reason());
        }
      }
    }
    if (message.build().getSerializedSize() == 0) {
      return new Line.Bad("no field is set, and an event without payload cannot become a row");
    }
    return new Line.Good(
        new OutgoingEvent(
            contract.source(),
            contract.type(),
            messageId,
            OutgoingEvent.PROTOBUF,
            PayloadHash.canonical(message.build())));
  }

  private Optional<Contract> contract(String type) {
    return contracts.contracts().stream().filter(c -> c.type().equals(type)).findFirst();
  }

  private static @Nullable String text(ObjectNode line, String name) {
    JsonNode value = line.get(name);
    return value == null || value.isNull() || value.asText().isEmpty() ? null : value.asText();
  }
}
