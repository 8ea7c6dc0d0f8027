package millrace.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MiniStackCommandTest {
  private static final MiniStackCommand COMMAND =
      new MiniStackCommand(
          Path.of("/data"),
          "111111111111",
          "eu-west-1",
          4999,
          Map.of("millrace-dev-writer", URI.create("http://127.0.0.1:5000/")));

  @Test
  void it_listens_on_loopback_only_and_opens_no_fixed_port() {
    assertThat(COMMAND.environment())
        .containsEntry("BIND_HOST", "127.0.0.1")
        .containsEntry("GATEWAY_PORT", "4999")
        .containsEntry("IOT_MTLS_ENABLED", "0")
        .containsEntry("SFTP_ENABLED", "0");
    assertThat(COMMAND.endpoint()).isEqualTo(URI.create("http://127.0.0.1:4999"));
  }

  @Test
  void invocations_of_a_function_go_to_its_host_and_a_function_without_host_fails() {
    assertThat(COMMAND.environment())
        .containsEntry("MINISTACK_LAMBDA_PROXY_millrace-dev-writer", "http://127.0.0.1:5000/")
        .containsEntry("LAMBDA_STRICT", "1");
  }

  @Test
  void objects_are_plain_files_below_the_data_folder() {
    assertThat(COMMAND.objects("bucket")).isEqualTo(Path.of("/data/s3/111111111111/bucket"));
    assertThat(COMMAND.environment())
        .containsEntry("S3_PERSIST", "1")
        .containsEntry("S3_DATA_DIR", "/data/s3");
  }

  @Test
  void messages_are_files_below_the_data_folder() {
    assertThat(COMMAND.environment())
        .containsEntry("MILLRACE_QUEUE_FOLDER", "/data/queues")
        .containsEntry("MILLRACE_ITEM_FOLDER", "/data/items");
  }

  @Test
  void state_outlives_the_process() {
    assertThat(COMMAND.environment())
        .containsEntry("PERSIST_STATE", "1")
        .containsEntry("STATE_DIR", "/data/state");
  }
}
