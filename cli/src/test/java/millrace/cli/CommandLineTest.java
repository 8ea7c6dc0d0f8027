package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What can be typed, and what is answered before anything is started. */
class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void withoutACommandTheWayToTheHelpIsShownAndTheExitCodeIsSetup() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("name a command").contains("./millrace --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aCommandThatDoesNotExistIsAnsweredWithTheNearest() {
    assertThat(run("statsu")).isEqualTo(2);
    assertThat(err.toString()).contains("'statsu'").contains("did you mean").contains("status");
  }

  @Test
  void anOptionThatDoesNotExistIsNamed() {
    assertThat(run("query", "--cvs", "select 1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--cvs")
        .contains("./millrace query --help")
        .doesNotContain("Exception");
  }

  @Test
  void aStateThatDoesNotExistIsAnsweredWithThoseThatDo() {
    assertThat(run("query", "--state", "prod", "select 1")).isEqualTo(2);
    assertThat(err.toString()).contains("'prod'").containsIgnoringCase("demo");
  }

  @ParameterizedTest
  @MethodSource("localOnly")
  void anEnvironmentThatACommandCannotServeIsRefusedWithWhatServesIt(List<String> command) {
    List<String> words = new java.util.ArrayList<>(List.of("--env", "prod"));
    words.addAll(command);

    assertThat(run(words.toArray(String[]::new))).isEqualTo(2);
    assertThat(err.toString())
        .contains("'" + command.getFirst() + "' serves the environment local only, not 'prod': ")
        .hasLineCount(1);
  }

  @Test
  void whatOnlySnowflakeKnowsOfAnAccountIsSaidWithWhatToDoInstead() {
    assertThat(run("--env", "prod", "renotify")).isEqualTo(2);
    assertThat(err.toString()).contains("alter pipe").contains("--all").hasLineCount(1);
    for (String more : List.of("--class=RULE", "--source=orders")) {
      assertThat(run("--env", "prod", "replay", "--failed", more)).isEqualTo(2);
      assertThat(err.toString()).contains("raw.failed_events").contains("--key");
    }
  }

  static Stream<List<String>> localOnly() {
    return Stream.of(
        List.of("up"),
        List.of("down"),
        List.of("status"),
        List.of("query", "select 1"),
        List.of("models"),
        List.of("models", "list"),
        List.of("dbt", "build"),
        List.of("logs"),
        List.of("erase", "--subject", "customer-1"),
        List.of("reset"));
  }

  @Test
  void theEnvironmentMayStandBehindTheCommandToo() {
    assertThat(run("status", "--env", "prod")).isEqualTo(2);
    assertThat(err.toString()).contains("not 'prod'");
  }

  @Test
  void everythingBehindDbtIsForDbt() {
    CommandLine line = Main.commandLine();
    line.parseArgs("dbt", "build", "--debug", "--env", "x", "-s", "fct_orders");

    DbtCommand dbt = line.getSubcommands().get("dbt").getCommand();
    assertThat(dbt.arguments).containsExactly("build", "--debug", "--env", "x", "-s", "fct_orders");
    Main main = line.getCommand();
    assertThat(main.environment).isEqualTo("local");
    assertThat(main.debug).isFalse();
  }

  @Test
  void csvAndJsonExcludeEachOther() {
    assertThat(run("query", "--csv", "--json", "select 1")).isEqualTo(2);
    assertThat(err.toString()).contains("--csv").contains("--json");
  }

  @Test
  void aRebuildNamesARangeOfDays() {
    for (String days : List.of("2026-11-01", "2026-11-03..2026-11-01", "yesterday..today")) {
      assertThat(run("models", "--rebuild", days)).isEqualTo(2);
      assertThat(err.toString()).contains("'" + days + "'").contains("2026-11-01..2026-11-03");
    }
  }

  @Test
  void theVersionIsTheBuildsOwn() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("millrace ").contains("Java ");
  }

  /**
   * Run with MILLRACE_APPROVE=1 to take over what changed, and read the difference before it is
   * committed.
   */
  @ParameterizedTest
  @MethodSource("commands")
  void theHelpIsWhatWasApproved(String command) throws IOException {
    List<String> words = new java.util.ArrayList<>(List.of(command.split(" ")));
    words.remove("millrace");
    words.add("--help");
    int code = run(words.toArray(String[]::new));

    assertThat(code).isZero();
    String name = "help/" + command.replace(' ', '-') + ".txt";
    if (System.getenv("MILLRACE_APPROVE") != null) {
      Path approved = Path.of("src/test/resources/millrace/cli").resolve(name);
      Files.createDirectories(approved.getParent());
      Files.writeString(approved, out.toString());
    }
    try (var in = CommandLineTest.class.getResourceAsStream(name)) {
      assertThat(in).as("approved help of " + command).isNotNull();
      assertThat(out.toString())
          .isEqualToNormalizingNewlines(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  static Stream<String> commands() {
    CommandLine line = Main.commandLine();
    return Stream.of(
            Stream.of("millrace"),
            line.getSubcommands().keySet().stream(),
            Stream.of("models list"),
            line.getSubcommands().get("contract").getSubcommands().keySet().stream()
                .map(name -> "contract " + name),
            line.getSubcommands().get("snowflake").getSubcommands().keySet().stream()
                .map(name -> "snowflake " + name))
        .flatMap(names -> names);
  }

  private int run(String... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }
}
