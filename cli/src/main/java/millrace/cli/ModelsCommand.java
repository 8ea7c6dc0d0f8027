package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.model.ModelBuild;
import millrace.local.model.ModelBuild.Days;
import millrace.local.model.ModelBuild.Model;
import millrace.local.model.ModelBuild.Outcome;
import millrace.local.model.ModelBuild.Request;
import millrace.local.text.TextTable;
import millrace.local.warehouse.ModelTables;
import millrace.local.warehouse.WarehouseAccess;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "models",
    description = {
      "Build and test the models: all of raw the first time, then what is new.",
      "Says of each table how it was made and how many rows it has."
    },
    subcommands = ModelsListCommand.class)
final class ModelsCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--full-refresh", description = "Make all tables anew from raw.")
  boolean fullRefresh;

  @Option(
      names = "--rebuild",
      paramLabel = "FROM..TO",
      description = "Build these event days anew, such as 2026-11-01..2026-11-03.")
  @Nullable String rebuild;

  @Option(
      names = "--select",
      paramLabel = "MODEL",
      arity = "1..*",
      description = "Only these, as dbt selects: +fct_orders is fct_orders and what it is made of.")
  List<String> select = List.of();

  @Option(names = "--json", description = "Write the result as JSON.")
  boolean json;

  @Override
  public Integer call() {
    LocalRun run =
        LocalRun.of(
            main, "models", "run dbt itself with MILLRACE_DBT_TARGET=account, see dbt/README.md");
    Optional<Days> days = Optional.ofNullable(rebuild).map(Days::parse);
    try (WarehouseAccess access = run.warehouse(Optional.empty());
        WarehouseClient client = access.client("MARTS")) {
      Outcome outcome =
          new ModelBuild(access.dbt(), () -> ModelTables.rows(client), System::nanoTime)
              .run(new Request(fullRefresh, days, select), run.progress());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(json(outcome));
      } else {
        print(outcome, out);
      }
      return outcome.good() ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
    }
  }

  private static void print(Outcome outcome, PrintWriter out) {
    var table = new TextTable("layer", "table", "made by", "rows", "more", "s").right(3, 4, 5);
    for (Model model : outcome.models()) {
      if (model.way() != ModelBuild.Way.VIEW) {
        table.row(
            model.layer(),
            model.name(),
            model.way().name().toLowerCase(Locale.ROOT),
            number(model.rows()),
            number(model.more()),
            seconds(model.time().toMillis()));
      }
    }
    table.print(out);
    out.println();
    long views = outcome.models().stream().filter(m -> m.way() == ModelBuild.Way.VIEW).count();
    long increments =
        outcome.models().stream().filter(m -> m.way() == ModelBuild.Way.INCREMENT).count();
    out.printf(
        Locale.ROOT,
        "%d models: %d by increment, %d full, %d views; %d tests, %d warned, %d failed; %s s%n",
        outcome.models().size(),
        increments,
        outcome.models().size() - increments - views,
        views,
        outcome.results().tests(),
        outcome.results().warned().size(),
        outcome.results().failed().size(),
        seconds(outcome.took().toMillis()));
    outcome.results().failed().forEach(each -> out.println("failed: " + each));
    outcome.results().warned().forEach(each -> out.println("warned: " + each));
  }

  private static String json(Outcome outcome) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    for (Model model : outcome.models()) {
      root.withArray("models")
          .addObject()
          .put("layer", model.layer())
          .put("name", model.name())
          .put("made_by", model.way().name().toLowerCase(Locale.ROOT))
          .put("rows", model.rows())
          .put("more", model.more())
          .put("milliseconds", model.time().toMillis());
    }
    root.put("tests", outcome.results().tests());
    root.set("warned", mapper.valueToTree(outcome.results().warned()));
    root.set("failed", mapper.valueToTree(outcome.results().failed()));
    root.put("milliseconds", outcome.took().toMillis());
    return root.toString();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
  }
}
