package millrace.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.core.names.Names;
import millrace.infra.config.ConfigurationException;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.config.ExampleAccount;
import millrace.infra.stack.Stacks;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.cxapi.CloudAssembly;
import software.amazon.awscdk.cxapi.SynthesisMessageLevel;
import software.constructs.Node;

/**
 * The CDK app. {@code cdk synth} starts it with the context of {@code cdk.json} in its environment;
 * started without the CDK command line, it reads {@code cdk.json} itself and writes the same
 * assembly to {@code CDK_OUTDIR}.
 *
 * <p>Context keys: {@code env} names the environment, {@code environments} lists them, {@code
 * writerCode} is the path of the writer's zip; {@code millrace:snowflake:ENVIRONMENT} stands for
 * the environment's section {@code snowflake}, as an object or as its JSON: {@code ./millrace
 * deploy} writes it into {@code cdk.context.json}, which the command line reads and, without it,
 * this app. Arguments {@code -c key=value} override them, as they do for {@code cdk}.
 */
public final class MillraceApp {
  private static final ObjectMapper JSON = new ObjectMapper();

  static final String DEFAULT_ENVIRONMENT = "dev";
  static final String DEFAULT_WRITER_CODE = "functions/writer/target/millrace-writer.zip";
  static final String DEFAULT_OUTPUT = "infra/target/cdk.out";

  private MillraceApp() {}

  /** Synthesizes; exits 2 with a sentence when the configuration cannot be used. */
  public static void main(String[] arguments) {
    try {
      Map<String, String> environment = System.getenv();
      Map<String, Object> context = new LinkedHashMap<>();
      if (!environment.containsKey("CDK_CONTEXT_JSON")) {
        context.putAll(handedOver(Path.of("cdk.json")));
      }
      context.putAll(overrides(List.of(arguments)));
      String outdir = environment.get("CDK_OUTDIR");
      if (outdir == null) {
        outdir = DEFAULT_OUTPUT;
      }
      deleteAssets(Path.of(outdir));
      App app = app(context, outdir);
      EnvironmentConfig config = configuration(app.getNode());
      ExampleAccount.refusal(config, environment)
          .ifPresent(
              sentence -> {
                throw new ConfigurationException(List.of(sentence));
              });
      addStacks(app, config);
      List<String> errors = errors(app.synth());
      if (!errors.isEmpty()) {
        throw new ConfigurationException(errors);
      }
    } catch (ConfigurationException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /** What aspects found wrong; the CDK command line would stop at the same. */
  public static List<String> errors(CloudAssembly assembly) {
    return assembly.getStacks().stream()
        .flatMap(stack -> stack.getMessages().stream())
        .filter(message -> message.getLevel() == SynthesisMessageLevel.ERROR)
        .map(message -> message.getId() + ": " + message.getEntry().getData())
        .toList();
  }

  /** CDK only ever adds to its output: every build would leave its tens of megabytes there. */
  static void deleteAssets(Path outdir) {
    if (!Files.isDirectory(outdir)) {
      return;
    }
    try (DirectoryStream<Path> assets = Files.newDirectoryStream(outdir, "asset.*.zip")) {
      for (Path asset : assets) {
        Files.delete(asset);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("assets of an earlier synthesis cannot be deleted", e);
    }
  }

  /**
   * An app without anything that differs from run to run.
   *
   * @param outdir where the assembly goes
   */
  static App app(Map<String, Object> context, String outdir) {
    return new App(
        AppProps.builder()
            .context(context)
            .outdir(outdir)
            .analyticsReporting(false)
            .treeMetadata(false)
            .build());
  }

  /** The chosen environment, checked. */
  static EnvironmentConfig configuration(Node node) {
    if (!(node.tryGetContext("environments") instanceof Map<?, ?> environments)) {
      throw new ConfigurationException(List.of("context.environments is missing"));
    }
    Map<String, Object> byName = new LinkedHashMap<>();
    environments.forEach((name, value) -> byName.put(String.valueOf(name), value));
    String chosen = text(node, "env", DEFAULT_ENVIRONMENT);
    addSnowflake(node, chosen, byName);
    return EnvironmentConfig.read(chosen, byName);
  }

  /** What was learnt of Snowflake while deploying stands before what somebody wrote down. */
  private static void addSnowflake(Node node, String chosen, Map<String, Object> byName) {
    String key = Names.SNOWFLAKE_CONTEXT + chosen;
    @Nullable Object learnt = node.tryGetContext(key);
    if (learnt instanceof String json) {
      try {
        learnt = JSON.readValue(json, Map.class);
      } catch (JsonProcessingException e) {
        throw new ConfigurationException(
            List.of("context." + key + " is not JSON: " + e.getOriginalMessage()));
      }
    }
    if (learnt != null && byName.get(chosen) instanceof Map<?, ?> written) {
      Map<String, Object> environment = new LinkedHashMap<>();
      written.forEach((name, value) -> environment.put(String.valueOf(name), value));
      environment.put("snowflake", learnt);
      byName.put(chosen, environment);
    }
  }

  /** Every stack of one environment. */
  static Stacks addStacks(App app, EnvironmentConfig config) {
    String writerCode = text(app.getNode(), "writerCode", DEFAULT_WRITER_CODE);
    if (!Files.isRegularFile(Path.of(writerCode))) {
      throw new ConfigurationException(
          List.of(
              "writerCode: there is no "
                  + writerCode
                  + "; build it with ./mvnw -Dquick -pl functions/writer -am package"));
    }
    return Stacks.of(app, config, writerCode);
  }

  /**
   * The context that the CDK command line would hand over: what {@code cdk.json} says, and for what
   * it leaves open {@code cdk.context.json}.
   */
  static Map<String, Object> handedOver(Path cdkJson) {
    Map<String, Object> context = new LinkedHashMap<>(learntBeside(cdkJson));
    context.putAll(contextOf(cdkJson));
    return context;
  }

  /** The context of {@code cdk.json} alone. */
  static Map<String, Object> contextOf(Path cdkJson) {
    return read(cdkJson).get("context") instanceof Map<?, ?> found ? byText(found) : Map.of();
  }

  /** That of {@code cdk.context.json}, which need not be there. */
  private static Map<String, Object> learntBeside(Path cdkJson) {
    Path learnt = cdkJson.resolveSibling("cdk.context.json");
    return Files.exists(learnt) ? byText(read(learnt)) : Map.of();
  }

  private static Map<?, ?> read(Path file) {
    try {
      return JSON.readValue(file.toFile(), Map.class);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          List.of(file.getFileName() + " is not JSON: " + e.getOriginalMessage()));
    } catch (IOException e) {
      throw new ConfigurationException(List.of("it cannot be read: " + file.toAbsolutePath()));
    }
  }

  private static Map<String, Object> byText(Map<?, ?> values) {
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  static Map<String, Object> overrides(List<String> arguments) {
    Map<String, Object> overrides = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String pair =
          arguments.get(i).equals("-c") && i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new ConfigurationException(
            List.of("arguments are -c key=value, not \"" + arguments.get(i) + "\""));
      }
      overrides.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return overrides;
  }

  private static String text(Node node, String key, String otherwise) {
    @Nullable Object value = node.tryGetContext(key);
    return value instanceof String text ? text : otherwise;
  }
}
