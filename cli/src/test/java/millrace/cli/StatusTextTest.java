package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import millrace.local.process.ComponentStatus;
import millrace.local.run.Backlog;
import millrace.local.state.Endpoints;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void scriptsFindTheKeysThatWereAgreedAndNoOthers() throws Exception {
    JsonNode json = json(status("ready"));

    assertThat(names(json))
        .containsExactly(
            "amqp_url",
            "exchange",
            "routing_keys",
            "aws_endpoint",
            "bucket",
            "warehouse",
            "steps",
            "queue_depth");
    assertThat(json.path("exchange").asText()).isEqualTo("millrace.events");
    assertThat(json.path("routing_keys"))
        .extracting(JsonNode::asText)
        .containsExactly("cards.#", "commerce.#", "manufacturing.#", "orders.#", "shipping.#");
    assertThat(json.path("queue_depth").asLong()).isEqualTo(12);
    assertThat(json.path("amqp_url").asText()).isEqualTo("amqp://guest:guest@127.0.0.1:2/%2F");
  }

  @Test
  void stepsStandInTheOrderOfTheFlowWithWhatWaitsForThem() throws Exception {
    JsonNode steps = json(status("ready")).path("steps");

    assertThat(steps)
        .extracting(step -> step.path("step").asText() + " " + step.path("waiting").asLong())
        .containsExactly("receive 10", "batch 0", "write 2", "notify 0", "load 3");
    assertThat(steps.get(0).path("components"))
        .extracting(each -> each.path("name").asText())
        .containsExactly("broker", "consumer");
  }

  @Test
  void aStepWhoseProcessIsBeingRestartedIsNotReady() throws Exception {
    StatusReport status = status("restarting");

    assertThat(status.isReady()).isFalse();
    assertThat(json(status).path("steps").get(0).path("ready").asBoolean()).isFalse();
    assertThat(json(status).path("steps").get(1).path("ready").asBoolean()).isTrue();
  }

  @Test
  void aPersonSeesRestartsAndDeadLetters() {
    StringWriter text = new StringWriter();
    StatusText.print(status("restarting"), new PrintWriter(text, true));

    assertThat(text.toString())
        .contains("amqp_url      amqp://guest:guest@127.0.0.1:2/%2F")
        .contains("consumer restarting (restarted 1 times)")
        .contains("3 files waiting")
        .contains("1 batches are in the dead letters");
  }

  private static JsonNode json(StatusReport status) throws Exception {
    return new ObjectMapper().readTree(StatusText.json(status));
  }

  private static List<String> names(JsonNode json) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(json.fieldNames(), 0), false)
        .toList();
  }

  private static StatusReport status(String consumer) {
    return new StatusReport(
        new Endpoints(
            "dev",
            1,
            "",
            "",
            "amqp://guest:guest@127.0.0.1:2/%2F",
            "http://127.0.0.1:3",
            "eu-west-1",
            "111111111111",
            "bucket",
            "q",
            "d",
            "t",
            "w",
            Path.of("/o"),
            4),
        List.of(
            new ComponentStatus("ministack", "ready", 1, 0, 0),
            new ComponentStatus("broker", "ready", 2, 0, 0),
            new ComponentStatus("lambda", "ready", 3, 0, 0),
            new ComponentStatus("consumer", consumer, 4, 1, 0),
            new ComponentStatus("warehouse", "ready", 5, 0, 0),
            new ComponentStatus("pipes", "ready", 6, 0, 0)),
        new Backlog(10, 2, 1, 8, 5));
  }
}
