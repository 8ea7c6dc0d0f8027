package millrace.local.state;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * Where a running pipeline can be reached; written into the state folder when it is ready and
 * removed when it ends.
 *
 * @param environment name of the environment the stack was made for
 * @param pid process that supervises the run
 * @param controlUrl where the supervising process takes requests
 * @param controlToken what such a request must carry
 * @param amqpUrl broker, with user and virtual host
 * @param awsEndpoint all AWS services
 * @param region region of the AWS services
 * @param account account of the AWS services
 * @param bucket bucket of all objects
 * @param queueUrl SQS queue of batches
 * @param deadLetterQueueUrl SQS queue of batches that could not be handled
 * @param topicArn topic that announces new objects
 * @param writerFunction name of the writer
 * @param objects folder that holds the bucket's objects as plain files
 * @param warehousePort port of the warehouse
 */
public record Endpoints(
    String environment,
    long pid,
    String controlUrl,
    String controlToken,
    String amqpUrl,
    String awsEndpoint,
    String region,
    String account,
    String bucket,
    String queueUrl,
    String deadLetterQueueUrl,
    String topicArn,
    String writerFunction,
    Path objects,
    int warehousePort) {
  public static final String FILE = "endpoints.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Endpoints of what runs in the state folder, if anything does. */
  public static Optional<Endpoints> ofRunning(Path state) {
    if (!StateFolder.isHeld(state)) {
      return Optional.empty();
    }
    // Those of a crashed run lie there until the next one, which holds the folder first, removes
    // them.
    return StateFolder.read(state.resolve(FILE))
        .map(Endpoints::parse)
        .filter(found -> ProcessHandle.of(found.pid()).isPresent());
  }

  /** Base URL of the warehouse's SQL API. */
  public String warehouseUrl() {
    return "http://127.0.0.1:" + warehousePort;
  }

  public Endpoints withControl(String url, String token) {
    return new Endpoints(
        environment,
        pid,
        url,
        token,
        amqpUrl,
        awsEndpoint,
        region,
        account,
        bucket,
        queueUrl,
        deadLetterQueueUrl,
        topicArn,
        writerFunction,
        objects,
        warehousePort);
  }

  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("environment", environment);
    json.put("pid", pid);
    json.put("control_url", controlUrl);
    json.put("control_token", controlToken);
    json.put("amqp_url", amqpUrl);
    json.put("aws_endpoint", awsEndpoint);
    json.put("region", region);
    json.put("account", account);
    json.put("bucket", bucket);
    json.put("queue_url", queueUrl);
    json.put("dead_letter_queue_url", deadLetterQueueUrl);
    json.put("topic_arn", topicArn);
    json.put("writer_function", writerFunction);
    json.put("objects", objects.toString());
    json.put("warehouse_port", warehousePort);
    return json.toPrettyString();
  }

  static Endpoints parse(String text) {
    try {
      var json = JSON.readTree(text);
      return new Endpoints(
          json.required("environment").asText(),
          json.required("pid").asLong(),
          json.required("control_url").asText(),
          json.required("control_token").asText(),
          json.required("amqp_url").asText(),
          json.required("aws_endpoint").asText(),
          json.required("region").asText(),
          json.required("account").asText(),
          json.required("bucket").asText(),
          json.required("queue_url").asText(),
          json.required("dead_letter_queue_url").asText(),
          json.required("topic_arn").asText(),
          json.required("writer_function").asText(),
          Path.of(json.required("objects").asText()),
          json.required("warehouse_port").asInt());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new SetupFailure("the endpoints of the run cannot be read; run ./millrace down", e);
    }
  }
}
