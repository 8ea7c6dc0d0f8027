package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import millrace.core.file.FileFormat;
import millrace.core.names.Names;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;

/**
 * The function as Lambda sees it: the event's JSON in, the answer's JSON out, by Lambda's own
 * serializers.
 */
class WriterHandlerTest {
  private final WriterWorld world = new WriterWorld();
  private final WriterHandler handler =
      new WriterHandler(world.writeBatches(FileFormat.NDJSON_ZSTD));

  @Test
  void the_answer_is_empty_when_all_is_written() {
    QueueMessage message =
        world.message(
            WriterWorld.event("TransportId", "1", TransportId.newBuilder().setText("x").build()));

    assertThat(answerTo(event(message.body()))).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void the_answer_names_exactly_the_messages_that_failed() {
    assertThat(answerTo(event("m9:newer")))
        .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"id-of-message\"}]}");
  }

  @Test
  void attributes_and_sent_time_reach_the_failed_event() {
    answerTo(event("no batch"));

    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"_source\":\"orders\"", "\"_batch_id\":\"from the attributes\"");
    assertThat(world.key("failed/")).contains("/year=2026/month=11/day=20/");
  }

  @Test
  void the_handler_has_the_name_that_infrastructure_gives_it() {
    assertThat(Names.WRITER_HANDLER).isEqualTo(WriterHandler.class.getName() + "::handleRequest");
  }

  private String answerTo(String json) {
    ClassLoader loader = getClass().getClassLoader();
    PojoSerializer<SQSEvent> in = LambdaEventSerializers.serializerFor(SQSEvent.class, loader);
    PojoSerializer<SQSBatchResponse> out =
        LambdaEventSerializers.serializerFor(SQSBatchResponse.class, loader);
    var answer = new ByteArrayOutputStream();
    out.toJson(
        handler.handleRequest(
            in.fromJson(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))),
            context()),
        answer);
    return answer.toString(StandardCharsets.UTF_8);
  }

  /** An event as the mapping sends it; sent on the day before the world's. */
  private static String event(String body) {
    return """
    {"Records": [{
      "messageId": "id-of-message",
      "receiptHandle": "handle",
      "body": "%s",
      "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795132800000",
                     "SenderId": "sender", "ApproximateFirstReceiveTimestamp": "1795132800001"},
      "messageAttributes": {
        "source": {"stringValue": "orders", "dataType": "String"},
        "batch-id": {"stringValue": "from the attributes", "dataType": "String"}},
      "md5OfBody": "0", "eventSource": "aws:sqs",
      "eventSourceARN": "arn:aws:sqs:eu-west-1:111111111111:millrace-dev-batches", "awsRegion": "eu-west-1"}]}
    """
        .formatted(body);
  }

  private static Context context() {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getRemainingTimeInMillis" -> 60_000;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
