package millrace.parquet;

import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Int64Value;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.core.Contracts;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.row.Column;
import millrace.core.row.Row;
import millrace.core.row.RowReader;
import millrace.core.treat.PersonalHash;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.Kind;
import millrace.testing.v1.Part;
import millrace.testing.v1.Piece;
import org.jspecify.annotations.Nullable;

/** Rows with every column type at its edges. */
final class TestRows {
  static final String TYPE = "testing.v1.AllKinds";

  private TestRows() {}

  static List<Row> edges() {
    return List.of(
        row(nothing()),
        row(largest()),
        row(smallest()),
        row(notNumbers()),
        row(nested()),
        row(unicode()));
  }

  static List<Column> columns() {
    return row(nothing()).schema().columns();
  }

  static List<@Nullable Object[]> values(List<Row> rows) {
    return new ArrayList<>(rows.stream().map(Row::values).toList());
  }

  /** Every default; what has presence is absent, lists and maps are empty. */
  private static AllKinds nothing() {
    return AllKinds.newBuilder().setAString("nothing").build();
  }

  private static AllKinds largest() {
    return AllKinds.newBuilder()
        .setAString("largest")
        .setABool(true)
        .setAnInt32(Integer.MAX_VALUE)
        .setASint32(Integer.MAX_VALUE)
        .setAnSfixed32(Integer.MAX_VALUE)
        .setAUint32(-1)
        .setAFixed32(-1)
        .setAnInt64(Long.MAX_VALUE)
        .setASint64(Long.MAX_VALUE)
        .setAnSfixed64(Long.MAX_VALUE)
        .setAUint64(-1L)
        .setAFixed64(-1L)
        .setAFloat(Float.MAX_VALUE)
        .setADouble(Double.MAX_VALUE)
        .setABytes(ByteString.copyFrom(new byte[] {0, -1, 127, -128}))
        .setAnEnum(Kind.KIND_ONE)
        .setATimestamp(time("9999-12-31T23:59:59.999999999Z"))
        .setADuration(Duration.newBuilder().setSeconds(315_576_000_000L).setNanos(999_999_999))
        .setAFieldMask(FieldMask.newBuilder().addPaths("a.b").addPaths("c"))
        .setAnEmpty(Empty.getDefaultInstance())
        .setABoolWrapper(BoolValue.of(true))
        .setAnInt64Wrapper(Int64Value.of(Long.MAX_VALUE))
        .setAUint64Wrapper(UInt64Value.of(-1L))
        .setADoubleWrapper(DoubleValue.of(0.1))
        .setAStringWrapper(StringValue.of("s"))
        .setABytesWrapper(BytesValue.of(ByteString.copyFromUtf8("b")))
        .setAnOptionalInt64(0)
        .setAnOptionalString("")
        .addUint64S(-1L)
        .addUint64S(0)
        .addTimestamps(time("9999-12-31T23:59:59.999999Z"))
        .addTimestamps(time("1969-12-31T23:59:59.999999Z"))
        .build();
  }

  private static AllKinds smallest() {
    return AllKinds.newBuilder()
        .setAString("smallest")
        .setAnInt32(Integer.MIN_VALUE)
        .setASint32(Integer.MIN_VALUE)
        .setAnSfixed32(Integer.MIN_VALUE)
        .setAnInt64(Long.MIN_VALUE)
        .setASint64(Long.MIN_VALUE)
        .setAnSfixed64(Long.MIN_VALUE)
        .setAUint64(Long.MIN_VALUE)
        .setAFloat(Float.MIN_VALUE)
        .setADouble(Double.MIN_VALUE)
        .setATimestamp(time("0001-01-01T00:00:00Z"))
        .setABoolWrapper(BoolValue.of(false))
        .setChosenInt32(0)
        .addInt32S(Integer.MIN_VALUE)
        .addInt32S(0)
        .build();
  }

  private static AllKinds notNumbers() {
    return AllKinds.newBuilder()
        .setAString("not numbers")
        .setAFloat(Float.NaN)
        .setADouble(Double.NEGATIVE_INFINITY)
        .setADoubleWrapper(DoubleValue.of(Double.NaN))
        .addDoubles(Double.NaN)
        .addDoubles(Double.POSITIVE_INFINITY)
        .addDoubles(-0.0)
        .putDoublesByBool(true, Double.NEGATIVE_INFINITY)
        .setAnEnumValue(99)
        .addKinds(Kind.KIND_ONE)
        .addKindsValue(77)
        .build();
  }

  private static AllKinds nested() {
    Part full =
        Part.newBuilder()
            .setName("full")
            .setCount(0)
            .addPieces(Piece.newBuilder().setCode("a").setSerial(-1L))
            .addPieces(Piece.getDefaultInstance())
            .putWeights("", Long.MIN_VALUE)
            .putWeights("kg", 7)
            .setMadeAt(time("2026-02-28T23:59:59.000001Z"))
            .build();
    return AllKinds.newBuilder()
        .setAString("nested")
        .setAPart(full)
        .setChosenPart(Part.getDefaultInstance())
        .addParts(full)
        .addParts(Part.getDefaultInstance())
        .putPartsByInt64(-5, full)
        .putPartsByInt64(10, Part.getDefaultInstance())
        .putStringsByString("b", "2")
        .putStringsByString("a", "1")
        .setAStruct(
            Struct.newBuilder()
                .putFields("list", Value.newBuilder().setListValue(list()).build())
                .putFields("none", Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build()))
        .setAValue(Value.newBuilder().setStringValue("text"))
        .setAListValue(list())
        .build();
  }

  private static AllKinds unicode() {
    return AllKinds.newBuilder()
        .setAString("\u0000 \" \\ \n \u2028 ä 漢 \uD83D\uDE00 \u007f")
        .addStrings("")
        .addStrings("é")
        .putStringsByString("schlüssel \uD83D\uDE00", "\t")
        .build();
  }

  private static ListValue list() {
    return ListValue.newBuilder()
        .addValues(Value.newBuilder().setNumberValue(1.5))
        .addValues(Value.newBuilder().setBoolValue(true))
        .addValues(Value.newBuilder().setStructValue(Struct.getDefaultInstance()))
        .build();
  }

  private static Timestamp time(String text) {
    return Times.timestamp(Instant.parse(text));
  }

  /** Of a source of schema-less JSON. */
  static Row json(String payload) {
    return row(
        Event.newBuilder()
            .setId("m-1")
            .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
            .setSource("plant")
            .setType("plant.any")
            .setContentType("application/json")
            .setReceivedTime(time("2026-11-21T10:00:00.123456Z"))
            .setPayload(ByteString.copyFromUtf8(payload))
            .build());
  }

  private static Row row(AllKinds payload) {
    return row(
        Event.newBuilder()
            .setSource("testing")
            .setType(TYPE)
            .setReceivedTime(time("2026-11-21T10:00:00.123456Z"))
            .setPayload(payload.toByteString())
            .build());
  }

  private static Row row(Event event) {
    var reader =
        new RowReader(
            Contracts.TESTING,
            new PayloadHash("0123456789abcdef".getBytes(StandardCharsets.UTF_8)),
            new PersonalHash("0123456789abcdef".getBytes(StandardCharsets.UTF_8)));
    if (reader.read(event, "batch", 3, Map.of()) instanceof RowReader.Reading.Accepted accepted) {
      return accepted.row();
    }
    throw new AssertionError("not accepted: " + event);
  }
}
