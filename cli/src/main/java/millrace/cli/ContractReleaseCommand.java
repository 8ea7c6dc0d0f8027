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
import millrace.derive.source.ContractTree;
import millrace.local.aws.EmulatorClients;
import millrace.local.release.ContractRelease;
import millrace.local.release.ContractRelease.Released;
import millrace.local.release.RunningWarehouse;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Endpoints;
import millrace.local.state.StateName;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.s3.S3Client;

@Command(
    name = "release",
    description = {
      "Make contracts active: migrations, a check of every table and pipe, the set, the pointer.",
      "May be run again at any point. The writer follows within its refresh time; replay what had",
      "failed as UNKNOWN_TYPE."
    })
final class ContractReleaseCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description =
          "Descriptor set with imports and comments, as buf build writes it (default: the"
              + " contracts of this checkout).")
  @Nullable Path file;

  @Option(
      names = "--record",
      description =
          "Write the set to proto/released/contracts.binpb afterwards: the next plan compares with"
              + " it. Commit it.")
  boolean record;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(contract.main, "contract release", "not there yet");
    Endpoints endpoints = run.kept();
    ContractTree tree = contract.tree();
    ContractSet contracts = read(tree, run.checkout().invokedFrom());
    String database = Names.of(endpoints.environment()).database();
    EmulatorClients clients = EmulatorClients.of(endpoints);
    try (S3Client s3 = clients.s3();
        WarehouseClient client =
            new WarehouseClient(URI.create(endpoints.warehouseUrl()), database, "RAW")) {
      var warehouse =
          new RunningWarehouse(
              run.checkout(),
              tree.migrations(),
              endpoints,
              client,
              database,
              run.checkout().state(StateName.UP).resolve("logs/release-migrations.log"));
      Released released =
          new ContractRelease(new S3ObjectStore(s3, endpoints.bucket()), warehouse, run.progress())
              .release(contracts);
      run.running().ifPresent(RunningPipeline::contractsReleased);
      if (record) {
        tree.record(contracts);
      }
      spec.commandLine().getOut().println(sentence(released));
      return FailureSentence.GOOD;
    }
  }

  private static String sentence(Released released) {
    return "active: "
        + released.digest()
        + (released.added().isEmpty() ? "" : ", new: " + String.join(", ", released.added()))
        + (released.changed().isEmpty()
            ? ""
            : ", changed: " + String.join(", ", released.changed()))
        + (released.added().isEmpty() && released.changed().isEmpty() ? ", nothing new" : "");
  }

  private ContractSet read(ContractTree tree, Path folder) {
    @Nullable Path given = file;
    if (given == null) {
      return tree.candidate();
    }
    try {
      return ContractSet.parse(Files.readAllBytes(folder.resolve(given)));
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + given + ": " + e.getMessage(), e);
    }
  }
}
