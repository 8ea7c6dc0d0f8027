package millrace.local.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;

/** Builds and tests the models, and tells what has become of each. */
public final class ModelBuild {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Dbt dbt;
  private final Supplier<Map<String, Long>> tables;
  private final LongSupplier nanoTime;

  /**
   * @param tables rows of every table of the models by `schema.table` in lower case, as they are
   *     when it is asked
   */
  public ModelBuild(Dbt dbt, Supplier<Map<String, Long>> tables, LongSupplier nanoTime) {
    this.dbt = dbt;
    this.tables = tables;
    this.nanoTime = nanoTime;
  }

  /**
   * What to build.
   *
   * @param fullRefresh whether tables are made anew from raw
   * @param rebuild event days to build anew, both included
   * @param select dbt's selectors; empty for all
   */
  public record Request(boolean fullRefresh, Optional<Days> rebuild, List<String> select) {
    List<String> arguments() {
      var arguments = new ArrayList<>(List.of("build", "--exclude-resource-type", "unit_test"));
      if (fullRefresh) {
        arguments.add("--full-refresh");
      }
      rebuild.ifPresent(
          days ->
              arguments.addAll(
                  List.of(
                      "--vars",
                      "{rebuild_from: '" + days.from() + "', rebuild_to: '" + days.to() + "'}")));
      if (!select.isEmpty()) {
        arguments.add("--select");
        arguments.addAll(select);
      }
      return List.copyOf(arguments);
    }
  }

  /** Event days, both included. */
  public record Days(LocalDate from, LocalDate to) {
    /** Reads `2026-11-01..2026-11-03`. */
    public static Days parse(String text) {
      String[] ends = text.split("\\.\\.", -1);
      try {
        if (ends.length == 2) {
          var days = new Days(LocalDate.parse(ends[0]), LocalDate.parse(ends[1]));
          if (!days.to().isBefore(days.from())) {
            return days;
          }
        }
      } catch (DateTimeParseException notDates) {
        // the sentence below says what is expected
      }
      throw new SetupFailure(
          "'" + text + "' is no range of event days: write it as 2026-11-01..2026-11-03");
    }
  }

  /** How a model was made. */
  public enum Way {
    VIEW,
    FULL,
    INCREMENT
  }

  /**
   * One model.
   *
   * @param rows rows that its table has now; 0 of a view
   * @param more rows that it had less before
   */
  public record Model(String layer, String name, Way way, long rows, long more, Duration time) {}

  /**
   * What was done.
   *
   * @param models what was built, by layer and name
   * @param took from start to end, dbt's own start included
   */
  public record Outcome(List<Model> models, DbtResults results, Duration took) {
    public boolean good() {
      return results.failed().isEmpty();
    }
  }

  /**
   * @throws SetupFailure when dbt did not get so far as to have results
   */
  public Outcome run(Request request, Progress progress) {
    long start = nanoTime.getAsLong();
    Map<String, Long> before = tables.get();
    progress.say("dbt: building and testing the models");
    int code = dbt.quietly(request.arguments());
    if (code > 1) {
      throw new SetupFailure("dbt cannot build the models; see " + dbt.log());
    }
    DbtResults results = DbtResults.read(dbt.target());
    if (code != 0 && results.failed().isEmpty()) {
      throw new SetupFailure("dbt ended with code " + code + "; see " + dbt.log());
    }
    List<Model> models =
        models(
            json(dbt.target().resolve("manifest.json")),
            json(dbt.target().resolve("run_results.json")),
            request.fullRefresh(),
            before,
            tables.get());
    return new Outcome(models, results, Duration.ofNanos(nanoTime.getAsLong() - start));
  }

  static List<Model> models(
      JsonNode manifest,
      JsonNode results,
      boolean fullRefresh,
      Map<String, Long> before,
      Map<String, Long> after) {
    var found = new TreeMap<String, Model>();
    for (JsonNode result : results.path("results")) {
      JsonNode node = manifest.path("nodes").path(result.path("unique_id").asText());
      if (node.path("resource_type").asText().equals("model")
          && result.path("status").asText().equals("success")) {
        String layer = node.path("schema").asText().toLowerCase(Locale.ROOT);
        String table = layer + "." + node.path("name").asText();
        long rows = after.getOrDefault(table, 0L);
        boolean incremental =
            node.path("config").path("materialized").asText().equals("incremental")
                && before.containsKey(table)
                && !fullRefresh;
        found.put(
            table,
            new Model(
                layer,
                node.path("name").asText(),
                way(node.path("config").path("materialized").asText(), incremental),
                rows,
                rows - before.getOrDefault(table, 0L),
                Duration.ofMillis(Math.round(result.path("execution_time").asDouble() * 1000))));
      }
    }
    return List.copyOf(found.values());
  }

  private static Way way(String materialized, boolean incremental) {
    if (incremental) {
      return Way.INCREMENT;
    }
    return materialized.equals("view") ? Way.VIEW : Way.FULL;
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
