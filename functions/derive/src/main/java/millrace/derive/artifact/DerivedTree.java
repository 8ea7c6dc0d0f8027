package millrace.derive.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** The derived files of a checkout: held against what they should be, or written. */
public final class DerivedTree {
  /** Folders in which every file is derived, or says so itself. */
  private static final List<String> FOLDERS =
      List.of(
          "snowflake/derived",
          "proto/derived",
          "docs/data-dictionary",
          "dbt/macros/derived",
          "dbt/models/staging",
          "dbt/models/intermediate");

  private static final String MARK = "by `./millrace contract derive`: do not edit.";

  private final Path home;

  /**
   * @param home root of the checkout
   */
  public DerivedTree(Path home) {
    this.home = home;
  }

  /**
   * How a committed file differs from the derived one.
   *
   * @param path in the checkout
   * @param difference the first lines that differ, or what is wrong with the file as a whole
   */
  public record Stale(String path, String difference) {}

  /**
   * Files that are not what they should be, in the order of their paths; empty when all is well.
   */
  public List<Stale> stale(SortedMap<String, String> files) {
    var stale = new ArrayList<Stale>();
    files.forEach(
        (path, text) -> {
          Optional<String> committed = read(path);
          if (committed.isEmpty()) {
            stale.add(new Stale(path, "is missing"));
          } else if (!committed.get().equals(text)) {
            stale.add(new Stale(path, firstDifference(committed.get(), text)));
          }
        });
    extra(files).forEach(path -> stale.add(new Stale(path, "follows from no contract")));
    return stale;
  }

  /**
   * Makes the checkout's derived files equal to these. All of them are written beside their places
   * first and moved then, so that a full disk or a kill leaves each file whole.
   *
   * @return paths that were written or removed
   */
  public List<String> write(SortedMap<String, String> files) {
    var changed = new ArrayList<String>();
    try {
      var written = new ArrayList<Path>();
      for (Map.Entry<String, String> file : files.entrySet()) {
        if (!read(file.getKey()).equals(Optional.of(file.getValue()))) {
          Path target = home.resolve(file.getKey());
          Files.createDirectories(target.getParent());
          Path beside = target.resolveSibling(target.getFileName() + ".new");
          Files.writeString(beside, file.getValue());
          written.add(target);
          changed.add(file.getKey());
        }
      }
      for (Path target : written) {
        Path beside = target.resolveSibling(target.getFileName() + ".new");
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      }
      for (String path : extra(files)) {
        Files.delete(home.resolve(path));
        changed.add(path);
      }
    } catch (IOException e) {
      throw new SetupFailure("derived files cannot be written: " + e, e);
    }
    return changed;
  }

  /** Files in the derived folders that say they are derived, or that nobody else writes there. */
  private List<String> extra(SortedMap<String, String> files) {
    var extra = new ArrayList<String>();
    for (String folder : FOLDERS) {
      Path root = home.resolve(folder);
      if (!Files.isDirectory(root)) {
        continue;
      }
      try (Stream<Path> found = Files.walk(root)) {
        found
            .filter(Files::isRegularFile)
            .map(file -> home.relativize(file).toString().replace('\\', '/'))
            .filter(path -> !files.containsKey(path))
            .filter(path -> folder.contains("deriv") || isMarked(path))
            .sorted()
            .forEach(extra::add);
      } catch (IOException e) {
        throw new SetupFailure("cannot read " + root + ": " + e, e);
      }
    }
    return extra;
  }

  private boolean isMarked(String path) {
    return read(path).map(text -> text.contains(MARK)).orElse(false);
  }

  private Optional<String> read(String path) {
    Path file = home.resolve(path);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + path + ": " + e, e);
    }
  }

  private static String firstDifference(String committed, String derived) {
    List<String> before = committed.lines().toList();
    List<String> after = derived.lines().toList();
    int line = 0;
    while (line < before.size()
        && line < after.size()
        && before.get(line).equals(after.get(line))) {
      line++;
    }
    return "line "
        + (line + 1)
        + "\n  - "
        + (line < before.size() ? before.get(line) : "(end)")
        + "\n  + "
        + (line < after.size() ? after.get(line) : "(end)");
  }
}
