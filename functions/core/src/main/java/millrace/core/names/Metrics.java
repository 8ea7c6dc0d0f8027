package millrace.core.names;

import java.util.List;

/**
 * Names of the metrics that the steps emit, all in {@link Names#METRIC_NAMESPACE}. Alarms and the
 * dashboard ask for them; a metric that is asked for by a name nobody emits is never breached.
 */
public final class Metrics {
  /** Dimension: name of the environment. */
  public static final String ENVIRONMENT = "Environment";

  /** Dimension of the receive step: queue of the broker. */
  public static final String QUEUE = "Queue";

  /** Dimension of the other steps: which one. */
  public static final String STEP = "Step";

  /** Value of {@link #STEP} for the writer. */
  public static final String WRITE = "write";

  /** Receive: messages that wait in the broker's queue. */
  public static final String BACKLOG = "Backlog";

  /** Receive: messages that came, repeats included. */
  public static final String EVENTS_RECEIVED = "EventsReceived";

  /** Receive: messages that came again. */
  public static final String EVENTS_REDELIVERED = "EventsRedelivered";

  /** Receive: events of batches that SQS accepted. */
  public static final String EVENTS_ACCEPTED = "EventsAccepted";

  /** Receive: messages given to the broker's dead letters. */
  public static final String EVENTS_DEAD_LETTERED = "EventsDeadLettered";

  /** Receive: batches that SQS accepted. */
  public static final String BATCHES_ACCEPTED = "BatchesAccepted";

  /** Receive: calls of SQS or S3 that were made again. */
  public static final String CALLS_RETRIED = "CallsRetried";

  /** Receive: connections to the broker that broke. */
  public static final String SESSIONS_LOST = "SessionsLost";

  /** Write: events of the batches taken, rows and failed events. */
  public static final String EVENTS = "Events";

  /** Write: events that became rows. */
  public static final String ROWS = "Rows";

  /** Write: events that could not become rows. */
  public static final String FAILED_EVENTS = "FailedEvents";

  /** Write: files stored. */
  public static final String FILES = "Files";

  /** Write: files that an earlier try had stored. */
  public static final String FILES_ALREADY_THERE = "FilesAlreadyThere";

  /** Write: bytes stored. */
  public static final String BYTES = "Bytes";

  /** Write: batches taken. */
  public static final String BATCHES = "Batches";

  /** Write: batches left in the queue for another try. */
  public static final String RETRIED_BATCHES = "RetriedBatches";

  /** What the receive step emits for each queue. */
  public static final List<String> OF_RECEIVE =
      List.of(
          EVENTS_RECEIVED,
          EVENTS_REDELIVERED,
          EVENTS_ACCEPTED,
          EVENTS_DEAD_LETTERED,
          BATCHES_ACCEPTED,
          CALLS_RETRIED,
          SESSIONS_LOST,
          BACKLOG);

  /** What the write step emits. */
  public static final List<String> OF_WRITE =
      List.of(
          EVENTS, ROWS, FAILED_EVENTS, FILES, FILES_ALREADY_THERE, BYTES, BATCHES, RETRIED_BATCHES);

  private Metrics() {}

  /** Calls that were declined in an account, and log-ins into it that failed. */
  public static String declinedCalls(String environment) {
    return "DeclinedCalls." + environment;
  }

  /** Log-ins that the broker of an environment refused. */
  public static String refusedLogIns(String environment) {
    return "RefusedLogIns." + environment;
  }
}
