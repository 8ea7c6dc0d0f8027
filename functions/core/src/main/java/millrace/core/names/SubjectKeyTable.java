package millrace.core.names;

/** Attributes of the table that holds the data keys of persons. */
public final class SubjectKeyTable {
  /** Partition key: the keyed hash of a person's id, which tells nothing of the person. */
  public static final String NAME = "subject";

  /** The wrapped data key; missing after an erasure. */
  public static final String WRAPPED_KEY = "wrapped_key";

  /** Time of the last erasure, in milliseconds since 1970; missing when there was none. */
  public static final String ERASED_AT = "erased_at";

  private SubjectKeyTable() {}
}
