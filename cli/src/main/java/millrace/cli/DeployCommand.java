package millrace.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.Checkout;
import millrace.local.trust.CdkStacks;
import millrace.local.trust.LearntContext;
import millrace.local.trust.SnowflakeAccount;
import millrace.local.trust.Trust;
import millrace.local.trust.TrustLoop;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

@Command(
    name = "deploy",
    description = {
      "Bring an environment into its accounts, AWS and Snowflake.",
      "Integrations, stacks with the trust of roles and topic, tables and pipes, check. What it",
      "learns of Snowflake it writes into cdk.context.json, for deployments without it. Each step",
      "looks first whether it is done, so the command may be run again at any point. AWS is found",
      "as any AWS tool finds it, Snowflake as the command 'snowflake' does."
    })
final class DeployCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();

  @Option(names = "--dry-run", description = "Say what it would do; changes nothing.")
  boolean dryRun;

  @Option(
      names = "--stacks",
      paramLabel = "NAME",
      split = ",",
      description = "Only these stacks, without what they depend on (default: all).")
  List<String> stacks = new ArrayList<>();

  @Override
  public Integer call() {
    if (main.environment.equals(LocalRun.LOCAL)) {
      throw new SetupFailure(
          "name an environment of cdk.json: ./millrace deploy --env dev (the laptop has 'up')");
    }
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    checkout.requirePython();
    SnowflakeProgram program =
        SnowflakeProgram.ofAccount(checkout, main.environment, System.getenv());
    DataPlace place =
        DataPlace.ofAccount(checkout.home().resolve("cdk.json"), main.environment, System.getenv());
    Path assembly = Synthesis.folder(checkout, main.environment);
    try (CloudFormationClient cloudFormation = cloudFormation(place)) {
      Names names = Names.of(main.environment);
      var aws =
          new CdkStacks(
              checkout,
              names,
              assembly,
              new LearntContext(checkout.home(), names),
              trust -> synthesize(checkout, assembly, names, trust),
              stacks,
              System.getenv(),
              cloudFormation);
      boolean good =
          new TrustLoop(
                  new SnowflakeAccount(program),
                  aws,
                  program.variables(),
                  Progress.elapsed(System.err, System::nanoTime))
              .run(dryRun);
      return good ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
    }
  }

  private void synthesize(Checkout checkout, Path assembly, Names names, Trust trust) {
    try {
      int code =
          new Synthesis(checkout)
              .run(
                  main.environment,
                  assembly,
                  Map.of(LearntContext.keyOf(names), LearntContext.valueOf(trust).toString()));
      if (code != FailureSentence.GOOD) {
        throw new SetupFailure("the templates cannot be written, see above");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupFailure("interrupted", e);
    }
  }

  private static CloudFormationClient cloudFormation(DataPlace place) {
    var builder =
        CloudFormationClient.builder()
            .region(Region.of(place.region()))
            .httpClient(UrlConnectionHttpClient.create());
    @Nullable String endpoint = System.getenv(EnvironmentKeys.ENDPOINT);
    return endpoint == null || endpoint.isBlank()
        ? builder.build()
        : builder.endpointOverride(URI.create(endpoint)).build();
  }
}
