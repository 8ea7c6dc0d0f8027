package millrace.core.treat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The data key of a person.
 *
 * @param dataKey {@link PersonalCipher#KEY_BYTES} bytes
 * @param erasedAt when an earlier key of the person was erased; null when none was
 */
public record SubjectKey(byte[] dataKey, @Nullable Instant erasedAt) {
  /**
   * Whether values of an event may be kept under this key. Not those that were received before an
   * erasure: a replay from quarantine must not bring back what was erased.
   */
  boolean covers(Instant receivedAt) {
    return erasedAt == null || receivedAt.isAfter(erasedAt);
  }
}
