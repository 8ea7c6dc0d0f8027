package millrace.local.demo;

/**
 * A total of the marts beside the one that the generator counted.
 *
 * @param name what is counted
 * @param expected by the generator
 * @param actual in the warehouse
 */
public record Comparison(String name, long expected, long actual) {
  public boolean agrees() {
    return expected == actual;
  }
}
