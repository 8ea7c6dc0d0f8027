package millrace.local.process;

import java.util.Map;
import java.util.Set;

/**
 * What a child process gets of the user's shell: as little as it can run with, because an {@code
 * AWS_PROFILE} or a {@code SNOWFLAKE_HOST} of another project must not reach a run on the laptop.
 */
public final class ChildEnvironment {
  private static final Set<String> NEEDED =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "JAVA_HOME");

  private ChildEnvironment() {}

  static void keepNeeded(Map<String, String> environment) {
    environment.keySet().retainAll(NEEDED);
  }
}
