package millrace.infra.config;

import java.util.List;

/**
 * The configuration cannot be used: every problem in one message, each a sentence an operator can
 * act on.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public ConfigurationException(List<String> problems) {
    super("cdk.json cannot be used:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order of the configuration. */
  public List<String> problems() {
    return problems;
  }
}
