package millrace.local.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import millrace.local.process.Component;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseProcessTest {
  @TempDir Path folder;

  @Test
  void itHasATemporaryFolderOfItsOwnThatIsEmptyWhenItStarts() {
    Checkout checkout = new Checkout(folder, Path.of("python"), Path.of("java"), folder);
    try (StateFolder state = StateFolder.open(folder.resolve("state"), "test")) {
      state.write("tmp/warehouse/fakesnow_bucket_of_the_last_run/stage", "x");

      Component warehouse = WarehouseProcess.component(checkout, state, 1);

      assertThat(Path.of(warehouse.environment().get("TMPDIR")))
          .isEqualTo(state.path().resolve("tmp/warehouse"))
          .isEmptyDirectory();
    }
  }
}
