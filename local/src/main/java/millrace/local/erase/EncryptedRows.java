package millrace.local.erase;

import static millrace.local.warehouse.EventTables.literal;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractField;
import millrace.core.contract.ContractField.Subject;
import millrace.core.contract.ContractSet;
import millrace.local.warehouse.EventTables;
import org.jspecify.annotations.Nullable;

/** Where values lie that were encrypted for a person: types, fields, and rows of raw tables. */
public final class EncryptedRows {
  private final ContractSet contracts;
  private final String database;

  public EncryptedRows(ContractSet contracts, String database) {
    this.contracts = contracts;
    this.database = database;
  }

  /**
   * A type that encrypts.
   *
   * @param fields names of its encrypted fields
   * @param rows rows of the raw table that are the person's; empty when they were not counted: no
   *     warehouse was asked, or the table does not keep who the person is
   */
  public record OfType(String type, List<String> fields, OptionalLong rows) {}

  /** Names of all types that encrypt. */
  public List<String> types() {
    return contracts.contracts().stream()
        .filter(contract -> !encrypted(contract).isEmpty() || !JsonSubjects.of(contract).isEmpty())
        .map(Contract::type)
        .toList();
  }

  /**
   * @param only a type to look at; empty for all
   * @param subject id of the person, as events have it
   * @param name its hash, as columns have it that are hashed
   * @param count runs a query that gives one number; null when there is no warehouse to ask
   */
  public List<OfType> of(
      Optional<String> only, String subject, String name, @Nullable ToLongFunction<String> count) {
    var found = new ArrayList<OfType>();
    for (Contract contract : contracts.contracts()) {
      if (only.filter(type -> !type.equals(contract.type())).isPresent()) {
        continue;
      }
      List<JsonSubjects> json = JsonSubjects.of(contract);
      if (!json.isEmpty()) {
        found.add(ofJson(contract, json, subject, name, count));
      }
      List<ContractField> encrypted = encrypted(contract);
      if (encrypted.isEmpty()) {
        continue;
      }
      Optional<String> query = query(contract, encrypted, subject, name);
      OptionalLong rows =
          count == null || query.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(count.applyAsLong(query.get()));
      found.add(
          new OfType(contract.type(), encrypted.stream().map(ContractField::name).toList(), rows));
    }
    return found;
  }

  private OfType ofJson(
      Contract contract,
      List<JsonSubjects> json,
      String subject,
      String name,
      @Nullable ToLongFunction<String> count) {
    var conditions = new TreeSet<String>();
    boolean isCounted = count != null;
    for (JsonSubjects source : json) {
      Optional<String> condition = source.condition(subject, name);
      condition.ifPresent(conditions::add);
      isCounted &= condition.isPresent();
    }
    return new OfType(
        contract.type(),
        json.stream().flatMap(source -> source.paths().stream()).toList(),
        isCounted && count != null
            ? OptionalLong.of(count.applyAsLong(counting(contract, conditions)))
            : OptionalLong.empty());
  }

  private String counting(Contract contract, TreeSet<String> conditions) {
    return "select count(*) from "
        + EventTables.of(database, contract).raw()
        + " where "
        + String.join(" or ", conditions);
  }

  private static List<ContractField> encrypted(Contract contract) {
    return contract.fields().stream().filter(field -> field.subject() != null).toList();
  }

  /**
   * Empty where a subject stands in a repeated field or is dropped: rows do not tell whose they
   * are.
   */
  private Optional<String> query(
      Contract contract, List<ContractField> encrypted, String subject, String name) {
    var conditions = new TreeSet<String>();
    for (ContractField field : encrypted) {
      List<FieldDescriptor> path = subjectPath(field);
      if (path.subList(0, path.size() - 1).stream().anyMatch(FieldDescriptor::isRepeated)) {
        return Optional.empty();
      }
      Map<String, ContractField> byName = new LinkedHashMap<>();
      contract.fields().forEach(each -> byName.put(each.name(), each));
      ContractField kept = byName.get(String.join(".", names(path)));
      if (kept == null) {
        return Optional.empty();
      }
      String value =
          switch (kept.pii()) {
            case PII_HASH -> name;
            case PII_NONE, PII_UNSPECIFIED -> subject;
            case PII_DROP, PII_ENCRYPT, UNRECOGNIZED -> "";
          };
      if (value.isEmpty()) {
        return Optional.empty();
      }
      conditions.add(column(path) + " = " + literal(value));
    }
    return Optional.of(counting(contract, conditions));
  }

  /** From the event down to the field that names the person. */
  private static List<FieldDescriptor> subjectPath(ContractField field) {
    Subject subject = field.subject();
    if (subject == null) {
      throw new IllegalArgumentException(field.name() + " is not encrypted");
    }
    var path = new ArrayList<FieldDescriptor>(field.path().subList(0, subject.outer()));
    path.addAll(subject.path());
    return path;
  }

  private static List<String> names(List<FieldDescriptor> path) {
    return path.stream().map(FieldDescriptor::getName).toList();
  }

  /** A column, or a path into one that holds a message. */
  private static String column(List<FieldDescriptor> path) {
    List<String> names = names(path);
    return names.size() == 1
        ? names.getFirst()
        : names.getFirst() + ":" + String.join(".", names.subList(1, names.size())) + "::varchar";
  }
}
