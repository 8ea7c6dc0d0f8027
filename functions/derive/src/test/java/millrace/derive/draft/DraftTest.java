package millrace.derive.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

class DraftTest {
  private static final TypeName SHIPPED = TypeName.parse("orders.v1.OrderShipped");

  @Test
  void aTypeIsADomainAVersionAndAMessage() {
    assertThat(SHIPPED.file()).isEqualTo("proto/orders/v1/order_shipped.proto");
    for (String wrong : List.of("OrderShipped", "orders.OrderShipped", "orders.v0.X", "a.v1.x")) {
      assertThatThrownBy(() -> TypeName.parse(wrong))
          .isInstanceOf(SetupFailure.class)
          .hasMessage(
              "'" + wrong + "' is not the name of a type: write it as orders.v1.OrderShipped");
    }
  }

  @Test
  void samplesGiveTypesPresenceEnumsIdTimeAndPersonalData() {
    String draft =
        InferredContract.of(
            SHIPPED,
            List.of(
                """
                {"id": "a1", "shippedAt": "2026-11-21T10:00:00Z", "carrier": "DHL", "weight": 1.5, "parcels": 2, "email": "a@b.example", "to": {"city": "Lund"}, "items": ["x"]}""",
                "",
                """
                {"id": "a2", "shippedAt": "2026-11-21T11:00:00.5+01:00", "carrier": "DHL", "weight": 2, "parcels": 9007199254740993, "email": "c@d.example", "express": true, "to": {"city": "Oslo"}, "items": []}""",
                """
                {"id": "a3", "shippedAt": "2026-11-22T11:00:00Z", "carrier": "UPS", "weight": 2, "parcels": 1, "email": "c@d.example", "express": null, "to": {"city": "Oslo"}, "items": ["y", "z"]}""",
                """
                {"id": "a4", "shippedAt": "2026-11-22T11:00:00Z", "carrier": "UPS", "weight": 2, "parcels": 1, "email": "c@d.example", "to": {"city": "Oslo"}, "items": ["y"]}"""));

    assertThat(draft)
        .contains("// Draft from 4 sample events: read every guess.")
        .contains("event_id: \"id\"")
        .contains("event_time: \"shipped_at\"")
        .contains("string id = 1 [(millrace.options.v1.field) = {pii: PII_NONE}];")
        .contains("google.protobuf.Timestamp shipped_at = 2;")
        .contains("OrderShippedCarrier carrier = 3;")
        .contains("ORDER_SHIPPED_CARRIER_DHL = 1;")
        .contains("double weight = 4;")
        .contains("int64 parcels = 5;")
        .contains("// Guess: in every sample; personal, by its name.\n  string email = 6")
        .contains("{pii: PII_HASH}")
        .contains("// Guess: in 1 of 4 samples.\n  optional bool express = 9;")
        .contains("OrderShippedTo to = 7;")
        .contains("repeated string items = 8");
  }

  @Test
  void aLineThatIsNoEventIsNamedByItsNumber() {
    assertThatThrownBy(() -> InferredContract.of(SHIPPED, List.of("{}", "[1]")))
        .hasMessage("line 2 is not a JSON object");
    assertThatThrownBy(() -> InferredContract.of(SHIPPED, List.of("{\"a\": }")))
        .hasMessageStartingWith("line 1 is not JSON: ");
    assertThatThrownBy(() -> InferredContract.of(SHIPPED, List.of("")))
        .hasMessage("there is no sample event in the file");
  }
}
