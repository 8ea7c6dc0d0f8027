package millrace.infra.construct;

import java.util.List;
import millrace.infra.config.BrokerConfig;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.amazonmq.CfnBroker;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * A RabbitMQ of Amazon MQ: private, its storage under the key, its log exported, its password
 * generated and never in a template. Several nodes lie in several zones.
 */
public final class RabbitBroker extends Construct {
  private static final String USER = "millrace";

  private final CfnBroker broker;
  private final Secret secret;

  /**
   * @param name physical name of the broker
   * @param secretName physical name of the secret with user and password
   * @param config nodes, instance type and version
   * @param key encrypts storage and secret
   * @param subnets private subnets, one for a single node
   * @param securityGroup says who may connect
   */
  public record Props(
      String name,
      String secretName,
      BrokerConfig.Managed config,
      IKey key,
      List<String> subnets,
      String securityGroup) {
    public Props {
      subnets = List.copyOf(subnets);
    }
  }

  public RabbitBroker(Construct scope, String id, Props props) {
    super(scope, id);
    this.secret =
        Secret.Builder.create(this, "Credentials")
            .secretName(props.secretName())
            .description("User and password of the broker")
            .encryptionKey(props.key())
            .generateSecretString(
                SecretStringGenerator.builder()
                    .secretStringTemplate("{\"username\":\"" + USER + "\"}")
                    .generateStringKey("password")
                    .passwordLength(40)
                    // Amazon MQ refuses comma, colon and equals sign
                    .excludePunctuation(true)
                    .build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    boolean single = props.config().deployment() == BrokerConfig.Deployment.SINGLE;
    this.broker =
        CfnBroker.Builder.create(this, "Broker")
            .brokerName(props.name())
            .engineType("RABBITMQ")
            .engineVersion(props.config().engineVersion())
            .hostInstanceType(props.config().instanceType())
            .deploymentMode(props.config().deployment().mode())
            .publiclyAccessible(false)
            // Amazon MQ takes RabbitMQ 3.13 and later only so: patches of a pinned minor version
            .autoMinorVersionUpgrade(true)
            .maintenanceWindowStartTime(
                CfnBroker.MaintenanceWindowProperty.builder()
                    .dayOfWeek("SUNDAY")
                    .timeOfDay("03:00")
                    .timeZone("UTC")
                    .build())
            .encryptionOptions(
                CfnBroker.EncryptionOptionsProperty.builder()
                    .useAwsOwnedKey(false)
                    .kmsKeyId(props.key().getKeyArn())
                    .build())
            .logs(CfnBroker.LogListProperty.builder().general(true).build())
            .subnetIds(single ? props.subnets().subList(0, 1) : props.subnets())
            .securityGroups(List.of(props.securityGroup()))
            .users(
                List.of(
                    CfnBroker.UserProperty.builder()
                        .username(USER)
                        .password(secret.secretValueFromJson("password").unsafeUnwrap())
                        .build()))
            .build();
    broker.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  /** {@code amqps://host:5671}, without user and password. */
  public String url() {
    return Fn.select(0, broker.getAttrAmqpEndpoints());
  }

  /** The id that Amazon MQ gives it: its logs are named after it. */
  public String id() {
    return broker.getRef();
  }

  /** User and password as JSON. */
  public Secret secret() {
    return secret;
  }
}
