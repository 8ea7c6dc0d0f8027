package millrace.infra.construct;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import millrace.infra.config.WriterConfig;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.ApplicationLogLevel;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.lambda.LoggingFormat;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.SystemLogLevel;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * A function of the pipeline: Java 25 on arm64, an explicit name, a log group of its own that
 * outlives the stack and forgets after a month, and a role that starts with nothing but writing to
 * that log group. Whatever else it may do is granted action by action.
 */
public final class PipelineFunction extends Construct {
  /** Name of the version that is called where functions start from snapshots. */
  static final String LIVE = "live";

  private final Function function;
  private final IFunction called;
  private final StepRole role;

  /**
   * @param name physical name; explicit, so that a laptop can find the function and send its events
   *     elsewhere
   * @param handler entry point, {@code class::method}
   * @param code path of the zip that holds class files and libraries
   * @param memoryMb memory in MiB
   * @param timeout how long one invocation may take
   * @param reservedConcurrency invocations kept for this function
   * @param snapStart whether it starts from a snapshot: then each deployment publishes a version,
   *     and what feeds the function calls the alias {@link #LIVE} of the newest one
   * @param environment variables of the process
   * @param logKey encrypts the log group
   */
  public record Props(
      String name,
      String handler,
      String code,
      int memoryMb,
      Duration timeout,
      int reservedConcurrency,
      boolean snapStart,
      Map<String, String> environment,
      IKey logKey) {
    public Props {
      environment = Collections.unmodifiableMap(Conditions.sorted(environment));
    }
  }

  public PipelineFunction(Construct scope, String id, Props props) {
    super(scope, id);
    String logGroupName = "/aws/lambda/" + props.name();
    LogGroup logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName(logGroupName)
            .encryptionKey(props.logKey())
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    this.role =
        new StepRole(
            this,
            "May",
            ServicePrincipal.Builder.create("lambda.amazonaws.com").build(),
            "What " + props.name() + " may do");
    allow(
        "WriteLogs",
        List.of("logs:CreateLogStream", "logs:PutLogEvents"),
        List.of(
            Arn.format(
                ArnComponents.builder()
                    .service("logs")
                    .resource("log-group")
                    .resourceName(logGroupName + ":*")
                    .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                    .build(),
                Stack.of(this))));
    allow(
        "SendTraces",
        List.of("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        // these actions have no resource
        List.of("*"));
    Function.Builder builder =
        Function.Builder.create(this, "Function")
            .functionName(props.name())
            .runtime(Runtime.JAVA_25)
            .architecture(Architecture.ARM_64)
            .handler(props.handler())
            .code(Code.fromAsset(props.code()))
            .memorySize(props.memoryMb())
            .timeout(software.amazon.awscdk.Duration.seconds(props.timeout().toSeconds()))
            .reservedConcurrentExecutions(props.reservedConcurrency())
            .environment(props.environment())
            .role(role.role())
            .tracing(Tracing.ACTIVE)
            .logGroup(logs)
            // Lambda's own lines become JSON too; ours, on the standard output, stay as they are.
            // It
            // takes a metric line for one of level INFO, and a higher level would lose it.
            .loggingFormat(LoggingFormat.JSON)
            .applicationLogLevelV2(ApplicationLogLevel.INFO)
            .systemLogLevelV2(SystemLogLevel.INFO);
    if (props.snapStart()) {
      builder.snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS);
    }
    this.function = builder.build();
    // a snapshot is of a version; the function itself would start cold as ever
    this.called =
        props.snapStart()
            ? Alias.Builder.create(this, "Live")
                .aliasName(LIVE)
                .version(function.getCurrentVersion())
                .build()
            : function;
  }

  /** The function itself. */
  public Function function() {
    return function;
  }

  /** Grants exactly these actions on exactly these resources. */
  public void allow(String sid, Collection<String> actions, Collection<String> resources) {
    role.allow(sid, actions, resources);
  }

  /**
   * Feeds the function from a queue. Each answer names the messages that failed, so that one of
   * them does not bring back the rest. What somebody invokes past the queue, and what fails then,
   * goes to the queue's dead letters, which have an alarm.
   */
  public void consume(GuardedQueue queue, WriterConfig config) {
    allow(
        "TakeBatches",
        List.of(
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage"),
        List.of(queue.queue().getQueueArn()));
    EventSourceMapping mapping =
        EventSourceMapping.Builder.create(this, "Batches")
            .target(called)
            .eventSourceArn(queue.queue().getQueueArn())
            .batchSize(config.batchSize())
            .maxBatchingWindow(
                software.amazon.awscdk.Duration.seconds(config.batchWindow().toSeconds()))
            .maxConcurrency(config.maxConcurrency())
            .reportBatchItemFailures(true)
            .build();
    allow("GiveUp", List.of("sqs:SendMessage"), List.of(queue.deadLetters().getQueueArn()));
    ((CfnFunction) function.getNode().getDefaultChild())
        .setDeadLetterConfig(
            CfnFunction.DeadLetterConfigProperty.builder()
                .targetArn(queue.deadLetters().getQueueArn())
                .build());
    // Lambda tries the queue with the role while it creates the mapping.
    mapping.getNode().addDependency(role);
  }
}
