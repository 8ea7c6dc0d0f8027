package millrace.local.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.FileFormat;
import millrace.core.file.NdjsonEncoder;
import millrace.core.file.RowFileEncoder;
import millrace.core.row.RowSchema;
import millrace.derive.artifact.RawTable;
import millrace.parquet.ParquetEncoder;
import org.jspecify.annotations.Nullable;

/** A file of every type in every format, and the list that the comparison reads. */
final class GoldenFiles {
  static final String ROOT = "events/verify/";

  private GoldenFiles() {}

  /**
   * @param run keeps the keys of two verifications apart: a pipe never loads a key twice
   */
  static List<GoldenFile> of(ContractSet contracts, String run) {
    var files = new ArrayList<GoldenFile>();
    for (Contract contract : contracts.contracts()) {
      RowSchema schema = RowSchema.of(contract);
      List<@Nullable Object[]> rows = GoldenRows.of(schema);
      byte[] expected = text(schema, rows);
      for (FileFormat format : FileFormat.values()) {
        files.add(
            new GoldenFile(
                contract.type(),
                RawTable.of(contract).name(),
                format,
                ROOT
                    + "run="
                    + run
                    + "/codec="
                    + format.extension()
                    + "/type="
                    + contract.type()
                    + "/golden.r"
                    + rows.size()
                    + "."
                    + format.extension(),
                encoder(format).encode(contract.type(), schema.columns(), rows),
                expected));
      }
    }
    return files;
  }

  private static RowFileEncoder encoder(FileFormat format) {
    return switch (format) {
      case PARQUET -> new ParquetEncoder();
      case NDJSON_ZSTD -> NdjsonEncoder.zstd();
      case NDJSON_GZIP -> NdjsonEncoder.gzip();
    };
  }

  private static byte[] text(RowSchema schema, List<@Nullable Object[]> rows) {
    byte[] file = NdjsonEncoder.gzip().encode("golden", schema.columns(), rows);
    try (var text = new GZIPInputStream(new ByteArrayInputStream(file))) {
      return text.readAllBytes();
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }

  /** Writes the list and the expected rows into a folder. */
  static void list(List<GoldenFile> files, Path folder) {
    ArrayNode manifest = new ObjectMapper().createArrayNode();
    try {
      for (GoldenFile file : files) {
        String expected = file.type() + ".ndjson";
        Files.write(folder.resolve(expected), file.expected());
        manifest
            .addObject()
            .put("type", file.type())
            .put("table", file.table())
            .put("format", file.format().name().toLowerCase(java.util.Locale.ROOT))
            .put("file_format", file.format().name())
            .put("prefix", file.key().substring(0, file.key().lastIndexOf('/') + 1))
            .put("key", file.key())
            .put("expected", expected);
      }
      Files.writeString(folder.resolve("manifest.json"), manifest.toPrettyString());
    } catch (IOException e) {
      throw new SetupFailure("golden files cannot be written: " + e.getMessage(), e);
    }
  }
}
