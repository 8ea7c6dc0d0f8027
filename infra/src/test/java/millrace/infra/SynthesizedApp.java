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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import millrace.infra.stack.Stacks;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;

/**
 * All stacks of one environment of the repository's own {@code cdk.json}, synthesized around a
 * made-up zip.
 *
 * @param folder the assembly
 * @param templates by the names of the stacks, in the order of the flow
 */
public record SynthesizedApp(Path folder, Map<String, JsonNode> templates) {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final Map<String, SynthesizedApp> MADE = new ConcurrentHashMap<>();

  /** Made once for all tests: a synthesis takes seconds, and nobody changes one. */
  public static SynthesizedApp of(String environment) {
    return MADE.computeIfAbsent(environment, SynthesizedApp::again);
  }

  /** Made anew. */
  static SynthesizedApp again(String environment) {
    return of(Map.of("env", environment));
  }

  /** Made with another context than the repository's. */
  public static SynthesizedApp of(Map<String, Object> changed) {
    return of(changed, (app, stacks) -> {});
  }

  /**
   * @param before what is done with the stacks before they are synthesized
   */
  static SynthesizedApp of(Map<String, Object> changed, BiConsumer<App, Stacks> before) {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "synthesized");
      Path zip = Files.write(folder.resolve("writer.zip"), new byte[] {1, 2, 3});
      Map<String, Object> context = new LinkedHashMap<>(MillraceApp.contextOf(cdkJson()));
      context.put("writerCode", zip.toString());
      context.putAll(changed);
      Path assembly = folder.resolve("cdk.out");
      App app = MillraceApp.app(context, assembly.toString());
      Stacks stacks = MillraceApp.addStacks(app, MillraceApp.configuration(app.getNode()));
      before.accept(app, stacks);
      app.synth();
      Map<String, JsonNode> templates = new LinkedHashMap<>();
      for (Stack stack : stacks.all()) {
        templates.put(
            stack.getStackName(),
            JSON.readTree(assembly.resolve(stack.getTemplateFile()).toFile()));
      }
      return new SynthesizedApp(assembly, templates);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path cdkJson() {
    return Path.of("..", "cdk.json");
  }

  /** The stack whose name ends in a word, {@code data}. */
  SynthesizedStack stack(String word) {
    return templates.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("-" + word))
        .map(entry -> new SynthesizedStack(entry.getKey(), entry.getValue()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no stack " + word + " in " + templates.keySet()));
  }
}
