package millrace.writer;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;

/**
 * Everything that an object says, as text that can be searched, whatever its format hides values
 * behind: compression, columns, frames, base64.
 */
final class WrittenText {
  private static final Pattern JSON_TEXT = Pattern.compile("\"([A-Za-z0-9+/]{4,}={0,2})\"");

  private final Path folder;

  /**
   * @param folder for the files that DuckDB reads
   */
  WrittenText(Path folder) {
    this.folder = folder;
  }

  /** The values, and of a Parquet file its footer too, which holds names and bounds of values. */
  String of(String key, byte[] bytes) {
    String values = values(key, bytes);
    return key.endsWith(".parquet")
        ? new String(bytes, StandardCharsets.ISO_8859_1) + "\n" + values
        : values;
  }

  /** The values alone, each with an end that can be seen. */
  String values(String key, byte[] bytes) {
    try {
      if (key.endsWith(".mrb")) {
        return frames(bytes).stream()
            .flatMap(batch -> batch.events().stream())
            .map(event -> new String(event.toByteArray(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("\n"));
      }
      if (key.endsWith(".parquet")) {
        return parquet(bytes);
      }
      try (InputStream in =
          key.endsWith(".gz")
              ? new GZIPInputStream(new ByteArrayInputStream(bytes))
              : new ZstdInputStream(new ByteArrayInputStream(bytes))) {
        return withBytes(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    } catch (SQLException unreadable) {
      throw new AssertionError(key, unreadable);
    }
  }

  static List<Batch> frames(byte[] bytes) {
    try {
      return BatchFrame.decodeAll(bytes, FrameLimits.ARCHIVE);
    } catch (BadBatchException damaged) {
      throw new AssertionError(damaged);
    }
  }

  /** Every value of every column as DuckDB reads it. */
  private String parquet(byte[] bytes) throws IOException, SQLException {
    Path file = Files.write(Files.createTempFile(folder, "rows", ".parquet"), bytes);
    var text = new StringBuilder();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        var query =
            duckdb.prepareStatement(
                "select cast(columns(*) as varchar) from read_parquet(?, hive_partitioning = false)")) {
      query.setString(1, file.toString());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            text.append('\n').append(rows.getString(i));
          }
        }
      }
    }
    return text.toString();
  }

  /** The lines, and behind them what their bytes say. */
  private static String withBytes(String lines) {
    return lines
        + JSON_TEXT
            .matcher(lines)
            .results()
            .map(WrittenText::decoded)
            .collect(Collectors.joining("\n"));
  }

  private static String decoded(MatchResult base64) {
    String text = base64.group(1);
    return text.length() % 4 == 0
        ? new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8)
        : "";
  }
}
