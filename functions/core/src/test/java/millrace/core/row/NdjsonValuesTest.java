package millrace.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import millrace.core.Contracts;
import millrace.core.contract.Contract;
import millrace.core.file.NdjsonEncoder;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.Kind;
import millrace.testing.v1.Part;
import millrace.testing.v1.Piece;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NdjsonValuesTest {
  private static final Contract ALL_KINDS = Contracts.testing("AllKinds");

  @Test
  void an_empty_message_has_values_where_fields_have_no_presence_and_null_elsewhere()
      throws Exception {
    assertThat(line(AllKinds.getDefaultInstance()))
        .isEqualTo(
            "{\"a_bool\":false,\"an_int32\":0,\"a_sint32\":0,\"an_sfixed32\":0,\"a_uint32\":0,\"a_fixed32\":0,"
                + "\"an_int64\":0,\"a_sint64\":0,\"an_sfixed64\":0,\"a_uint64\":0,\"a_fixed64\":0,\"a_float\":0.0,"
                + "\"a_double\":0.0,\"a_string\":\"\",\"a_bytes\":\"\",\"an_enum\":\"KIND_UNSPECIFIED\","
                + "\"a_timestamp\":null,\"a_duration\":null,\"a_field_mask\":null,\"a_struct\":null,\"a_value\":null,"
                + "\"a_list_value\":null,\"an_empty\":null,\"a_bool_wrapper\":null,\"an_int64_wrapper\":null,"
                + "\"a_uint64_wrapper\":null,\"a_double_wrapper\":null,\"a_string_wrapper\":null,\"a_bytes_wrapper\":null,"
                + "\"a_part\":null,\"an_optional_int64\":null,\"an_optional_string\":null,\"chosen_string\":null,"
                + "\"chosen_int32\":null,\"chosen_part\":null,\"int32s\":[],\"strings\":[],\"uint64s\":[],\"timestamps\":[],\"parts\":[],\"strings_by_string\":{},\"parts_by_int64\":{},\"doubles_by_bool\":{},\"kinds\":[],\"doubles\":[]}\n");
  }

  @Test
  void the_edges_of_every_number_survive() throws Exception {
    AllKinds edges =
        AllKinds.newBuilder()
            .setAnInt32(Integer.MIN_VALUE)
            .setAUint32(-1)
            .setAnInt64(Long.MIN_VALUE)
            .setAUint64(-1L)
            .setAnInt64Wrapper(com.google.protobuf.Int64Value.of(Long.MAX_VALUE))
            .setAUint64Wrapper(com.google.protobuf.UInt64Value.of(-1L))
            .setADouble(Double.NaN)
            .setAFloat(Float.NEGATIVE_INFINITY)
            .addDoubles(Double.POSITIVE_INFINITY)
            .addDoubles(0.1)
            .build();

    assertThat(line(edges))
        .contains("\"an_int32\":-2147483648,")
        .contains("\"a_uint32\":4294967295,")
        .contains("\"an_int64\":-9223372036854775808,")
        .contains("\"a_uint64\":18446744073709551615,")
        .contains("\"an_int64_wrapper\":9223372036854775807,")
        .contains("\"a_uint64_wrapper\":18446744073709551615,")
        .contains("\"a_double\":\"NaN\",")
        .contains("\"a_float\":\"-Infinity\",")
        .contains("\"doubles\":[\"Infinity\",0.1]");
  }

  @Test
  void times_have_six_digits_and_nested_values_keep_their_proto_names() throws Exception {
    AllKinds payload =
        AllKinds.newBuilder()
            .setATimestamp(Timestamp.newBuilder().setSeconds(-1).setNanos(999_999_999))
            .setADuration(
                com.google.protobuf.Duration.newBuilder().setSeconds(-1).setNanos(-500_000_000))
            .setABytes(ByteString.copyFrom(new byte[] {(byte) 0xfb, (byte) 0xff}))
            .setAnEnumValue(77)
            .addKinds(Kind.KIND_ONE)
            .setAPart(
                Part.newBuilder()
                    .setName("n")
                    .addPieces(Piece.newBuilder().setCode("c").setSerial(-1L))
                    .putWeights("b", 2)
                    .putWeights("a", 1))
            .putPartsByInt64(-5, Part.getDefaultInstance())
            .putDoublesByBool(true, 1.5)
            .build();

    assertThat(line(payload))
        .contains("\"a_timestamp\":\"1969-12-31T23:59:59.999999Z\"")
        .contains("\"a_duration\":\"-1.500s\"")
        .contains("\"a_bytes\":\"+/8=\"")
        .contains("\"an_enum\":\"77\"")
        .contains("\"kinds\":[\"KIND_ONE\"]")
        .contains(
            "\"a_part\":{\"name\":\"n\",\"count\":null,\"pieces\":[{\"code\":\"c\",\"serial\":18446744073709551615}],"
                + "\"weights\":{\"a\":1,\"b\":2},\"made_at\":null}")
        .contains("\"parts_by_int64\":{\"-5\":{\"name\":\"\"")
        .contains("\"doubles_by_bool\":{\"true\":1.5}");
  }

  @Test
  void free_json_stays_json() throws Exception {
    var struct =
        com.google.protobuf.Struct.newBuilder()
            .putFields("b", com.google.protobuf.Value.newBuilder().setNumberValue(1).build())
            .putFields("a", com.google.protobuf.Value.newBuilder().setNullValueValue(0).build())
            .build();

    assertThat(line(AllKinds.newBuilder().setAStruct(struct).build()))
        .contains("\"a_struct\":{\"a\":null,\"b\":1.0}");
  }

  @Test
  void one_row_is_one_line_whatever_its_text_holds() throws Exception {
    String text = "a\nb\r\u0000\u2028\u2029\"\\ é 日本 \ud83d\ude00";

    assertThat(line(AllKinds.newBuilder().setAString(text).build()).chars().filter(c -> c == '\n'))
        .hasSize(1);
  }

  @Test
  void gzip_and_zstd_hold_the_same_lines_and_equal_rows_give_equal_bytes() throws Exception {
    var rows = rows(AllKinds.newBuilder().setAString("x").build());
    List<Column> columns = Values.columns(ALL_KINDS.descriptor());

    byte[] gzip = NdjsonEncoder.gzip().encode("t", columns, rows);

    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(line(AllKinds.newBuilder().setAString("x").build()));
    assertThat(NdjsonEncoder.gzip().encode("t", columns, rows)).isEqualTo(gzip);
  }

  private static String line(AllKinds payload) throws Exception {
    byte[] file =
        NdjsonEncoder.zstd().encode("t", Values.columns(ALL_KINDS.descriptor()), rows(payload));
    return new String(
        new ZstdInputStream(new ByteArrayInputStream(file)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static List<@Nullable Object[]> rows(AllKinds payload) throws Exception {
    Message message = DynamicMessage.parseFrom(ALL_KINDS.descriptor(), payload.toByteString());
    return List.<@Nullable Object[]>of(Values.read(message));
  }
}
