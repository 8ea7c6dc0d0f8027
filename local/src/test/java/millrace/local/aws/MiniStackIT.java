package millrace.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.local.deploy.AssemblyDeployer;
import millrace.local.deploy.StackOutputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

class MiniStackIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String STACK = "millrace-dev-data";

  @TempDir Path data;

  @Test
  void it_answers_while_it_is_open_and_is_gone_when_it_is_closed() {
    URI endpoint;
    try (MiniStack miniStack = start(MiniStack.freePort())) {
      endpoint = miniStack.endpoint();
      assertThat(MiniStack.isReady(endpoint)).isTrue();
    }
    assertThat(MiniStack.isReady(endpoint)).isFalse();
  }

  @Test
  void stack_and_waiting_batches_outlive_a_restart_on_another_port() {
    try (MiniStack miniStack = start(MiniStack.freePort())) {
      StackOutputs outputs = deploy(miniStack, new ArrayList<>());
      try (SqsClient sqs = sqs(miniStack)) {
        // the dead letters: nothing takes messages from there
        sqs.sendMessage(
            request -> request.queueUrl(outputs.deadLetterQueueUrl()).messageBody("kept"));
      }
    }
    try (MiniStack miniStack = start(MiniStack.freePort())) {
      List<String> told = new ArrayList<>();
      StackOutputs outputs = deploy(miniStack, told);
      assertThat(told).last().asString().endsWith("needs no change");
      try (SqsClient sqs = sqs(miniStack)) {
        assertThat(
                sqs.receiveMessage(request -> request.queueUrl(outputs.deadLetterQueueUrl()))
                    .messages())
            .singleElement()
            .satisfies(message -> assertThat(message.body()).isEqualTo("kept"));
      }
    }
  }

  private MiniStack start(int port) {
    return MiniStack.start(
        new MiniStackCommand(
            data,
            "111111111111",
            "eu-west-1",
            port,
            Map.of("millrace-dev-writer", URI.create("http://127.0.0.1:9/"))),
        data.resolve("ministack.log"),
        PATIENCE);
  }

  private static StackOutputs deploy(MiniStack miniStack, List<String> told) {
    return new AssemblyDeployer(miniStack.endpoint(), PATIENCE, told::add)
        .deploy(LocalTools.assembly(), STACK, Map.of());
  }

  private static SqsClient sqs(MiniStack miniStack) {
    return new EmulatorClients(miniStack.endpoint(), "eu-west-1", "111111111111").sqs();
  }
}
