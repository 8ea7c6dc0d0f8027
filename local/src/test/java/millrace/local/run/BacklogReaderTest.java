package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacklogReaderTest {
  @TempDir Path folder;

  @Test
  void filesOfMetadataAreNotFilesOfRows() throws Exception {
    Path day = Files.createDirectories(folder.resolve("events/source=orders"));
    Files.writeString(day.resolve("a.r5.parquet"), "x");
    Files.writeString(day.resolve("a.r5.parquet.meta.json"), "{}");

    assertThat(BacklogReader.filesBelow(folder.resolve("events"))).isEqualTo(1);
    assertThat(BacklogReader.filesBelow(folder.resolve("failed"))).isZero();
  }
}
