package millrace.core.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import millrace.core.event.Times;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import org.jspecify.annotations.Nullable;

/** NDJSON: one row, one line, always; absent values are written as null. */
public final class NdjsonEncoder implements RowFileEncoder {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          // characters beyond U+FFFF as four bytes of UTF-8 instead of two escapes
          .configure(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8, true)
          .configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false)
          .build();

  private final Codec codec;

  private enum Codec {
    ZSTD,
    GZIP
  }

  private NdjsonEncoder(Codec codec) {
    this.codec = codec;
  }

  public static NdjsonEncoder zstd() {
    return new NdjsonEncoder(Codec.ZSTD);
  }

  public static NdjsonEncoder gzip() {
    return new NdjsonEncoder(Codec.GZIP);
  }

  @Override
  public byte[] encode(String name, List<Column> columns, List<@Nullable Object[]> rows) {
    var bytes = new ByteArrayOutputStream();
    try (OutputStream compressed = compress(bytes);
        JsonGenerator json = JSON.createGenerator(compressed)) {
      json.setRootValueSeparator(null);
      for (@Nullable Object[] row : rows) {
        writeFields(json, columns, row);
        json.writeRaw('\n');
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }

  private OutputStream compress(OutputStream out) throws IOException {
    return switch (codec) {
      case ZSTD -> new ZstdOutputStream(out, 3);
      case GZIP -> new GZIPOutputStream(out, 1 << 16);
    };
  }

  private static void writeFields(
      JsonGenerator json, List<Column> columns, @Nullable Object[] values) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < values.length; i++) {
      json.writeFieldName(columns.get(i).name());
      write(json, columns.get(i).type(), values[i]);
    }
    json.writeEndObject();
  }

  @SuppressWarnings("unchecked") // ColumnType states the class of every value
  private static void write(JsonGenerator json, ColumnType type, @Nullable Object value)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (type) {
      case ColumnType.Scalar scalar -> writeScalar(json, scalar, value);
      case ColumnType.ListOf list -> {
        json.writeStartArray();
        for (Object element : (List<Object>) value) {
          write(json, list.element(), element);
        }
        json.writeEndArray();
      }
      case ColumnType.MapOf map -> {
        json.writeStartObject();
        for (Map.Entry<String, Object> entry : ((Map<String, Object>) value).entrySet()) {
          json.writeFieldName(entry.getKey());
          write(json, map.value(), entry.getValue());
        }
        json.writeEndObject();
      }
      case ColumnType.Fields fields ->
          writeFields(json, fields.columns(), (@Nullable Object[]) value);
    }
  }

  private static void writeScalar(JsonGenerator json, ColumnType.Scalar type, Object value)
      throws IOException {
    switch (type) {
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case INT32 -> json.writeNumber((Integer) value);
      case UINT32, INT64 -> json.writeNumber((Long) value);
      case UINT64 -> json.writeNumber((BigInteger) value);
      // Jackson writes NaN and infinities as strings, as proto3 JSON does
      case FLOAT -> json.writeNumber((Float) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case STRING -> json.writeString((String) value);
      case BYTES ->
          json.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case TIMESTAMP -> json.writeString(Times.text((Instant) value));
      case JSON -> json.writeRawValue((String) value);
    }
  }
}
