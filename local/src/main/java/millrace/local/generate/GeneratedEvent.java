package millrace.local.generate;

import java.util.Optional;
import millrace.core.failed.FailureClass;
import millrace.local.publish.OutgoingEvent;

/**
 * One message to publish.
 *
 * @param event what goes to the broker
 * @param failure how it has to fail; empty when it has to become a row
 * @param isRepeat whether the same event was published before
 */
public record GeneratedEvent(
    OutgoingEvent event, Optional<FailureClass> failure, boolean isRepeat) {}
