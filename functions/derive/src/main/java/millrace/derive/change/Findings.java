package millrace.derive.change;

import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayList;
import java.util.List;
import millrace.core.contract.SourcePlaces;

/** Collects the changes of one type. */
final class Findings {
  private final String type;
  private final List<Change> changes = new ArrayList<>();

  Findings(String type) {
    this.type = type;
  }

  void safe(String field, GenericDescriptor at, String what, String... statements) {
    add(Verdict.SAFE, field, at, what, List.of(statements));
  }

  void migration(String field, GenericDescriptor at, String what, List<String> statements) {
    add(Verdict.NEEDS_MIGRATION, field, at, what, statements);
  }

  void breaking(String field, GenericDescriptor at, String what) {
    add(Verdict.BREAKING, field, at, what, List.of());
  }

  private void add(
      Verdict verdict, String field, GenericDescriptor at, String what, List<String> statements) {
    changes.add(
        new Change(verdict, type, field, SourcePlaces.place(at), what, statements, List.of()));
  }

  List<Change> changes() {
    return changes;
  }
}
