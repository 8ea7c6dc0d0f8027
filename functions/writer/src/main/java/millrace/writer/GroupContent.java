package millrace.writer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.core.batch.Batch;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailedEventColumns;
import millrace.core.failed.FailureClass;
import millrace.core.file.FileId;
import millrace.core.file.ObjectKeys;
import millrace.core.row.Row;
import millrace.core.row.RowReader;
import millrace.core.treat.SubjectKey;
import millrace.core.treat.SubjectKeys;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/**
 * What the objects of a group will hold: each event is a row, or a failed event, or both a row and
 * quarantined.
 */
final class GroupContent {
  private final FileId id;
  private final String quarantineKey;
  private final TreeMap<String, List<Row>> rowsByType = new TreeMap<>();
  private final List<Batch> archived = new ArrayList<>();
  private final List<Batch> quarantined = new ArrayList<>();
  private final List<@Nullable Object[]> failedRows = new ArrayList<>();
  private final Map<FailureClass, Integer> failedByClass = new EnumMap<>(FailureClass.class);
  private final Map<FailureClass, FailedEvent> firstFailed = new EnumMap<>(FailureClass.class);
  private int quarantinedEvents;

  private GroupContent(Group group, FileId id) {
    this.id = id;
    this.quarantineKey = ObjectKeys.quarantine(group.day(), id);
  }

  /** The persons of all events are asked for at once: a call for each would take minutes. */
  static GroupContent read(Group group, FileId id, RowReader reader, SubjectKeys subjectKeys) {
    var content = new GroupContent(group, id);
    var subjects = new HashSet<String>();
    for (Delivery delivery : group.deliveries()) {
      if (delivery instanceof Delivery.Readable readable) {
        readable.batch().events().forEach(event -> subjects.addAll(reader.subjects(event)));
      }
    }
    Map<String, SubjectKey> keys = subjectKeys.of(subjects);
    for (Delivery delivery : group.deliveries()) {
      switch (delivery) {
        case Delivery.Readable readable -> content.readEvents(readable.batch(), reader, keys);
        case Delivery.Unreadable unreadable -> {
          content.fail(unreadable.failedEvent());
          content.quarantined.add(unreadable.batch());
        }
      }
    }
    return content;
  }

  private void readEvents(Batch batch, RowReader reader, Map<String, SubjectKey> keys) {
    var toArchive = new ArrayList<Event>();
    var toQuarantine = new ArrayList<Event>();
    for (int i = 0; i < batch.events().size(); i++) {
      switch (reader.read(batch.events().get(i), batch.header().getBatchId(), i, keys)) {
        case RowReader.Reading.Accepted accepted -> {
          Row row = accepted.row();
          if (accepted.quarantined() != null) {
            row = row.withUnknownFields(quarantineKey + "#" + quarantinedEvents++);
            toQuarantine.add(accepted.quarantined());
          }
          rowsByType
              .computeIfAbsent(row.schema().contract().type(), type -> new ArrayList<>())
              .add(row);
          toArchive.add(accepted.archived());
        }
        case RowReader.Reading.Refused refused -> {
          fail(refused.failed());
          toQuarantine.add(refused.failed().event());
        }
      }
    }
    addFrame(quarantined, batch, toQuarantine);
    if (!batch.isReplayed()) {
      addFrame(archived, batch, toArchive);
    }
  }

  private void fail(FailedEvent failed) {
    failedRows.add(FailedEventColumns.values(failed, quarantineKey, quarantinedEvents++));
    failedByClass.merge(failed.failureClass(), 1, Integer::sum);
    firstFailed.putIfAbsent(failed.failureClass(), failed);
  }

  private static void addFrame(List<Batch> frames, Batch batch, List<Event> events) {
    if (!events.isEmpty()) {
      frames.add(new Batch(batch.header().toBuilder().setCount(events.size()).build(), events));
    }
  }

  FileId id() {
    return id;
  }

  String quarantineKey() {
    return quarantineKey;
  }

  /** Rows by type, each in the order of batch id and position. */
  Map<String, List<Row>> rowsByType() {
    return rowsByType;
  }

  /** Frames of the accepted events; none for replayed batches. */
  List<Batch> archived() {
    return archived;
  }

  /** Frames of what has to be kept as received. */
  List<Batch> quarantined() {
    return quarantined;
  }

  int quarantinedEvents() {
    return quarantinedEvents;
  }

  /** Rows of raw.failed_events. */
  List<@Nullable Object[]> failedRows() {
    return failedRows;
  }

  Map<FailureClass, Integer> failedByClass() {
    return failedByClass;
  }

  /** The first of each class, in the order of batch id and position. */
  Map<FailureClass, FailedEvent> firstFailed() {
    return firstFailed;
  }
}
