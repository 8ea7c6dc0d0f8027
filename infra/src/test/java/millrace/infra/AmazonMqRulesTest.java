package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AmazonMqRulesTest {
  private static final SynthesizedStack prod = SynthesizedApp.of("prod").stack("broker");

  @Test
  void no_broker_of_ours_breaks_a_rule() {
    for (String environment : new String[] {"dev", "staging", "prod"}) {
      assertThat(
              AmazonMqRules.findings(
                  SynthesizedApp.of(environment).stack("broker").template(),
                  !environment.equals("dev")))
          .as(environment)
          .isEmpty();
    }
    assertThat(AmazonMqRules.ofCluster(prod.resources("AWS::AmazonMQ::Broker"))).isEmpty();
    assertThat(
            AmazonMqRules.ofCluster(
                SynthesizedApp.of("dev").stack("broker").resources("AWS::AmazonMQ::Broker")))
        .singleElement()
        .asString()
        .startsWith("MQ17");
  }

  @Test
  void each_rule_finds_the_broker_that_breaks_it() {
    Map<String, Consumer<ObjectNode>> mutants = new LinkedHashMap<>();
    mutants.put("MQ1", broker -> properties(broker).put("PubliclyAccessible", true));
    mutants.put("MQ2", broker -> properties(broker).remove("EncryptionOptions"));
    mutants.put("MQ3", broker -> properties(broker).remove("Logs"));
    mutants.put("MQ4", broker -> properties(broker).put("EngineType", "ACTIVEMQ"));
    mutants.put("MQ5", broker -> properties(broker).put("EngineVersion", "3.11"));
    mutants.put("MQ6", broker -> properties(broker).put("AutoMinorVersionUpgrade", false));
    mutants.put("MQ7", broker -> properties(broker).remove("MaintenanceWindowStartTime"));
    mutants.put("MQ8", broker -> properties(broker).put("HostInstanceType", "mq.t3.micro"));
    mutants.put(
        "MQ9",
        broker -> properties(broker).withArray("SecurityGroups").addObject().put("Ref", "B"));
    mutants.put(
        "MQ10",
        broker -> {
          properties(broker).withArray("SubnetIds").removeAll();
          properties(broker).withArray("SubnetIds").add("subnet-1");
        });
    mutants.put("MQ11", broker -> properties(broker).withArray("Users").removeAll());
    mutants.put("MQ12", broker -> user(broker).put("Password", "correct horse"));
    mutants.put("MQ13", broker -> user(broker).put("Username", "guest"));
    mutants.put("MQ14", broker -> broker.remove("DeletionPolicy"));
    mutants.forEach(
        (rule, mutant) -> {
          JsonNode template = prod.template().deepCopy();
          mutant.accept(
              (ObjectNode)
                  SynthesizedStack.resources(template, "AWS::AmazonMQ::Broker")
                      .values()
                      .iterator()
                      .next());
          assertThat(AmazonMqRules.findings(template, true))
              .as(rule)
              .singleElement()
              .asString()
              .startsWith(rule + " ");
        });
  }

  @Test
  void a_password_that_somebody_chose_is_found() {
    JsonNode template = prod.template().deepCopy();
    var secret =
        (ObjectNode)
            SynthesizedStack.resources(template, "AWS::SecretsManager::Secret")
                .values()
                .iterator()
                .next();
    properties(secret).remove("KmsKeyId");
    properties(secret).put("SecretString", "correct horse");
    assertThat(AmazonMqRules.findings(template, true))
        .hasSize(2)
        .anyMatch(finding -> finding.startsWith("MQ15"))
        .anyMatch(finding -> finding.startsWith("MQ16"));
  }

  private static ObjectNode properties(ObjectNode resource) {
    return (ObjectNode) resource.path("Properties");
  }

  private static ObjectNode user(ObjectNode broker) {
    return (ObjectNode) broker.at("/Properties/Users/0");
  }
}
