package millrace.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import millrace.aws.S3ObjectStore;
import millrace.aws.SqsBatchQueue;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.core.file.ObjectStore;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
import millrace.local.backfill.Backfill;
import millrace.local.backfill.Backfill.Settings;
import millrace.local.backfill.BackfillRequest;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.BatchSender;
import millrace.local.backfill.ProgressBar;
import millrace.local.backfill.RowMapping;
import millrace.local.backfill.StateFile;
import millrace.local.backfill.Throttle;
import millrace.local.backfill.postgres.PostgresDatabase;
import millrace.local.state.Checkout;
import millrace.local.state.StateName;
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
    name = "backfill",
    description = {
      "Send the rows of a PostgreSQL table through the pipeline, as events of a contract.",
      "Columns become the fields of the same name. It may be ended at any point and resumed: rows",
      "may come twice, and the models keep one of each event.",
      "In an account (--env) it takes the credentials that any AWS tool finds."
    })
final class BackfillCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--jdbc",
      paramLabel = "URL",
      required = true,
      description =
          "Such as jdbc:postgresql://db.example:5432/shop?user=reader; the password is "
              + "best kept in ~/.pgpass.")
  String jdbc = "";

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "Table, with its schema where that is not public.")
  String table = "";

  @Option(
      names = "--as",
      paramLabel = "TYPE",
      required = true,
      description = "Contract that its rows follow, such as orders.v1.OrderCreated.")
  String type = "";

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "Source, where the contract takes several.")
  @Nullable String source;

  @Option(
      names = "--map",
      paramLabel = "COLUMN=FIELD",
      description =
          "Field of a column that has another name; may be given again. A field within a "
              + "message is named from above: customer.name.")
  List<String> maps = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      description = "Unique column to read by (default: the primary key).")
  @Nullable String key;

  @Option(
      names = "--watermark",
      paramLabel = "COLUMN",
      description =
          "Timestamp that every change of a row sets: rows that change meanwhile are read "
              + "again, until nothing is newer.")
  @Nullable String watermark;

  @ArgGroup HowRowsChange versions = new HowRowsChange();

  /** At most one of them. */
  static final class HowRowsChange {
    @Option(
        names = "--versioned",
        description = "Rows change: the event id gets the watermark behind it.")
    boolean versioned;

    @Option(
        names = "--append-only",
        description = "Rows never change: the event id is the producer's own.")
    boolean appendOnly;
  }

  @Option(
      names = "--look-back",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "How much is read again before a watermark; longer than any transaction that writes the "
              + "table (default: ${DEFAULT-VALUE}).")
  long lookBack;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "Connections that read side by side (default: ${DEFAULT-VALUE}).")
  int parallel;

  @Option(
      names = "--rate",
      paramLabel = "ROWS_PER_S",
      defaultValue = "0",
      description = "Most rows in a second, of all connections together (default: no bound).")
  long rate;

  @Option(names = "--resume", description = "Go on with a run that did not end.")
  boolean resume;

  @Option(names = "--dry-run", description = "Only say what would be sent, and try the first rows.")
  boolean dryRun;

  @Option(names = "--json", description = "Print the result as JSON.")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    refuseNumbers();
    var request =
        new BackfillRequest(
            table,
            type,
            source,
            maps,
            key,
            watermark,
            versions.versioned
                ? Versions.BY_WATERMARK
                : versions.appendOnly ? Versions.NEVER : Versions.NOT_SAID,
            Duration.ofSeconds(lookBack));
    DataPlace place =
        LocalRun.data(
            main, json ? Progress.silent() : Progress.elapsed(System.err, System::nanoTime));
    try (PostgresDatabase database = PostgresDatabase.connect(jdbc);
        S3Client s3 = place.clients().s3();
        SqsClient sqs = place.clients().sqs()) {
      var store = new S3ObjectStore(s3, place.bucket());
      RowMapping mapping = RowMapping.of(request, database, contracts(store));
      try (StateFile ledger = StateFile.open(stateFile(place, mapping))) {
        var backfill =
            new Backfill(
                mapping,
                request.lookBack(),
                database.table(mapping.selection()),
                new BatchSender(
                    store,
                    new SqsBatchQueue(sqs, place.queueUrl()),
                    BatchSender.patience(RandomGenerator.getDefault()),
                    Thread::sleep),
                ledger,
                Settings.of(parallel),
                new Throttle(rate, System::nanoTime, Thread::sleep),
                bar(),
                InstantSource.system());
        var text = new BackfillText(spec.commandLine().getOut(), json);
        if (dryRun) {
          return text.preview(mapping, backfill.preview());
        }
        Map<String, String> where = Map.of("database", database.name(), "bucket", place.bucket());
        return text.result(mapping, backfill.run(where, resume), ledger.place());
      }
    }
  }

  private void refuseNumbers() {
    if (parallel < 1 || parallel > 64) {
      throw new ParameterException(spec.commandLine(), "--parallel is 1 to 64");
    }
    if (rate < 0 || lookBack < 0) {
      throw new ParameterException(
          spec.commandLine(), "--rate and --look-back are not below nothing");
    }
  }

  private static ContractSet contracts(ObjectStore store) {
    return new ReleasedContracts(
            store, ContractSet.builtIn(), InstantSource.system(), Duration.ZERO)
        .active();
  }

  /**
   * With the run whose queue it fills, so that it goes with the run's data; else by environment.
   */
  private Path stateFile(DataPlace place, RowMapping mapping) {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Path folder =
        main.environment.equals(LocalRun.LOCAL)
            ? checkout.state(StateName.UP).resolve("backfill")
            : checkout.millraceFolder().resolve("backfill").resolve(place.environment());
    String name = mapping.selection().table().name() + "." + mapping.contract().type();
    return folder.resolve(name.replaceAll("[^A-Za-z0-9_.-]", "_") + ".json");
  }

  /** A line that is written over needs a terminal, and somebody who looks at it. */
  private ProgressBar bar() {
    boolean isSeen = !json && System.console() != null && System.console().isTerminal();
    return isSeen ? new ProgressBar(System.err::print, System::nanoTime) : ProgressBar.silent();
  }
}
