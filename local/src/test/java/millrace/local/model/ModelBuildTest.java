package millrace.local.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.local.model.ModelBuild.Days;
import millrace.local.model.ModelBuild.Model;
import millrace.local.model.ModelBuild.Request;
import millrace.local.model.ModelBuild.Way;
import org.junit.jupiter.api.Test;

class ModelBuildTest {
  private static final String MANIFEST =
      """
      {"nodes":{
        "model.m.fct":{"resource_type":"model","name":"fct","schema":"MARTS","config":{"materialized":"incremental"}},
        "model.m.dim":{"resource_type":"model","name":"dim","schema":"MARTS","config":{"materialized":"table"}},
        "model.m.stg":{"resource_type":"model","name":"stg","schema":"STAGING","config":{"materialized":"view"}},
        "model.m.bad":{"resource_type":"model","name":"bad","schema":"MARTS","config":{"materialized":"table"}},
        "test.m.key":{"resource_type":"test","name":"key","schema":"AUDIT","config":{"materialized":"test"}}}}
      """;
  private static final String RESULTS =
      """
      {"results":[
        {"unique_id":"model.m.stg","status":"success","execution_time":0.1},
        {"unique_id":"model.m.fct","status":"success","execution_time":0.25},
        {"unique_id":"model.m.dim","status":"success","execution_time":0.5},
        {"unique_id":"model.m.bad","status":"error","execution_time":0.1},
        {"unique_id":"test.m.key","status":"pass","execution_time":0.1}]}
      """;

  private static List<Model> models(boolean fullRefresh, Map<String, Long> before)
      throws Exception {
    ObjectMapper json = new ObjectMapper();
    return ModelBuild.models(
        json.readTree(MANIFEST),
        json.readTree(RESULTS),
        fullRefresh,
        before,
        Map.of("marts.fct", 12L, "marts.dim", 3L));
  }

  @Test
  void theFirstRunMakesEveryTableFully() throws Exception {
    assertThat(models(false, Map.of()))
        .containsExactly(
            new Model("marts", "dim", Way.FULL, 3, 3, Duration.ofMillis(500)),
            new Model("marts", "fct", Way.FULL, 12, 12, Duration.ofMillis(250)),
            new Model("staging", "stg", Way.VIEW, 0, 0, Duration.ofMillis(100)));
  }

  @Test
  void theSecondRunMakesIncrementalTablesByIncrement() throws Exception {
    assertThat(models(false, Map.of("marts.fct", 10L, "marts.dim", 3L)))
        .contains(
            new Model("marts", "fct", Way.INCREMENT, 12, 2, Duration.ofMillis(250)),
            new Model("marts", "dim", Way.FULL, 3, 0, Duration.ofMillis(500)));
  }

  @Test
  void aFullRefreshMakesNothingByIncrement() throws Exception {
    assertThat(models(true, Map.of("marts.fct", 10L)))
        .extracting(Model::way)
        .doesNotContain(Way.INCREMENT);
  }

  @Test
  void whatIsAskedForIsSaidToDbt() {
    var days = new Days(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-03"));
    assertThat(new Request(true, Optional.of(days), List.of("+fct_orders", "dim_card")).arguments())
        .containsExactly(
            "build",
            "--exclude-resource-type",
            "unit_test",
            "--full-refresh",
            "--vars",
            "{rebuild_from: '2026-11-01', rebuild_to: '2026-11-03'}",
            "--select",
            "+fct_orders",
            "dim_card");
    assertThat(Days.parse("2026-11-01..2026-11-03")).isEqualTo(days);
  }
}
