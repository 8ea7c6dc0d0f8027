package millrace.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.LongStringHelper;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.core.event.Times;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final byte[] BODY = {8, 1, 0, -1};

  private final Map<String, Object> headers = new HashMap<>();
  private final AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder();

  @Test
  void reads_the_properties_that_the_contract_of_the_exchange_names() {
    properties
        .messageId("e1")
        .appId("orders")
        .type("orders.v1.OrderCreated")
        .contentType("application/x-protobuf")
        .timestamp(Date.from(Instant.parse("2026-11-21T09:59:58Z")));

    Event event = read("orders.v1.OrderCreated");

    assertThat(event.getId()).isEqualTo("e1");
    assertThat(event.getIdOrigin()).isEqualTo(IdOrigin.ID_ORIGIN_MESSAGE_ID);
    assertThat(event.getSource()).isEqualTo("orders");
    assertThat(event.getType()).isEqualTo("orders.v1.OrderCreated");
    assertThat(event.getContentType()).isEqualTo("application/x-protobuf");
    assertThat(Times.instant(event.getPublishedTime())).isEqualTo("2026-11-21T09:59:58Z");
    assertThat(Times.instant(event.getReceivedTime())).isEqualTo(RECEIVED);
    assertThat(event.hasTime()).isFalse();
    assertThat(event.getPayload().toByteArray()).isEqualTo(BODY);
  }

  @Test
  void cloud_events_headers_win_over_properties() {
    properties.messageId("m1").appId("app").type("T").contentType("text/plain");
    header("ce-id", "c1");
    header("ce-source", "cards");
    header("ce-type", "cards.v1.CardCatalogCreated");
    header("ce-subject", "card 7");
    header("ce-time", "2026-11-21T10:59:58.5+01:00");
    header("ce-dataschema", "v3");
    header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    Event event = read("some.key");

    assertThat(event.getId()).isEqualTo("c1");
    assertThat(event.getIdOrigin()).isEqualTo(IdOrigin.ID_ORIGIN_CLOUDEVENTS_ID);
    assertThat(event.getSource()).isEqualTo("cards");
    assertThat(event.getType()).isEqualTo("cards.v1.CardCatalogCreated");
    assertThat(event.getSubject()).isEqualTo("card 7");
    assertThat(event.getSchemaVersion()).isEqualTo("v3");
    assertThat(Times.instant(event.getTime())).isEqualTo("2026-11-21T09:59:58.500Z");
    assertThat(event.getTraceparent())
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce-", "ce_", "cloudEvents:", "cloudEvents_"})
  void knows_the_spellings_of_cloud_events(String prefix) {
    header(prefix + "id", "c1");

    assertThat(read("k").getId()).isEqualTo("c1");
  }

  @Test
  void falls_back_to_the_default_source_and_the_routing_key() {
    Event event = read("orders.v1.OrderCreated");

    assertThat(event.getSource()).isEqualTo("default");
    assertThat(event.getType()).isEqualTo("orders.v1.OrderCreated");
    assertThat(event.getId()).isEmpty();
    assertThat(event.getIdOrigin()).isEqualTo(IdOrigin.ID_ORIGIN_UNSPECIFIED);
  }

  @Test
  void empty_text_is_as_good_as_none() {
    properties.messageId("").appId("").type("");
    header("ce-id", "");

    Event event = read("k");

    assertThat(event.getId()).isEmpty();
    assertThat(event.getSource()).isEqualTo("default");
    assertThat(event.getType()).isEqualTo("k");
  }

  @Test
  void ids_that_are_not_text_are_none_since_two_of_them_would_look_alike() {
    properties.messageId("a\uFFFD");
    headers.put("ce-id", LongStringHelper.asLongString(new byte[] {'a', (byte) 0xff}));

    assertThat(read("k").getId()).isEmpty();
  }

  @Test
  void header_values_may_be_of_any_type() {
    headers.put("ce-id", 42L);
    headers.put("ce-type", "bytes".getBytes(UTF_8));
    headers.put("ce-source", List.of("a"));
    headers.put("ce-time", Date.from(Instant.parse("2026-11-21T09:00:00Z")));
    headers.put("ce-subject", Map.of("a", 1));
    headers.put("schema-version", 3);

    Event event = read("k");

    assertThat(event.getId()).isEqualTo("42");
    assertThat(event.getType()).isEqualTo("bytes");
    assertThat(event.getSource()).isEqualTo("default");
    assertThat(event.getSubject()).isEmpty();
    assertThat(event.getSchemaVersion()).isEqualTo("3");
    assertThat(Times.instant(event.getTime())).isEqualTo("2026-11-21T09:00:00Z");
  }

  @Test
  void times_that_are_none_are_left_out() {
    header("ce-time", "yesterday");
    // milliseconds where AMQP says seconds
    properties.timestamp(new Date(1_795_000_000_000L * 1000));

    Event event = read("k");

    assertThat(event.hasTime()).isFalse();
    assertThat(event.hasPublishedTime()).isFalse();
  }

  @Test
  void a_source_too_long_for_a_key_is_not_used() {
    properties.appId("app");
    header("ce-source", "ö".repeat(200));

    assertThat(read("k").getSource()).isEqualTo("app");
  }

  @Test
  void what_is_no_trace_context_is_as_good_as_not_there() {
    header("traceparent", "jane@example.com");

    assertThat(read("k").getTraceparent()).isEmpty();
  }

  @Test
  void nothing_that_a_producer_writes_can_fail_here() {
    var random = new Random(1);
    String[] names = {"ce-id", "ce-source", "ce-type", "ce-time", "ce-subject", "traceparent"};
    for (int i = 0; i < 20_000; i++) {
      headers.clear();
      for (String name : names) {
        byte[] noise = new byte[random.nextInt(20)];
        random.nextBytes(noise);
        headers.put(
            name,
            switch (random.nextInt(7)) {
              case 0 -> LongStringHelper.asLongString(noise);
              case 1 -> noise;
              case 2 -> random.nextLong();
              case 3 -> new Date(random.nextLong());
              case 4 -> Arrays.asList(noise, null);
              case 5 -> random.nextDouble();
              default -> new String(noise, UTF_8);
            });
      }
      properties.timestamp(new Date(random.nextLong()));
      Event event = read("k");
      assertThat(event.getSource()).isNotEmpty();
      assertThat(event.getType()).isNotEmpty();
      assertThat(event.toByteArray()).isNotEmpty();
    }
  }

  private void header(String name, String value) {
    headers.put(name, LongStringHelper.asLongString(value));
  }

  private Event read(String routingKey) {
    return new MessageReader("default")
        .read(properties.headers(headers).build(), routingKey, BODY, RECEIVED);
  }
}
