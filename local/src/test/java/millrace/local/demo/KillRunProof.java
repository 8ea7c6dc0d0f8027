package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.local.Progress;
import millrace.local.run.Pipeline;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred thousand events, and kill -9 of what moves them while they are on their way. Takes some
 * minutes, most of them the time after which SQS hands a batch out again.
 */
class KillRunProof {
  private static final int EVENTS = 100_000;
  private static final Pattern LOADED = Pattern.compile("([\\d,]+) of ([\\d,]+) events loaded.*");

  @TempDir Path folder;

  /** Kills each process once, when so much of all events is loaded. */
  private static final class Killer implements Progress {
    private final Progress console;
    private final Path state;
    private final Map<String, Double> due = new LinkedHashMap<>();
    private final List<String> said = new CopyOnWriteArrayList<>();

    Killer(Progress console, Path state) {
      this.console = console;
      this.state = state;
      due.put(Pipeline.LAMBDA, 0.1);
      due.put(Pipeline.WAREHOUSE, 0.3);
      due.put(Pipeline.MINISTACK, 0.5);
    }

    @Override
    public synchronized void say(String sentence) {
      console.say(sentence);
      said.add(sentence);
      // The demo itself has killed it once, between SQS and the broker; now it has all to do.
      if (sentence.equals("consumer: restarted")
          && said.stream().filter(sentence::equals).count() == 1) {
        kill(Pipeline.CONSUMER);
      }
      Matcher loaded = LOADED.matcher(sentence);
      if (loaded.matches()) {
        double share = number(loaded.group(1)) / number(loaded.group(2));
        due.entrySet().removeIf(each -> share >= each.getValue() && kill(each.getKey()));
      }
    }

    private static double number(String text) {
      return Double.parseDouble(text.replace(",", ""));
    }

    private boolean kill(String component) {
      Path file = state.resolve("processes/" + component + ".json");
      try {
        long pid = new ObjectMapper().readTree(file.toFile()).path("pid").asLong();
        console.say("the proof kills " + component + ", process " + pid);
        return ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long deathsBySignal(String component) {
      return said.stream()
          .filter(line -> line.equals(component + ": ended with signal 9, starting it again"))
          .count();
    }

    long restarts(String component) {
      return said.stream().filter(line -> line.equals(component + ": restarted")).count();
    }
  }

  @Test
  void aRunWhoseProcessesAreKilledWhileEventsAreOnTheirWayBalances() throws Exception {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Path data = folder.resolve("demo");
    var killer = new Killer(Progress.elapsed(System.out, System::nanoTime), data);
    Account account;
    try (StateFolder state = StateFolder.open(data, "proof")) {
      account =
          new Demo(
                  checkout,
                  DemoSettings.of(EVENTS, 11, "parquet"),
                  killer,
                  InstantSource.system(),
                  System::nanoTime)
              .run(state);
    }
    System.out.println(AccountText.of(account));

    assertThat(account.balances()).as(AccountText.of(account)).isTrue();
    for (String component : List.of(Pipeline.LAMBDA, Pipeline.WAREHOUSE, Pipeline.MINISTACK)) {
      assertThat(killer.deathsBySignal(component)).as(component + " killed").isEqualTo(1);
      assertThat(killer.restarts(component)).as(component + " restarted").isEqualTo(1);
    }
    assertThat(killer.deathsBySignal(Pipeline.CONSUMER)).isEqualTo(2);
    assertThat(killer.restarts(Pipeline.CONSUMER)).isEqualTo(2);
  }
}
