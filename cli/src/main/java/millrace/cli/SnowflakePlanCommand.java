package millrace.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.derive.change.Plan;
import millrace.derive.change.Verdict;
import millrace.derive.source.ContractTree;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.Checkout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan",
    description = {
      "Show each migration that is not applied yet, with its statements.",
      "Of contracts that were changed, first the ALTERs that 'contract migrate' would write."
    })
final class SnowflakePlanCommand implements Callable<Integer> {
  @ParentCommand SnowflakeCommand snowflake = new SnowflakeCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() throws JacksonException {
    SnowflakeProgram program = snowflake.program();
    Checkout checkout = program.checkout();
    ContractTree tree = new ContractTree(checkout.home(), checkout.pythonProgram("buf"));
    Plan contracts = tree.plan(tree.candidate());
    int bad =
        contracts.verdict() == Verdict.BREAKING ? FailureSentence.BAD_RESULT : FailureSentence.GOOD;
    var out = spec.commandLine().getOut();
    if (json) {
      SnowflakeProgram.Answer answer = program.ask("plan", List.of("--json"));
      var mapper = new ObjectMapper();
      var plan = (ObjectNode) answer.json();
      plan.set("contracts", mapper.readTree(contracts.json()));
      out.println(plan.toPrettyString());
      return Math.max(bad, answer.code());
    }
    if (!contracts.changes().isEmpty()) {
      out.println("The contracts differ from the released ones; 'contract migrate' would write:");
      out.println(contracts.text());
    }
    out.flush();
    return Math.max(bad, program.onTerminal("plan", List.of()));
  }
}
