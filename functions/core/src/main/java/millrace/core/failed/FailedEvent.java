package millrace.core.failed;

import java.time.Instant;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.jspecify.annotations.Nullable;

/**
 * An event that cannot become a row.
 *
 * @param eventId identity as far as it is known
 * @param idOrigin where {@code eventId} comes from; unspecified when there is none
 * @param source source of the batch
 * @param type type as stated by the transport; null when it stated none
 * @param batchId batch that carried it
 * @param batchRow position in the batch, from 0
 * @param receivedAt when the pipeline received it; null for an unreadable batch
 * @param failureClass why
 * @param reason the same for a person: one sentence without payload values, which may be personal
 * @param event what goes to quarantine, unchanged
 */
public record FailedEvent(
    @Nullable String eventId,
    IdOrigin idOrigin,
    String source,
    @Nullable String type,
    String batchId,
    int batchRow,
    @Nullable Instant receivedAt,
    FailureClass failureClass,
    String reason,
    Event event) {}
