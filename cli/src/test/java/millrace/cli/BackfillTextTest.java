package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.ContractSet;
import millrace.local.backfill.Backfill.Preview;
import millrace.local.backfill.Backfill.Result;
import millrace.local.backfill.BackfillRequest;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.BackfillState;
import millrace.local.backfill.BackfillState.Watermark;
import millrace.local.backfill.ColumnKind;
import millrace.local.backfill.RowMapping;
import millrace.local.backfill.SourceColumn;
import millrace.local.backfill.SourceDatabase;
import millrace.local.backfill.SourceTable;
import millrace.local.backfill.TableShape;
import org.junit.jupiter.api.Test;

class BackfillTextTest {
  private static final Instant REACHED = Instant.parse("2026-11-22T10:00:00.5Z");

  private final StringWriter out = new StringWriter();

  @Test
  void a_good_end_says_from_where_on_the_stream_takes_over() {
    int code =
        text(false)
            .result(mapping(), new Result(state(0, watermark(true)), List.of()), "state.json");

    assertThat(code).isZero();
    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "sent 12,345 rows of public.orders as orders.v1.OrderStatusChanged in 7 batches,"
                + " repeats counted"
                + "every change up to public.orders.changed_at = 2026-11-22T10:00:00.500000Z was"
                + " sent; from there on the stream takes over");
  }

  @Test
  void rows_that_the_contract_cannot_hold_are_named_and_are_a_bad_result() {
    int code =
        text(false)
            .result(
                mapping(),
                new Result(
                    state(2, watermark(false)), List.of("public.orders.status of the key 7")),
                "state.json");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString())
        .contains("  public.orders.status of the key 7")
        .contains("2 of them cannot be read by the contract: ./millrace failed list")
        .contains("The table changes faster than passes over it end: --resume goes on");
  }

  @Test
  void scripts_get_one_line_of_json() {
    text(true).result(mapping(), new Result(state(0, watermark(true)), List.of()), "state.json");

    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "{\"table\":\"public.orders\",\"type\":\"orders.v1.OrderStatusChanged\",\"rows\":12345,"
                + "\"batches\":7,\"unreadable\":0,\"watermark\":\"2026-11-22T10:00:00.500000Z\","
                + "\"passes\":2,\"caught_up\":true,\"mismatches\":[],\"state\":\"state.json\"}");
  }

  @Test
  void a_preview_shows_what_becomes_what_and_what_is_left_out() {
    int code = text(false).preview(mapping(), new Preview(16, 300, List.of()));

    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("would send about 1,000 rows of public.orders as orders.v1.OrderStatusChanged")
        .contains("by order_id in 16 ranges")
        .contains("  event_id = order_id")
        .contains("fields that no column sets: previous_status, customer_id, note")
        .contains("columns that no field takes: weight")
        .contains("300 rows tried");
  }

  private BackfillText text(boolean json) {
    return new BackfillText(new PrintWriter(out, true), json);
  }

  private static Watermark watermark(boolean caughtUp) {
    return new Watermark(REACHED, 2, null, null, caughtUp);
  }

  private static BackfillState state(long unreadable, Watermark watermark) {
    return new BackfillState(Map.of(), REACHED, List.of(), watermark, 12_345, unreadable, 7, true);
  }

  private static RowMapping mapping() {
    var request =
        new BackfillRequest(
            "orders",
            "orders.v1.OrderStatusChanged",
            null,
            List.of("order_id=event_id"),
            null,
            "changed_at",
            Versions.BY_WATERMARK,
            Duration.ZERO);
    return RowMapping.of(request, new OneTable(), ContractSet.builtIn());
  }

  /** A catalogue of one table. */
  private static final class OneTable implements SourceDatabase {
    @Override
    public String name() {
      return "memory";
    }

    @Override
    public Optional<TableShape> find(String table) {
      return Optional.of(
          new TableShape(
              "public.orders",
              List.of(
                  new SourceColumn("order_id", ColumnKind.TEXT, "text", -1),
                  new SourceColumn("status", ColumnKind.TEXT, "text", -1),
                  new SourceColumn("weight", ColumnKind.FLOAT, "double precision", -1),
                  new SourceColumn("changed_at", ColumnKind.TIMESTAMP, "timestamptz", -1)),
              List.of("order_id"),
              Set.of(),
              1_000));
    }

    @Override
    public SourceTable table(Selection selection) {
      throw new UnsupportedOperationException("nothing is read");
    }

    @Override
    public void close() {}
  }
}
