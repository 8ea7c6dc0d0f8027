package millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.run.RunningPipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  @TempDir Path folder;

  @Test
  void endpointsAreReadAsTheyWereWritten() {
    Endpoints endpoints = endpoints();

    assertThat(Endpoints.parse(endpoints.toJson())).isEqualTo(endpoints);
    assertThatThrownBy(() -> Endpoints.parse("{}")).isInstanceOf(SetupFailure.class);
  }

  @Test
  void endpointsOfARunAreSeenOnlyWhileItHoldsItsFolderAndByItsUserOnly() throws Exception {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      assertThat(Endpoints.ofRunning(folder)).isEmpty();
      state.writePrivately(Endpoints.FILE, endpoints().toJson());

      assertThat(Endpoints.ofRunning(folder)).contains(endpoints());
      assertThat(
              java.nio.file.attribute.PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve(Endpoints.FILE))))
          .isEqualTo("rw-------");
    }
    assertThat(Endpoints.ofRunning(folder)).isEmpty();
  }

  @Test
  void endpointsOfACrashedRunAreNotThoseOfTheOneThatFollows() throws Exception {
    Process crashed = new ProcessBuilder("true").start();
    crashed.waitFor();
    try (StateFolder state = StateFolder.open(folder, "test")) {
      state.write(
          Endpoints.FILE,
          endpoints()
              .toJson()
              .replace("\"pid\" : " + ProcessHandle.current().pid(), "\"pid\" : " + crashed.pid()));

      assertThat(Endpoints.ofRunning(folder)).isEmpty();
      assertThat(RunningPipeline.isStarting(folder)).isTrue();
    }
    StateFolder.open(folder, "next").close();
    assertThat(folder.resolve(Endpoints.FILE)).doesNotExist();
  }

  private static Endpoints endpoints() {
    return new Endpoints(
        "dev",
        ProcessHandle.current().pid(),
        "http://127.0.0.1:1",
        "token",
        "amqp://guest:guest@127.0.0.1:2/%2F",
        "http://127.0.0.1:3",
        "eu-west-1",
        "111111111111",
        "bucket",
        "http://127.0.0.1:3/111111111111/q",
        "http://127.0.0.1:3/111111111111/d",
        "arn:aws:sns:eu-west-1:111111111111:t",
        "millrace-dev-writer",
        Path.of("/objects"),
        4);
  }
}
