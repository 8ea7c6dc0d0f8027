package millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.infra.stack.DataStack;
import software.amazon.awscdk.App;

/**
 * The data stack of one environment of the repository's own {@code cdk.json}, synthesized around a
 * made-up zip.
 */
record SynthesizedStack(Path folder, String name, JsonNode template) {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static SynthesizedStack of(String environment, Path scratch) {
    try {
      Path zip = Files.write(scratch.resolve("writer.zip"), new byte[] {1, 2, 3});
      Map<String, Object> context = new LinkedHashMap<>(MillraceApp.contextOf(cdkJson()));
      context.put("env", environment);
      context.put("writerCode", zip.toString());
      Path folder = Files.createTempDirectory(scratch, "cdk.out");
      App app = MillraceApp.app(context, folder.toString());
      DataStack stack = MillraceApp.addStacks(app, MillraceApp.configuration(app.getNode()));
      app.synth();
      JsonNode template = JSON.readTree(folder.resolve(stack.getTemplateFile()).toFile());
      return new SynthesizedStack(folder, stack.getStackName(), template);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path cdkJson() {
    return Path.of("..", "cdk.json");
  }

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
