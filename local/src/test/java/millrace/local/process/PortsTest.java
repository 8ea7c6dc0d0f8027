package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void freePortsDifferAndATakenOneIsSeen() throws Exception {
    List<Integer> ports = Ports.free(4);

    assertThat(ports).doesNotHaveDuplicates().allMatch(Ports::isFree);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(taken.getLocalPort())).isFalse();
    }
  }
}
