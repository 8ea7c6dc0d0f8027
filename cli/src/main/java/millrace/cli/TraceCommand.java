package millrace.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.core.names.Names;
import millrace.local.state.StateName;
import millrace.local.trace.EventTrace;
import millrace.local.trace.EventTrace.Place;
import millrace.local.trace.ObjectFolder;
import millrace.local.trace.StoredFrames;
import millrace.local.warehouse.WarehouseAccess;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "trace",
    description = {
      "Show every place where an event was: broker, batch, file, load, deduplication, marts.",
      "When nothing runs, the warehouse of the last run is started for the time."
    })
final class TraceCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "EVENT_ID", description = "Identity of the event, as in _event_id.")
  String eventId = "";

  @Option(
      names = "--state",
      paramLabel = "RUN",
      description = "Data of which run: demo or up (default: the running one, else the last).")
  @Nullable StateName state;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "trace", "query its raw tables by _event_id");
    try (WarehouseAccess access = run.warehouse(Optional.ofNullable(state));
        WarehouseClient client = access.client("MARTS")) {
      ObjectFolder bucket = LocalContracts.bucket(run.checkout(), Optional.of(access.state()));
      List<Place> places =
          new EventTrace(
                  client,
                  Names.of(access.environment()).database(),
                  LocalContracts.of(bucket).contracts(),
                  new StoredFrames(bucket))
              .of(eventId);
      if (places.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println(
                "millrace: no event '"
                    + eventId
                    + "' was loaded; it may be on its way (./millrace status), or it was published"
                    + " under another id");
        return FailureSentence.BAD_RESULT;
      }
      print(places);
      return FailureSentence.GOOD;
    }
  }

  private void print(List<Place> places) {
    var out = spec.commandLine().getOut();
    int width =
        places.stream()
            .flatMap(place -> place.facts().keySet().stream())
            .mapToInt(String::length)
            .max()
            .orElse(0);
    String before = "";
    for (Place place : places) {
      if (place.step().equals("receive") && !before.isEmpty()) {
        out.println();
      }
      boolean first = true;
      for (Map.Entry<String, String> fact : place.facts().entrySet()) {
        String step = first ? place.step() : "";
        out.println(
            step
                + " ".repeat(Math.max(1, 9 - step.length()))
                + fact.getKey()
                + " ".repeat(width - fact.getKey().length() + 2)
                + fact.getValue());
        first = false;
      }
      before = place.step();
    }
  }
}
