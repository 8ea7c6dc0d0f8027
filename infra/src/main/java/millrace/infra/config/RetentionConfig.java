package millrace.infra.config;

import java.time.Duration;
import java.util.List;

/**
 * How long things are kept.
 *
 * @param queue batches waiting for the writer, 1 minute to 14 days (default 4 days)
 * @param deadLetters batches the writer gave up on, longer than queue, because a message keeps its
 *     first sending time when it moves (default 14 days, the most SQS allows)
 * @param batches objects that carry a batch too large for SQS; longer than deadLetters, or a
 *     redriven message would point to nothing (default 21 days)
 * @param quarantine bytes that could not become rows; short, because they may be personal (default
 *     30 days)
 * @param archiveCoolsAfter when archive objects move to Glacier Instant Retrieval (default 30 days)
 * @param logs log events, in days that CloudWatch Logs offers (default 30 days)
 */
public record RetentionConfig(
    Duration queue,
    Duration deadLetters,
    Duration batches,
    Duration quarantine,
    Duration archiveCoolsAfter,
    Duration logs) {

  private static final List<Integer> LOG_DAYS =
      List.of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731);
  private static final Duration SQS_MAXIMUM = Duration.ofDays(14);
  private static final Duration TEN_YEARS = Duration.ofDays(3650);

  static RetentionConfig read(Section section) {
    Duration queue =
        section.duration("queue", Duration.ofDays(4), Duration.ofMinutes(1), SQS_MAXIMUM);
    Duration deadLetters =
        section.duration("deadLetters", SQS_MAXIMUM, Duration.ofMinutes(1), SQS_MAXIMUM);
    Duration batches = section.days("batches", Duration.ofDays(21), Duration.ofDays(1), TEN_YEARS);
    Duration quarantine =
        section.days("quarantine", Duration.ofDays(30), Duration.ofDays(1), TEN_YEARS);
    Duration archiveCoolsAfter =
        section.days("archiveCoolsAfter", Duration.ofDays(30), Duration.ofDays(1), TEN_YEARS);
    Duration logs = section.days("logs", Duration.ofDays(30), Duration.ofDays(1), TEN_YEARS);
    section.require(queue.compareTo(deadLetters) < 0, "deadLetters must be longer than queue");
    section.require(deadLetters.compareTo(batches) < 0, "batches must be longer than deadLetters");
    section.require(
        LOG_DAYS.contains((int) logs.toDays()), "logs must be one of " + LOG_DAYS + " days");
    section.refuseUnknownKeys();
    return new RetentionConfig(queue, deadLetters, batches, quarantine, archiveCoolsAfter, logs);
  }
}
