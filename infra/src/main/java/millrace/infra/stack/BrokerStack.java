package millrace.infra.stack;

import java.util.Optional;
import millrace.core.names.Names;
import millrace.infra.config.BrokerConfig;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.construct.RabbitBroker;
import software.amazon.awscdk.CfnOutput;
import software.constructs.Construct;

/** The broker, where it is ours. */
public final class BrokerStack extends EnvironmentStack {
  private final BrokerAccess access;
  private final String brokerId;

  public BrokerStack(
      Construct scope,
      EnvironmentConfig config,
      BrokerConfig.Managed managed,
      NetworkStack network) {
    super(scope, Names.of(config.name()).brokerStack(), config, "broker");
    RabbitBroker broker =
        new RabbitBroker(
            this,
            "Rabbit",
            new RabbitBroker.Props(
                names().broker(),
                names().brokerSecret(),
                managed,
                network.key(),
                network.vpc().selectSubnets(network.subnets()).getSubnetIds(),
                network.broker().getSecurityGroupId()));
    this.brokerId = broker.id();
    this.access =
        new BrokerAccess(
            broker.url(), broker.secret().getSecretArn(), Optional.of(network.key().getKeyArn()));
    CfnOutput.Builder.create(this, "BrokerUrl")
        .description("AMQPS URL of the broker, without user and password")
        .value(broker.url())
        .build();
    CfnOutput.Builder.create(this, "BrokerSecretName")
        .description("Secret with user and password")
        .value(names().brokerSecret())
        .build();
  }

  public BrokerAccess access() {
    return access;
  }

  /** The id that Amazon MQ gave the broker. */
  public String brokerId() {
    return brokerId;
  }
}
