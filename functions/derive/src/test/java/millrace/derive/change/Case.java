package millrace.derive.change;

import java.util.function.Consumer;
import java.util.stream.Stream;

/** One change of {@link ReleasedOrder}, what it is judged, and words of the reason. */
record Case(
    String name, Verdict verdict, String field, String words, Consumer<ReleasedOrder> change) {
  @Override
  public String toString() {
    return name;
  }

  static Case of(
      String name, Verdict verdict, String field, String words, Consumer<ReleasedOrder> change) {
    return new Case(name, verdict, field, words, change);
  }

  /** All that there are. */
  static Stream<Case> all() {
    return Stream.concat(FieldCases.all(), DecisionCases.all());
  }
}
