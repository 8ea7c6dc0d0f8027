package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelinePortsTest {
  @TempDir Path folder;

  @Test
  void aKeptRunGetsThePortsOfTheLastTimeUnlessOneIsTaken() throws Exception {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      PipelinePorts first = PipelinePorts.choose(state);
      assertThat(PipelinePorts.choose(state)).isEqualTo(first);

      try (ServerSocket taken =
          new ServerSocket(first.broker(), 1, InetAddress.getLoopbackAddress())) {
        assertThat(PipelinePorts.choose(state).broker()).isNotEqualTo(taken.getLocalPort());
      }
    }
  }
}
