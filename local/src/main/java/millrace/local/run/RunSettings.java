package millrace.local.run;

import millrace.core.failed.MillraceFailure.SetupFailure;

/** What a state folder was made with: tables and pipes are, so a later run cannot choose again. */
record RunSettings(String environment, String format) {
  private static final String FILE = "settings";

  static RunSettings of(PipelineOptions options) {
    return new RunSettings(options.environment(), options.format());
  }

  void agreeWith(StateFolder state) {
    String mine = "environment=" + environment + " format=" + format;
    String made = state.read(FILE).orElse(mine);
    if (!made.equals(mine)) {
      throw new SetupFailure(
          "this state was made with "
              + made
              + ", now it is "
              + mine
              + ": use the same, or start over with ./millrace reset");
    }
    state.write(FILE, mine);
  }
}
