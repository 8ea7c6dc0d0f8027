package millrace.cli;

import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import millrace.aws.S3ObjectStore;
import millrace.core.names.Names;
import millrace.local.aws.EmulatorClients;
import millrace.local.replay.Renotify;
import millrace.local.state.Endpoints;
import millrace.local.warehouse.WarehouseClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

@Command(
    name = "renotify",
    description = {
      "Announce files again that the load history does not have, as S3 announced them first.",
      "A pipe loads no path twice."
    })
final class RenotifyCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "Only files whose keys begin so (default: all of events/ and failed/).")
  String prefix = "";

  @Option(names = "--all", description = "Also files that the load history has.")
  boolean all;

  @Option(names = "--dry-run", description = "Only say which files would be announced.")
  boolean dryRun;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "renotify", "not there yet");
    Endpoints endpoints = run.kept();
    String database = Names.of(endpoints.environment()).database();
    var clients = EmulatorClients.of(endpoints);
    try (S3Client s3 = clients.s3();
        SnsClient sns = clients.sns();
        WarehouseClient warehouse =
            new WarehouseClient(URI.create(endpoints.warehouseUrl()), database, "AUDIT")) {
      Renotify.Sent sent =
          new Renotify(
                  new S3ObjectStore(s3, endpoints.bucket()),
                  warehouse,
                  database,
                  Renotify.Announcer.of(
                      sns,
                      endpoints.topicArn(),
                      endpoints.bucket(),
                      endpoints.region(),
                      InstantSource.system()),
                  run.progress())
              .send(prefix, all, dryRun);
      var out = spec.commandLine().getOut();
      if (dryRun) {
        sent.files().forEach(out::println);
      }
      out.println(
          (dryRun ? "would announce " : "announced ")
              + sent.files().size()
              + " files; the load history has "
              + sent.known());
      return FailureSentence.GOOD;
    }
  }
}
