package millrace.parquet;

import java.io.IOException;
import java.util.List;
import millrace.core.file.RowFileEncoder;
import millrace.core.row.Column;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Parquet: typed columns with the protobuf field numbers as field ids, zstd, page checksums.
 *
 * <p>A file of the same rows has the same bytes: nothing in it tells when or where it was written.
 * Only one writer is open at a time, because an open writer holds a buffer per column.
 */
public final class ParquetEncoder implements RowFileEncoder {
  /**
   * What one open writer may hold before it closes a row group: half of what Parquet readers expect
   * at most.
   */
  private static final long ROW_GROUP_BYTES = 64L << 20;

  @Override
  public byte[] encode(String name, List<Column> columns, List<@Nullable Object[]> rows) {
    var file = new MemoryFile();
    MessageType parquet = ParquetSchema.of(name, columns);
    Schema avro = AvroSchema.of(name, columns);
    try (ParquetWriter<@Nullable Object[]> writer = new Builder(file, parquet, avro).build()) {
      for (@Nullable Object[] row : rows) {
        writer.write(AvroValues.record(columns, row));
      }
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return file.bytes();
  }

  /** The schema that files of these columns have, as Parquet's own tools print it. */
  public static String schemaText(String name, List<Column> columns) {
    return ParquetSchema.of(name, columns).toString();
  }

  private static final class Builder extends ParquetWriter.Builder<@Nullable Object[], Builder> {
    private final MessageType parquet;
    private final Schema avro;

    Builder(MemoryFile file, MessageType parquet, Schema avro) {
      super(file);
      this.parquet = parquet;
      this.avro = avro;
      var configuration = new PlainParquetConfiguration();
      configuration.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
      withConf(configuration);
      withCompressionCodec(CompressionCodecName.ZSTD);
      withCodecFactory(new ZstdCodecFactory());
      withRowGroupSize(ROW_GROUP_BYTES);
      withPageWriteChecksumEnabled(true);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<@Nullable Object[]> getWriteSupport(ParquetConfiguration configuration) {
      return new AvroWriteSupport<>(parquet, avro, new AvroValues.Rows());
    }

    @Override
    protected WriteSupport<@Nullable Object[]> getWriteSupport(Configuration hadoop) {
      throw new UnsupportedOperationException("Hadoop's configuration is not used");
    }
  }
}
