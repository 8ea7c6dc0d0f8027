package millrace.local.state;

import java.util.Locale;

/** The two runs that a checkout keeps apart. */
public enum StateName {
  /** State of the last demo. */
  DEMO,
  /** State of the pipeline that is kept running. */
  UP;

  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
