package millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** One stack's template, with ways to ask it. */
record SynthesizedStack(String name, JsonNode template) {
  /** Every resource of one type, by logical id. */
  Map<String, JsonNode> resources(String type) {
    return resources(template, type);
  }

  static Map<String, JsonNode> resources(JsonNode template, String type) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    template
        .path("Resources")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().path("Type").asText().equals(type)) {
                found.put(entry.getKey(), entry.getValue());
              }
            });
    return found;
  }

  /** The properties of the resource of one type whose logical id begins so. */
  JsonNode one(String type, String idBegins) {
    Map<String, JsonNode> found = resources(type);
    found.keySet().removeIf(id -> !id.startsWith(idBegins));
    if (found.size() != 1) {
      throw new AssertionError(
          "expected one " + type + " " + idBegins + ", found " + found.keySet());
    }
    return found.values().iterator().next().path("Properties");
  }

  /** The properties of the only resource of one type. */
  JsonNode only(String type) {
    Map<String, JsonNode> found = resources(type);
    if (found.size() != 1) {
      throw new AssertionError("expected one " + type + ", found " + found.keySet());
    }
    return found.values().iterator().next().path("Properties");
  }
}
