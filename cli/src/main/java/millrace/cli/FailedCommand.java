package millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.core.failed.FailureClass;
import millrace.core.names.Names;
import millrace.event.v1.Event;
import millrace.local.state.StateName;
import millrace.local.text.TextTable;
import millrace.local.trace.FailedEventList;
import millrace.local.trace.FailedEventList.Failed;
import millrace.local.trace.FailedEventList.Filter;
import millrace.local.trace.ObjectFolder;
import millrace.local.trace.StoredFrames;
import millrace.local.warehouse.WarehouseAccess;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
    name = "failed",
    description = "Events that could not become rows: which, why, and their bytes.",
    subcommands = {FailedCommand.ListCommand.class, FailedCommand.ShowCommand.class})
final class FailedCommand implements Runnable {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--state",
      paramLabel = "RUN",
      scope = ScopeType.INHERIT,
      description = "Data of which run: demo or up (default: the running one, else the last).")
  @Nullable StateName state;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: list or show");
  }

  private LocalRun local() {
    return LocalRun.of(main, "failed", "query raw.failed_events");
  }

  private static FailedEventList events(WarehouseAccess access, WarehouseClient client) {
    return new FailedEventList(client, Names.of(access.environment()).database());
  }

  @Command(name = "list", description = "List failed events, the newest first.")
  static final class ListCommand implements Callable<Integer> {
    @ParentCommand FailedCommand failed = new FailedCommand();
    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--class",
        paramLabel = "CLASS",
        description = "Only this class: ${COMPLETION-CANDIDATES}.")
    @Nullable FailureClass failureClass;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only this source.")
    @Nullable String source;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most so many (default: ${DEFAULT-VALUE}).")
    int limit = 50;

    @Override
    public Integer call() {
      var filter =
          new Filter(
              Optional.ofNullable(failureClass), Optional.ofNullable(source), Optional.empty());
      try (WarehouseAccess access = failed.local().warehouse(Optional.ofNullable(failed.state));
          WarehouseClient client = access.client("RAW")) {
        FailedEventList events = events(access, client);
        List<List<String>> rows = new ArrayList<>();
        for (Failed each : events.list(filter, limit)) {
          rows.add(
              List.of(
                  each.failureClass(),
                  each.eventId(),
                  each.type(),
                  each.receivedAt(),
                  each.reason()));
        }
        var out = spec.commandLine().getOut();
        long all = events.count(filter);
        if (all == 0) {
          out.println("no failed events");
          return FailureSentence.GOOD;
        }
        new TextTable("class", "event id", "type", "received", "reason")
            .ruled()
            .rows(rows)
            .print(out);
        out.println();
        out.println(
            (all > rows.size() ? rows.size() + " of " + all : all)
                + " failed events; ./millrace failed show EVENT_ID says more");
        return FailureSentence.GOOD;
      }
    }
  }

  @Command(name = "show", description = "Show one failed event, with --payload its bytes too.")
  static final class ShowCommand implements Callable<Integer> {
    @ParentCommand FailedCommand failed = new FailedCommand();
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(
        paramLabel = "EVENT_ID",
        description = "Identity, as ./millrace failed list shows it.")
    String eventId = "";

    @Option(
        names = "--payload",
        description =
            "The bytes too: as JSON where they can be read, else as hex. May be personal.")
    boolean payload;

    @Override
    public Integer call() {
      var filter = new Filter(Optional.empty(), Optional.empty(), Optional.of(eventId));
      LocalRun run = failed.local();
      try (WarehouseAccess access = run.warehouse(Optional.ofNullable(failed.state));
          WarehouseClient client = access.client("RAW")) {
        List<Failed> found = events(access, client).list(filter, 20);
        if (found.isEmpty()) {
          spec.commandLine().getErr().println("millrace: no failed event '" + eventId + "'");
          return FailureSentence.BAD_RESULT;
        }
        ObjectFolder bucket = LocalContracts.bucket(run.checkout(), Optional.of(access.state()));
        for (Failed each : found) {
          print(each);
        }
        if (payload) {
          print(found.getFirst(), bucket);
        }
        return FailureSentence.GOOD;
      }
    }

    private void print(Failed event) {
      var out = spec.commandLine().getOut();
      new TextTable("column", "value")
          .ruled()
          .rows(
              List.of(
                  List.of("_event_id", event.eventId()),
                  List.of("_id_origin", event.idOrigin()),
                  List.of("_source", event.source()),
                  List.of("_type", event.type()),
                  List.of("_received_at", event.receivedAt()),
                  List.of("_batch_id", event.batchId()),
                  List.of("_batch_row", event.batchRow()),
                  List.of("class", event.failureClass()),
                  List.of("reason", event.reason()),
                  List.of("quarantine_key", event.quarantineKey()),
                  List.of("quarantine_row", Integer.toString(event.row())),
                  List.of("_file", event.file()),
                  List.of("_loaded_at", event.loadedAt())))
          .print(out);
      out.println();
    }

    private void print(Failed event, ObjectFolder bucket) {
      var out = spec.commandLine().getOut();
      Optional<Event> stored = new StoredFrames(bucket).event(event.quarantineKey(), event.row());
      out.print(
          stored
              .map(each -> FailedEventList.payload(each, LocalContracts.of(bucket)))
              .orElse("its bytes are no longer in quarantine\n"));
      out.flush();
    }
  }
}
