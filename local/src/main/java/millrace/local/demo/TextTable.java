package millrace.local.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in plain text; numbers are set to the right. */
final class TextTable {
  private static final int WIDEST = 34;

  private final List<List<String>> lines = new ArrayList<>();
  private final boolean[] right;

  /**
   * @param columns a name that begins with {@code >} heads a column of numbers
   */
  TextTable(String... columns) {
    this(Arrays.asList(columns));
  }

  TextTable(List<String> columns) {
    right = new boolean[columns.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = columns.get(i).startsWith(">");
    }
    List<String> names =
        columns.stream().map(name -> name.startsWith(">") ? name.substring(1) : name).toList();
    if (!String.join("", names).isEmpty()) {
      add(names);
    }
  }

  TextTable row(String... cells) {
    add(Arrays.asList(cells));
    return this;
  }

  void add(List<String> cells) {
    lines.add(List.copyOf(cells));
  }

  /** A cell of data: one line, however long and whatever a value holds. */
  static String fit(String cell) {
    String oneLine = cell.replaceAll("\\s+", " ");
    return oneLine.length() <= WIDEST ? oneLine : oneLine.substring(0, WIDEST - 1) + "…";
  }

  String render(String indent) {
    int[] widths =
        IntStream.range(0, right.length)
            .map(i -> lines.stream().mapToInt(line -> line.get(i).length()).max().orElse(0))
            .toArray();
    return lines.stream()
        .map(line -> indent + render(line, widths).stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private String render(List<String> line, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i -> {
              String padding = " ".repeat(widths[i] - line.get(i).length());
              return right[i] ? padding + line.get(i) : line.get(i) + padding;
            })
        .collect(Collectors.joining("  "));
  }
}
