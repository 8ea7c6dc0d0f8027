package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.file.FileFormat;
import millrace.core.file.NdjsonEncoder;
import millrace.core.names.EnvironmentKeys;
import millrace.parquet.ParquetEncoder;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.Test;

/** What runs before the snapshot: the whole write step, and nothing of the world. */
class PrimingTest {
  private static final Context<Resource> LAMBDA = Core.getGlobalContext();

  @Test
  void every_built_in_contract_becomes_a_file_that_goes_nowhere() {
    List<String> files = primed();

    for (Contract contract : ContractSet.builtIn().contracts()) {
      assertThat(files)
          .as(contract.type())
          .anyMatch(key -> key.contains("/type=" + contract.type() + "/"));
    }
    assertThat(files).anyMatch(key -> key.endsWith(".parquet"));
    assertThat(files).as("rules were asked").anyMatch(key -> key.startsWith("failed/"));
    assertThat(files).anyMatch(key -> key.startsWith("archive/"));
  }

  @Test
  void only_a_process_that_becomes_a_snapshot_is_primed() {
    var environment =
        new HashMap<>(
            Map.of(
                EnvironmentKeys.ENVIRONMENT, "dev",
                EnvironmentKeys.BUCKET, "bucket",
                EnvironmentKeys.PAYLOAD_HASH_SECRET, "a",
                EnvironmentKeys.PERSONAL_HASH_SECRET, "b",
                EnvironmentKeys.SUBJECT_KEY_TABLE, "c",
                EnvironmentKeys.SUBJECT_KEY_WRAPPING_KEY, "d",
                EnvironmentKeys.QUARANTINE_KEY, "e"));

    assertThat(WriterHandler.priming(environment)).isNull();
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    assertThat(WriterHandler.priming(environment)).isNull();
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    assertThat(WriterHandler.priming(environment)).isNotNull();
  }

  private static List<String> primed() {
    var files = new ArrayList<String>();
    new Priming(
            new RowFormats(
                FileFormat.PARQUET,
                FileFormat.NDJSON_ZSTD,
                Map.of(
                    FileFormat.PARQUET,
                    new ParquetEncoder(),
                    FileFormat.NDJSON_ZSTD,
                    NdjsonEncoder.zstd())),
            () -> WriterWorld.SEALED,
            new Random(1),
            files::add)
        .beforeCheckpoint(LAMBDA);
    return files;
  }
}
