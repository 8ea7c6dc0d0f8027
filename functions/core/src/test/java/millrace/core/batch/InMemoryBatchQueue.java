package millrace.core.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The queue in memory. Refuses what SQS refuses; {@link #answerNext} makes it fail as SQS fails.
 */
public final class InMemoryBatchQueue implements BatchQueue {
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Function<Message, Outcome>> answers = new ArrayDeque<>();
  private int ids;

  /** Answers the next message so, instead of accepting it. */
  public void answerNext(Outcome outcome) {
    answers.add(message -> outcome);
  }

  /** Answers the next message as if nothing were wrong. */
  public void acceptNext() {
    answers.add(this::take);
  }

  /** Everything accepted, in order. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  @Override
  public List<Outcome> send(List<Message> call) {
    if (call.isEmpty() || call.size() > MAX_MESSAGES) {
      throw new IllegalArgumentException("a call has 1 to 10 messages, not " + call.size());
    }
    if (call.stream().mapToLong(Message::bytes).sum() > MAX_BYTES) {
      return call.stream().<Outcome>map(m -> refuse("BatchRequestTooLong")).toList();
    }
    return call.stream().map(this::answer).toList();
  }

  private Outcome answer(Message message) {
    Function<Message, Outcome> answer = answers.poll();
    return answer == null ? take(message) : answer.apply(message);
  }

  private Outcome take(Message message) {
    boolean control =
        message.body().chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' && c != '\r');
    boolean emptyAttribute = message.attributes().containsValue("");
    if (message.body().isEmpty() || control || emptyAttribute) {
      return refuse("InvalidMessageContents");
    }
    messages.add(message);
    return new Outcome.Accepted("m" + ++ids);
  }

  private static Outcome refuse(String reason) {
    return new Outcome.Refused(reason);
  }
}
