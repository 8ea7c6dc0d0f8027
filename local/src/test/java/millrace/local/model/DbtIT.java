package millrace.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import millrace.local.state.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program in dbt's place that writes down when it begins and ends. */
class DbtIT {
  @TempDir Path folder;

  @Test
  void twoRunsOfOneStateNeverRunAtTheSameTime() throws Exception {
    Path diary = folder.resolve("diary");
    Path program = folder.resolve("bin/dbt");
    Files.createDirectories(program.getParent());
    Files.createDirectories(folder.resolve("dbt"));
    Files.writeString(
        program,
        """
        #!/bin/sh
        echo begin >> '%1$s'; sleep 0.3; echo end >> '%1$s'; exit 1
        """
            .formatted(diary));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    var checkout =
        new Checkout(folder, folder.resolve("bin/python"), folder.resolve("java"), folder);
    Path state = Files.createDirectories(folder.resolve("state"));

    List<CompletableFuture<Integer>> runs =
        List.of(1, 2, 3).stream()
            .map(
                n ->
                    CompletableFuture.supplyAsync(
                        () -> new Dbt(checkout, state, "dev", 1).quietly(List.of("build"))))
            .toList();

    assertThat(runs).allSatisfy(run -> assertThat(run.join()).isEqualTo(1));
    assertThat(Files.readAllLines(diary))
        .containsExactly("begin", "end", "begin", "end", "begin", "end");
  }
}
