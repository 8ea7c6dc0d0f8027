package millrace.local.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectStore;
import millrace.local.Progress;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.FileTrees;

/**
 * Stores golden files where pipes of their own load them, has each value compared, and takes it all
 * away again. Raw tables never see a row of it.
 */
public final class Verification {
  private final SnowflakeProgram warehouse;
  private final ObjectStore store;
  private final Consumer<String> delete;
  private final Progress progress;

  /**
   * @param warehouse that has the pipes
   * @param store where the files go; the warehouse hears of them from there
   * @param delete deletes the object of a key
   */
  public Verification(
      SnowflakeProgram warehouse, ObjectStore store, Consumer<String> delete, Progress progress) {
    this.warehouse = warehouse;
    this.store = store;
    this.delete = delete;
    this.progress = progress;
  }

  /**
   * @param run keeps the keys of two verifications apart
   * @param patience how long the files may take to be loaded
   * @param options of the comparison
   * @return exit code: 0 when every value is what was written, 1 when one is not
   */
  public int run(ContractSet contracts, String run, Duration patience, List<String> options) {
    List<GoldenFile> files = GoldenFiles.of(contracts, run);
    try {
      Path folder = Files.createTempDirectory("millrace-golden");
      try {
        GoldenFiles.list(files, folder);
        List<String> golden = List.of("--golden", folder.toString());
        mustSucceed(step("prepare", golden, List.of()));
        try {
          for (GoldenFile file : files) {
            store.putIfAbsent(file.key(), file.bytes(), Map.of());
          }
          progress.say(files.size() + " golden files stored");
          var more = new java.util.ArrayList<>(options);
          more.addAll(List.of("--patience", Long.toString(patience.toSeconds())));
          return step("compare", golden, more);
        } finally {
          files.forEach(file -> delete.accept(file.key()));
          mustSucceed(step("clean", golden, List.of()));
        }
      } finally {
        FileTrees.delete(folder);
      }
    } catch (IOException e) {
      throw new SetupFailure("golden files cannot be made: " + e.getMessage(), e);
    }
  }

  private int step(String step, List<String> golden, List<String> more) {
    var options = new java.util.ArrayList<>(List.of(step));
    options.addAll(golden);
    options.addAll(more);
    return warehouse.onTerminal("verify", options);
  }

  private static void mustSucceed(int code) {
    if (code != 0) {
      throw new SetupFailure("the tables and pipes of the verification cannot be made or removed");
    }
  }
}
