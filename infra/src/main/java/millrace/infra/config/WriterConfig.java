package millrace.infra.config;

import java.time.Duration;

/**
 * The writer function and how the queue feeds it.
 *
 * @param memoryMb memory in MiB, 512 to 10240 (default 1769, which is one full virtual CPU)
 * @param timeout how long one invocation may take, at most 15 minutes (default 2 minutes)
 * @param batchSize SQS messages per invocation, at most 10,000 (default 100; a message is itself a
 *     batch of events, and an invocation takes 6 MB at most)
 * @param batchWindow how long the mapping waits to fill an invocation, at most 5 minutes (default
 *     30 seconds); SQS wants at least a second when batchSize is above 10
 * @param maxConcurrency invocations the mapping keeps running at once, 2 to 1,000 (default 10)
 * @param reservedConcurrency invocations kept for this function, never fewer than maxConcurrency
 *     because the mapping polls on regardless and what is refused wears down the receive count
 *     (default maxConcurrency)
 * @param snapStart whether a version is published at each deployment and started from a snapshot of
 *     its primed process (default false; a snapshot of an idle function costs more than its cold
 *     starts)
 */
public record WriterConfig(
    int memoryMb,
    Duration timeout,
    int batchSize,
    Duration batchWindow,
    int maxConcurrency,
    int reservedConcurrency,
    boolean snapStart) {

  static WriterConfig read(Section section) {
    int memoryMb = section.integer("memoryMb", 1769, 512, 10_240);
    Duration timeout =
        section.duration(
            "timeout", Duration.ofMinutes(2), Duration.ofSeconds(1), Duration.ofMinutes(15));
    int batchSize = section.integer("batchSize", 100, 1, 10_000);
    Duration batchWindow =
        section.duration(
            "batchWindow", Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(5));
    int maxConcurrency = section.integer("maxConcurrency", 10, 2, 1_000);
    int reservedConcurrency = section.integer("reservedConcurrency", maxConcurrency, 1, 1_000);
    boolean snapStart = section.flag("snapStart", false);
    section.require(
        batchSize <= 10 || batchWindow.compareTo(Duration.ofSeconds(1)) >= 0,
        "batchWindow must be at least 1s when batchSize is above 10");
    section.require(
        reservedConcurrency >= maxConcurrency,
        "reservedConcurrency ("
            + reservedConcurrency
            + ") must not be below maxConcurrency ("
            + maxConcurrency
            + ")");
    section.refuseUnknownKeys();
    return new WriterConfig(
        memoryMb, timeout, batchSize, batchWindow, maxConcurrency, reservedConcurrency, snapStart);
  }
}
