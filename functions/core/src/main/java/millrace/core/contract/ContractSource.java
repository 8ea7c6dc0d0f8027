package millrace.core.contract;

/** Where the writer finds what it may write. */
@FunctionalInterface
public interface ContractSource {
  /**
   * The active contracts.
   *
   * @throws millrace.core.failed.MillraceFailure when they cannot be read: nothing may be written
   *     then, since a guess could store what a contract treats as personal
   */
  ContractSet active();
}
