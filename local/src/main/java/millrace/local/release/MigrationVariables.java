package millrace.local.release;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;

/**
 * What stands for the variables in the migrations.
 *
 * @param values value by name; see snowflake/README.md
 */
public record MigrationVariables(SortedMap<String, String> values) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Name of the value that says whose role the storage integration takes. */
  public static final String STORAGE_ROLE = "storage_role_arn";

  public static final String TOPIC = "topic_arn";
  public static final String LOAD_ERROR_TOPIC = "error_topic_arn";
  public static final String LOAD_ERROR_ROLE = "error_role_arn";
  public static final String BUCKET = "bucket";

  /**
   * Those that every environment has.
   *
   * @param topicArn topic that pipes listen to; role and topic are of one account and partition
   */
  public static MigrationVariables of(
      String environment, String account, String bucket, String topicArn, String eventFormat) {
    Names names = Names.of(environment);
    String[] topic = topicArn.split(":", -1);
    String roles = "arn:" + topic[1] + ":iam::" + account + ":role/";
    var values = new TreeMap<String, String>();
    values.put("environment", environment);
    values.put(BUCKET, bucket);
    values.put(TOPIC, topicArn);
    values.put(STORAGE_ROLE, roles + names.storageRole());
    values.put(
        LOAD_ERROR_TOPIC,
        "arn:" + topic[1] + ":sns:" + topic[3] + ":" + account + ":" + names.loadErrorTopic());
    values.put(LOAD_ERROR_ROLE, roles + names.loadErrorRole());
    values.put("external_id", "millrace-" + environment);
    values.put("event_format", eventFormat);
    return new MigrationVariables(values);
  }

  /** These with others on top. */
  public MigrationVariables with(Map<String, String> more) {
    var values = new TreeMap<>(this.values);
    values.putAll(more);
    return new MigrationVariables(values);
  }

  /**
   * These with what an account has chosen in {@code snowflake/choices/<environment>.json}, an
   * object of texts; without such a file as they are.
   *
   * @throws SetupFailure when the file cannot be read
   */
  public MigrationVariables withChoices(Path home) {
    Path file = home.resolve("snowflake/choices/" + values.get("environment") + ".json");
    if (!Files.exists(file)) {
      return this;
    }
    try {
      var chosen = new TreeMap<String, String>();
      for (Map.Entry<String, JsonNode> entry : JSON.readTree(file.toFile()).properties()) {
        chosen.put(entry.getKey(), entry.getValue().asText());
      }
      return with(chosen);
    } catch (JacksonException e) {
      throw new SetupFailure(file + " is no JSON object: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SetupFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  public String value(String name) {
    return String.valueOf(values.get(name));
  }

  public String json() {
    return JSON.valueToTree(values).toString();
  }
}
