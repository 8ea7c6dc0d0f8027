package millrace.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import millrace.aws.S3ObjectStore;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.aws.EmulatorClients;
import millrace.local.release.ContractRelease;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Endpoints;
import millrace.local.state.StateName;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.s3.S3Client;

@Command(
    name = "release",
    description = {
      "Make contracts active: table and pipe of each new type, a check, the set, the pointer.",
      "The writer follows within its refresh time; replay what had failed as UNKNOWN_TYPE."
    })
final class ContractReleaseCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description =
          "Descriptor set with imports, as protoc --include_imports writes it (default: the"
              + " contracts of this checkout).")
  @Nullable Path file;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(contract.main, "contract release", "not there yet");
    Endpoints endpoints =
        RunningPipeline.in(run.checkout().state(StateName.UP))
            .map(RunningPipeline::endpoints)
            .orElseThrow(() -> new SetupFailure("nothing runs: start it with ./millrace up"));
    ContractSet contracts = read(run.checkout().invokedFrom());
    String database = Names.of(endpoints.environment()).database();
    var clients =
        new EmulatorClients(
            URI.create(endpoints.awsEndpoint()), endpoints.region(), endpoints.account());
    try (S3Client s3 = clients.s3();
        WarehouseClient warehouse =
            new WarehouseClient(URI.create(endpoints.warehouseUrl()), database, "RAW")) {
      ContractRelease.Released released =
          new ContractRelease(
                  new S3ObjectStore(s3, endpoints.bucket()),
                  warehouse,
                  database,
                  endpoints.topicArn(),
                  run.progress())
              .release(contracts);
      spec.commandLine()
          .getOut()
          .println(
              "active: "
                  + released.digest()
                  + (released.added().isEmpty()
                      ? ", no new types"
                      : ", new: " + String.join(", ", released.added())));
      return FailureSentence.GOOD;
    }
  }

  private ContractSet read(Path folder) {
    @Nullable Path given = file;
    if (given == null) {
      return contract.tree().candidate();
    }
    try {
      return ContractSet.parse(Files.readAllBytes(folder.resolve(given)));
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + given + ": " + e.getMessage(), e);
    }
  }
}
