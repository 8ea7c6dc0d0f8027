package millrace.derive.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.core.contract.Contract;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.StagingColumn;
import millrace.derive.artifact.TypeNames;

/**
 * Who reads a column: the dbt models and tests that come, by {@code ref}, from the staging view of
 * its type and name the staging column as a word. A rule that needs no run of dbt; it names a model
 * too many where another type has a column of that name, and never one too few, except through
 * {@code select *}.
 */
public final class ModelReaders {
  private static final Pattern REF = Pattern.compile("ref\\(\\s*['\"]([A-Za-z0-9_]+)['\"]");
  private static final Pattern JINJA_COMMENT = Pattern.compile("(?s)\\{#.*?#\\}");
  private static final Pattern SQL_COMMENT = Pattern.compile("(?m)--.*$");

  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Set<String>> readBy = new HashMap<>();

  /**
   * @param dbt folder of the dbt project; without models there are no readers
   */
  public ModelReaders(Path dbt) {
    for (String folder : List.of("models", "tests")) {
      Path root = dbt.resolve(folder);
      if (!Files.isDirectory(root)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".sql")).forEach(this::read);
      } catch (IOException e) {
        throw new SetupFailure("cannot read " + root + ": " + e, e);
      }
    }
  }

  private void read(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.sql$", "");
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + file + ": " + e, e);
    }
    text = SQL_COMMENT.matcher(JINJA_COMMENT.matcher(text).replaceAll("")).replaceAll("");
    texts.put(name, text);
    var ref = REF.matcher(text);
    while (ref.find()) {
      readBy.computeIfAbsent(ref.group(1), _ -> new HashSet<>()).add(name);
    }
  }

  /**
   * Models and tests that read what is at a path of a type, by name.
   *
   * @param path of a field, or of a message: then of any field in it
   */
  public List<String> of(Contract contract, String path) {
    Set<String> downstream = downstream(TypeNames.of(contract).staging());
    var readers = new TreeSet<String>();
    for (StagingColumn column : StagingColumn.of(contract)) {
      boolean isInside = column.path().equals(path) || column.path().startsWith(path + ".");
      boolean holds = path.startsWith(column.path() + ".");
      if (isInside || holds) {
        readers.addAll(naming(column.name(), downstream));
      }
    }
    return new ArrayList<>(readers);
  }

  private List<String> naming(String column, Set<String> models) {
    Pattern word = Pattern.compile("\\b" + Pattern.quote(column) + "\\b", Pattern.CASE_INSENSITIVE);
    return models.stream().filter(model -> word.matcher(texts.get(model)).find()).toList();
  }

  private Set<String> downstream(String staging) {
    var found = new HashSet<String>();
    var open = new ArrayList<String>(List.of(staging));
    while (!open.isEmpty()) {
      for (String reader : readBy.getOrDefault(open.removeLast(), Set.of())) {
        if (found.add(reader)) {
          open.add(reader);
        }
      }
    }
    return found;
  }
}
