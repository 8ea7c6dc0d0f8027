package millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pack of rules for RabbitMQ brokers of Amazon MQ, which the packs of cdk-nag do not know. One
 * finding per broken rule and resource.
 */
final class AmazonMqRules {
  private final boolean production;
  private final List<String> findings = new ArrayList<>();

  private AmazonMqRules(boolean production) {
    this.production = production;
  }

  /**
   * @param production whether the environment retains data, and so must survive the loss of a zone
   */
  static List<String> findings(JsonNode template, boolean production) {
    var rules = new AmazonMqRules(production);
    SynthesizedStack.resources(template, "AWS::AmazonMQ::Broker").forEach(rules::broker);
    SynthesizedStack.resources(template, "AWS::SecretsManager::Secret").forEach(rules::secret);
    return rules.findings;
  }

  private void broker(String id, JsonNode broker) {
    JsonNode properties = broker.path("Properties");
    rule("MQ1", id, !properties.path("PubliclyAccessible").asBoolean(true), "is public");
    rule(
        "MQ2",
        id,
        properties.at("/EncryptionOptions").has("KmsKeyId")
            && !properties.at("/EncryptionOptions/UseAwsOwnedKey").asBoolean(true),
        "is not under a customer key");
    rule("MQ3", id, properties.at("/Logs/General").asBoolean(), "exports no log");
    rule("MQ4", id, properties.path("EngineType").asText().equals("RABBITMQ"), "is no RabbitMQ");
    rule(
        "MQ5",
        id,
        properties.path("EngineVersion").asText().matches("3\\.13|([4-9]|\\d\\d)\\.\\d+"),
        "pins no version that is maintained");
    rule(
        "MQ6",
        id,
        properties.path("AutoMinorVersionUpgrade").asBoolean(),
        "takes no security patches");
    rule("MQ7", id, properties.has("MaintenanceWindowStartTime"), "restarts when AWS likes");
    rule(
        "MQ8",
        id,
        !properties.path("HostInstanceType").asText().matches("mq\\.t\\d.*|mq\\.m[45]\\..*"),
        "runs on a host that RabbitMQ 4 does not run on");
    rule("MQ9", id, properties.path("SecurityGroups").size() == 1, "has no security group");
    rule(
        "MQ10",
        id,
        properties.path("SecurityGroups").path(0).isObject()
            && properties.path("SubnetIds").path(0).isObject(),
        "lies in a network that is not this app's");
    rule("MQ11", id, properties.path("Users").size() == 1, "has users that nobody can rotate");
    for (JsonNode user : properties.path("Users")) {
      rule(
          "MQ12",
          id,
          user.path("Password").toString().contains("{{resolve:secretsmanager:"),
          "has its password in the template");
      rule(
          "MQ13",
          id,
          !user.path("Username").asText().matches("guest|admin|root"),
          "has a user that everybody tries first");
    }
    if (production) {
      rule(
          "MQ14",
          id,
          broker.path("DeletionPolicy").asText().equals("Retain")
              && broker.path("UpdateReplacePolicy").asText().equals("Retain"),
          "goes with its stack");
    }
  }

  private void secret(String id, JsonNode secret) {
    JsonNode properties = secret.path("Properties");
    rule("MQ15", id, properties.has("KmsKeyId"), "keeps the password under no customer key");
    rule(
        "MQ16",
        id,
        properties.at("/GenerateSecretString/PasswordLength").asInt() >= 32
            && !properties.has("SecretString"),
        "keeps a password that was not generated");
  }

  /** A cluster's nodes lie in several zones. */
  static List<String> ofCluster(Map<String, JsonNode> brokers) {
    return brokers.entrySet().stream()
        .filter(
            broker ->
                !broker
                        .getValue()
                        .at("/Properties/DeploymentMode")
                        .asText()
                        .equals("CLUSTER_MULTI_AZ")
                    || broker.getValue().at("/Properties/SubnetIds").size() < 3)
        .map(broker -> "MQ17 " + broker.getKey() + " does not survive the loss of a zone")
        .toList();
  }

  private void rule(String number, String id, boolean holds, String otherwise) {
    if (!holds) {
      findings.add(number + " " + id + " " + otherwise);
    }
  }
}
