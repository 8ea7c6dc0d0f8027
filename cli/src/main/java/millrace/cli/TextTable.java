package millrace.cli;

import java.io.PrintWriter;
import java.util.List;

/** Rows under aligned columns. */
final class TextTable {
  private TextTable() {}

  static void print(List<String> header, List<List<String>> rows, PrintWriter out) {
    int[] widths = new int[header.size()];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    out.println(line(header, widths));
    out.println(
        line(
            java.util.Arrays.stream(widths).mapToObj(width -> "-".repeat(width)).toList(), widths));
    rows.forEach(row -> out.println(line(row, widths)));
  }

  private static void measure(List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(row.get(i)));
    }
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "  ").append(row.get(i));
      line.repeat(' ', widths[i] - width(row.get(i)));
    }
    return line.toString().stripTrailing();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
