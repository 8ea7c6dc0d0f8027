package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  @TempDir Path folder;

  @Test
  void aJvmWritesItsArchiveWhereTheClassPathHoldsJars() throws IOException {
    String jar = Files.writeString(folder.resolve("a.jar"), "").toString();

    assertThat(ClassArchive.kept(folder, "broker", jar + ":" + jar).options())
        .containsExactly(
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + folder.resolve("broker.jsa"),
            "-Xlog:disable");
    assertThat(ClassArchive.of(folder, "demo", jar).options())
        .containsExactly("-XX:SharedArchiveFile=" + folder.resolve("demo.jsa"), "-Xlog:disable");
  }

  @Test
  void aFolderOnTheClassPathMayChangeSoThereIsNone() throws IOException {
    String jar = Files.writeString(folder.resolve("a.jar"), "").toString();

    assertThat(ClassArchive.kept(folder, "broker", folder + ":" + jar).options()).isEmpty();
  }

  @Test
  void withoutAPlaceForItThereIsNone() throws IOException {
    String jar = Files.writeString(folder.resolve("a.jar"), "").toString();

    assertThat(ClassArchive.kept(folder.resolve("not"), "broker", jar))
        .isEqualTo(ClassArchive.NONE);
    assertThat(ClassArchive.NONE.options()).isEqualTo(List.of());
  }
}
