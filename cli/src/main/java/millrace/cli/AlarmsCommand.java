package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.state.Checkout;
import millrace.local.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "alarms",
    description = {
      "List the alarms of an environment: what each watches, when it speaks, what to do then.",
      "Without --env those of dev, which the laptop runs."
    })
final class AlarmsCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Path assembly = checkout.assembly();
    if (!main.environment.equals(LocalRun.LOCAL)) {
      assembly = Synthesis.folder(checkout, main.environment);
      int code = new Synthesis(checkout).run(main.environment, assembly);
      if (code != FailureSentence.GOOD) {
        return code;
      }
    }
    List<AlarmTable.Alarm> alarms = AlarmTable.read(assembly);
    if (alarms.isEmpty()) {
      throw new SetupFailure("no alarms in " + assembly + ": build with ./mvnw -Dquick package");
    }
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(alarms));
      return FailureSentence.GOOD;
    }
    new TextTable("alarm", "watches", "speaks when", "runbook")
        .ruled()
        .rows(
            alarms.stream()
                .map(
                    alarm ->
                        List.of(alarm.name(), alarm.watches(), alarm.speaksWhen(), alarm.runbook()))
                .toList())
        .print(out);
    out.println();
    return FailureSentence.GOOD;
  }
}
