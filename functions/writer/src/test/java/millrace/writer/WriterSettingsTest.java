package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.FileFormat;
import org.junit.jupiter.api.Test;

class WriterSettingsTest {
  private static final Map<String, String> REQUIRED =
      Map.of(
          "MILLRACE_ENV",
          "dev",
          "MILLRACE_BUCKET",
          "bucket",
          "MILLRACE_PAYLOAD_HASH_SECRET",
          "secret",
          "MILLRACE_PERSONAL_HASH_SECRET",
          "personal",
          "MILLRACE_SUBJECT_KEY_TABLE",
          "table",
          "MILLRACE_SUBJECT_KEY_WRAPPING_KEY",
          "wrapping",
          "MILLRACE_QUARANTINE_KEY",
          "quarantine");

  @Test
  void parquet_is_the_default_and_ndjson_is_packed_by_zstd() {
    WriterSettings settings = WriterSettings.of(REQUIRED);

    assertThat(settings)
        .isEqualTo(
            new WriterSettings(
                "dev",
                "bucket",
                FileFormat.PARQUET,
                FileFormat.NDJSON_ZSTD,
                "secret",
                "personal",
                "table",
                "wrapping",
                "quarantine"));
  }

  @Test
  void format_and_codec_are_chosen_by_the_deployment() {
    assertThat(with("MILLRACE_FORMAT", "ndjson", "MILLRACE_NDJSON_CODEC", "gzip").format())
        .isEqualTo(FileFormat.NDJSON_GZIP);
    assertThat(with("MILLRACE_FORMAT", "ndjson", "MILLRACE_NDJSON_CODEC", "zstd").format())
        .isEqualTo(FileFormat.NDJSON_ZSTD);
    assertThat(with("MILLRACE_FORMAT", "parquet", "MILLRACE_NDJSON_CODEC", "gzip").ndjson())
        .isEqualTo(FileFormat.NDJSON_GZIP);
  }

  @Test
  void all_problems_are_named_at_once() {
    assertThatThrownBy(
            () ->
                WriterSettings.of(Map.of("MILLRACE_FORMAT", "csv", "MILLRACE_NDJSON_CODEC", "lz4")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("MILLRACE_ENV is not set")
        .hasMessageContaining("MILLRACE_BUCKET is not set")
        .hasMessageContaining("MILLRACE_PAYLOAD_HASH_SECRET is not set")
        .hasMessageContaining("MILLRACE_PERSONAL_HASH_SECRET is not set")
        .hasMessageContaining("MILLRACE_SUBJECT_KEY_TABLE is not set")
        .hasMessageContaining("MILLRACE_SUBJECT_KEY_WRAPPING_KEY is not set")
        .hasMessageContaining("MILLRACE_QUARANTINE_KEY is not set")
        .hasMessageContaining("MILLRACE_FORMAT=csv: use parquet or ndjson")
        .hasMessageContaining("MILLRACE_NDJSON_CODEC=lz4: use zstd or gzip");
  }

  private static WriterSettings with(String key, String value, String otherKey, String otherValue) {
    var variables = new HashMap<>(REQUIRED);
    variables.put(key, value);
    variables.put(otherKey, otherValue);
    return WriterSettings.of(variables);
  }
}
