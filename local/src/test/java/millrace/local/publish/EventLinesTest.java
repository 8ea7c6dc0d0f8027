package millrace.local.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.Optional;
import millrace.contracts.manufacturing.v1.ManufacturingBatch;
import millrace.contracts.orders.v1.Channel;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.Times;
import millrace.local.generate.SampleLines;
import millrace.local.publish.EventLines.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventLinesTest {
  private static final ContractSet CONTRACTS = ContractSet.builtIn();
  private final EventLines lines = new EventLines(CONTRACTS, Optional.empty(), () -> "new-id");

  private OutgoingEvent good(String line) {
    return ((Line.Good) lines.read(line)).event();
  }

  @Test
  void readsTheValuesThatRowsHave() throws InvalidProtocolBufferException {
    OutgoingEvent event =
        good(
            """
            {"_type":"orders.v1.OrderCreated","event_id":"e-1","order_id":"o-1",\
            "created_at":"2026-11-21T12:00:00.123456Z","customer":{"customer_id":"c","email":null},\
            "lines":[{"line_number":1,"card_id":"k","quantity":2,"unit_price_minor":9007199254740993}],\
            "channel":"CHANNEL_APP","total_amount_minor":"12","promotion_code":null}\
            """);

    OrderCreated order = OrderCreated.parseFrom(event.payload());
    assertThat(event.source()).isEqualTo("orders");
    assertThat(event.type()).isEqualTo("orders.v1.OrderCreated");
    assertThat(event.messageId()).isEqualTo("e-1");
    assertThat(event.contentType()).isEqualTo("application/x-protobuf");
    assertThat(order.getLines(0).getUnitPriceMinor()).isEqualTo(9007199254740993L);
    assertThat(order.getTotalAmountMinor()).isEqualTo(12);
    assertThat(order.getChannel()).isEqualTo(Channel.CHANNEL_APP);
    assertThat(order.hasPromotionCode()).isFalse();
    assertThat(order.getCustomer().hasEmail()).isFalse();
    assertThat(Times.text(Times.instant(order.getCreatedAt())))
        .isEqualTo("2026-11-21T12:00:00.123456Z");
  }

  @Test
  void readsInfinitiesAndNotANumberAsStrings() throws InvalidProtocolBufferException {
    OutgoingEvent event =
        good(
            "{\"_type\":\"manufacturing.v1.ManufacturingBatch\",\"event_id\":\"e\",\"scrap_rate\":\"NaN\"}");
    assertThat(ManufacturingBatch.parseFrom(event.payload()).getScrapRate()).isNaN();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {oops                                                                | not JSON
          {"a":1} {"b":2}                                                      | not JSON
          {"_type":"orders.v1.OrderCreated","event_id":"a","event_id":"b"}     | Duplicate
          [1]                                                                  | not a JSON object
          {"event_id":"a"}                                                     | no _type says
          {"_type":"orders.v1.OrderPaid","event_id":"a"}                       | there are cards.v1.CardCatalogCreated
          {"_type":"orders.v1.OrderCreated","event_id":"a","colour":"red"}     | colour
          {"_type":"orders.v1.OrderCreated","event_id":"a","channel":"FAX"}    | FAX
          {"_type":"orders.v1.OrderCreated","event_id":"a","created_at":"now"} | timestamp
          {"_type":"orders.v1.OrderCreated","order_id":"a"}                    | 'event_id' is empty
          """)
  void saysWhyALineIsBad(String line, String reason) {
    assertThat(lines.read(line))
        .isInstanceOfSatisfying(Line.Bad.class, bad -> assertThat(bad.reason()).contains(reason));
  }

  @Test
  void schemaLessJsonGoesOutAsItIs() {
    OutgoingEvent event =
        good(
            """
            {"_type":"json.v1.JsonEvent","_event_id":"e-1","stated_type":"shipping.parcel.lost",\
            "payload":{"n":9007199254740993,"d":0.1234567890123456789,"ä":[null,true]}}\
            """);

    assertThat(event.source()).isEqualTo("shipping");
    assertThat(event.type()).isEqualTo("shipping.parcel.lost");
    assertThat(event.messageId()).isEqualTo("e-1");
    assertThat(event.contentType()).isEqualTo("application/json");
    assertThat(new String(event.payload(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":9007199254740993,\"d\":0.1234567890123456789,\"ä\":[null,true]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"stated_type":"shipping.a"}                             | payload is not a JSON object
          {"stated_type":"shipping.a","payload":[1]}               | payload is not a JSON object
          {"payload":{}}                                           | it begins with 'shipping.'
          {"stated_type":"parcel.a","payload":{}}                  | it begins with 'shipping.'
          {"stated_type":"shipping.a","payload":{},"colour":"red"} | colour
          {"_source":"orders","stated_type":"orders.a","payload":{}} | _source names none of shipping
          """)
  void saysWhyALineOfSchemaLessJsonIsBad(String line, String reason) {
    var json = new EventLines(CONTRACTS, Optional.of("json.v1.JsonEvent"), () -> "new-id");

    assertThat(json.read(line))
        .isInstanceOfSatisfying(Line.Bad.class, bad -> assertThat(bad.reason()).contains(reason));
  }

  @Test
  void aDefaultTypeServesLinesWithoutOne() {
    var withDefault =
        new EventLines(CONTRACTS, Optional.of("orders.v1.OrderCreated"), () -> "new-id");
    assertThat(withDefault.read("{\"event_id\":\"a\"}")).isInstanceOf(Line.Good.class);
  }

  @Test
  void everySampleIsReadBackAsTheSameTypeWithItsOwnIds() {
    for (Contract contract : CONTRACTS.contracts()) {
      var sample = new SampleLines(Instant.parse("2026-11-21T12:00:00Z"), 5);
      var events = sample.lines(contract, 3).stream().map(this::good).toList();
      assertThat(events)
          .extracting(OutgoingEvent::type)
          .containsOnly(
              contract.jsonSources().isEmpty() ? contract.type() : "shipping.sample.made");
      assertThat(events).extracting(OutgoingEvent::messageId).doesNotHaveDuplicates();
    }
  }
}
