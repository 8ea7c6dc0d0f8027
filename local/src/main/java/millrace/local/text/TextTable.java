package millrace.local.text;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table in plain text: aligned columns, two blanks apart. */
public final class TextTable {
  private static final int WIDEST = 34;

  private final List<List<String>> lines = new ArrayList<>();
  private final boolean[] right;
  private final boolean named;
  private boolean ruled;

  /** A table whose first line are these names; without a line of names when all are empty. */
  public TextTable(String... columns) {
    this(Arrays.asList(columns));
  }

  public TextTable(List<String> columns) {
    right = new boolean[columns.size()];
    named = !String.join("", columns).isEmpty();
    if (named) {
      add(columns);
    }
  }

  /** Sets columns to the right, as numbers want it; positions count from 0. */
  public TextTable right(int... columns) {
    for (int column : columns) {
      right[column] = true;
    }
    return this;
  }

  /** Draws a line under the names. */
  public TextTable ruled() {
    ruled = true;
    return this;
  }

  public TextTable row(String... cells) {
    add(Arrays.asList(cells));
    return this;
  }

  public TextTable rows(List<List<String>> rows) {
    rows.forEach(this::add);
    return this;
  }

  public void add(List<String> cells) {
    lines.add(List.copyOf(cells));
  }

  /** A cell of data: one line, however long and whatever a value holds. */
  public static String fit(String cell) {
    String oneLine = cell.replaceAll("\\s+", " ");
    if (width(oneLine) <= WIDEST) {
      return oneLine;
    }
    return oneLine.substring(0, oneLine.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }

  /** All lines, each ended, each behind the indent. */
  public String render(String indent) {
    int[] widths =
        IntStream.range(0, right.length)
            .map(i -> lines.stream().mapToInt(line -> width(line.get(i))).max().orElse(0))
            .toArray();
    List<List<String>> all = new ArrayList<>(lines);
    if (ruled && named) {
      all.add(1, Arrays.stream(widths).mapToObj("-"::repeat).toList());
    }
    return all.stream()
        .map(line -> indent + render(line, widths).stripTrailing())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Writes all lines at once: a process that ends next would keep what is not flushed. */
  public void print(PrintWriter out) {
    out.print(render(""));
    out.flush();
  }

  private String render(List<String> line, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            i -> {
              String padding = " ".repeat(widths[i] - width(line.get(i)));
              return right[i] ? padding + line.get(i) : line.get(i) + padding;
            })
        .collect(Collectors.joining("  "));
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
