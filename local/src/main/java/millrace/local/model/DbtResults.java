package millrace.local.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * What dbt says of its last run.
 *
 * @param models how many models and seeds were built
 * @param tests how many tests ran
 * @param failed what did not succeed, with its message
 * @param warned tests that warned
 */
public record DbtResults(long models, long tests, List<String> failed, List<String> warned) {
  public static DbtResults read(Path target) {
    JsonNode results;
    try {
      results = new ObjectMapper().readTree(target.resolve("run_results.json").toFile());
    } catch (IOException e) {
      throw new SetupFailure("dbt left no results in " + target + ": see ./millrace logs dbt", e);
    }
    long models = 0;
    long tests = 0;
    var failed = new ArrayList<String>();
    var warned = new ArrayList<String>();
    for (JsonNode each : results.path("results")) {
      String id = each.path("unique_id").asText();
      if (id.startsWith("test.")) {
        tests++;
      } else if (id.startsWith("model.")) {
        models++;
      }
      switch (each.path("status").asText().toLowerCase(Locale.ROOT)) {
        case "error", "fail", "runtime error" ->
            failed.add(id + ": " + each.path("message").asText());
        case "warn" -> warned.add(id);
        default -> {}
      }
    }
    return new DbtResults(models, tests, List.copyOf(failed), List.copyOf(warned));
  }

  public boolean warned(String test) {
    return warned.stream().anyMatch(id -> id.contains("." + test));
  }
}
