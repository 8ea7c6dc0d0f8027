package millrace.writer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.FileFormat;
import millrace.core.names.EnvironmentKeys;

/**
 * Settings of the writer, from the environment of the function.
 *
 * @param environment name of the environment
 * @param bucket bucket of all objects
 * @param format default format of event files
 * @param ndjson format of the files of contracts that ask for NDJSON
 * @param payloadHashSecret name or ARN of the secret with the key of the payload hash
 * @param personalHashSecret name or ARN of the secret with the key of hashed personal data
 * @param subjectKeyTable table of the data keys of persons
 * @param subjectKeyWrappingKey ARN of the KMS key that wraps them
 * @param quarantineKey ARN of the KMS key of quarantine/
 */
record WriterSettings(
    String environment,
    String bucket,
    FileFormat format,
    FileFormat ndjson,
    String payloadHashSecret,
    String personalHashSecret,
    String subjectKeyTable,
    String subjectKeyWrappingKey,
    String quarantineKey) {
  /**
   * @param variables by name, as {@link System#getenv()}
   * @throws SetupFailure naming everything that is missing or wrong
   */
  static WriterSettings of(Map<String, String> variables) {
    var problems = new ArrayList<String>();
    String environment = required(variables, EnvironmentKeys.ENVIRONMENT, problems);
    String bucket = required(variables, EnvironmentKeys.BUCKET, problems);
    String secret = required(variables, EnvironmentKeys.PAYLOAD_HASH_SECRET, problems);
    String personalHash = required(variables, EnvironmentKeys.PERSONAL_HASH_SECRET, problems);
    String table = required(variables, EnvironmentKeys.SUBJECT_KEY_TABLE, problems);
    String wrappingKey = required(variables, EnvironmentKeys.SUBJECT_KEY_WRAPPING_KEY, problems);
    String quarantineKey = required(variables, EnvironmentKeys.QUARANTINE_KEY, problems);
    String codec = variables.getOrDefault(EnvironmentKeys.NDJSON_CODEC, "zstd");
    FileFormat ndjson =
        switch (codec) {
          case "zstd" -> FileFormat.NDJSON_ZSTD;
          case "gzip" -> FileFormat.NDJSON_GZIP;
          default -> {
            problems.add(EnvironmentKeys.NDJSON_CODEC + "=" + codec + ": use zstd or gzip");
            yield FileFormat.NDJSON_ZSTD;
          }
        };
    String word = variables.getOrDefault(EnvironmentKeys.FORMAT, "parquet");
    FileFormat format =
        switch (word) {
          case "parquet" -> FileFormat.PARQUET;
          case "ndjson" -> ndjson;
          default -> {
            problems.add(EnvironmentKeys.FORMAT + "=" + word + ": use parquet or ndjson");
            yield FileFormat.PARQUET;
          }
        };
    if (!problems.isEmpty()) {
      throw new SetupFailure("environment of the writer: " + String.join("; ", problems));
    }
    return new WriterSettings(
        environment,
        bucket,
        format,
        ndjson,
        secret,
        personalHash,
        table,
        wrappingKey,
        quarantineKey);
  }

  private static String required(Map<String, String> variables, String key, List<String> problems) {
    String value = variables.getOrDefault(key, "");
    if (value.isBlank()) {
      problems.add(key + " is not set");
    }
    return value;
  }
}
