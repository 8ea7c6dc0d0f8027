package millrace.writer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore;
import org.jspecify.annotations.Nullable;

/** Records every effect in order, and fails where a test wants it to. */
final class RecordingStore implements ObjectStore {
  private final ObjectStore store;
  private final List<String> effects;
  private Predicate<String> refused = key -> false;
  private Predicate<String> answerLost = key -> false;
  private Predicate<String> unreadable = key -> false;

  RecordingStore(ObjectStore store, List<String> effects) {
    this.store = store;
    this.effects = effects;
  }

  /** These keys cannot be written. */
  void refuse(Predicate<String> keys) {
    refused = keys;
  }

  /**
   * These keys are written, and then the answer is an error: the fault that doubles what is not
   * idempotent.
   */
  void loseAnswerOf(Predicate<String> keys) {
    answerLost = keys;
  }

  /** These keys cannot be read. */
  void refuseToRead(Predicate<String> keys) {
    unreadable = keys;
  }

  void recover() {
    refuse(key -> false);
    loseAnswerOf(key -> false);
    refuseToRead(key -> false);
  }

  @Override
  public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
    if (refused.test(key)) {
      effects.add("refused " + key);
      throw new EnvironmentFailure(
          "S3 refused PutObject " + key + ": SlowDown (HTTP 503, request 1)", null);
    }
    PutOutcome outcome = store.putIfAbsent(key, bytes, metadata);
    effects.add(outcome + " " + key);
    if (answerLost.test(key)) {
      throw new EnvironmentFailure(
          "S3 did not answer PutObject " + key + ": connection reset", null);
    }
    return outcome;
  }

  @Override
  public Optional<Found> get(String key) {
    if (unreadable.test(key)) {
      throw new EnvironmentFailure(
          "S3 refused GetObject " + key + ": InternalError (HTTP 500, request 1)", null);
    }
    return store.get(key);
  }

  @Override
  public ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag) {
    throw new UnsupportedOperationException("the writer replaces nothing");
  }

  @Override
  public Stream<Listed> list(String prefix) {
    throw new UnsupportedOperationException("the writer lists nothing");
  }
}
