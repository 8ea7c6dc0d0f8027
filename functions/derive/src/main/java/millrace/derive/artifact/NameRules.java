package millrace.derive.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.SourcePlaces;
import millrace.derive.artifact.RawTable.RawColumn;

/** Names that the warehouse cannot hold, found before a table has them. */
public final class NameRules {
  /** Reserved by Snowflake as the name of a column or table, or unusable as a column. */
  private static final Set<String> RESERVED = wordsOf("snowflake-reserved-words.txt");

  private NameRules() {}

  /** A file of its own, because the check of the models' SQL reads it too. */
  private static Set<String> wordsOf(String resource) {
    try (InputStream words = NameRules.class.getResourceAsStream(resource)) {
      if (words == null) {
        throw new IllegalStateException(resource + " is not packed with " + NameRules.class);
      }
      return Set.of(new String(words.readAllBytes(), StandardCharsets.UTF_8).split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether no column can have this name. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Whether staging has a metadata column of this name. */
  public static boolean isMetadata(String name) {
    return MetadataTexts.staging().containsKey(name);
  }

  /** A sentence for each name that cannot be used, with file and line. */
  static List<String> problems(List<Contract> contracts) {
    var problems = new ArrayList<String>();
    Map<String, String> tables = new HashMap<>();
    Map<String, String> models = new HashMap<>();
    for (Contract contract : contracts) {
      String place = SourcePlaces.place(contract.descriptor()) + ": " + contract.type();
      TypeNames names = TypeNames.of(contract);
      taken(tables, names.rawTable(), contract, place, "the raw table", problems);
      taken(models, names.model(), contract, place, "the models", problems);
      var seen = new HashMap<String, String>();
      for (RawColumn column : RawTable.of(contract).columns()) {
        String at = place(contract, column.name());
        reserved(at, column.name(), "", problems);
        String before = seen.putIfAbsent(column.name().toLowerCase(Locale.ROOT), column.name());
        if (before != null) {
          problems.add(at + " differs from '" + before + "' by case only, which no warehouse sees");
        }
      }
      stagingProblems(contract, problems);
    }
    return problems;
  }

  private static void stagingProblems(Contract contract, List<String> problems) {
    var seen = new HashMap<String, String>();
    for (StagingColumn column : StagingColumn.of(contract)) {
      String at =
          SourcePlaces.place(column.field())
              + ": field '"
              + column.path()
              + "' of "
              + contract.type();
      if (!column.name().matches("[a-z][a-z0-9_]*")) {
        problems.add(at + ": staging_name '" + column.name() + "' is not lower snake case");
      }
      if (!column.name().equals(column.path())) {
        reserved(at, column.name(), " in staging; give it another staging_name", problems);
      }
      if (isMetadata(column.name())) {
        problems.add(
            at
                + " takes the place of the metadata column '"
                + column.name()
                + "' in staging: give it a staging_name");
      }
      String before = seen.putIfAbsent(column.name(), column.path());
      if (before != null) {
        problems.add(
            at
                + " is '"
                + column.name()
                + "' in staging as '"
                + before
                + "' is: give one of them a staging_name");
      }
    }
  }

  private static void reserved(String at, String name, String what, List<String> problems) {
    if (isReserved(name)) {
      problems.add(at + ": '" + name + "' is a reserved word of the warehouse" + what);
    }
  }

  private static String place(Contract contract, String column) {
    var field = contract.descriptor().findFieldByName(column);
    return (field == null ? SourcePlaces.place(contract.descriptor()) : SourcePlaces.place(field))
        + ": field '"
        + column
        + "' of "
        + contract.type();
  }

  private static void taken(
      Map<String, String> names,
      String name,
      Contract contract,
      String place,
      String what,
      List<String> problems) {
    String before = names.putIfAbsent(name, contract.type());
    if (before != null) {
      problems.add(place + " and " + before + " would share " + what + " '" + name + "'");
    }
  }
}
