package millrace.local.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run did, step by step, and whether it is right.
 *
 * @param run how it was asked for
 * @param steps a row per step
 * @param marts the first rows of each mart
 * @param totals mart totals against the generator's
 * @param failed failed events by class against the generator's
 * @param repeats what came more than once
 * @param oversold what the business test found
 * @param books published against deduplicated identities
 * @param memory peak bytes by process
 * @param firstMartRow from the start of the run to the first row of a mart
 * @param total from the start of the run to its end
 */
public record Account(
    Run run,
    List<StepFigures> steps,
    List<MartSample> marts,
    List<Comparison> totals,
    List<Comparison> failed,
    Repeats repeats,
    Oversold oversold,
    Balance.Books books,
    Map<String, Long> memory,
    Optional<Duration> firstMartRow,
    Duration total) {

  /**
   * How the run was asked for.
   *
   * @param exampleEvent id of an event that made it into a mart
   */
  public record Run(long events, long seed, String format, String exampleEvent) {}

  /** The first rows of one mart, as a person reads them. */
  public record MartSample(String mart, List<String> columns, List<List<@Nullable String>> rows) {}

  /**
   * What came more than once.
   *
   * @param published events published again with the same message-id
   * @param seen rows in the raw tables beyond one per event
   * @param killed whether the consumer was killed between acceptance and acknowledgement
   */
  public record Repeats(long published, long seen, boolean killed) {
    /** Rows that only redelivery after the kill explains. */
    public long redelivered() {
      return Math.max(0, seen - published);
    }
  }

  /**
   * @param seeded cards the generator sold beyond what was made
   * @param named cards the business test names
   * @param warned whether the test warned, as it has to
   * @param explanations a sentence per card
   */
  public record Oversold(
      List<String> seeded, List<String> named, boolean warned, List<String> explanations) {
    public boolean agrees() {
      return warned && seeded.equals(named);
    }
  }

  /** Whether everything is as it has to be: the books, the totals, the failures and the warning. */
  public boolean balances() {
    return books.balance()
        && totals.stream().allMatch(Comparison::agrees)
        && failed.stream().allMatch(Comparison::agrees)
        && oversold.agrees()
        && repeats.seen() >= repeats.published();
  }
}
