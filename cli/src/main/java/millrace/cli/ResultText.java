package millrace.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.local.text.TextTable;
import millrace.local.warehouse.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the warehouse as a table, as CSV and as JSON. Column names are lower case in all of
 * them.
 */
final class ResultText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultText() {}

  static void table(QueryResult result, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    for (int row = 0; row < result.rows().size(); row++) {
      List<String> values = new ArrayList<>();
      for (int column = 0; column < result.columns().size(); column++) {
        @Nullable String value = result.readable(row, column);
        values.add(value == null ? "NULL" : value.replace("\n", " "));
      }
      rows.add(values);
    }
    new TextTable(names(result)).ruled().rows(rows).print(out);
    out.println(rows.size() == 1 ? "1 row" : rows.size() + " rows");
  }

  static void csv(QueryResult result, PrintWriter out) {
    out.println(names(result).stream().map(ResultText::quoted).collect(Collectors.joining(",")));
    for (int row = 0; row < result.rows().size(); row++) {
      int at = row;
      out.println(
          IntStream.range(0, result.columns().size())
              .mapToObj(column -> quoted(result.readable(at, column)))
              .collect(Collectors.joining(",")));
    }
  }

  private static String quoted(@Nullable String value) {
    if (value == null) {
      return "";
    }
    // An empty text is quoted, so that it differs from NULL.
    boolean plain =
        !value.isEmpty()
            && value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }

  static void json(QueryResult result, PrintWriter out) {
    out.print("[");
    for (int row = 0; row < result.rows().size(); row++) {
      ObjectNode object = JSON.createObjectNode();
      for (int column = 0; column < result.columns().size(); column++) {
        object.set(
            names(result).get(column),
            value(result.columns().get(column).type(), result.readable(row, column)));
      }
      out.print(row == 0 ? "\n " : ",\n ");
      out.print(object);
    }
    out.println(result.rows().isEmpty() ? "]" : "\n]");
  }

  private static JsonNode value(String type, @Nullable String text) {
    JsonNodeFactory nodes = JSON.getNodeFactory();
    if (text == null) {
      return nodes.nullNode();
    }
    try {
      return switch (type) {
        case "fixed", "real" -> nodes.numberNode(new BigDecimal(text));
        case "boolean" -> nodes.booleanNode(Boolean.parseBoolean(text));
        case "variant", "object", "array" -> JSON.readTree(text);
        default -> nodes.textNode(text);
      };
    } catch (NumberFormatException | JacksonException e) {
      return nodes.textNode(text); // NaN and infinities are no numbers in JSON
    }
  }

  private static List<String> names(QueryResult result) {
    return result.columns().stream().map(column -> column.name().toLowerCase(Locale.ROOT)).toList();
  }
}
