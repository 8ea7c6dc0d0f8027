package millrace.local.trust;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;

/**
 * What was learnt of Snowflake, where every synthesis of the checkout finds it: {@code
 * cdk.context.json}, which the CDK command line reads as it reads {@code cdk.json}. It belongs into
 * version control like that one, so that a colleague's deployment says the same.
 */
public final class LearntContext {
  /** The file, beside {@code cdk.json}. */
  public static final String FILE = "cdk.context.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String key;

  /**
   * @param home folder of {@code cdk.json}
   */
  public LearntContext(Path home, Names names) {
    this.file = home.resolve(FILE);
    this.key = keyOf(names);
  }

  /** The context key of an environment. */
  public static String keyOf(Names names) {
    return Names.SNOWFLAKE_CONTEXT + names.environment();
  }

  /** The value of the key, as the app of the stacks reads it. */
  public static ObjectNode valueOf(Trust trust) {
    ObjectNode value = caller(trust.files());
    value.put("subscriberArn", trust.subscriberArn());
    value.set("loadErrors", caller(trust.loadErrors()));
    return value;
  }

  private static ObjectNode caller(Trust.Caller caller) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("iamUserArn", caller.iamUserArn())
        .put("externalId", caller.externalId());
  }

  /**
   * What the file says; empty where it says nothing, or not all.
   *
   * @throws SetupFailure when it is there and cannot be read
   */
  public Optional<Trust> read() {
    JsonNode value = all().path(key);
    var trust =
        new Trust(
            caller(value), caller(value.path("loadErrors")), value.path("subscriberArn").asText());
    return valueOf(trust).equals(value) ? Optional.of(trust) : Optional.empty();
  }

  private static Trust.Caller caller(JsonNode value) {
    return new Trust.Caller(value.path("iamUserArn").asText(), value.path("externalId").asText());
  }

  /** Keeps whatever else the file says. */
  public void write(Trust trust) {
    ObjectNode all = all();
    all.set(key, valueOf(trust));
    Path half = file.resolveSibling(FILE + ".half");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      Files.writeString(half, JSON.writer(printer).writeValueAsString(all) + "\n");
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new SetupFailure(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private ObjectNode all() {
    if (!Files.exists(file)) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      if (JSON.readTree(file.toFile()) instanceof ObjectNode object) {
        return object;
      }
      throw new SetupFailure(file + " is no JSON object");
    } catch (JacksonException e) {
      throw new SetupFailure(file + " is no JSON object: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SetupFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
