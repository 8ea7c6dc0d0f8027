package millrace.local.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** What a state folder was made with: tables and pipes are, so a later run cannot choose again. */
public record RunSettings(String environment, String format) {
  private static final String FILE = "settings";
  private static final Pattern ENVIRONMENT = Pattern.compile("environment=(\\S+)");

  /** Fails when the state was made with others, else notes them and the time of use. */
  public void agreeWith(StateFolder state) {
    String mine = "environment=" + environment + " format=" + format;
    String made = state.read(FILE).orElse(mine);
    if (!made.equals(mine)) {
      throw new SetupFailure(
          "this state was made with "
              + made
              + ", now it is "
              + mine
              + ": use the same, or start over with ./millrace reset --state "
              + state.path().getFileName());
    }
    state.write(FILE, mine);
  }

  public static String environmentOf(StateFolder state) {
    Matcher found = ENVIRONMENT.matcher(state.read(FILE).orElse(""));
    return found.find() ? found.group(1) : "dev";
  }

  /** When a run last started in the folder; the beginning of time when none did. */
  public static Instant lastUsed(Path state) {
    try {
      return Files.getLastModifiedTime(state.resolve(FILE)).toInstant();
    } catch (IOException e) {
      return Instant.MIN;
    }
  }
}
