package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import millrace.local.warehouse.WarehouseClient;

/**
 * A pipeline that {@code ./millrace up} keeps running in a checkout of its own, as a test sees it.
 */
final class KeptPipeline implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final OwnCheckout checkout;
  private final JsonNode endpoints;
  private final WarehouseClient warehouse;

  private KeptPipeline(OwnCheckout checkout, JsonNode endpoints) {
    this.checkout = checkout;
    this.endpoints = endpoints;
    this.warehouse =
        new WarehouseClient(
            URI.create(endpoints.path("warehouse").asText()), "MILLRACE_DEV", "RAW");
  }

  /**
   * @param folder of the checkout, empty
   */
  static KeptPipeline start(Path folder) throws Exception {
    var checkout = new OwnCheckout(folder);
    try {
      // Models when a test asks for them: a build in the background would be in its way.
      succeeded(checkout.bash("./millrace up --models-every 0"));
      OwnCheckout.Result status = succeeded(checkout.bash("./millrace status --json"));
      return new KeptPipeline(checkout, JSON.readTree(status.out()));
    } catch (Exception | AssertionError e) {
      checkout.close();
      throw e;
    }
  }

  private static OwnCheckout.Result succeeded(OwnCheckout.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
    return result;
  }

  Path home() {
    return checkout.home();
  }

  /** What {@code ./millrace status --json} said at the start. */
  JsonNode endpoints() {
    return endpoints;
  }

  WarehouseClient warehouse() {
    return warehouse;
  }

  /** Runs a line that has to succeed. */
  OwnCheckout.Result run(String line) {
    return succeeded(bash(line));
  }

  /** Runs a line, whatever comes of it. */
  OwnCheckout.Result bash(String line) {
    try {
      return checkout.bash(line);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(line, e);
    }
  }

  /** Waits for what the pipeline does; says how the pipeline is when it waits in vain. */
  void await(String what, BooleanSupplier done) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!done.getAsBoolean()) {
      assertThat(Instant.now())
          .as(() -> "waiting for " + what + "\n" + bash("./millrace status"))
          .isBefore(end);
      Thread.sleep(250);
    }
  }

  /** Rows of an event. */
  long count(String table, String eventId) {
    return warehouse
        .query("select count(*) from " + table + " where _event_id = '" + eventId + "'")
        .count();
  }

  OwnCheckout.Result status() {
    return bash("./millrace status --json");
  }

  long batchesInSqs() {
    return step("write").path("waiting").asLong();
  }

  /** Process id of a component of a step. */
  long pid(String step, String component) {
    return StreamSupport.stream(step(step).path("components").spliterator(), false)
        .filter(each -> each.path("name").asText().equals(component))
        .findFirst()
        .orElseThrow()
        .path("pid")
        .asLong();
  }

  private JsonNode step(String name) {
    try {
      JsonNode steps = JSON.readTree(status().out()).path("steps");
      return StreamSupport.stream(steps.spliterator(), false)
          .filter(step -> step.path("step").asText().equals(name))
          .findFirst()
          .orElseThrow();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    warehouse.close();
    checkout.close();
  }
}
