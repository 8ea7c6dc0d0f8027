package millrace.infra.construct;

import java.util.Map;
import java.util.TreeMap;

/** Maps that are written into templates. */
public final class Conditions {
  private Conditions() {}

  /**
   * The same entries in the order of their keys. {@code Map.of} has another order in every JVM, and
   * a template that differs from itself hides the difference somebody made.
   */
  public static <V> Map<String, V> sorted(Map<String, V> entries) {
    return new TreeMap<>(entries);
  }
}
