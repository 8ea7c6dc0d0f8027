package millrace.infra.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When somebody is told, and who.
 *
 * @param email who gets a mail for every alarm and its end (default nobody; the topic is there
 *     either way)
 * @param oldestBatch age of the oldest waiting batch that raises the alarm (default 15 minutes)
 * @param backlog messages of one broker queue that raise the alarm when they wait for 15 minutes
 *     (default 100,000)
 */
public record AlarmConfig(Optional<String> email, Duration oldestBatch, int backlog) {
  static AlarmConfig read(Section section) {
    Optional<String> email =
        section.optionalText("email", "[^@\\s]+@[^@\\s]+\\.[^@\\s.]+", "an e-mail address");
    Duration oldestBatch =
        section.duration(
            "oldestBatch", Duration.ofMinutes(15), Duration.ofMinutes(1), Duration.ofDays(14));
    int backlog = section.integer("backlog", 100_000, 1, 100_000_000);
    section.refuseUnknownKeys();
    return new AlarmConfig(email, oldestBatch, backlog);
  }
}
