package millrace.infra.stack;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.infra.config.BrokerConfig;
import millrace.infra.config.EnvironmentConfig;
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/**
 * The stacks of one environment, in the order of the flow.
 *
 * @param broker where the broker is ours
 * @param consumer where an image is configured
 * @param warehouse where Snowflake is configured
 */
public record Stacks(
    NetworkStack network,
    Optional<BrokerStack> broker,
    DataStack data,
    Optional<ConsumerStack> consumer,
    Optional<WarehouseStack> warehouse,
    ObservabilityStack observability) {

  /** Makes them. */
  public static Stacks of(Construct scope, EnvironmentConfig config, String writerCode) {
    var network = new NetworkStack(scope, config);
    Optional<BrokerStack> broker =
        config.broker() instanceof BrokerConfig.Managed managed
            ? Optional.of(new BrokerStack(scope, config, managed, network))
            : Optional.empty();
    var data = new DataStack(scope, config, writerCode);
    BrokerAccess access =
        switch (config.broker()) {
          case BrokerConfig.Existing existing ->
              new BrokerAccess(existing.url(), existing.secretArn(), existing.secretKeyArn());
          case BrokerConfig.Managed managed -> broker.orElseThrow().access();
        };
    Optional<ConsumerStack> receiver =
        config
            .consumer()
            .map(consumer -> new ConsumerStack(scope, config, consumer, network, access, data));
    var observability = new ObservabilityStack(scope, config, network.key(), broker);
    // it watches a log that is there once the consumer has connected
    receiver.ifPresent(observability::addStackDependency);
    return new Stacks(
        network,
        broker,
        data,
        receiver,
        config.snowflake().map(snowflake -> new WarehouseStack(scope, config, snowflake, data)),
        observability);
  }

  /** In the order of the flow. */
  public List<Stack> all() {
    return Stream.of(
            Optional.of(network),
            broker,
            Optional.of(data),
            consumer,
            warehouse,
            Optional.of(observability))
        .<Stack>mapMulti((stack, out) -> stack.ifPresent(out))
        .toList();
  }
}
