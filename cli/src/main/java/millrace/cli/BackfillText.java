package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import millrace.core.event.Times;
import millrace.local.backfill.Backfill.Preview;
import millrace.local.backfill.Backfill.Result;
import millrace.local.backfill.BackfillState;
import millrace.local.backfill.BackfillState.Watermark;
import millrace.local.backfill.RowMapping;
import org.jspecify.annotations.Nullable;

/** What {@code backfill} says at its end, for people or for scripts. */
final class BackfillText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintWriter out;
  private final boolean asJson;

  BackfillText(PrintWriter out, boolean asJson) {
    this.out = out;
    this.asJson = asJson;
  }

  /** Prints what would be sent; the exit code says whether every row that was tried can be. */
  int preview(RowMapping mapping, Preview preview) {
    long rows = mapping.selection().table().rows();
    if (asJson) {
      ObjectNode json = JSON.createObjectNode();
      json.put("table", mapping.selection().table().name())
          .put("type", mapping.contract().type())
          .put("source", mapping.source())
          .put("rows", rows)
          .put("ranges", preview.ranges())
          .put("tried", preview.rows());
      ObjectNode fields = json.putObject("fields");
      mapping.columns().forEach(fields::put);
      mapping.unset().forEach(json.putArray("unset_fields")::add);
      mapping.unused().forEach(json.putArray("unused_columns")::add);
      preview.mismatches().forEach(json.putArray("mismatches")::add);
      out.println(json);
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "would send %s rows of %s as %s of the source %s, by %s in %d ranges",
              rows < 0 ? "all" : String.format(Locale.ROOT, "about %,d", rows),
              mapping.selection().table().name(),
              mapping.contract().type(),
              mapping.source(),
              String.join(", ", mapping.selection().key()),
              preview.ranges()));
      mapping.columns().forEach((field, column) -> out.println("  " + field + " = " + column));
      list("fields that no column sets: ", mapping.unset());
      list("columns that no field takes: ", mapping.unused());
      out.println(String.format(Locale.ROOT, "%,d rows tried", preview.rows()));
      mismatches(preview.mismatches());
    }
    return preview.mismatches().isEmpty() ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
  }

  /** Prints what was sent; the exit code says whether every row could be read by its contract. */
  int result(RowMapping mapping, Result result, String place) {
    BackfillState state = result.state();
    @Nullable Watermark watermark = state.watermark();
    if (asJson) {
      ObjectNode json = JSON.createObjectNode();
      json.put("table", mapping.selection().table().name())
          .put("type", mapping.contract().type())
          .put("rows", state.rows())
          .put("batches", state.batches())
          .put("unreadable", state.unreadable());
      if (watermark != null) {
        json.put("watermark", text(watermark))
            .put("passes", watermark.passes())
            .put("caught_up", watermark.isCaughtUp());
      }
      result.mismatches().forEach(json.putArray("mismatches")::add);
      json.put("state", place);
      out.println(json);
    } else {
      out.println(
          String.format(
              Locale.ROOT,
              "sent %,d rows of %s as %s in %,d batches, repeats counted",
              state.rows(),
              mapping.selection().table().name(),
              mapping.contract().type(),
              state.batches()));
      mismatches(result.mismatches());
      if (state.unreadable() > 0) {
        out.println(
            String.format(
                Locale.ROOT,
                "%,d of them cannot be read by the contract: ./millrace failed list",
                state.unreadable()));
      }
      if (watermark != null) {
        out.println(handOver(mapping, watermark));
      }
    }
    return state.unreadable() == 0 ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
  }

  private static String handOver(RowMapping mapping, Watermark watermark) {
    String column = mapping.selection().table().name() + "." + mapping.selection().watermark();
    if (watermark.reached() == null) {
      return "no row has a " + column + " yet: the stream takes over from the first on";
    }
    return "every change up to "
        + column
        + " = "
        + text(watermark)
        + " was sent; from there on the stream takes over"
        + (watermark.isCaughtUp()
            ? ""
            : ". The table changes faster than passes over it end: --resume goes on");
  }

  private static @Nullable String text(Watermark watermark) {
    return watermark.reached() == null ? null : Times.text(watermark.reached());
  }

  private void list(String what, List<String> names) {
    if (!names.isEmpty()) {
      out.println(what + String.join(", ", names));
    }
  }

  private void mismatches(List<String> mismatches) {
    mismatches.forEach(each -> out.println("  " + each));
  }
}
