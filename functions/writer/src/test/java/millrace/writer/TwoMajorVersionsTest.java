package millrace.writer;

import static millrace.writer.WriterWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import java.util.List;
import millrace.core.batch.Batch;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.event.v1.Event;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;

/** Producers of versions 1 and 2 of one type, which differ in what field 2 is. */
class TwoMajorVersionsTest {
  private static final String ONE = "orders.v1.OrderPriced";
  private static final String TWO = "orders.v2.OrderPriced";

  private final FileDescriptorProto.Builder fileOne =
      file("v1", ContractProtos.field("price", 2, Type.TYPE_INT32));
  private final FileDescriptorProto.Builder fileTwo =
      file("v2", ContractProtos.text("price", 2, ContractProtos.pii(Pii.PII_NONE)));
  private final ContractSet onlyOne = ContractSet.parse(ContractProtos.set(fileOne));
  private final ContractSet both = ContractSet.parse(ContractProtos.set(fileOne, fileTwo));

  private final Event eventOne = priced(ONE, "1", 1999);
  private final Event eventTwo = priced(TWO, "2", "19.99 EUR");

  private final WriterWorld world = new WriterWorld();

  private static FileDescriptorProto.Builder file(
      String version, FieldDescriptorProto.Builder price) {
    DescriptorProto.Builder message =
        ContractProtos.event(
                "OrderPriced", ContractProtos.contract().setSource("orders").addEventId("id"))
            .addField(ContractProtos.text("id", 1, ContractProtos.pii(Pii.PII_NONE)))
            .addField(price);
    return ContractProtos.file("orders/" + version + "/order.proto", "orders." + version)
        .addMessageType(message);
  }

  private Event priced(String type, String id, Object price) {
    Descriptor message = both.find("orders", type).orElseThrow().descriptor();
    DynamicMessage payload =
        DynamicMessage.newBuilder(message)
            .setField(message.findFieldByName("id"), id)
            .setField(message.findFieldByName("price"), price)
            .build();
    return event("OrderPriced", "message-" + id, payload).toBuilder()
        .setSource("orders")
        .setType(type)
        .build();
  }

  @Test
  void both_flow_side_by_side_each_into_its_own_folder_by_its_own_contract() {
    world.contracts = both;

    List<String> retried = world.write(world.message(eventOne, eventTwo, priced(ONE, "3", 5)));

    assertThat(retried).isEmpty();
    String folder = "events/format=ndjson/source=orders/type=";
    assertThat(world.lines(folder + ONE + "/"))
        .hasSize(2)
        .allMatch(row -> row.contains("\"_type\":\"" + ONE + "\""))
        .anyMatch(row -> row.startsWith("{\"id\":\"1\",\"price\":1999,"))
        .anyMatch(row -> row.startsWith("{\"id\":\"3\",\"price\":5,"));
    assertThat(world.lines(folder + TWO + "/"))
        .singleElement()
        .asString()
        .startsWith("{\"id\":\"2\",\"price\":\"19.99 EUR\",")
        .contains("\"_type\":\"" + TWO + "\"");
    assertThat(world.objects.keys())
        .noneMatch(key -> key.startsWith("failed/") || key.startsWith("quarantine/"));
  }

  @Test
  void version_2_is_parked_until_it_is_released_and_replays_without_version_1_twice() {
    world.contracts = onlyOne;

    assertThat(world.write(world.message(eventOne, eventTwo))).isEmpty();

    assertThat(world.key("events/")).contains("/type=" + ONE + "/");
    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"class\":\"UNKNOWN_TYPE\"", "\"_type\":\"" + TWO + "\"");
    assertThat(world.events("quarantine/")).containsExactly(eventTwo);
    String firstFile = world.key("events/");

    world.contracts = both;
    Batch kept = world.frames("quarantine/").getFirst();
    var header = kept.header().toBuilder().setReplayedFrom(world.key("quarantine/")).build();
    assertThat(world.write(world.message(new Batch(header, kept.events())))).isEmpty();

    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("events/")))
        .hasSize(2)
        .contains(firstFile);
    assertThat(world.lines("events/format=ndjson/source=orders/type=" + TWO + "/"))
        .singleElement()
        .asString()
        .startsWith("{\"id\":\"2\",\"price\":\"19.99 EUR\",")
        .contains("\"_event_id\":\"2\"", "\"_unknown_fields\":null");
    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("failed/"))).hasSize(1);
  }
}
