package millrace.infra.construct;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.ConsumerImage;
import millrace.core.names.Names;
import millrace.infra.config.ConsumerConfig;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentType;
import software.amazon.awscdk.services.applicationautoscaling.BasicStepScalingPolicyProps;
import software.amazon.awscdk.services.applicationautoscaling.EnableScalingProps;
import software.amazon.awscdk.services.applicationautoscaling.ScalingInterval;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ecs.AwsLogDriverMode;
import software.amazon.awscdk.services.ecs.AwsLogDriverProps;
import software.amazon.awscdk.services.ecs.Capability;
import software.amazon.awscdk.services.ecs.Cluster;
import software.amazon.awscdk.services.ecs.ContainerDefinition;
import software.amazon.awscdk.services.ecs.ContainerDefinitionOptions;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.ecs.ContainerInsights;
import software.amazon.awscdk.services.ecs.CpuArchitecture;
import software.amazon.awscdk.services.ecs.DeploymentCircuitBreaker;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.ecs.FargateTaskDefinition;
import software.amazon.awscdk.services.ecs.HealthCheck;
import software.amazon.awscdk.services.ecs.LinuxParameters;
import software.amazon.awscdk.services.ecs.LogDrivers;
import software.amazon.awscdk.services.ecs.MountPoint;
import software.amazon.awscdk.services.ecs.OperatingSystemFamily;
import software.amazon.awscdk.services.ecs.PropagatedTagSource;
import software.amazon.awscdk.services.ecs.RuntimePlatform;
import software.amazon.awscdk.services.ecs.Volume;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The consumer as a Fargate service on ARM: a read-only root and one writable folder, no root user,
 * no capability, a health check that starts no shell, time to drain when it is stopped, a
 * deployment that goes back by itself when its tasks do not become healthy, and tasks by the
 * backlog that the consumer itself reports. Its role starts with nothing. Its log group outlives
 * the stack and forgets after a month.
 */
public final class RabbitConsumer extends Construct {
  /** From SIGTERM to SIGKILL; the consumer drains for ten seconds less. */
  static final int STOP_SECONDS = 60;

  /** Folder that may be written: the heartbeat and what libraries unpack. */
  private static final String SCRATCH = "/tmp";

  /** Backlog that one more task, or three, are worth; below the first one fewer is enough. */
  private static final int CALM = 1_000;

  private static final int BUSY = 10_000;
  private static final int FLOOD = 100_000;

  private final FargateService service;
  private final StepRole role;

  /**
   * @param name physical name of cluster and service
   * @param config image, size and number of tasks
   * @param vpc where it runs, in the private subnets
   * @param subnets these subnets
   * @param securityGroup what it may connect to
   * @param environment settings of the process, no secret among them
   * @param backlog messages that wait, the greatest of all queues
   * @param logKey encrypts the log group
   */
  public record Props(
      String name,
      ConsumerConfig config,
      IVpc vpc,
      SubnetSelection subnets,
      ISecurityGroup securityGroup,
      Map<String, String> environment,
      IMetric backlog,
      IKey logKey) {
    public Props {
      environment = Collections.unmodifiableMap(Conditions.sorted(environment));
    }
  }

  public RabbitConsumer(Construct scope, String id, Props props) {
    super(scope, id);
    LogGroup logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName("/millrace/" + props.name())
            .encryptionKey(props.logKey())
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    var tasks = ServicePrincipal.Builder.create("ecs-tasks.amazonaws.com").build();
    this.role = new StepRole(this, "Task", tasks, "What " + props.name() + " may do");
    StepRole start =
        new StepRole(this, "Start", tasks, "What Fargate may do to start " + props.name())
            .allow(
                "WriteLogs",
                List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                List.of(logs.getLogGroupArn()));
    pull(start, props.config().image());
    FargateTaskDefinition task =
        FargateTaskDefinition.Builder.create(this, "Definition")
            .family(props.name())
            .cpu(props.config().cpu())
            .memoryLimitMiB(props.config().memoryMb())
            .runtimePlatform(
                RuntimePlatform.builder()
                    .cpuArchitecture(CpuArchitecture.ARM64)
                    .operatingSystemFamily(OperatingSystemFamily.LINUX)
                    .build())
            .taskRole(role.role())
            .executionRole(start.role())
            .volumes(List.of(Volume.builder().name("scratch").build()))
            .build();
    container(task, logs, props);
    this.service = service(task, props);
    scale(props);
  }

  /** The service itself. */
  public FargateService service() {
    return service;
  }

  /** What the process may do: nothing yet but what is granted here. */
  public StepRole role() {
    return role;
  }

  private void container(FargateTaskDefinition task, LogGroup logs, Props props) {
    LinuxParameters linux =
        LinuxParameters.Builder.create(this, "Linux").initProcessEnabled(true).build();
    linux.dropCapabilities(Capability.ALL);
    Map<String, String> environment = Conditions.sorted(props.environment());
    environment.put(Names.CONSUMER_PREFIX + "STOP_TIMEOUT", (STOP_SECONDS - 10) + "s");
    environment.put(Names.CONSUMER_PREFIX + "HEARTBEAT_FILE", SCRATCH + "/heartbeat");
    ContainerDefinition container =
        task.addContainer(
            "Consumer",
            ContainerDefinitionOptions.builder()
                .containerName("consumer")
                .image(ContainerImage.fromRegistry(props.config().image()))
                .environment(environment)
                .readonlyRootFilesystem(true)
                .user(ConsumerImage.USER)
                .linuxParameters(linux)
                .stopTimeout(Duration.seconds(STOP_SECONDS))
                .healthCheck(
                    HealthCheck.builder()
                        // CMD and not CMD-SHELL: there is no shell
                        .command(
                            Stream.concat(Stream.of("CMD"), ConsumerImage.healthCheck().stream())
                                .toList())
                        .interval(Duration.seconds(30))
                        .timeout(Duration.seconds(10))
                        .retries(3)
                        .startPeriod(Duration.seconds(60))
                        .build())
                .logging(
                    LogDrivers.awsLogs(
                        AwsLogDriverProps.builder()
                            .logGroup(logs)
                            .streamPrefix("consumer")
                            // a slow log must not hold up acknowledgements
                            .mode(AwsLogDriverMode.NON_BLOCKING)
                            .build()))
                .build());
    container.addMountPoints(
        MountPoint.builder()
            .sourceVolume("scratch")
            .containerPath(SCRATCH)
            .readOnly(false)
            .build());
  }

  private FargateService service(FargateTaskDefinition task, Props props) {
    Cluster cluster =
        Cluster.Builder.create(this, "Cluster")
            .clusterName(props.name())
            .vpc(props.vpc())
            .containerInsightsV2(ContainerInsights.ENABLED)
            .build();
    FargateService made =
        FargateService.Builder.create(this, "Service")
            .serviceName(props.name())
            .cluster(cluster)
            .taskDefinition(task)
            .desiredCount(props.config().minTasks())
            .minHealthyPercent(100)
            .maxHealthyPercent(200)
            .circuitBreaker(DeploymentCircuitBreaker.builder().enable(true).rollback(true).build())
            .assignPublicIp(false)
            .enableExecuteCommand(false)
            .propagateTags(PropagatedTagSource.SERVICE)
            .vpcSubnets(props.subnets())
            .securityGroups(List.of(props.securityGroup()))
            .build();
    made.getNode().addDependency(role.policy());
    return made;
  }

  private void scale(Props props) {
    service
        .autoScaleTaskCount(
            EnableScalingProps.builder()
                .minCapacity(props.config().minTasks())
                .maxCapacity(props.config().maxTasks())
                .build())
        .scaleOnMetric(
            "Backlog",
            BasicStepScalingPolicyProps.builder()
                .metric(props.backlog())
                .adjustmentType(AdjustmentType.CHANGE_IN_CAPACITY)
                .cooldown(Duration.minutes(2))
                .evaluationPeriods(3)
                .scalingSteps(
                    List.of(
                        ScalingInterval.builder().upper(CALM).change(-1).build(),
                        ScalingInterval.builder().lower(BUSY).change(1).build(),
                        ScalingInterval.builder().lower(FLOOD).change(3).build()))
                .build());
  }

  /** Pulling from another registry than ECR needs no right. */
  private static void pull(StepRole start, String image) {
    String registry = image.substring(0, image.indexOf('/'));
    String[] parts = registry.split("\\.", -1);
    if (parts.length < 6 || !parts[1].equals("dkr") || !parts[2].equals("ecr")) {
      return;
    }
    String repository = image.substring(registry.length() + 1, image.indexOf('@'));
    start
        .allow(
            "PullImage",
            List.of(
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer"),
            List.of(
                Arn.format(
                    ArnComponents.builder()
                        .service("ecr")
                        .account(parts[0])
                        .region(parts[3])
                        .resource("repository")
                        .resourceName(repository)
                        .arnFormat(ArnFormat.SLASH_RESOURCE_NAME)
                        .build(),
                    Stack.of(start))))
        // the one action of ECR that has no resource
        .allow("LogInToRegistry", List.of("ecr:GetAuthorizationToken"), List.of("*"));
  }
}
