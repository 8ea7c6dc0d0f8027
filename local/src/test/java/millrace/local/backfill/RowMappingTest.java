package millrace.local.backfill;

import static millrace.local.backfill.InMemoryTable.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import millrace.core.Contracts;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.backfill.BackfillRequest.Versions;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowMappingTest {
  private static final List<SourceColumn> COLUMNS =
      List.of(
          column("id", ColumnKind.INTEGER, "bigint"),
          column("code", ColumnKind.TEXT, "text"),
          column("a_bool", ColumnKind.BOOLEAN, "boolean"),
          new SourceColumn("price", ColumnKind.DECIMAL, "numeric(10,2)", 2),
          column("part_name", ColumnKind.TEXT, "text"),
          column("changed_at", ColumnKind.TIMESTAMP, "timestamp with time zone"));

  @Test
  void columns_become_the_fields_of_their_names_and_others_are_named() {
    RowMapping mapping =
        read("testing.v1.AllKinds", null, null, Versions.NOT_SAID, "code=a_string");

    assertThat(mapping.columns())
        .containsEntry("a_bool", "a_bool")
        .containsEntry("a_string", "code");
    assertThat(mapping.unused()).containsExactly("id", "price", "part_name", "changed_at");
    assertThat(mapping.unset()).contains("an_int32").doesNotContain("a_bool", "a_string");
    assertThat(mapping.selection().columns()).containsExactlyInAnyOrder("a_bool", "code");
  }

  @Test
  void a_column_can_be_a_field_of_a_message_and_of_several_fields() {
    RowMapping mapping =
        read(
            "testing.v1.AllKinds",
            null,
            null,
            Versions.NOT_SAID,
            "code=a_string",
            "code=a_part.name",
            "part_name=a_string_wrapper");

    assertThat(mapping.columns())
        .containsEntry("a_part.name", "code")
        .containsEntry("a_string", "code")
        .containsEntry("a_string_wrapper", "part_name");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() {
    refused(
            "testing.v1.AllKinds",
            "ghost",
            "price",
            Versions.NOT_SAID,
            "nothing=a_string",
            "code=no_field",
            "code",
            "price=an_int64",
            "code=a_bool",
            "id=a_timestamp",
            "id=a_part.nothing",
            "id=strings.x")
        .hasMessageContaining("--key: public.cards has no column 'ghost'; it has id, code")
        .hasMessageContaining(
            "public.cards.price is a numeric(10,2): --watermark takes a timestamp")
        .hasMessageContaining("--map: public.cards has no column 'nothing'")
        .hasMessageContaining("--map: testing.v1.AllKinds has no field 'no_field'")
        .hasMessageContaining("--map code is not COLUMN=FIELD")
        .hasMessageContaining(
            "price is a numeric(10,2), which the field an_int64 (int64) cannot hold")
        .hasMessageContaining("code is a text, which the field a_bool (bool) cannot hold")
        .hasMessageContaining("which the field a_timestamp (google.protobuf.Timestamp) cannot hold")
        .hasMessageContaining("testing.v1.Part has no field 'nothing'")
        .hasMessageContaining("'strings' in strings.x is no single message")
        .hasMessageContaining("'a_string', which no column sets: name one with --map");
  }

  @Test
  void a_table_and_a_type_that_are_not_there_are_named_together() {
    assertThatThrownBy(
            () ->
                RowMapping.of(
                    request("ghosts", "testing.v1.Ghost", null, null, null, Versions.NOT_SAID),
                    table(List.of("id")),
                    Contracts.TESTING))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(
            "no active contract testing.v1.Ghost; there are anything.v1.Anything, ")
        .hasMessageContaining("there is no table ghosts in memory:0/test");
  }

  @Test
  void a_table_without_primary_key_needs_a_unique_column() {
    BackfillRequest without =
        request(
            "cards", "testing.v1.TransportId", null, null, null, Versions.NOT_SAID, "code=text");
    assertThatThrownBy(() -> RowMapping.of(without, table(List.of()), Contracts.TESTING))
        .hasMessageContaining("public.cards has no primary key")
        .hasMessageContaining("such as code");

    RowMapping named =
        RowMapping.of(
            request(
                "cards",
                "testing.v1.TransportId",
                null,
                "code",
                null,
                Versions.NOT_SAID,
                "code=text"),
            table(List.of()),
            Contracts.TESTING);
    assertThat(named.selection().key()).containsExactly("code");
    assertThatThrownBy(
            () ->
                RowMapping.of(
                    request(
                        "cards",
                        "testing.v1.TransportId",
                        null,
                        "part_name",
                        null,
                        Versions.NOT_SAID,
                        "code=text"),
                    table(List.of("id")),
                    Contracts.TESTING))
        .hasMessageContaining("part_name is not unique, or may be null");
  }

  @Test
  void an_event_id_that_all_versions_of_a_row_share_asks_the_user_what_is_meant() {
    refused("testing.v1.AllKinds", null, "changed_at", Versions.NOT_SAID, "id=a_string")
        .hasMessageContaining("all versions of a row would be one event")
        .hasMessageContaining("--versioned")
        .hasMessageContaining("--append-only");

    assertThat(
            read("testing.v1.AllKinds", null, "changed_at", Versions.BY_WATERMARK, "id=a_string")
                .versioned()
                .getName())
        .isEqualTo("a_string");
    assertThat(
            read("testing.v1.AllKinds", null, "changed_at", Versions.NEVER, "id=a_string")
                .versioned())
        .isNull();
    assertThat(
            read("testing.v1.AllKinds", null, "changed_at", Versions.NOT_SAID, "code=a_string")
                .versioned())
        .isNull();
  }

  @Test
  void versions_need_a_watermark_of_microseconds() {
    refused("testing.v1.AllKinds", null, null, Versions.BY_WATERMARK, "id=a_string")
        .hasMessageContaining("--versioned goes with --watermark");
    var coarse =
        new InMemoryTable(
            List.of(
                column("id", ColumnKind.INTEGER, "bigint"),
                new SourceColumn("changed_at", ColumnKind.TIMESTAMP, "timestamp(0)", 0)),
            List.of("id"));
    assertThatThrownBy(
            () ->
                RowMapping.of(
                    request(
                        "cards",
                        "testing.v1.AllKinds",
                        null,
                        null,
                        "changed_at",
                        Versions.BY_WATERMARK,
                        "id=a_string"),
                    coarse,
                    Contracts.TESTING))
        .hasMessageContaining("timestamp(0)")
        .hasMessageContaining("microseconds");
  }

  @Test
  void a_source_that_does_not_publish_the_type_is_refused_and_several_must_be_chosen_from() {
    assertThatThrownBy(
            () ->
                RowMapping.of(
                    request(
                        "cards",
                        "testing.v1.TransportId",
                        "orders",
                        null,
                        null,
                        Versions.NOT_SAID,
                        "code=text"),
                    table(List.of("id")),
                    Contracts.TESTING))
        .hasMessageContaining("testing.v1.TransportId is published by testing, not by orders");
  }

  @Test
  void a_personal_key_is_refused_where_it_would_stand_in_the_id() {
    ContractSet builtIn = ContractSet.builtIn();
    var people =
        new InMemoryTable(
            List.of(
                column("recipient", ColumnKind.JSON, "jsonb"),
                column("id", ColumnKind.INTEGER, "bigint")),
            List.of("recipient"));
    assertThatThrownBy(
            () ->
                RowMapping.of(
                    request("cards", "json.v1.JsonEvent", null, null, null, Versions.NOT_SAID),
                    people,
                    builtIn))
        .hasMessageContaining("the key public.cards.recipient is personal by json.v1.JsonEvent");
  }

  private static RowMapping read(
      String type, @Nullable String key, @Nullable String watermark, Versions v, String... maps) {
    return RowMapping.of(
        request("cards", type, null, key, watermark, v, maps),
        table(List.of("id")),
        Contracts.TESTING);
  }

  private static AbstractThrowableAssert<?, ?> refused(
      String type, @Nullable String key, @Nullable String watermark, Versions v, String... maps) {
    return assertThatThrownBy(() -> read(type, key, watermark, v, maps))
        .isInstanceOf(SetupFailure.class);
  }

  private static BackfillRequest request(
      String table,
      String type,
      @Nullable String source,
      @Nullable String key,
      @Nullable String watermark,
      Versions versions,
      String... maps) {
    return new BackfillRequest(
        table, type, source, List.of(maps), key, watermark, versions, Duration.ofSeconds(1));
  }

  private static InMemoryTable table(List<String> primaryKey) {
    return new InMemoryTable(COLUMNS, primaryKey);
  }
}
