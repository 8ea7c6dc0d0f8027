package millrace.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  @Test
  void the_line_has_rows_rate_and_time_left() {
    assertThat(ProgressBar.line("table", 0, 500_000, 1_000_000, Duration.ofSeconds(50)))
        .isEqualTo("table [############............]  50 % 500,000 rows, 10,000/s, 50 s left");
    assertThat(ProgressBar.line("table", 600_000, 100_000, 1_000_000, Duration.ofSeconds(1_000)))
        .isEqualTo("table [################........]  70 % 700,000 rows, 100/s, 50 min 0 s left");
  }

  @Test
  void a_table_whose_size_is_unknown_or_was_guessed_too_small_has_no_false_share() {
    assertThat(ProgressBar.line("changes 2", 0, 10, -1, Duration.ofSeconds(1)))
        .isEqualTo("changes 2 10 rows, 10/s");
    assertThat(ProgressBar.line("table", 0, 20, 10, Duration.ofSeconds(1)))
        .isEqualTo("table [########################] 100 % 20 rows, 20/s");
  }

  @Test
  void it_writes_at_most_four_times_a_second() {
    var said = new ArrayList<String>();
    var nanos = new AtomicLong();
    var bar = new ProgressBar(said::add, nanos::get);
    bar.begin("table", 0, 1_000);
    for (int i = 0; i < 1_000; i++) {
      bar.row();
      nanos.addAndGet(1_000_000);
    }
    bar.end();

    assertThat(said).hasSizeBetween(4, 8);
    assertThat(said.getLast()).isEqualTo("\n");
    assertThat(said.get(said.size() - 2)).contains("1,000 rows, 1,000/s");
  }

  @Test
  void a_throttle_holds_all_workers_together_below_the_rate_and_saves_nothing_up()
      throws InterruptedException {
    var nanos = new AtomicLong();
    List<Duration> pauses = new ArrayList<>();
    var throttle =
        new Throttle(
            1_000,
            nanos::get,
            pause -> {
              pauses.add(pause);
              nanos.addAndGet(pause.toNanos());
            });
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    long begin = nanos.get();
    for (int i = 0; i < 5_000; i++) {
      throttle.row();
    }

    assertThat(Duration.ofNanos(nanos.get() - begin))
        .isBetween(Duration.ofMillis(4_950), Duration.ofMillis(5_050));
    assertThat(pauses.size()).isLessThan(500);
  }
}
