package millrace.core.batch;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import millrace.core.event.Times;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;

/**
 * The events of one source that one SQS message carries.
 *
 * @param header made once, by who packed the batch
 * @param events as many as the header counts, in the order received
 */
public record Batch(BatchHeader header, List<Event> events) {
  public Batch {
    events = List.copyOf(events);
    if (header.getCount() != events.size()) {
      throw new IllegalArgumentException(
          "batch "
              + header.getBatchId()
              + " counts "
              + header.getCount()
              + " events but has "
              + events.size());
    }
  }

  /** The UTC day of the sealed time: decides every folder. */
  public LocalDate day() {
    return Times.instant(header.getSealedTime()).atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** A batch that is read again from archive or quarantine. */
  public boolean isReplayed() {
    return !header.getReplayedFrom().isEmpty();
  }
}
