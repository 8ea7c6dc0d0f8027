package millrace.derive.change;

/** What a change asks of others, the worst last. */
public enum Verdict {
  /** Nobody who reads rows notices, or only by a text or by values that are new. */
  SAFE,
  /** The warehouse has to change first; readers of what was there go on. */
  NEEDS_MIGRATION,
  /** Somebody who reads or publishes would be hurt: it belongs into the next major version. */
  BREAKING
}
