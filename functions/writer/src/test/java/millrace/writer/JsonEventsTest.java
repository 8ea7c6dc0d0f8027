package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import millrace.core.Contracts;
import millrace.core.batch.Batch;
import millrace.core.contract.ContractSet;
import millrace.core.file.FileFormat;
import millrace.event.v1.Event;
import millrace.options.v1.OptionsProto;
import org.junit.jupiter.api.Test;

/** Schema-less JSON on its way through the writer. */
class JsonEventsTest {
  private final WriterWorld world = new WriterWorld();

  private static Event json(String source, String id, String json) {
    return WriterWorld.event("any", id, ByteString.copyFromUtf8(json)).toBuilder()
        .setSource(source)
        .setType(source + ".any")
        .setContentType("application/json")
        .build();
  }

  @Test
  void good_events_are_rows_beside_failed_ones() {
    world.write(
        world.message(
            json("plant", "1", "{\"n\":0.1}"),
            json("plant", "2", "{\"n\":"),
            json("plant", "3", "{\"n\":[true]}")));

    assertThat(world.key("events/"))
        .startsWith("events/format=ndjson/source=plant/type=anything.v1.Anything/");
    assertThat(world.lines("events/"))
        .hasSize(2)
        .allMatch(line -> line.contains("\"stated_type\":\"plant.any\""));
    assertThat(world.lines("events/").get(0)).startsWith("{\"payload\":{\"n\":0.1},");
    assertThat(world.lines("events/").get(1)).startsWith("{\"payload\":{\"n\":[true]},");
    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"class\":\"MALFORMED\",\"reason\":\"not JSON at character 5\"");
    assertThat(world.events("archive/")).hasSize(2);
  }

  @Test
  void a_source_that_is_not_listed_is_parked_and_replays_cleanly_after_its_release() {
    Event early = json("newcomer", "1", "{\"who\":\"canary\",\"n\":1}");
    world.write(world.message(early));
    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("UNKNOWN_TYPE", "no active contract takes JSON of this source", "\"1\"");
    assertThat(world.objects.keys()).noneMatch(key -> key.startsWith("events/"));

    world.contracts = withSource("source: 'newcomer' personal_paths {path: 'who' pii: PII_HASH}");
    assertThat(world.write(replayOf("quarantine/"))).isEmpty();

    assertThat(world.key("events/")).contains("/source=newcomer/type=anything.v1.Anything/");
    assertThat(world.lines("events/"))
        .singleElement()
        .asString()
        .contains("\"n\":1", "\"_event_id\":\"1\"")
        .doesNotContain("canary");
    assertThat(world.objects.keys()).filteredOn(key -> key.startsWith("failed/")).hasSize(1);
  }

  @Test
  void a_retry_writes_the_same_objects_in_both_formats() {
    QueueMessage message =
        world.message(
            json("shop", "1", "{\"buyer\":{\"id\":\"b\",\"name\":\"n\"},\"friends\":[\"f\"]}"));
    for (FileFormat format : List.of(FileFormat.PARQUET, FileFormat.NDJSON_ZSTD)) {
      world.write(format, List.of(message));
    }
    List<String> keys = List.copyOf(world.objects.keys());

    for (FileFormat format : List.of(FileFormat.PARQUET, FileFormat.NDJSON_ZSTD)) {
      world.write(format, List.of(message));
    }

    assertThat(world.objects.keys()).containsExactlyElementsOf(keys);
    assertThat(keys).filteredOn(key -> key.startsWith("events/")).hasSize(2);
  }

  private QueueMessage replayOf(String prefix) {
    Batch kept = world.frames(prefix).getFirst();
    var header = kept.header().toBuilder().setReplayedFrom(world.key(prefix)).build();
    return world.message(new Batch(header, kept.events()));
  }

  /**
   * @param source in protobuf's text format
   */
  private static ContractSet withSource(String source) {
    try {
      var json = com.google.protobuf.TextFormat.parse(source, millrace.options.v1.JsonSource.class);
      var set = FileDescriptorSet.newBuilder();
      for (FileDescriptorProto file :
          FileDescriptorSet.parseFrom(Contracts.TESTING.descriptorSet(), ContractSet.extensions())
              .getFileList()) {
        var changed = file.toBuilder();
        if (file.getPackage().equals("anything.v1")) {
          DescriptorProto.Builder message = changed.getMessageTypeBuilder(0);
          var contract = message.getOptions().getExtension(OptionsProto.contract);
          message
              .getOptionsBuilder()
              .setExtension(
                  OptionsProto.contract, contract.toBuilder().addJsonSources(json).build());
        }
        set.addFile(changed);
      }
      return ContractSet.parse(set.build().toByteArray());
    } catch (InvalidProtocolBufferException
        | com.google.protobuf.TextFormat.ParseException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
