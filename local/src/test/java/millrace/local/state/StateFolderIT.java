package millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks and leftovers, with real processes where they count. */
class StateFolderIT {
  @TempDir Path folder;

  @Test
  void aSecondRunInTheSameCheckoutFailsWithOneSentenceThatNamesTheFirst() {
    try (StateFolder first = StateFolder.open(folder, "./millrace demo")) {
      assertThat(StateFolder.isHeld(first.path())).isTrue();
      assertThatThrownBy(() -> StateFolder.open(folder, "./millrace demo"))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("in use by ./millrace demo (process ")
          .hasMessageNotContaining("\n");
    }
    assertThat(StateFolder.isHeld(folder)).isFalse();
  }

  @Test
  void theLockOfAProcessThatWasKilledIsFree() throws Exception {
    Process holder = other("hold");
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    assertThat(StateFolder.isHeld(folder)).isTrue();

    holder.destroyForcibly().waitFor();

    StateFolder.open(folder, "next").close();
  }

  @Test
  void whatACrashedRunLeftBehindIsEndedByTheNext() throws Exception {
    Process holder = other("child");
    long child = Long.parseLong(holder.inputReader().readLine());
    holder.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(child)).isPresent();

    StateFolder.open(folder, "next").close();

    assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(folder.resolve("processes/left.json")).doesNotExist();
  }

  @Test
  void aProcessThatOnlyHasTheNumberOfAnEarlierOneIsLeftAlone() throws Exception {
    Process innocent = new ProcessBuilder("sleep", "60").start();
    try {
      Files.createDirectories(folder.resolve("processes"));
      Files.writeString(
          folder.resolve("processes/other.json"),
          """
          {"pid":%d,"started":"2026-01-01T00:00:00Z","program":"%s"}
          """
              .formatted(innocent.pid(), innocent.info().command().orElseThrow()));

      StateFolder.open(folder, "next").close();

      assertThat(innocent.isAlive()).isTrue();
    } finally {
      innocent.destroyForcibly().waitFor();
    }
  }

  @Test
  void aHalfWrittenProcessFileIsNoObstacle() throws IOException {
    Files.createDirectories(folder.resolve("processes"));
    Files.writeString(folder.resolve("processes/half.json"), "{\"pid\":1");

    StateFolder.open(folder, "next").close();

    assertThat(folder.resolve("processes/half.json")).doesNotExist();
  }

  @Test
  void anEmptiedFolderKeepsItsLock() throws IOException {
    try (StateFolder state = StateFolder.open(folder, "reset")) {
      state.write("deep/file", "x");
      state.clear();

      assertThat(folder.resolve("deep")).doesNotExist();
      assertThat(StateFolder.isHeld(folder)).isTrue();
    }
  }

  @Test
  void anEmptiedFolderKeepsTheFilesThatAreNamed() throws IOException {
    try (StateFolder state = StateFolder.open(folder, "demo")) {
      state.write("ports.json", "{}");
      state.write("dbt/target/read", "x");
      state.write("dbt/target/other", "y");
      state.write("aws/object", "z");
      state.clear("ports.json", "dbt/target/read", "never/there");

      assertThat(state.read("ports.json")).contains("{}");
      assertThat(state.read("dbt/target/read")).contains("x");
      assertThat(folder.resolve("dbt/target/other")).doesNotExist();
      assertThat(folder.resolve("aws")).doesNotExist();
    }
  }

  private Process other(String what) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                what,
                folder.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Another process that holds the folder, alone or with a child that knows no leash. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      StateFolder state = StateFolder.open(Path.of(args[1]), "test");
      if (args[0].equals("child")) {
        Process child = new ProcessBuilder("sleep", "60").start();
        state.recordProcess("left", child);
        System.out.println(child.pid());
      } else {
        System.out.println("held");
      }
      TimeUnit.MINUTES.sleep(1);
    }
  }
}
