package millrace.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import millrace.core.batch.Batch;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

class ObjectKeysTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 9);
  private static final FileId ID = new FileId("0123456789abcdef0123456789abcdef");

  @Test
  void keys_are_those_that_pipes_policies_and_lifecycle_rules_name() {
    assertThat(
            ObjectKeys.eventFile(
                FileFormat.PARQUET, "orders", "orders.v1.OrderCreated", DAY, ID, 42))
        .isEqualTo(
            "events/format=parquet/source=orders/type=orders.v1.OrderCreated/year=2026/month=01/day=09/"
                + ID
                + ".r42.parquet");
    assertThat(
            ObjectKeys.eventFile(
                FileFormat.NDJSON_ZSTD, "orders", "orders.v1.OrderCreated", DAY, ID, 1))
        .endsWith(ID + ".r1.ndjson.zst")
        .contains("format=ndjson/");
    assertThat(ObjectKeys.archive("orders", DAY, ID))
        .isEqualTo("archive/source=orders/year=2026/month=01/day=09/" + ID + ".mrb");
    assertThat(ObjectKeys.failed(DAY, ID, 3))
        .isEqualTo("failed/year=2026/month=01/day=09/" + ID + ".r3.ndjson.gz");
    assertThat(ObjectKeys.quarantine(DAY, ID))
        .isEqualTo("quarantine/year=2026/month=01/day=09/" + ID + ".mrb");
    assertThat(ObjectKeys.batch("0193")).isEqualTo("batches/0193.mrb");
    assertThat(ObjectKeys.contractSet("ab12")).isEqualTo("contracts/ab12.binpb");
    assertThat(ObjectKeys.ACTIVE_CONTRACTS).isEqualTo("contracts/active");
  }

  @Test
  void a_key_says_how_many_rows_its_file_has() {
    for (FileFormat format : FileFormat.values()) {
      assertThat(ObjectKeys.rows(ObjectKeys.eventFile(format, "a", "b.v1.C", DAY, ID, 17)))
          .hasValue(17);
    }
    assertThat(ObjectKeys.rows(ObjectKeys.failed(DAY, ID, 5))).hasValue(5);
    assertThat(ObjectKeys.rows(ObjectKeys.archive("orders", DAY, ID))).isEmpty();
  }

  @Test
  void a_publisher_cannot_leave_its_folder_or_the_key_charset() {
    assertThat(ObjectKeys.archive("../x y/é", DAY, ID))
        .startsWith("archive/source=..=2Fx=20y=2F=C3=A9/");
    // two names never share a folder
    assertThat(ObjectKeys.archive("a=20b", DAY, ID))
        .isNotEqualTo(ObjectKeys.archive("a b", DAY, ID));
  }

  @Test
  void
      a_file_id_depends_on_the_batches_the_contracts_the_writer_and_the_format_and_on_nothing_else() {
    Batch a = batch("a", "");
    Batch b = batch("b", "");
    FileId id = FileId.of(List.of(a, b), "digest", 1, FileFormat.PARQUET);

    assertThat(FileId.of(List.of(b, a, b), "digest", 1, FileFormat.PARQUET)).isEqualTo(id);
    assertThat(
            List.of(
                FileId.of(List.of(a), "digest", 1, FileFormat.PARQUET),
                FileId.of(List.of(a, b), "other", 1, FileFormat.PARQUET),
                FileId.of(List.of(a, b), "digest", 2, FileFormat.PARQUET),
                FileId.of(List.of(a, b), "digest", 1, FileFormat.NDJSON_ZSTD),
                FileId.of(
                    List.of(a, batch("b", "quarantine/x.mrb")), "digest", 1, FileFormat.PARQUET)))
        .doesNotContain(id)
        .doesNotHaveDuplicates();
    assertThat(id.value()).matches("[0-9a-f]{32}");
  }

  private static Batch batch(String id, String replayedFrom) {
    return new Batch(
        BatchHeader.newBuilder()
            .setBatchId(id)
            .setSource("s")
            .setCount(1)
            .setReplayedFrom(replayedFrom)
            .build(),
        List.of(Event.newBuilder().setSource("s").build()));
  }
}
