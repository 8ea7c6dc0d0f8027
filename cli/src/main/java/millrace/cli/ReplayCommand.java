package millrace.cli;

import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.aws.S3ObjectStore;
import millrace.aws.SqsBatchQueue;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectKeys;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
import millrace.local.replay.Replay;
import millrace.local.state.Endpoints;
import millrace.local.trace.FailedEventList;
import millrace.local.trace.FailedEventList.Filter;
import millrace.local.trace.StoredFrames;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

@Command(
    name = "replay",
    description = {
      "Send archived or failed events through the writer again.",
      "For when a contract or the code has changed. Whole objects are replayed, so that the same",
      "replay always writes the same files; the models keep one row of each event.",
      "In an account (--env) it takes the credentials that any AWS tool finds: quarantine opens for",
      "the role millrace-ENVIRONMENT-replay alone."
    })
final class ReplayCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  What what = new What();

  /** Exactly one of them. */
  static final class What {
    @Option(names = "--failed", description = "What lies in quarantine because of failed events.")
    boolean failed;

    @Option(
        names = "--archive",
        description = "What was archived; narrow it by --source and --day.")
    boolean archive;

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = "One object below archive/ or quarantine/.")
    @Nullable String key;
  }

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "With --failed: objects that hold such events: ${COMPLETION-CANDIDATES}.")
  @Nullable FailureClass failureClass;

  @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source.")
  @Nullable String source;

  @Option(
      names = "--day",
      paramLabel = "YYYY-MM-DD",
      description = "Only this UTC day of the batches; with --failed in an account only.")
  @Nullable LocalDate day;

  @Option(names = "--dry-run", description = "Only say what would be sent.")
  boolean dryRun;

  @Override
  public Integer call() {
    if (failureClass != null && !what.failed) {
      throw new ParameterException(spec.commandLine(), "--class goes with --failed");
    }
    if (day != null && !what.failed && (!what.archive || source == null)) {
      throw new ParameterException(
          spec.commandLine(), "--day goes with --archive and --source, or with --failed");
    }
    if (day != null && what.failed && main.environment.equals(LocalRun.LOCAL)) {
      throw new ParameterException(
          spec.commandLine(), "--failed goes with --day in an account only: here use --class");
    }
    boolean local = main.environment.equals(LocalRun.LOCAL);
    if (!local && (failureClass != null || what.failed && source != null)) {
      throw new SetupFailure(
          "which objects hold such events only the warehouse knows: take QUARANTINE_KEY from"
              + " raw.failed_events there and give it as --key, or replay a whole --day");
    }
    Progress progress = Progress.elapsed(System.err, System::nanoTime);
    DataPlace place = LocalRun.data(main, progress);
    try (S3Client s3 = place.clients().s3();
        SqsClient sqs = place.clients().sqs()) {
      var store = new S3ObjectStore(s3, place.bucket());
      var frames = new StoredFrames(store);
      List<String> keys =
          local && what.failed ? failedKeys(LocalRun.of(main, "replay", "").kept()) : keys(frames);
      Replay.Sent sent =
          new Replay(store, new SqsBatchQueue(sqs, place.queueUrl()), progress).send(keys, dryRun);
      spec.commandLine()
          .getOut()
          .println(
              (dryRun ? "would send " : "sent ")
                  + sent.events()
                  + " events in "
                  + sent.batches()
                  + " batches of "
                  + sent.objects()
                  + " objects");
      return FailureSentence.GOOD;
    }
  }

  private List<String> keys(StoredFrames frames) {
    @Nullable String key = what.key;
    if (key != null) {
      if (!key.startsWith(ObjectKeys.ARCHIVE) && !key.startsWith(ObjectKeys.QUARANTINE)) {
        throw new ParameterException(
            spec.commandLine(), "KEY must lie below archive/ or quarantine/");
      }
      return List.of(key);
    }
    if (what.archive) {
      return frames.keys(
          ObjectKeys.ARCHIVE + (source == null ? "" : "source=" + source + "/") + folder());
    }
    return frames.keys(ObjectKeys.QUARANTINE + folder());
  }

  private String folder() {
    return day == null
        ? ""
        : String.format(
            Locale.ROOT,
            "year=%04d/month=%02d/day=%02d/",
            day.getYear(),
            day.getMonthValue(),
            day.getDayOfMonth());
  }

  /** The run's own warehouse tells which objects hold failed events of a class. */
  private List<String> failedKeys(Endpoints endpoints) {
    Names names = Names.of(endpoints.environment());
    try (var warehouse =
        new WarehouseClient(URI.create(endpoints.warehouseUrl()), names.database(), "RAW")) {
      return new FailedEventList(warehouse, names.database())
          .quarantineKeys(
              new Filter(
                  Optional.ofNullable(failureClass),
                  Optional.ofNullable(source),
                  Optional.empty()));
    }
  }
}
