package millrace.writer;

import java.util.Map;
import millrace.core.contract.Contract;
import millrace.core.file.FileFormat;
import millrace.core.file.RowFileEncoder;

/**
 * Which format a type's files have.
 *
 * @param standard default of the deployment
 * @param ndjson what a contract gets that asks for NDJSON
 * @param encoders one per format
 */
public record RowFormats(
    FileFormat standard, FileFormat ndjson, Map<FileFormat, RowFileEncoder> encoders) {
  FileFormat of(Contract contract) {
    return switch (contract.format()) {
      case FORMAT_PARQUET -> FileFormat.PARQUET;
      case FORMAT_NDJSON -> ndjson;
      case FORMAT_UNSPECIFIED, UNRECOGNIZED -> standard;
    };
  }

  RowFileEncoder encoder(FileFormat format) {
    RowFileEncoder encoder = encoders.get(format);
    if (encoder == null) {
      throw new IllegalStateException("no encoder for " + format);
    }
    return encoder;
  }
}
