package millrace.derive.artifact;

import millrace.core.contract.Contract;

/** First lines of derived files: what they come from, and that an edit is lost. */
final class Headers {
  /** Of files that come from all contracts. */
  static final String ALL =
      "Derived from the contracts in proto/ by `./millrace contract derive`: do not edit.";

  private Headers() {}

  static String of(Contract contract) {
    return "Derived from proto/"
        + contract.descriptor().getFile().getName()
        + " by `./millrace contract derive`: do not edit.";
  }

  static String jinja(Contract contract) {
    return "{#- " + of(contract) + " -#}\n";
  }
}
