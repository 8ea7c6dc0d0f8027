package millrace.local.backfill;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractField;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.SourceDatabase.Selection;
import millrace.options.v1.Access;
import org.jspecify.annotations.Nullable;

/**
 * Which column becomes which field, and what identifies a row: a request held against the catalogue
 * and the contract.
 *
 * @param source of the events
 * @param targets fields with their columns; none for schema-less JSON, which takes every column
 * @param versioned the field of the event id that gets the watermark behind it; null when none does
 */
public record RowMapping(
    Contract contract,
    String source,
    Selection selection,
    List<FieldTarget> targets,
    @Nullable FieldDescriptor versioned) {
  private static final int MICROSECONDS = 6;

  public RowMapping {
    targets = List.copyOf(targets);
  }

  /** Whether rows go out as JSON objects. */
  public boolean isJson() {
    return !contract.jsonSources().isEmpty();
  }

  /** Field and column, as a state file keeps them: {@code customer.name} by {@code name}. */
  public Map<String, String> columns() {
    var columns = new TreeMap<String, String>();
    targets.forEach(target -> columns.put(target.name(), target.column().name()));
    return columns;
  }

  /** Columns that no field takes. */
  public List<String> unused() {
    if (isJson()) {
      return List.of();
    }
    Set<String> used = new LinkedHashSet<>(columns().values());
    return selection.table().columns().stream()
        .map(SourceColumn::name)
        .filter(column -> !used.contains(column))
        .toList();
  }

  /** Fields of the event that no column sets. */
  public List<String> unset() {
    if (isJson()) {
      return List.of();
    }
    Set<FieldDescriptor> set = new LinkedHashSet<>();
    targets.forEach(target -> set.add(target.path().getFirst()));
    return contract.descriptor().getFields().stream()
        .filter(field -> !set.contains(field))
        .map(FieldDescriptor::getName)
        .toList();
  }

  /**
   * Holds a request against catalogue and contracts.
   *
   * @throws SetupFailure that names everything that is wrong
   */
  public static RowMapping of(
      BackfillRequest request, SourceDatabase database, ContractSet contracts) {
    var problems = new ArrayList<String>();
    Optional<Contract> contract =
        contracts.contracts().stream().filter(c -> c.type().equals(request.type())).findFirst();
    if (contract.isEmpty()) {
      problems.add(
          "there is no active contract "
              + request.type()
              + "; there are "
              + String.join(", ", contracts.contracts().stream().map(Contract::type).toList()));
    }
    Optional<TableShape> table = database.find(request.table());
    if (table.isEmpty()) {
      problems.add("there is no table " + request.table() + " in " + database.name());
    }
    RowMapping mapping = null;
    if (contract.isPresent() && table.isPresent()) {
      mapping = new Reading(request, contract.get(), table.get(), problems).read();
    }
    if (mapping == null || !problems.isEmpty()) {
      throw new SetupFailure(
          "The backfill cannot start:\n  " + String.join("\n  ", new LinkedHashSet<>(problems)));
    }
    return mapping;
  }

  /** Reads one request and gathers what is wrong with it. */
  private static final class Reading {
    private final BackfillRequest request;
    private final Contract contract;
    private final TableShape table;
    private final List<String> problems;

    Reading(BackfillRequest request, Contract contract, TableShape table, List<String> problems) {
      this.request = request;
      this.contract = contract;
      this.table = table;
      this.problems = problems;
    }

    RowMapping read() {
      String source = source();
      List<String> key = key();
      @Nullable String watermark = watermark();
      List<FieldTarget> targets = contract.jsonSources().isEmpty() ? targets() : noTargets();
      @Nullable FieldDescriptor versioned = versions(targets, key);
      refuseUnlabelled(targets);
      refusePersonalKey(targets, key, source);
      Set<String> columns = new LinkedHashSet<>();
      if (contract.jsonSources().isEmpty()) {
        targets.forEach(target -> columns.add(target.column().name()));
      } else {
        table.columns().forEach(column -> columns.add(column.name()));
      }
      return new RowMapping(
          contract,
          source,
          new Selection(table, key, watermark, List.copyOf(columns)),
          targets,
          versioned);
    }

    private String source() {
      List<String> sources = contract.sources();
      @Nullable String asked = request.source();
      if (asked == null && sources.size() == 1) {
        return sources.getFirst();
      }
      if (asked == null || !sources.contains(asked)) {
        problems.add(
            contract.type()
                + " is published by "
                + String.join(", ", sources)
                + (asked == null ? ": say which with --source" : ", not by " + asked));
        return sources.getFirst();
      }
      return asked;
    }

    private List<String> key() {
      @Nullable String asked = request.key();
      if (asked == null) {
        if (table.primaryKey().isEmpty()) {
          problems.add(
              table.name()
                  + " has no primary key: name a column with --key that is unique and never null"
                  + (table.unique().isEmpty()
                      ? "; it has none"
                      : ", such as " + String.join(", ", table.unique())));
        }
        return table.primaryKey();
      }
      if (table.column(asked).isEmpty()) {
        problems.add(unknown("--key", asked));
      } else if (!table.primaryKey().equals(List.of(asked)) && !table.unique().contains(asked)) {
        problems.add(
            table.name()
                + "."
                + asked
                + " is not unique, or may be null: pages by it would skip rows; --key takes a"
                + " column with a unique index and NOT NULL");
      }
      return List.of(asked);
    }

    private @Nullable String watermark() {
      @Nullable String asked = request.watermark();
      if (asked == null) {
        if (request.versions() == Versions.BY_WATERMARK) {
          problems.add("--versioned goes with --watermark: it tells the versions of a row apart");
        }
        return null;
      }
      Optional<SourceColumn> column = table.column(asked);
      if (column.isEmpty()) {
        problems.add(unknown("--watermark", asked));
      } else if (column.get().kind() != ColumnKind.TIMESTAMP) {
        problems.add(
            table.name()
                + "."
                + asked
                + " is a "
                + column.get().type()
                + ": --watermark takes a timestamp that each change of a row sets");
      } else if (request.versions() == Versions.BY_WATERMARK
          && column.get().digits() >= 0
          && column.get().digits() < MICROSECONDS) {
        problems.add(
            table.name()
                + "."
                + asked
                + " is a "
                + column.get().type()
                + ": two changes within one of its steps would have one event id; --versioned"
                + " takes microseconds");
      }
      return asked;
    }

    private List<FieldTarget> noTargets() {
      if (!request.maps().isEmpty()) {
        problems.add(
            "--map names fields, and "
                + contract.type()
                + " takes every column under its own name: rename them in a later model");
      }
      return List.of();
    }

    /** By --map, else the column of the same name. */
    private List<FieldTarget> targets() {
      Map<String, FieldTarget> byField = new LinkedHashMap<>();
      for (String map : request.maps()) {
        int equals = map.indexOf('=');
        if (equals < 1 || equals == map.length() - 1) {
          problems.add("--map " + map + " is not COLUMN=FIELD");
          continue;
        }
        String columnName = map.substring(0, equals);
        String fieldName = map.substring(equals + 1);
        Optional<SourceColumn> column = table.column(columnName);
        if (column.isEmpty()) {
          problems.add(unknown("--map", columnName));
        }
        Optional<List<FieldDescriptor>> path = path(fieldName);
        if (column.isPresent()
            && path.isPresent()
            && byField.put(fieldName, new FieldTarget(column.get(), path.get())) != null) {
          problems.add("--map names the field " + fieldName + " twice");
        }
      }
      for (FieldDescriptor field : contract.descriptor().getFields()) {
        String name = field.getName();
        Optional<SourceColumn> column = table.column(name);
        boolean isMapped =
            byField.keySet().stream().anyMatch(f -> f.equals(name) || f.startsWith(name + "."));
        if (column.isPresent() && !isMapped) {
          byField.put(name, new FieldTarget(column.get(), List.of(field)));
        }
      }
      for (FieldTarget target : byField.values()) {
        if (!target.fits()) {
          problems.add(
              table.name()
                  + "."
                  + target.column().name()
                  + " is a "
                  + target.column().type()
                  + ", which the field "
                  + target.name()
                  + " ("
                  + target.typeName()
                  + ") cannot hold");
        }
      }
      if (byField.isEmpty()) {
        problems.add(
            "no column of "
                + table.name()
                + " is a field of "
                + contract.type()
                + ": name some with --map; columns: "
                + table.columnNames());
      }
      return List.copyOf(byField.values());
    }

    private Optional<List<FieldDescriptor>> path(String name) {
      var path = new ArrayList<FieldDescriptor>();
      Descriptor message = contract.descriptor();
      String[] names = name.split("\\.", -1);
      for (int i = 0; i < names.length; i++) {
        FieldDescriptor field = message.findFieldByName(names[i]);
        if (field == null) {
          problems.add(
              "--map: "
                  + message.getFullName()
                  + " has no field '"
                  + names[i]
                  + "'; it has "
                  + String.join(
                      ", ", message.getFields().stream().map(FieldDescriptor::getName).toList()));
          return Optional.empty();
        }
        path.add(field);
        if (i < names.length - 1) {
          if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isRepeated()) {
            problems.add("--map: '" + names[i] + "' in " + name + " is no single message");
            return Optional.empty();
          }
          message = field.getMessageType();
        }
      }
      return Optional.of(path);
    }

    /** An event without its contract's id fails in the writer: all of them, then. */
    private void refuseUnlabelled(List<FieldTarget> targets) {
      for (FieldDescriptor field : contract.eventId()) {
        if (targets.stream().noneMatch(target -> target.field().equals(field))) {
          problems.add(
              "the event id of "
                  + contract.type()
                  + " is the field '"
                  + field.getName()
                  + "', which no column sets: name one with --map COLUMN="
                  + field.getName());
        }
      }
    }

    /**
     * The field that tells the versions of a row apart. An event id of nothing but key columns is
     * the same for all of them, and only the user knows whether there are several.
     */
    private @Nullable FieldDescriptor versions(List<FieldTarget> targets, List<String> key) {
      List<FieldTarget> id =
          targets.stream().filter(t -> contract.eventId().contains(t.field())).toList();
      boolean isOfTheKey =
          !id.isEmpty() && id.stream().allMatch(t -> key.contains(t.column().name()));
      switch (request.versions()) {
        case NEVER -> {
          return null;
        }
        case NOT_SAID -> {
          if (request.watermark() != null && isOfTheKey) {
            problems.add(
                "the event id of "
                    + contract.type()
                    + " comes from the key of "
                    + table.name()
                    + ", so all versions of a row would be one event: say --versioned to add the"
                    + " watermark to it, or --append-only when rows are never changed");
          }
          return null;
        }
        case BY_WATERMARK -> {
          if (contract.eventId().isEmpty()) {
            return null;
          }
          for (FieldDescriptor field : contract.eventId().reversed()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
              return field;
            }
          }
          problems.add(
              "the event id of "
                  + contract.type()
                  + " has no text field, so it cannot take a watermark behind it: give the table a"
                  + " column that differs for each version, and --map it");
          return null;
        }
      }
      return null;
    }

    /** Where the transport's coordinates identify an event, the key stands in them for all. */
    private void refusePersonalKey(List<FieldTarget> targets, List<String> key, String source) {
      if (!contract.eventId().isEmpty()) {
        return;
      }
      for (FieldTarget target : targets) {
        if (key.contains(target.column().name())
            && contract.fields().stream()
                .anyMatch(f -> f.path().equals(target.path()) && isProtected(f))) {
          problems.add(personal(target.column().name()));
        }
      }
      contract.json(source).stream()
          .flatMap(json -> json.personal().stream())
          .map(path -> path.path().getFirst().member())
          .filter(key::contains)
          .forEach(column -> problems.add(personal(column)));
    }

    private static boolean isProtected(ContractField field) {
      return field.isTreated() || field.access() == Access.ACCESS_RESTRICTED;
    }

    private String personal(String column) {
      return "the key "
          + table.name()
          + "."
          + column
          + " is personal by "
          + contract.type()
          + ", and would stand clear in the id of the event: name another column with --key";
    }

    private String unknown(String option, String column) {
      return option
          + ": "
          + table.name()
          + " has no column '"
          + column
          + "'; it has "
          + table.columnNames();
    }
  }
}
