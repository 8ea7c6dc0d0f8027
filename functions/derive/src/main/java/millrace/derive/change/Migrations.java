package millrace.derive.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.TableSql.Deployment;
import millrace.derive.artifact.TypeNames;

/**
 * The migrations of a plan: one file per type, forward only, with the ALTERs spelled out. Those
 * that are there are never touched.
 */
public final class Migrations {
  private static final Pattern NAME = Pattern.compile("V(\\d+)\\.(\\d+)\\.(\\d+)__.*\\.sql");

  private Migrations() {}

  /**
   * The migrations that a plan still lacks: a statement that one of those present has already is
   * not written again.
   *
   * @param present text of the migrations that are there, by name
   * @return text by file name, in the order in which they are to be applied
   * @throws SetupFailure when a change is breaking: no statement makes that good
   */
  public static SortedMap<String, String> of(Plan plan, SortedMap<String, String> present) {
    if (plan.verdict() == Verdict.BREAKING) {
      throw new SetupFailure(
          "no migration is written for a breaking change: make it as the next major version");
    }
    Map<String, Set<String>> byType = new TreeMap<>();
    for (Change change : plan.changes()) {
      byType.computeIfAbsent(change.type(), _ -> new LinkedHashSet<>()).addAll(change.statements());
    }
    for (Set<String> statements : byType.values()) {
      statements.removeIf(
          statement -> present.values().stream().anyMatch(text -> text.contains(statement + ";")));
    }
    byType.values().removeIf(Set::isEmpty);
    int minor = nextMinor(present.keySet());
    int patch = 0;
    var files = new TreeMap<String, String>();
    for (Map.Entry<String, Set<String>> type : byType.entrySet()) {
      String name =
          "V1.%d.%d__%s.sql".formatted(minor, patch++, TypeNames.of("", type.getKey()).rawTable());
      files.put(name, text(type.getKey(), type.getValue()));
    }
    return files;
  }

  /** Writes them all, or, when one is there already, none. */
  public static void write(SortedMap<String, String> files, Path folder) {
    try {
      for (String name : files.keySet()) {
        if (Files.exists(folder.resolve(name))) {
          throw new SetupFailure(name + " is there already: migrations are never rewritten");
        }
      }
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path beside = folder.resolve(file.getKey() + ".new");
        Files.writeString(beside, file.getValue());
      }
      for (String name : files.keySet()) {
        Files.move(folder.resolve(name + ".new"), folder.resolve(name));
      }
    } catch (IOException e) {
      throw new SetupFailure("the migrations cannot be written: " + e, e);
    }
  }

  /** Text of the migrations of a folder by name. */
  public static SortedMap<String, String> in(Path folder) {
    var texts = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".sql")).toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
      return texts;
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + folder + ": " + e, e);
    }
  }

  private static String text(String type, Set<String> statements) {
    return "-- "
        + type
        + ": written by `./millrace contract migrate`. Forward only: a correction is the next migration.\n"
        + Deployment.PREAMBLE
        + String.join(";\n\n", statements)
        + ";\n";
  }

  private static int nextMinor(Set<String> present) {
    int greatest = 0;
    for (String name : present) {
      Matcher version = NAME.matcher(name);
      if (version.matches()) {
        greatest = Math.max(greatest, Integer.parseInt(version.group(2)));
      }
    }
    return greatest + 1;
  }
}
