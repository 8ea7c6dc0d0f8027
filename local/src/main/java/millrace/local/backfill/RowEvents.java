package millrace.local.backfill;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.event.EventIdentity;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.local.backfill.FieldTarget.MismatchException;
import millrace.local.backfill.SourceTable.SourceRow;
import millrace.options.v1.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event of a row: a pure function of row, mapping and the time of receipt. A row that its
 * contract cannot hold is an event too, one that no reader takes for a message: the writer parks it
 * as it parks whatever a producer sends, and its bytes lie in quarantine.
 */
public final class RowEvents {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";

  /** As large as a broker lets a message be: what is larger the writer could not unpack. */
  private static final int MOST_BYTES = 16 << 20;

  private static final JsonFactory JSON_TEXT = new JsonFactory();

  private final RowMapping mapping;
  private final List<SourceColumn> columns;
  private final Map<String, Integer> positions = new HashMap<>();

  public RowEvents(RowMapping mapping) {
    this.mapping = mapping;
    this.columns = mapping.selection().described();
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i).name(), i);
    }
  }

  /**
   * @param event to be sent in any case
   * @param mismatch why it will be a failed event, with table, column and key, without the value
   */
  public record RowEvent(Event event, Optional<String> mismatch) {}

  /**
   * @param receivedAt when the row was read
   */
  public RowEvent of(SourceRow row, Instant receivedAt) {
    Event.Builder event =
        Event.newBuilder()
            .setSource(mapping.source())
            .setType(mapping.contract().type())
            .setReceivedTime(Times.timestamp(receivedAt))
            .setContentType(PROTOBUF);
    @Nullable Instant watermark = row.position().watermark();
    if (watermark != null) {
      // what the contract's own event time wins over
      event.setTime(Times.timestamp(watermark));
    }
    if (mapping.isJson()) {
      event
          .setType(mapping.source() + "." + mapping.selection().table().name())
          .setContentType(JSON)
          .setPayload(ByteString.copyFromUtf8(json(row)));
      return sized(row, identified(event, coordinates(row)));
    }
    return typed(row, event);
  }

  private RowEvent typed(SourceRow row, Event.Builder event) {
    DynamicMessage.Builder payload = DynamicMessage.newBuilder(mapping.contract().descriptor());
    String mismatch = null;
    for (FieldTarget target : mapping.targets()) {
      @Nullable Object value = row.values()[position(target)];
      if (value == null) {
        continue;
      }
      try {
        target.set(payload, value);
      } catch (MismatchException wrong) {
        if (mismatch == null) {
          mismatch = at(row, target.column().name()) + " " + wrong.getMessage();
        }
      }
    }
    addVersion(payload, row.position().watermark());
    DynamicMessage message = payload.build();
    setIdentity(event, message, row);
    if (mismatch != null) {
      event.setPayload(FieldTarget.unreadable(json(row)));
      RowEvent sized = sized(row, event);
      return new RowEvent(sized.event(), Optional.of(mismatch));
    }
    event.setPayload(ByteString.copyFrom(PayloadHash.canonical(message)));
    return sized(row, event);
  }

  /** What could never be unpacked again is sent as its place alone. */
  private RowEvent sized(SourceRow row, Event.Builder event) {
    if (event.getPayload().size() <= MOST_BYTES) {
      return new RowEvent(event.build(), Optional.empty());
    }
    String place = at(row, "*");
    return new RowEvent(
        event.setContentType(PROTOBUF).setPayload(FieldTarget.unreadable("{}")).build(),
        Optional.of(place + " is larger than an event can be, " + MOST_BYTES + " bytes"));
  }

  /** A version that a row had is an event of its own: its id says which. */
  private void addVersion(Message.Builder payload, @Nullable Instant watermark) {
    @Nullable FieldDescriptor field = mapping.versioned();
    if (field == null || String.valueOf(payload.getField(field)).isEmpty()) {
      return;
    }
    String version = watermark == null ? "" : Times.text(watermark);
    payload.setField(field, payload.getField(field) + "@" + version);
  }

  /**
   * The transport's id: what the contract's event id says, so that a failed event has it too, else
   * the coordinates of the row. The contract's own wins over it in the writer.
   */
  private void setIdentity(Event.Builder event, Message message, SourceRow row) {
    if (mapping.contract().eventId().isEmpty()) {
      if (mapping.contract().identity() != Identity.IDENTITY_CANONICAL_PAYLOAD) {
        identified(event, coordinates(row));
      }
      return;
    }
    switch (EventIdentity.of(Event.getDefaultInstance(), mapping.contract(), message, "")) {
      case EventIdentity.Known known -> identified(event, known.id());
      // the writer says so
      case EventIdentity.None _ -> {}
    }
  }

  private static Event.Builder identified(Event.Builder event, String id) {
    return event.setId(id).setIdOrigin(IdOrigin.ID_ORIGIN_COORDINATES);
  }

  /** Table, key and, where rows have versions, the version: they survive every retry. */
  private String coordinates(SourceRow row) {
    var parts = new ArrayList<String>();
    parts.add(mapping.selection().table().name());
    parts.addAll(row.position().key());
    @Nullable Instant watermark = row.position().watermark();
    if (watermark != null) {
      parts.add(Times.text(watermark));
    }
    return EventIdentity.joined(parts);
  }

  private String at(SourceRow row, String column) {
    return mapping.selection().table().name()
        + "."
        + column
        + " of the key "
        + String.join(", ", row.position().key());
  }

  private int position(FieldTarget target) {
    Integer position = positions.get(target.column().name());
    if (position == null) {
      throw new IllegalStateException(target.column().name() + " is not read");
    }
    return position;
  }

  /** The columns that were read as one JSON object. */
  private String json(SourceRow row) {
    var text = new StringWriter();
    try (JsonGenerator out = JSON_TEXT.createGenerator(text)) {
      out.writeStartObject();
      for (int i = 0; i < columns.size(); i++) {
        out.writeFieldName(columns.get(i).name());
        write(out, columns.get(i).kind(), row.values()[i]);
      }
      out.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, ColumnKind kind, @Nullable Object value)
      throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case Boolean truth -> out.writeBoolean(truth);
      case Long number -> out.writeNumber(number);
      case Double number when Double.isFinite(number) -> out.writeNumber(number);
      case byte[] bytes -> out.writeBinary(bytes);
      case Instant time when Times.isValid(Times.timestamp(time)) ->
          out.writeString(Times.text(time));
      case Instant time -> out.writeString(time.isAfter(Instant.EPOCH) ? "infinity" : "-infinity");
      case String text when kind == ColumnKind.JSON -> out.writeRawValue(text);
      case String digits when kind == ColumnKind.DECIMAL && !digits.matches("-?[A-Z].*") ->
          out.writeNumber(digits);
      default -> out.writeString(value.toString());
    }
  }
}
