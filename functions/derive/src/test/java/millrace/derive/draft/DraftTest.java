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
        .contains("OrderShippedToValue to_value = 7;")
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

  private static String drafted(String... lines) {
    return InferredContract.of(TypeName.parse("shop.v1.OrderPaid"), List.of(lines));
  }

  @Test
  void theIdIsNeitherATimeNorAPersonAndTheKeyIsNamedAfterTheMessage() {
    assertThat(
            drafted(
                """
                {"createdAt": "2026-11-21T10:00:00Z", "mail": "a@b.example", "text": "x", "orderNumber": "A-1", "paymentId": "p1", "eventId": "e1"}""",
                """
                {"createdAt": "2026-11-21T10:01:00Z", "mail": "c@d.example", "text": "y", "orderNumber": "A-2", "paymentId": "p2", "eventId": "e2"}"""))
        .contains("event_id: \"event_id\"")
        .contains("key: \"order_number\"")
        .contains("event_time: \"created_at\"");
    assertThat(
            drafted(
                "{\"text\": \"x\", \"paymentId\": \"p1\"}",
                "{\"text\": \"y\", \"paymentId\": \"p2\"}"))
        .contains("event_id: \"payment_id\"")
        .doesNotContain("timestamp.proto");
    assertThat(drafted("{\"id\": \"1\"}", "{\"id\": \"2\"}", "{}"))
        .as("what is absent once identifies nothing")
        .doesNotContain("event_id:");
  }

  @Test
  void personalDataIsGuessedByNameByValueAndByWhomAnIdNames() {
    assertThat(
            drafted(
                """
                {"contact": "a@b.example", "tel": "030 123", "where": "10.1.2.3", "call": "+49 30 123456", "customerId": "c1", "sku": "x", "nicknames": ["b"]}"""))
        .contains(
            "personal, by its values.\n  string contact = 1 [(millrace.options.v1.field) = {pii: PII_HASH}]")
        .contains(
            "personal, by its name.\n  string tel = 2 [(millrace.options.v1.field) = {pii: PII_HASH}]")
        .contains("personal, by its values.\n  string call = 4")
        .contains(
            "string customer_id = 5 [(millrace.options.v1.field) = {pii: PII_NONE access: ACCESS_RESTRICTED}]")
        .contains("string sku = 6 [(millrace.options.v1.field) = {pii: PII_NONE}]");
  }

  @Test
  void aNameThatTheWarehouseReservesIsChangedAndOneOfItsOwnColumnsIsRenamedInStaging() {
    assertThat(drafted("{\"order\": 1, \"source\": \"web\", \"where\": \"x\"}"))
        .contains("// Named 'order' in the samples, which the warehouse reserves.")
        .contains("int32 order_value = 1;")
        .contains(
            "string source = 2 [(millrace.options.v1.field) = {pii: PII_NONE staging_name: \"order_paid_source\"}]")
        .contains("string where_value = 3");
  }

  @Test
  void whatNoTypeHoldsIsFreeJsonThatIsDroppedUntilSomebodyDecides() {
    assertThat(
            drafted(
                "{\"meta\": {}, \"matrix\": [[1], [2]], \"mixed\": 1, \"blob\": {\"a\": 1}, \"none\": null}",
                "{\"meta\": {}, \"matrix\": [], \"mixed\": \"x\", \"blob\": \"x\", \"none\": null}"))
        .contains("import \"google/protobuf/struct.proto\";")
        .contains(
            "google.protobuf.Struct meta = 1 [(millrace.options.v1.field) = {pii: PII_DROP}];")
        .contains("lists of lists")
        .contains("repeated google.protobuf.ListValue matrix = 2")
        .contains("values of several types, so taken for text.\n  string mixed = 3")
        .contains("google.protobuf.Value blob = 4 [(millrace.options.v1.field) = {pii: PII_DROP}];")
        .contains("null in every sample, so taken for text.\n  optional string none = 5");
  }

  @Test
  void membersThatDifferFromSampleToSampleAreAMapAndCodesAndMoneyAreSaidSo() {
    assertThat(
            drafted(
                "{\"stock\": {\"sku-1\": 3, \"sku-2\": 1}, \"currency\": \"EUR\", \"total\": 1.5}",
                "{\"stock\": {\"sku-7\": 3}, \"currency\": \"EUR\", \"total\": 2.5}",
                "{\"stock\": {\"sku-9\": 3}, \"currency\": \"SEK\", \"total\": 2}",
                "{\"stock\": {}, \"currency\": \"SEK\", \"total\": 2}"))
        .contains("map<string, int32> stock = 1 [(millrace.options.v1.field) = {pii: PII_NONE}];")
        .contains("string currency = 2 [")
        .contains(
            "money? Then an integer in minor units, beside its currency.\n  double total = 3;");
  }
}
