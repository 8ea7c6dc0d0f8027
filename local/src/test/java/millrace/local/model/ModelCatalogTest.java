package millrace.local.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ModelCatalogTest {
  @Test
  void aModelIsKnownByItsManifestEntry() throws Exception {
    ModelCatalog catalog =
        ModelCatalog.parse(
            new ObjectMapper()
                .readTree(
                    """
                    {"nodes":{
                      "test.x":{"resource_type":"test","name":"x","schema":"audit"},
                      "model.y":{"resource_type":"model","name":"fct_orders","schema":"MARTS",
                        "description":"One row per order line.\\n  Money is in minor units.",
                        "columns":{"order_id":{"name":"order_id","description":"Whose line."}}}}}
                    """));

    assertThat(catalog.models()).hasSize(1);
    assertThat(catalog.model("FCT_ORDERS").description())
        .isEqualTo("One row per order line. Money is in minor units.");
    assertThat(catalog.model("fct_orders").columns())
        .containsExactly(new ModelCatalog.Column("order_id", "Whose line."));
    assertThatThrownBy(() -> catalog.model("fct_order")).hasMessageContaining("only fct_orders");
  }
}
