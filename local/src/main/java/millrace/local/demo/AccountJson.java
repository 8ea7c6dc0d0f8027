package millrace.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The account for scripts. */
public final class AccountJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AccountJson() {}

  public static String of(Account account) {
    ObjectNode json = JSON.createObjectNode();
    json.put("balances", account.balances());
    json.putObject("run")
        .put("events", account.run().events())
        .put("seed", account.run().seed())
        .put("format", account.run().format());
    ArrayNode steps = json.putArray("steps");
    for (StepFigures step : account.steps()) {
      ObjectNode each =
          steps
              .addObject()
              .put("step", step.step())
              .put("events", step.events())
              .put("count", step.things())
              .put("of", step.thing());
      if (step.bytes() >= 0) {
        each.put("bytes", step.bytes());
      }
      step.p95().ifPresent(p95 -> each.put("p95_ms", p95.toMillis()));
    }
    comparisons(json.putArray("totals"), account.totals());
    comparisons(json.putArray("failed"), account.failed());
    json.putObject("repeats")
        .put("published", account.repeats().published())
        .put("seen", account.repeats().seen())
        .put("consumer_killed", account.repeats().killed());
    ObjectNode oversold = json.putObject("oversold");
    oversold.set("seeded", JSON.valueToTree(account.oversold().seeded()));
    oversold.set("named", JSON.valueToTree(account.oversold().named()));
    oversold.put("warned", account.oversold().warned());
    Balance.Books books = account.books();
    json.putObject("identities")
        .put("published", books.published())
        .put("failed", books.failed())
        .put("deduplicated", books.deduplicated())
        .put("missing", books.missing())
        .put("both", books.both())
        .put("foreign", books.foreign())
        .put("twice", books.twice())
        .put("published_without_identity", books.publishedWithoutIdentity())
        .put("failed_without_identity", books.failedWithoutIdentity());
    json.set("peak_bytes", JSON.valueToTree(account.memory()));
    account.firstMartRow().ifPresent(at -> json.put("first_mart_row_ms", at.toMillis()));
    json.put("total_ms", account.total().toMillis());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of values is always JSON", impossible);
    }
  }

  private static void comparisons(ArrayNode array, List<Comparison> comparisons) {
    for (Comparison each : comparisons) {
      array
          .addObject()
          .put("name", each.name())
          .put("expected", each.expected())
          .put("found", each.actual());
    }
  }
}
