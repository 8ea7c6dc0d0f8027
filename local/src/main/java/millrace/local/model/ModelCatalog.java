package millrace.local.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.state.Checkout;
import millrace.local.state.StateName;

/** What the models mean, from dbt's manifest; dbt parses the project when there is none yet. */
public final class ModelCatalog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Model> models;

  private ModelCatalog(List<Model> models) {
    this.models = models;
  }

  /**
   * One model.
   *
   * @param name its table or view
   * @param schema schema it is in
   * @param description what it is
   * @param columns its documented columns
   */
  public record Model(String name, String schema, String description, List<Column> columns) {}

  /** One column. */
  public record Column(String name, String description) {}

  public static ModelCatalog read(Checkout checkout, StateName state, Progress progress) {
    checkout.requirePython();
    Path folder = checkout.state(state);
    Path manifest = folder.resolve("dbt/target/manifest.json");
    if (!Files.isRegularFile(manifest)) {
      progress.say("dbt reads the project");
      Dbt dbt = new Dbt(checkout, folder, "dev", 0);
      int code = dbt.quietly(List.of("parse"));
      if (code != 0) {
        throw new SetupFailure("dbt cannot read the project; see " + dbt.log());
      }
    }
    try {
      return parse(JSON.readTree(manifest.toFile()));
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + manifest + ": " + e.getMessage(), e);
    }
  }

  static ModelCatalog parse(JsonNode manifest) {
    List<Model> models = new ArrayList<>();
    for (JsonNode node : manifest.path("nodes")) {
      if (node.path("resource_type").asText().equals("model")) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode column : node.path("columns")) {
          columns.add(
              new Column(column.path("name").asText(), oneLine(column.path("description"))));
        }
        models.add(
            new Model(
                node.path("name").asText(),
                node.path("schema").asText().toLowerCase(Locale.ROOT),
                oneLine(node.path("description")),
                List.copyOf(columns)));
      }
    }
    models.sort(Comparator.comparing(Model::schema).thenComparing(Model::name));
    return new ModelCatalog(List.copyOf(models));
  }

  private static String oneLine(JsonNode text) {
    return text.asText().strip().replaceAll("\\s+", " ");
  }

  public List<Model> models() {
    return models;
  }

  public Model model(String name) {
    return models.stream()
        .filter(each -> each.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new SetupFailure(
                    "there is no model '"
                        + name
                        + "', only "
                        + models.stream().map(Model::name).collect(Collectors.joining(", "))));
  }
}
