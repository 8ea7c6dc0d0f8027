package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.demo.LoadWatch.State;
import org.junit.jupiter.api.Test;

class LoadWatchTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> said = new ArrayList<>();

  private static State state(
      long inBroker, long inQueue, long written, long files, long loaded, long rows) {
    return new State(100, inBroker, inQueue, 0, written, files, loaded, rows, "");
  }

  private State await(State... states) throws InterruptedException {
    Deque<State> coming = new ArrayDeque<>(List.of(states));
    return new LoadWatch(
            () -> coming.size() > 1 ? coming.removeFirst() : coming.getFirst(),
            Duration.ofSeconds(10),
            said::add,
            nanos::get,
            () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()))
        .await();
  }

  @Test
  void waitsUntilEveryMessageIsARowAndNothingIsOnItsWay() throws InterruptedException {
    State end = state(0, 0, 103, 5, 5, 103);
    assertThat(
            await(
                state(100, 0, 0, 0, 0, 0),
                state(0, 3, 50, 2, 1, 20),
                state(0, 0, 103, 5, 4, 100),
                end))
        .isEqualTo(end);
  }

  @Test
  void emptyQueuesAreNotTheEndWhileEventsAreInTheHandsOfTheConsumer() throws InterruptedException {
    State end = state(0, 0, 100, 3, 3, 100);
    assertThat(await(state(0, 0, 60, 2, 2, 60), end)).isEqualTo(end);
  }

  @Test
  void saysWhatIsStuckWhenNothingMoves() {
    assertThatThrownBy(() -> await(state(7, 0, 93, 3, 3, 93)))
        .hasMessageContaining("nothing has moved for 10 s")
        .hasMessageContaining("7 messages wait in the broker");
    assertThatThrownBy(() -> await(state(0, 2, 93, 3, 3, 93))).hasMessageContaining("2 batches");
    assertThatThrownBy(() -> await(state(0, 0, 100, 3, 2, 80))).hasMessageContaining("1 files");
    assertThatThrownBy(() -> await(state(0, 0, 93, 3, 3, 93)))
        .hasMessageContaining("7 events are nowhere");
    assertThatThrownBy(() -> await(state(0, 0, 110, 3, 3, 105)))
        .hasMessageContaining("the files have 110 rows and the raw tables 105");
  }

  @Test
  void movementBuysTimeAndIsTold() throws InterruptedException {
    var states = new ArrayList<State>();
    for (int rows = 0; rows < 100; rows++) {
      states.add(state(0, 1, rows, 1, 1, rows));
      states.add(state(0, 1, rows, 1, 1, rows));
    }
    states.add(state(0, 0, 100, 1, 1, 100));
    await(states.toArray(State[]::new));
    assertThat(said).hasSizeGreaterThan(10).first().asString().contains("of 100 events loaded");
  }

  @Test
  void aStoreThatDoesNotAnswerForAWhileIsAskedAgain() throws InterruptedException {
    State end = state(0, 0, 100, 1, 1, 100);
    Deque<Boolean> answers = new ArrayDeque<>(List.of(true, false, false, false));
    var watch =
        new LoadWatch(
            () -> {
              if (answers.isEmpty()) {
                return end;
              }
              if (answers.removeFirst()) {
                return state(0, 0, 50, 1, 1, 50);
              }
              throw new EnvironmentFailure("the warehouse does not answer", null);
            },
            Duration.ofSeconds(10),
            said::add,
            nanos::get,
            () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
    assertThat(watch.await()).isEqualTo(end);
  }

  @Test
  void aStoreThatNeverAnswersIsNamed() {
    var watch =
        new LoadWatch(
            () -> {
              throw new EnvironmentFailure("the warehouse does not answer", null);
            },
            Duration.ofSeconds(10),
            said::add,
            nanos::get,
            () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
    assertThatThrownBy(watch::await).hasMessageContaining("the warehouse does not answer");
  }

  @Test
  void aDeadBatchOrARefusedFileEndsTheWaitAtOnce() {
    assertThatThrownBy(() -> await(new State(100, 0, 0, 1, 0, 0, 0, 0, "")))
        .hasMessageContaining("dead letters");
    assertThatThrownBy(() -> await(new State(100, 0, 0, 0, 0, 0, 0, 0, "events/a: bad")))
        .hasMessageContaining("events/a: bad");
  }
}
