package millrace.writer;

import static millrace.writer.WriterWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import millrace.core.Contracts;
import millrace.core.batch.Batch;
import millrace.core.contract.ContractSet;
import millrace.event.v1.Event;
import millrace.testing.v1.PartNext;
import millrace.testing.v1.TransportId;
import millrace.testing.v1.TransportIdNext;
import org.junit.jupiter.api.Test;

/**
 * Fields and types that no active contract knows: held back, and restored by replay after the
 * release.
 */
class ReplayTest {
  private final WriterWorld world = new WriterWorld();

  private final Event withUnknown =
      event(
          "TransportId",
          "1",
          TransportIdNext.newBuilder()
              .setText("known")
              .setAdded("unknown, maybe personal")
              .setPart(PartNext.newBuilder().setName("inner"))
              .build());

  @Test
  void unknown_fields_are_cut_from_row_and_archive_and_kept_in_quarantine() throws Exception {
    world.write(
        world.message(
            event("TransportId", "0", TransportId.newBuilder().setText("a").build()), withUnknown));

    String place = world.key("quarantine/") + "#0";
    assertThat(world.lines("events/")).hasSize(2);
    assertThat(world.lines("events/").get(0)).contains("\"_unknown_fields\":null");
    assertThat(world.lines("events/").get(1))
        .contains("\"_unknown_fields\":\"" + place + "\"")
        .doesNotContain("personal");
    assertThat(TransportId.parseFrom(world.events("archive/").get(1).getPayload()))
        .isEqualTo(TransportId.newBuilder().setText("known").build());
    assertThat(world.events("quarantine/")).hasSize(1);
    assertThat(world.events("quarantine/").getFirst().getPayload())
        .isEqualTo(withUnknown.getPayload());
    assertThat(world.objects.keys()).noneMatch(key -> key.startsWith("failed/"));
  }

  @Test
  void
      replay_after_the_release_gives_rows_with_the_field_under_new_keys_and_archives_nothing_twice() {
    world.write(world.message(withUnknown));
    String firstFile = world.key("events/");
    String firstRow = world.lines("events/").getFirst();

    world.contracts = released();
    world.write(replayOf("quarantine/"));

    List<String> files =
        world.objects.keys().stream().filter(key -> key.startsWith("events/")).toList();
    assertThat(files).hasSize(2);
    String second = files.stream().filter(key -> !key.equals(firstFile)).findFirst().orElseThrow();
    assertThat(world.lines(second))
        .singleElement()
        .asString()
        .contains(
            "\"added\":\"unknown, maybe personal\"",
            "\"part\":{\"name\":\"inner\"}",
            "\"_unknown_fields\":null")
        .as("a row that was replayed is no conflict")
        .contains(hashIn(firstRow));
    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("archive/"))).hasSize(1);
  }

  @Test
  void replay_of_an_unknown_type_after_its_release_gives_its_row() {
    Event early = withUnknown.toBuilder().setType("testing.v1.Later").build();
    world.write(world.message(early));
    assertThat(world.lines("failed/").getFirst()).contains("UNKNOWN_TYPE");

    world.contracts = renamed("TransportIdNext", "Later");
    assertThat(world.write(replayOf("quarantine/"))).isEmpty();

    assertThat(world.key("events/")).contains("/type=testing.v1.Later/");
    assertThat(world.lines("events/"))
        .singleElement()
        .asString()
        .contains("\"added\":\"unknown, maybe personal\"");
    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("failed/"))).hasSize(1);
  }

  @Test
  void a_replay_that_changes_nothing_still_gets_a_file_of_its_own() {
    world.write(
        world.message(event("TransportId", "1", TransportId.newBuilder().setText("x").build())));

    world.write(replayOf("archive/"));

    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("events/"))).hasSize(2);
  }

  /** What a replay sends: the frame as it lies there, saying where it lay. */
  private QueueMessage replayOf(String prefix) {
    Batch kept = world.frames(prefix).getFirst();
    var header = kept.header().toBuilder().setReplayedFrom(world.key(prefix)).build();
    return world.message(new Batch(header, kept.events()));
  }

  private static String hashIn(String row) {
    return row.replaceAll(".*(\"_payload_hash\":\"[^\"]+\").*", "$1");
  }

  /** The set in which TransportId has the fields of TransportIdNext. */
  private static ContractSet released() {
    DescriptorProto next = message("TransportIdNext");
    return changed(
        message("TransportId").toBuilder().clearField().addAllField(next.getFieldList()).build(),
        "TransportId");
  }

  /** The set in which a message has this name, and the options of TransportId. */
  private static ContractSet renamed(String message, String name) {
    return changed(
        message(message).toBuilder()
            .setName(name)
            .setOptions(message("TransportId").getOptions())
            .build(),
        message);
  }

  private static DescriptorProto message(String name) {
    return testingFile().getMessageTypeList().stream()
        .filter(m -> m.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ContractSet changed(DescriptorProto message, String replaces) {
    var set = FileDescriptorSet.newBuilder();
    for (FileDescriptorProto file : testingSet().getFileList()) {
      var changed = file.toBuilder();
      for (int i = 0; i < file.getMessageTypeCount(); i++) {
        if (file.getPackage().equals("testing.v1")
            && file.getMessageType(i).getName().equals(replaces)) {
          changed.setMessageType(i, message);
        }
      }
      set.addFile(changed);
    }
    return ContractSet.parse(set.build().toByteArray());
  }

  private static FileDescriptorProto testingFile() {
    return testingSet().getFileList().stream()
        .filter(file -> file.getPackage().equals("testing.v1"))
        .findFirst()
        .orElseThrow();
  }

  private static FileDescriptorSet testingSet() {
    try {
      return FileDescriptorSet.parseFrom(Contracts.TESTING.descriptorSet());
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
