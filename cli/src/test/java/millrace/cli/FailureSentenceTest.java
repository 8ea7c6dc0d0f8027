package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureSentenceTest {
  private final StringWriter err = new StringWriter();

  @Test
  void aSetupFailureIsOneLineAndExitCodeTwo() {
    assertThat(fail(new SetupFailure("no Python: run ./millrace prepare"))).isEqualTo(2);
    assertThat(err.toString().strip()).isEqualTo("millrace: no Python: run ./millrace prepare");
  }

  @Test
  void aServiceThatDoesNotAnswerIsSetupToo() {
    assertThat(fail(new EnvironmentFailure("the broker does not answer", null))).isEqualTo(2);
  }

  @Test
  void aStackTraceIsShownOnlyWhenAskedFor() {
    fail(new SetupFailure("no disk"), "--debug");

    assertThat(err.toString()).contains("at millrace.cli.").contains("millrace: no disk");
  }

  @Test
  void aMistakeOfOursSaysHowToSeeWhere() {
    assertThat(fail(new IllegalStateException("ouch"))).isEqualTo(2);
    assertThat(err.toString()).contains("ouch").contains("--debug").hasLineCount(1);
  }

  private int fail(RuntimeException failure, String... options) {
    CommandLine line = Main.commandLine();
    line.addSubcommand(new Failing(failure));
    line.setErr(new PrintWriter(err, true));
    String[] args = new String[options.length + 1];
    System.arraycopy(options, 0, args, 0, options.length);
    args[options.length] = "fail";
    line.setExecutionExceptionHandler(new FailureSentence());
    return line.execute(args);
  }

  @Command(name = "fail")
  private record Failing(RuntimeException failure) implements Runnable {
    @Override
    public void run() {
      throw failure;
    }
  }
}
