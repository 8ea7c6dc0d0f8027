package millrace.image;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sizes of the last release, and how far each may grow. A line of the file: name, bytes of the last
 * release, bytes that were explained since (0 when nothing was), why. What is larger than the
 * release, or than what was explained, by more than {@link #SHARE} percent is a problem.
 */
final class PackageSizes {
  static final int SHARE = 3;

  private final Map<String, Line> lines = new LinkedHashMap<>();

  private record Line(long released, long explained, String why) {
    long most() {
      return Math.max(released, explained) * (100 + SHARE) / 100;
    }
  }

  record Size(String name, long bytes) {}

  static PackageSizes read(List<String> text) {
    var sizes = new PackageSizes();
    for (String line : text) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] cells = line.split("\t", -1);
        sizes.lines.put(
            cells[0],
            new Line(Long.parseLong(cells[1]), Long.parseLong(cells[2]), cells[3].strip()));
      }
    }
    return sizes;
  }

  /** A sentence for each size that is not as the file allows. */
  List<String> problems(List<Size> now) {
    var problems = new ArrayList<String>();
    for (Size size : now) {
      Line line = lines.get(size.name());
      if (line == null) {
        problems.add(size.name() + " is not in the file");
      } else if (line.explained() > 0 && line.why().isEmpty()) {
        problems.add(size.name() + " has an allowance without a reason");
      } else if (size.bytes() > line.most()) {
        problems.add(
            size.name()
                + " has "
                + size.bytes()
                + " bytes, more than "
                + line.most()
                + ": find what slipped in, or write the new size and why into the file");
      }
    }
    return problems;
  }

  String table(List<Size> now) {
    var text = new StringBuilder();
    text.append("%-24s %12s %12s %8s%n".formatted("package", "release", "now", "growth"));
    for (Size size : now) {
      Line line = lines.getOrDefault(size.name(), new Line(size.bytes(), 0, ""));
      text.append(
          "%-24s %12d %12d %+7.1f%%%n"
              .formatted(
                  size.name(),
                  line.released(),
                  size.bytes(),
                  100.0 * (size.bytes() - line.released()) / line.released()));
    }
    return text.toString();
  }
}
