package millrace.derive.change;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.derive.artifact.RawTable;
import millrace.derive.artifact.TableSql;
import millrace.derive.artifact.TableSql.Deployment;

/** Every difference between the released contracts and a candidate. A pure function. */
public final class Evolution {
  private Evolution() {}

  /** In the order of the types; of one type, what concerns it as a whole first. */
  public static List<Change> compare(ContractSet released, ContractSet candidate) {
    Map<String, Contract> before = byType(released);
    Map<String, Contract> after = byType(candidate);
    var types = new TreeSet<>(before.keySet());
    types.addAll(after.keySet());
    var changes = new ArrayList<Change>();
    for (String type : types) {
      Contract was = before.get(type);
      Contract is = after.get(type);
      if (was == null && is != null) {
        changes.addAll(added(is));
      } else if (was != null && is == null) {
        changes.addAll(removed(was));
      } else if (was != null && is != null) {
        changes.addAll(TypeChanges.of(was, is));
      }
    }
    return changes;
  }

  private static List<Change> added(Contract type) {
    var findings = new Findings(type.type());
    var statements = new ArrayList<String>();
    statements.add(TableSql.createTable(RawTable.of(type), Deployment.TEMPLATE));
    statements.addAll(TableSql.createPipes(type, Deployment.TEMPLATE));
    findings.migration("", type.descriptor(), "a new type: its table, then its pipe", statements);
    return findings.changes();
  }

  private static List<Change> removed(Contract type) {
    Descriptor gone = type.descriptor();
    var findings = new Findings(type.type());
    findings.breaking(
        "",
        gone,
        "the type is gone: its events would fail as UNKNOWN_TYPE, and its table would stand still");
    return findings.changes();
  }

  private static Map<String, Contract> byType(ContractSet contracts) {
    return contracts.contracts().stream()
        .collect(Collectors.toMap(Contract::type, Function.identity(), (a, b) -> a, TreeMap::new));
  }
}
