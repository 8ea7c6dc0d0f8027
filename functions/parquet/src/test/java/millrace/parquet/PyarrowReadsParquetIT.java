package millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import millrace.core.file.NdjsonEncoder;
import org.junit.jupiter.api.Test;

/**
 * pyarrow, the reader closest to what other tools build on, sees the approved schema and the same
 * values as NDJSON has.
 *
 * <p>To approve a schema that was changed on purpose, add {@code --approve} to the command below
 * and run it by hand in this module's folder: {@code python src/test/python/check_parquet.py
 * target/pyarrow/edges.parquet target/pyarrow/edges.ndjson.gz
 * src/test/resources/all_kinds.schema.txt}.
 */
class PyarrowReadsParquetIT {
  private static final Path FOLDER = Path.of("target", "pyarrow");

  @Test
  void pyarrow_reads_schema_and_values() throws Exception {
    Path python = Path.of(System.getenv().getOrDefault("MILLRACE_PYTHON", "no python"));
    assumeTrue(
        Files.isExecutable(python), "skipped: no Python environment; ./millrace prepare makes it");
    Files.createDirectories(FOLDER);
    Path parquet = FOLDER.resolve("edges.parquet");
    Path ndjson = FOLDER.resolve("edges.ndjson.gz");
    var rows = TestRows.values(TestRows.edges());
    Files.write(parquet, new ParquetEncoder().encode(TestRows.TYPE, TestRows.columns(), rows));
    Files.write(ndjson, NdjsonEncoder.gzip().encode(TestRows.TYPE, TestRows.columns(), rows));

    Process process =
        new ProcessBuilder(
                python.toString(),
                "src/test/python/check_parquet.py",
                parquet.toString(),
                ndjson.toString(),
                "src/test/resources/all_kinds.schema.txt")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("6 rows are equal, the schema is as expected, damage shows");
  }
}
