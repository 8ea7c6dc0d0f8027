package millrace.cli;

import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Callable;
import millrace.aws.S3ObjectStore;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
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
      "A pipe loads no path twice.",
      "In an account (--env) with --all only: what was loaded Snowflake knows, and its own",
      "'alter pipe raw.PIPE refresh' finds the files of the last seven days."
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
    boolean local = main.environment.equals(LocalRun.LOCAL);
    if (!local && !all) {
      throw new SetupFailure(
          "what a pipe has loaded only Snowflake knows: 'alter pipe raw.PIPE refresh' there finds the"
              + " files of the last seven days by itself; for older ones say --all, and --prefix");
    }
    Progress progress = Progress.elapsed(System.err, System::nanoTime);
    DataPlace place = LocalRun.data(main, progress);
    try (S3Client s3 = place.clients().s3();
        SnsClient sns = place.clients().sns()) {
      Renotify.Sent sent =
          new Renotify(
                  new S3ObjectStore(s3, place.bucket()),
                  local ? this::loaded : Set::of,
                  Renotify.Announcer.of(
                      sns,
                      place.topicArn(),
                      place.bucket(),
                      place.region(),
                      InstantSource.system()),
                  progress)
              .send(prefix, all, dryRun);
      var out = spec.commandLine().getOut();
      if (dryRun) {
        sent.files().forEach(out::println);
      }
      out.println(
          (dryRun ? "would announce " : "announced ")
              + sent.files().size()
              + " files"
              + (local ? "; the load history has " + sent.known() : ""));
      return FailureSentence.GOOD;
    }
  }

  /** What the run's own warehouse has loaded. */
  private Set<String> loaded() {
    Endpoints endpoints = LocalRun.of(main, "renotify", "").kept();
    String database = Names.of(endpoints.environment()).database();
    try (WarehouseClient warehouse =
        new WarehouseClient(URI.create(endpoints.warehouseUrl()), database, "AUDIT")) {
      return Renotify.loaded(warehouse, database);
    }
  }
}
