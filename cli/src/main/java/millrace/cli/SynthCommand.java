package millrace.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.state.Checkout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "synth",
    description = {
      "Write the CloudFormation templates of an environment of cdk.json.",
      "Needs no account; 'cdk deploy --app FOLDER' deploys what it wrote."
    })
final class SynthCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where they go (default: cdk.out/ENVIRONMENT in the checkout).")
  @Nullable Path out;

  @Override
  public Integer call() throws InterruptedException {
    if (main.environment.equals(LocalRun.LOCAL)) {
      throw new SetupFailure(
          "name an environment of cdk.json: ./millrace synth --env dev (the laptop runs dev too)");
    }
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    @Nullable Path given = out;
    Path folder =
        given != null
            ? checkout.invokedFrom().resolve(given)
            : Synthesis.folder(checkout, main.environment);
    int code = new Synthesis(checkout).run(main.environment, folder);
    if (code == FailureSentence.GOOD) {
      spec.commandLine().getOut().println(folder);
    }
    return code;
  }
}
