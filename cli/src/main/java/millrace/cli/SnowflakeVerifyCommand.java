package millrace.cli;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import millrace.aws.S3ObjectStore;
import millrace.core.contract.ContractSet;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.services.s3.S3Client;

@Command(
    name = "verify",
    description = {
      "Load golden files of every type and format and compare each value.",
      "Through pipes and tables of their own, in the schema VERIFY, which go afterwards."
    })
final class SnowflakeVerifyCommand implements Callable<Integer> {
  @ParentCommand SnowflakeCommand snowflake = new SnowflakeCommand();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description = "How long the files may take to be loaded (default: ${DEFAULT-VALUE}).")
  int patience = 300;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    Progress progress = Progress.elapsed(System.err, System::nanoTime);
    SnowflakeProgram program = snowflake.program();
    DataPlace place = LocalRun.data(snowflake.main, progress);
    try (S3Client s3 = place.clients().s3()) {
      return new Verification(
              program,
              new S3ObjectStore(s3, place.bucket()),
              key -> s3.deleteObject(request -> request.bucket(place.bucket()).key(key)),
              progress)
          .run(
              ContractSet.builtIn(),
              UUID.randomUUID().toString(),
              Duration.ofSeconds(patience),
              json ? List.of("--json") : List.of());
    }
  }
}
