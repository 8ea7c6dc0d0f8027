package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import millrace.local.process.ComponentStatus;
import millrace.local.text.TextTable;

/** A status as a person and as a script read it. */
final class StatusText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StatusText() {}

  static void print(StatusReport status, PrintWriter out) {
    out.println("amqp_url      " + status.endpoints().amqpUrl());
    out.println("exchange      " + status.exchange());
    out.println("routing_keys  " + String.join(" ", status.routingKeys()));
    out.println("aws_endpoint  " + status.endpoints().awsEndpoint());
    out.println("bucket        " + status.endpoints().bucket());
    out.println("warehouse     " + status.endpoints().warehouseUrl());
    out.println("queue_depth   " + status.backlog().queueDepth());
    out.println();
    List<List<String>> rows = new ArrayList<>();
    for (StatusReport.Step step : status.steps()) {
      rows.add(
          List.of(
              step.name(),
              step.components().stream()
                  .map(each -> each.name() + " " + each.phase() + restarts(each))
                  .collect(Collectors.joining(", ")),
              step.what().isEmpty() ? "" : step.waiting() + " " + step.what() + " waiting"));
    }
    new TextTable("step", "processes", "waiting").ruled().rows(rows).print(out);
    if (status.backlog().deadLetters() > 0) {
      out.println();
      out.println(
          status.backlog().deadLetters()
              + " batches are in the dead letters: see ./millrace logs lambda");
    }
  }

  private static String restarts(ComponentStatus component) {
    return component.restarts() == 0 ? "" : " (restarted " + component.restarts() + " times)";
  }

  static String json(StatusReport status) {
    ObjectNode json = JSON.createObjectNode();
    json.put("amqp_url", status.endpoints().amqpUrl());
    json.put("exchange", status.exchange());
    ArrayNode keys = json.putArray("routing_keys");
    status.routingKeys().forEach(keys::add);
    json.put("aws_endpoint", status.endpoints().awsEndpoint());
    json.put("bucket", status.endpoints().bucket());
    json.put("warehouse", status.endpoints().warehouseUrl());
    ArrayNode steps = json.putArray("steps");
    for (StatusReport.Step step : status.steps()) {
      ObjectNode each = steps.addObject();
      each.put("step", step.name());
      each.put("ready", step.isReady());
      each.put("waiting", step.waiting());
      ArrayNode components = each.putArray("components");
      for (ComponentStatus component : step.components()) {
        components
            .addObject()
            .put("name", component.name())
            .put("phase", component.phase())
            .put("pid", component.pid())
            .put("restarts", component.restarts())
            .put("peak_bytes", component.peakBytes());
      }
    }
    json.put("queue_depth", status.backlog().queueDepth());
    return json.toPrettyString();
  }
}
