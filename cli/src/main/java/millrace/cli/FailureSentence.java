package millrace.cli;

import millrace.core.failed.MillraceFailure;
import millrace.local.process.Shutdown;
import millrace.local.warehouse.WarehouseException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A failure is one sentence on standard error and an exit code; its stack trace is for those who
 * ask for it.
 */
final class FailureSentence implements IExecutionExceptionHandler {
  static final int GOOD = 0;
  static final int BAD_RESULT = 1;
  static final int SETUP = 2;

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    // Children that were stopped by Ctrl-C fail the command too; the signal is what happened.
    Shutdown.parkIfBegun();
    Main main = line.getCommandSpec().root().userObject() instanceof Main root ? root : new Main();
    if (main.debug) {
      e.printStackTrace(line.getErr());
    }
    return switch (e) {
      case WarehouseException refused -> say(line, firstParagraph(refused), BAD_RESULT);
      case MillraceFailure failure -> say(line, failure.getMessage(), SETUP);
      default ->
          say(
              line,
              "this should not happen: " + e + (main.debug ? "" : "; --debug shows where"),
              SETUP);
    };
  }

  static int ofParameters(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    StringBuilder sentence = new StringBuilder(String.valueOf(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      sentence.append("; did you mean ").append(unmatched.getSuggestions().getFirst()).append('?');
    }
    say(line, sentence.toString(), SETUP);
    line.getErr().println("See ./" + line.getCommandSpec().qualifiedName() + " --help");
    return SETUP;
  }

  /** Engines draw the place of the mistake below their sentence. */
  private static String firstParagraph(Exception e) {
    return String.valueOf(e.getMessage()).split("\n\\s*\n", 2)[0].replaceAll("\\s+", " ").strip();
  }

  private static int say(
      CommandLine line, @org.jspecify.annotations.Nullable String what, int code) {
    line.getErr().println("millrace: " + what);
    return code;
  }
}
