package millrace.derive.change;

import java.util.List;

/**
 * One difference between released contracts and a candidate.
 *
 * @param verdict what it asks of others
 * @param type the type whose rows it touches
 * @param field path of the field, such as {@code customer.name}; empty when it is about the type
 * @param place file and line in the candidate, or in the released set when it is gone
 * @param what the difference and its consequence as a sentence without a full stop
 * @param statements of the warehouse, as a migration writes them, in order; without semicolon
 * @param models dbt models and tests that read the column
 */
public record Change(
    Verdict verdict,
    String type,
    String field,
    String place,
    String what,
    List<String> statements,
    List<String> models) {
  public Change {
    statements = List.copyOf(statements);
    models = List.copyOf(models);
  }

  Change withModels(List<String> readers) {
    return new Change(verdict, type, field, place, what, statements, readers);
  }
}
