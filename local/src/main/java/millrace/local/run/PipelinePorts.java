package millrace.local.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import millrace.local.process.Ports;
import millrace.local.state.StateFolder;

/**
 * Ports of a run, chosen before anything starts: MiniStack must know the Lambda host's, and a child
 * that is started again must be found where it was. A kept run asks for the same ones again, so
 * that a publisher's URL stays valid.
 */
record PipelinePorts(int ministack, int lambda, int broker, int warehouse) {
  static final String FILE = "ports.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  static PipelinePorts choose(StateFolder state) {
    PipelinePorts ports =
        earlier(state)
            .filter(PipelinePorts::areFree)
            .orElseGet(
                () -> {
                  List<Integer> free = Ports.free(4);
                  return new PipelinePorts(free.get(0), free.get(1), free.get(2), free.get(3));
                });
    state.write(FILE, ports.toJson());
    return ports;
  }

  private boolean areFree() {
    return List.of(ministack, lambda, broker, warehouse).stream().allMatch(Ports::isFree);
  }

  private String toJson() {
    return JSON.createObjectNode()
        .put("ministack", ministack)
        .put("lambda", lambda)
        .put("broker", broker)
        .put("warehouse", warehouse)
        .toString();
  }

  private static Optional<PipelinePorts> earlier(StateFolder state) {
    return state.read(FILE).flatMap(PipelinePorts::parse);
  }

  private static Optional<PipelinePorts> parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return Optional.of(
          new PipelinePorts(
              json.path("ministack").asInt(),
              json.path("lambda").asInt(),
              json.path("broker").asInt(),
              json.path("warehouse").asInt()));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
