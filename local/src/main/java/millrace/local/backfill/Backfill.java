package millrace.local.backfill;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import millrace.core.batch.PackerLimits;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.backfill.BackfillState.Range;
import millrace.local.backfill.BackfillState.Watermark;
import millrace.local.backfill.SourceTable.KeyRange;
import millrace.local.backfill.SourceTable.PageLimits;
import millrace.local.backfill.SourceTable.Position;
import millrace.local.backfill.SourceTable.SourceRow;
import org.jspecify.annotations.Nullable;

/**
 * Sends all rows of a table, then what changed meanwhile until nothing is newer. Ranges of keys
 * travel side by side; within a range a row is recorded as sent after the queue has accepted it and
 * everything before it, so that a run which dies at any point goes on without a gap.
 */
public final class Backfill {
  /** Cut finer than there are workers, so that the last range does not run alone for long. */
  private static final int RANGES_PER_WORKER = 4;

  private static final int MISMATCHES = 20;

  private final RowMapping mapping;
  private final Duration lookBack;
  private final SourceTable table;
  private final BatchSender sender;
  private final Ledger ledger;
  private final Settings settings;
  private final Throttle throttle;
  private final ProgressBar bar;
  private final InstantSource clock;

  private final ConcurrentLinkedQueue<String> mismatches = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Guarded by this. */
  private @Nullable BackfillState state;

  /**
   * How it is done; none of it changes what is sent.
   *
   * @param parallel workers, each with a connection of its own
   * @param page of one statement
   * @param packer of each worker
   * @param passes most passes over what changed, in one run: a table that never rests would never
   *     end
   */
  public record Settings(int parallel, PageLimits page, PackerLimits packer, int passes) {
    /** Pages of a few MiB, batches as the consumer packs them. */
    public static Settings of(int parallel) {
      return new Settings(
          parallel,
          new PageLimits(2_000, 8L << 20),
          new PackerLimits(
              PackerLimits.DEFAULT_BYTES,
              10_000,
              Duration.ofSeconds(30),
              2L * PackerLimits.DEFAULT_BYTES,
              20_000),
          20);
    }
  }

  /**
   * What came of it.
   *
   * @param state as it was recorded last
   * @param mismatches the first rows that their contract could not hold, in words
   */
  public record Result(BackfillState state, List<String> mismatches) {}

  /**
   * What would be sent.
   *
   * @param ranges how many the table is cut into
   * @param rows that were read and tried: the first page of each range
   * @param mismatches those of them that their contract could not hold, in words
   */
  public record Preview(int ranges, long rows, List<String> mismatches) {}

  public Backfill(
      RowMapping mapping,
      Duration lookBack,
      SourceTable table,
      BatchSender sender,
      Ledger ledger,
      Settings settings,
      Throttle throttle,
      ProgressBar bar,
      InstantSource clock) {
    this.mapping = mapping;
    this.lookBack = lookBack;
    this.table = table;
    this.sender = sender;
    this.ledger = ledger;
    this.settings = settings;
    this.throttle = throttle;
    this.bar = bar;
    this.clock = clock;
  }

  /**
   * @param place what is sent where, by words that the state keeps, beside what the mapping says
   * @param resume goes on where an earlier run stopped; of a finished one, with what changed since
   * @throws SetupFailure when there is nothing to go on with, or something else, or when a run was
   *     begun and not finished and this is not to go on with it
   */
  public Result run(Map<String, String> place, boolean resume) throws InterruptedException {
    begin(subject(place), resume);
    sendTable();
    if (current().watermark() != null) {
      sendChanges();
    }
    change(BackfillState::finished);
    return new Result(current(), List.copyOf(mismatches));
  }

  /** Reads a little of everything and sends nothing. */
  public Preview preview() {
    List<KeyRange> ranges = cut(table.borders(settings.parallel() * RANGES_PER_WORKER));
    var events = new RowEvents(mapping);
    long rows = 0;
    try (SourceTable.Reader reader = table.open()) {
      for (KeyRange range : ranges) {
        for (SourceRow row : reader.rows(range, null, settings.page()).rows()) {
          rows++;
          events.of(row, clock.instant()).mismatch().ifPresent(this::note);
        }
      }
    }
    return new Preview(ranges.size(), rows, List.copyOf(mismatches));
  }

  private Map<String, String> subject(Map<String, String> place) {
    var subject = new TreeMap<>(place);
    subject.put("table", mapping.selection().table().name());
    subject.put("type", mapping.contract().type());
    subject.put("source", mapping.source());
    subject.put("key", String.join(", ", mapping.selection().key()));
    @Nullable String watermark = mapping.selection().watermark();
    subject.put("watermark", watermark == null ? "none" : watermark);
    subject.put("versioned", Boolean.toString(mapping.versioned() != null));
    mapping.columns().forEach((field, column) -> subject.put("field " + field, column));
    return subject;
  }

  /** What is to be done is recorded before any of it is done. */
  private void begin(Map<String, String> subject, boolean resume) {
    Optional<BackfillState> before = ledger.read();
    if (resume) {
      BackfillState found =
          before.orElseThrow(
              () ->
                  new SetupFailure(
                      "there is nothing to resume, since "
                          + ledger.place()
                          + " is not there: begin without --resume"));
      refuseOther(found.subject(), subject);
      state = found;
      return;
    }
    if (before.isPresent() && !before.get().isFinished()) {
      throw new SetupFailure(
          "a backfill of "
              + before.get().subject().get("table")
              + " was begun and not finished: go on with --resume, or remove "
              + ledger.place()
              + " to begin again");
    }
    // before the first row is read: what changes from here on is read again
    Optional<Instant> newest =
        mapping.selection().watermark() == null ? Optional.empty() : table.newest();
    List<Range> ranges =
        cut(table.borders(settings.parallel() * RANGES_PER_WORKER)).stream()
            .map(keys -> new Range(keys, null, false))
            .toList();
    state =
        new BackfillState(
            subject,
            clock.instant(),
            ranges,
            mapping.selection().watermark() == null
                ? null
                : new Watermark(newest.orElse(null), 0, null, null, false),
            0,
            0,
            0,
            false);
    ledger.write(current());
  }

  private void refuseOther(Map<String, String> found, Map<String, String> asked) {
    var names = new TreeSet<>(found.keySet());
    names.addAll(asked.keySet());
    var differences = new ArrayList<String>();
    for (String name : names) {
      String was = found.getOrDefault(name, "nothing");
      String is = asked.getOrDefault(name, "nothing");
      if (!was.equals(is)) {
        differences.add(name + " was " + was + " and is " + is);
      }
    }
    if (!differences.isEmpty()) {
      throw new SetupFailure(
          "this is not the backfill that "
              + ledger.place()
              + " recorded:\n  "
              + String.join("\n  ", differences));
    }
  }

  /** The first and the last range have no bound: rows come in behind the borders too. */
  private static List<KeyRange> cut(List<List<String>> borders) {
    var ranges = new ArrayList<KeyRange>();
    @Nullable List<String> from = null;
    for (List<String> border : borders) {
      ranges.add(new KeyRange(from, border));
      from = border;
    }
    ranges.add(new KeyRange(from, null));
    return ranges;
  }

  private void sendTable() throws InterruptedException {
    List<Range> ranges = current().ranges();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      if (!ranges.get(i).isDone()) {
        open.add(i);
      }
    }
    if (open.isEmpty()) {
      return;
    }
    bar.begin("table", current().rows(), mapping.selection().table().rows());
    var running = new CountDownLatch(open.size());
    try (ExecutorService workers = Executors.newFixedThreadPool(settings.parallel())) {
      for (int range : open) {
        workers.execute(
            () -> {
              try {
                sendRange(range);
              } catch (Throwable fault) {
                // the first one ends all; later ones follow from it
                failure.compareAndSet(null, fault);
              } finally {
                running.countDown();
              }
            });
      }
      running.await();
    }
    bar.end();
    rethrow();
  }

  private void sendRange(int number) throws InterruptedException {
    Range range = current().ranges().get(number);
    if (failure.get() != null) {
      return;
    }
    try (SourceTable.Reader reader = table.open()) {
      Lane lane =
          lane(
              position -> reader.rows(range.keys(), key(position), settings.page()),
              accepted ->
                  change(
                      s -> {
                        Range r = s.ranges().get(number);
                        return accepted
                            .count(s)
                            .with(number, new Range(r.keys(), accepted.last().key(), false));
                      }));
      @Nullable List<String> after = range.after();
      if (lane.send(after == null ? null : new Position(null, after))) {
        change(
            s -> {
              Range r = s.ranges().get(number);
              return s.with(number, new Range(r.keys(), r.after(), true));
            });
      }
    }
  }

  private static @Nullable List<String> key(@Nullable Position position) {
    return position == null ? null : position.key();
  }

  /** Passes over what changed, each from where the one before ended, less the look-back. */
  private void sendChanges() throws InterruptedException {
    for (int pass = 1; pass <= settings.passes(); pass++) {
      if (watermark(current()).target() == null) {
        Instant target = table.newest().orElse(null);
        change(s -> s.with(watermark(s).begin(target)));
      }
      Watermark now = watermark(current());
      @Nullable Instant reached = now.reached();
      @Nullable Instant since = reached == null ? null : reached.minus(lookBack);
      bar.begin("changes " + (now.passes() + 1), 0, -1);
      try (SourceTable.Reader reader = table.open()) {
        lane(
                position -> reader.changed(since, position, settings.page()),
                accepted -> change(s -> accepted.count(s).with(watermark(s).at(accepted.last()))))
            .send(now.after());
      }
      bar.end();
      @Nullable Instant target = now.target();
      boolean nothingNew = target == null || (reached != null && !target.isAfter(reached));
      change(s -> s.with(watermark(s).end(nothingNew)));
      if (nothingNew) {
        return;
      }
    }
  }

  private Lane lane(Lane.Pages pages, Consumer<Lane.Accepted> record) {
    return new Lane(
        pages,
        record,
        new Lane.Surroundings(
            mapping,
            sender,
            settings.packer(),
            throttle,
            bar,
            clock,
            this::note,
            () -> failure.get() != null));
  }

  private static Watermark watermark(BackfillState state) {
    Watermark watermark = state.watermark();
    if (watermark == null) {
      throw new IllegalStateException("the table is read without a watermark");
    }
    return watermark;
  }

  private synchronized BackfillState current() {
    if (state == null) {
      throw new IllegalStateException("not begun");
    }
    return state;
  }

  /** Recorded before it counts. */
  private synchronized void change(UnaryOperator<BackfillState> step) {
    BackfillState next = step.apply(current());
    ledger.write(next);
    state = next;
  }

  private void note(String mismatch) {
    if (mismatches.size() < MISMATCHES && !mismatches.contains(mismatch)) {
      mismatches.add(mismatch);
    }
  }

  private void rethrow() throws InterruptedException {
    switch (failure.get()) {
      case null -> {}
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException fault -> throw fault;
      case Error fault -> throw fault;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }
}
