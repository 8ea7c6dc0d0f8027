package millrace.infra.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import millrace.core.names.Names;
import millrace.infra.config.BrokerConfig;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.config.NetworkConfig;
import millrace.infra.construct.OperationsKey;
import millrace.infra.construct.StepRole;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.ec2.CfnFlowLog;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpoint;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * Where broker and consumer live: private subnets, who may talk to whom, a way to the AWS services
 * that the consumer calls, and a log of every connection. The writer needs none of it: it calls
 * nothing but AWS.
 */
public final class NetworkStack extends EnvironmentStack {
  private static final int HTTPS = 443;
  private static final int AMQPS = 5671;

  /** A service that a running consumer calls, or Fargate to start it, and for what. */
  private record Called(
      String name, InterfaceVpcEndpointAwsService service, List<String> actions) {}

  private static final List<String> PULL =
      List.of(
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetAuthorizationToken",
          "ecr:GetDownloadUrlForLayer");

  private static final List<Called> CALLED =
      List.of(
          new Called("Sqs", InterfaceVpcEndpointAwsService.SQS, List.of("sqs:SendMessage")),
          new Called(
              "Secrets",
              InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
              List.of("secretsmanager:GetSecretValue")),
          new Called(
              "Logs",
              InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
              List.of("logs:CreateLogStream", "logs:PutLogEvents")),
          new Called("Registry", InterfaceVpcEndpointAwsService.ECR, PULL),
          new Called("Images", InterfaceVpcEndpointAwsService.ECR_DOCKER, PULL));

  private final Vpc vpc;
  private final IKey key;
  private final SubnetSelection subnets;
  private final SecurityGroup consumer;
  private final SecurityGroup broker;

  public NetworkStack(Construct scope, EnvironmentConfig config) {
    super(scope, Names.of(config.name()).networkStack(), config, "network and operations key");
    this.key = new OperationsKey(this, "Operations", names().operationsKeyAlias()).key();
    NetworkConfig network = config.network();
    boolean nat = network.egress() == NetworkConfig.Egress.NAT;
    this.subnets =
        SubnetSelection.builder()
            .subnetType(nat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED)
            .build();
    this.vpc =
        Vpc.Builder.create(this, "Vpc")
            .ipAddresses(IpAddresses.cidr(network.cidr().text()))
            .availabilityZones(
                IntStream.range(0, network.zones())
                    .mapToObj(zone -> Fn.select(zone, Fn.getAzs()))
                    .toList())
            .natGateways(nat ? 1 : 0)
            .subnetConfiguration(subnetConfiguration(nat))
            .restrictDefaultSecurityGroup(false)
            .build();
    logConnections();
    this.consumer =
        group("Consumer", "Tasks of the consumer: they connect, nobody connects to them");
    this.broker = group("Broker", "Nodes of the broker: only the consumer connects to them");
    GatewayVpcEndpoint files =
        vpc.addGatewayEndpoint(
            "Files",
            GatewayVpcEndpointOptions.builder().service(GatewayVpcEndpointAwsService.S3).build());
    files.addToPolicy(ownAccount(List.of("s3:GetObject", "s3:PutObject")));
    files.addToPolicy(imageLayers());
    // S3's addresses are a list that a template cannot name. Without NAT no route leads anywhere
    // but
    // to the endpoints.
    consumer.addEgressRule(Peer.anyIpv4(), Port.tcp(HTTPS), "AWS");
    if (!nat) {
      endpoints();
    }
    connectBroker(config.broker());
  }

  /**
   * By number and not by name: which letters a region has, and where they lie, differs from account
   * to account, and asking for them needs one.
   */
  @Override
  public List<String> getAvailabilityZones() {
    return IntStream.range(0, 3).mapToObj(zone -> Fn.select(zone, Fn.getAzs())).toList();
  }

  public Vpc vpc() {
    return vpc;
  }

  /** The key of what is not data. */
  public IKey key() {
    return key;
  }

  /** The subnets without a way in. */
  public SubnetSelection subnets() {
    return subnets;
  }

  public SecurityGroup consumer() {
    return consumer;
  }

  public SecurityGroup broker() {
    return broker;
  }

  private static List<SubnetConfiguration> subnetConfiguration(boolean nat) {
    List<SubnetConfiguration> subnets = new ArrayList<>();
    if (nat) {
      subnets.add(
          SubnetConfiguration.builder()
              .name("egress")
              .subnetType(SubnetType.PUBLIC)
              .mapPublicIpOnLaunch(false)
              .cidrMask(28)
              .build());
    }
    subnets.add(
        SubnetConfiguration.builder()
            .name("private")
            .subnetType(nat ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED)
            .cidrMask(26)
            .build());
    return subnets;
  }

  private SecurityGroup group(String id, String description) {
    return SecurityGroup.Builder.create(this, id)
        .vpc(vpc)
        .description(description)
        .allowAllOutbound(false)
        .build();
  }

  private void endpoints() {
    SecurityGroup group = group("Endpoints", "Endpoints of AWS services: only the consumer calls");
    group.addIngressRule(consumer, Port.tcp(HTTPS), "The consumer calls AWS");
    for (Called called : CALLED) {
      InterfaceVpcEndpoint endpoint =
          vpc.addInterfaceEndpoint(
              called.name(),
              InterfaceVpcEndpointOptions.builder()
                  .service(called.service())
                  .subnets(subnets)
                  .securityGroups(List.of(group))
                  .open(false)
                  .build());
      endpoint.addToPolicy(ownAccount(called.actions()));
    }
  }

  private void connectBroker(BrokerConfig config) {
    switch (config) {
      case BrokerConfig.Managed managed -> {
        broker.addIngressRule(consumer, Port.tcp(AMQPS), "The consumer receives");
        consumer.addEgressRule(broker, Port.tcp(AMQPS), "The broker");
      }
      case BrokerConfig.Existing existing ->
          consumer.addEgressRule(
              Peer.ipv4(existing.cidr().text()), Port.tcp(existing.port()), "The broker");
    }
  }

  private void logConnections() {
    LogGroup logs =
        LogGroup.Builder.create(this, "Connections")
            .logGroupName("/millrace/" + names().networkStack() + "/connections")
            .encryptionKey(key)
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    StepRole role =
        new StepRole(
                this,
                "ConnectionLog",
                ServicePrincipal.Builder.create("vpc-flow-logs.amazonaws.com").build(),
                "What the log of connections may do")
            .allow(
                "WriteLogs",
                List.of("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
                List.of(logs.getLogGroupArn()));
    CfnFlowLog.Builder.create(this, "FlowLog")
        .resourceId(vpc.getVpcId())
        .resourceType("VPC")
        .trafficType("ALL")
        .logDestinationType("cloud-watch-logs")
        .logGroupName(logs.getLogGroupName())
        .deliverLogsPermissionArn(role.arn())
        .build();
  }

  /** Nobody takes data out through an endpoint with credentials of another account. */
  private PolicyStatement ownAccount(List<String> actions) {
    return PolicyStatement.Builder.create()
        .sid("OwnAccountOnly")
        .effect(Effect.ALLOW)
        .principals(List.<IPrincipal>of(new AnyPrincipal()))
        .actions(actions)
        .resources(List.of("*"))
        .conditions(Map.of("StringEquals", Map.of("aws:PrincipalAccount", config().account())))
        .build();
  }

  /** ECR keeps the layers of images in a bucket of its own. */
  private PolicyStatement imageLayers() {
    return PolicyStatement.Builder.create()
        .sid("ImageLayers")
        .effect(Effect.ALLOW)
        .principals(List.<IPrincipal>of(new AnyPrincipal()))
        .actions(List.of("s3:GetObject"))
        .resources(List.of(s3Arn("prod-" + config().region() + "-starport-layer-bucket") + "/*"))
        .build();
  }
}
