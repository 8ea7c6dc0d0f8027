package millrace.infra.construct;

import java.time.Duration;
import java.util.List;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.amazon.awscdk.services.sqs.RedriveAllowPolicy;
import software.amazon.awscdk.services.sqs.RedrivePermission;
import software.constructs.Construct;

/**
 * A queue that never comes alone: dead letters that only it may fill, both under the key and TLS
 * only, an alarm on the first dead letter and one on the age of the oldest message.
 */
public final class GuardedQueue extends Construct {
  /**
   * Receives before a message is a dead letter. Generous on purpose: an outage of the writer's
   * environment must not turn healthy batches into dead letters, and the age alarm speaks long
   * before.
   */
  static final int MAX_RECEIVES = 100;

  private final Queue queue;
  private final Queue deadLetters;

  /**
   * @param name physical name of the queue
   * @param deadLettersName physical name of the queue of dead letters
   * @param key encrypts both queues
   * @param visibility how long a received message stays hidden, at least six times the consumer's
   *     time-out
   * @param retention how long a message waits
   * @param deadLetterRetention how long a dead letter is kept, counted from its first sending
   * @param oldestMessageAlarm age of the oldest message that raises the alarm
   * @param alarmTopic who is told of an alarm
   */
  public record Props(
      String name,
      String deadLettersName,
      IKey key,
      Duration visibility,
      Duration retention,
      Duration deadLetterRetention,
      Duration oldestMessageAlarm,
      ITopic alarmTopic) {}

  public GuardedQueue(Construct scope, String id, Props props) {
    super(scope, id);
    this.deadLetters =
        Queue.Builder.create(this, "DeadLetters")
            .queueName(props.deadLettersName())
            .encryption(QueueEncryption.KMS)
            .encryptionMasterKey(props.key())
            .enforceSsl(true)
            .retentionPeriod(seconds(props.deadLetterRetention()))
            .redriveAllowPolicy(
                RedriveAllowPolicy.builder()
                    .redrivePermission(RedrivePermission.BY_QUEUE)
                    // By name: the two queues would otherwise each wait for the other to exist.
                    .sourceQueues(List.of(Queue.fromQueueArn(this, "Source", arn(props.name()))))
                    .build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    this.queue =
        Queue.Builder.create(this, "Queue")
            .queueName(props.name())
            .encryption(QueueEncryption.KMS)
            .encryptionMasterKey(props.key())
            .enforceSsl(true)
            .retentionPeriod(seconds(props.retention()))
            .visibilityTimeout(seconds(props.visibility()))
            .deadLetterQueue(
                DeadLetterQueue.builder().queue(deadLetters).maxReceiveCount(MAX_RECEIVES).build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    for (Queue each : List.of(deadLetters, queue)) {
      each.addToResourcePolicy(
          Conditions.onlyOwnAccount(this, "sqs:*", List.of(each.getQueueArn())));
    }
    alarm(
        "DeadLettersAlarm",
        "batches-dead-letters-present",
        props.deadLettersName() + "-present",
        "A batch was given up after " + MAX_RECEIVES + " receives.",
        deadLetters.metricApproximateNumberOfMessagesVisible(oneMinuteMaximum()),
        0,
        props.alarmTopic());
    alarm(
        "OldestMessageAlarm",
        "batches-oldest",
        props.name() + "-oldest",
        "Batches wait too long: the writer fails, is throttled or is too slow.",
        queue.metricApproximateAgeOfOldestMessage(oneMinuteMaximum()),
        props.oldestMessageAlarm().toSeconds(),
        props.alarmTopic());
  }

  /** The queue itself. */
  public Queue queue() {
    return queue;
  }

  /** Where messages go that were received too often. */
  public Queue deadLetters() {
    return deadLetters;
  }

  private String arn(String name) {
    return Arn.format(
        ArnComponents.builder().service("sqs").resource(name).build(), Stack.of(this));
  }

  private void alarm(
      String id,
      String name,
      String fullName,
      String description,
      Metric metric,
      Number threshold,
      ITopic topic) {
    new PipelineAlarm(
        this,
        id,
        new PipelineAlarm.Props(
            name,
            fullName,
            description,
            metric,
            ComparisonOperator.GREATER_THAN_THRESHOLD,
            threshold,
            1,
            // SQS stops reporting on a queue that nobody uses; silence is not an incident.
            TreatMissingData.NOT_BREACHING,
            topic));
  }

  private static MetricOptions oneMinuteMaximum() {
    return MetricOptions.builder()
        .period(software.amazon.awscdk.Duration.minutes(1))
        .statistic("Maximum")
        .build();
  }

  private static software.amazon.awscdk.Duration seconds(Duration duration) {
    return software.amazon.awscdk.Duration.seconds(duration.toSeconds());
  }
}
