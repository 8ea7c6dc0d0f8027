package millrace.local.replay;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStore.Listed;
import millrace.local.Progress;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Announces files again that a pipe missed. A pipe knows the paths it has loaded, so nothing is
 * loaded twice.
 */
public final class Renotify {
  private static final int PAGE = 10_000;

  private final ObjectStore store;
  private final Supplier<Set<String>> loaded;
  private final Announcer announcer;
  private final Progress progress;

  /** Tells the pipes of a file. */
  @FunctionalInterface
  public interface Announcer {
    void announce(Listed file);

    /** By the topic that S3 announces on. */
    static Announcer of(
        SnsClient sns, String topicArn, String bucket, String region, InstantSource clock) {
      return file -> {
        try {
          String notice = FileNotices.of(bucket, region, file, clock.instant());
          sns.publish(request -> request.topicArn(topicArn).message(notice));
        } catch (SdkException e) {
          throw new EnvironmentFailure("the topic took no notice: " + e.getMessage(), e);
        }
      };
    }
  }

  /**
   * @param loaded keys that the load history has; asked anew by each {@link #send}
   */
  public Renotify(
      ObjectStore store, Supplier<Set<String>> loaded, Announcer announcer, Progress progress) {
    this.store = store;
    this.loaded = loaded;
    this.announcer = announcer;
    this.progress = progress;
  }

  /**
   * @param files keys that were, or would be, announced
   * @param known files that the load history has
   */
  public record Sent(List<String> files, long known) {}

  /**
   * @param prefix of the keys to look at; empty for all files that pipes take
   * @param all also those that the load history has
   * @param dryRun only looks
   */
  public Sent send(String prefix, boolean all, boolean dryRun) {
    Set<String> known = loaded.get();
    var announced = new ArrayList<String>();
    long met = 0;
    for (String folder : List.of(ObjectKeys.EVENTS, ObjectKeys.FAILED)) {
      if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) {
        continue;
      }
      try (Stream<Listed> files = store.list(prefix.startsWith(folder) ? prefix : folder)) {
        for (Listed file : (Iterable<Listed>) files::iterator) {
          boolean isKnown = known.contains(file.key());
          met += isKnown ? 1 : 0;
          if (all || !isKnown) {
            if (!dryRun) {
              announcer.announce(file);
            }
            announced.add(file.key());
            if (announced.size() % 500 == 0) {
              progress.say(announced.size() + " files announced");
            }
          }
        }
      }
    }
    return new Sent(announced, met);
  }

  /** The keys that the load history of a warehouse has. */
  public static Set<String> loaded(WarehouseClient warehouse, String database) {
    var known = new HashSet<String>();
    String after = "";
    while (true) {
      QueryResult page =
          warehouse.query(
              "select file from "
                  + EventTables.loadHistory(database)
                  // one that was begun and whose notice is lost would never be finished
                  + " where status <> 'LOADING' and file > "
                  + EventTables.literal(after)
                  + " group by file order by file limit "
                  + PAGE);
      for (var row : page.rows()) {
        after = String.valueOf(row.getFirst());
        known.add(after);
      }
      if (page.rows().size() < PAGE) {
        return known;
      }
    }
  }
}
