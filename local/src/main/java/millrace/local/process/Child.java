package millrace.local.process;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.retry.Backoff;
import millrace.local.Progress;
import millrace.local.state.StateFolder;
import org.jspecify.annotations.Nullable;

/** Life of one component: its process now, and the processes that follow when that one dies. */
public final class Child {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Component component;
  private final StateFolder state;
  private final Progress progress;
  private final Backoff backoff;
  private final ScheduledExecutorService restarts;
  private final LogFile log;
  private final Runnable afterRestart;

  private @Nullable Process process;
  private Phase phase = Phase.STARTING;
  private int starts;
  private int failedInARow;
  private long peakBytes;

  enum Phase {
    STARTING,
    READY,
    RESTARTING,
    STOPPING,
    STOPPED
  }

  Child(
      Component component,
      StateFolder state,
      Progress progress,
      Backoff backoff,
      ScheduledExecutorService restarts,
      LogFile log,
      Runnable afterRestart) {
    this.component = component;
    this.state = state;
    this.progress = progress;
    this.backoff = backoff;
    this.restarts = restarts;
    this.log = log;
    this.afterRestart = afterRestart;
  }

  Component component() {
    return component;
  }

  /**
   * Starts the process and waits for its ready line; a first start that fails is not tried again.
   */
  JsonNode startAndWait() {
    CompletableFuture<JsonNode> answer = launch();
    try {
      return answer.get(component.readyWithin().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      stop();
      throw failure("was not ready within " + component.readyWithin().toSeconds() + " s", e);
    } catch (ExecutionException e) {
      stop();
      throw failure(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      throw failure("was interrupted while it started", e);
    }
  }

  private SetupFailure failure(String what, Throwable cause) {
    String last = log.lastLine();
    return new SetupFailure(
        component.name()
            + " "
            + what
            + (last.isEmpty() ? "" : ", its last words: " + last)
            + "; see "
            + state.log(component.name()),
        cause);
  }

  private synchronized CompletableFuture<JsonNode> launch() {
    if (phase == Phase.STOPPING || phase == Phase.STOPPED) {
      return CompletableFuture.failedFuture(new IllegalStateException("is stopped"));
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    ProcessBuilder builder =
        new ProcessBuilder(component.command()).directory(component.directory().toFile());
    Map<String, String> variables = new HashMap<>(component.environment());
    if (starts == 0) {
      variables.putAll(component.firstEnvironment());
    }
    ChildEnvironment.keepNeeded(builder.environment());
    builder.environment().putAll(variables);
    starts++;
    try {
      Process started = builder.start();
      process = started;
      state.recordProcess(component.name(), started);
      // Platform threads: a read of a pipe would pin a virtual one's carrier for the life of the
      // child.
      Thread.ofPlatform()
          .daemon()
          .name(component.name() + "-stdout")
          .start(() -> lines(started.getInputStream(), line -> onOutput(line, answer)));
      Thread.ofPlatform()
          .daemon()
          .name(component.name() + "-stderr")
          .start(() -> lines(started.getErrorStream(), log::line));
      var unusedToo = started.onExit().thenAccept(ended -> onEnd(ended, answer));
      if (phase == Phase.RESTARTING) {
        var unused =
            restarts.schedule(
                () -> killUnready(started, answer),
                component.readyWithin().toMillis(),
                TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      answer.completeExceptionally(new IOException("cannot start: " + e.getMessage(), e));
      if (phase == Phase.RESTARTING) {
        log.line("cannot start: " + e.getMessage());
        restartLater("could not be started");
      }
    }
    return answer;
  }

  /** Nobody waits for a restart, so its deadline is kept here: its death leads to the next one. */
  private void killUnready(Process started, CompletableFuture<JsonNode> answer) {
    if (!answer.isDone()) {
      log.line("was not ready within " + component.readyWithin().toSeconds() + " s: killed");
      started.toHandle().destroyForcibly();
    }
  }

  /** Nobody asks this start for its answer: its end, or its deadline, leads to the next one. */
  private synchronized void relaunch(String why) {
    if (phase == Phase.RESTARTING) {
      // Said after the pause: Ctrl-C reaches the children too, and then there is nothing to say.
      progress.say(component.name() + ": " + why + ", starting it again");
      var unused = launch();
    }
  }

  private synchronized void restartLater(String why) {
    failedInARow++;
    Duration pause = backoff.after(failedInARow);
    var unused = restarts.schedule(() -> relaunch(why), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void onOutput(String line, CompletableFuture<JsonNode> answer) {
    if (!answer.isDone() && line.startsWith("{")) {
      try {
        JsonNode json = JSON.readTree(line);
        if (json.path("ready").asBoolean(false)) {
          markReady();
          answer.complete(json);
          return;
        }
      } catch (JacksonException e) {
        // Not the ready line: it goes to the log like any other.
      }
    }
    log.line(line);
  }

  private synchronized void markReady() {
    if (phase == Phase.STARTING || phase == Phase.RESTARTING) {
      if (phase == Phase.RESTARTING) {
        progress.say(component.name() + ": restarted");
        Thread.ofPlatform().daemon().name(component.name() + "-after-restart").start(afterRestart);
      }
      phase = Phase.READY;
      failedInARow = 0;
    }
  }

  private void onEnd(Process ended, CompletableFuture<JsonNode> answer) {
    answer.completeExceptionally(
        new IOException("ended with " + describe(ended.exitValue()) + " before it was ready"));
    synchronized (this) {
      if (process == null
          || process.pid() != ended.pid()
          || phase == Phase.STOPPING
          || phase == Phase.STOPPED) {
        return;
      }
      if (phase == Phase.STARTING) {
        return; // startAndWait tells
      }
      phase = Phase.RESTARTING;
      restartLater("ended with " + describe(ended.exitValue()));
    }
  }

  /** 137 is what a shell calls a process that was killed; say so. */
  private static String describe(int exitValue) {
    return exitValue > 128 ? "signal " + (exitValue - 128) : "code " + exitValue;
  }

  private static void lines(InputStream stream, java.util.function.Consumer<String> each) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        each.accept(line);
      }
    } catch (IOException e) {
      // The stream ends with the process.
    }
  }

  /** SIGKILL; the restart follows as after any other death. */
  synchronized void kill() {
    measure();
    if (process != null) {
      process.toHandle().destroyForcibly();
    }
  }

  /** Whether its process, maybe one that replaced a dead one, is alive and has said so. */
  synchronized boolean isReady() {
    return phase == Phase.READY && process != null && process.isAlive();
  }

  /** SIGTERM, then SIGKILL after the component's deadline; does not start again. */
  void stop() {
    Process current;
    synchronized (this) {
      if (phase == Phase.STOPPED) {
        return;
      }
      phase = Phase.STOPPING;
      measure();
      current = process;
    }
    if (current != null) {
      // Process.destroy would also close the pipes, and with them the last words of the log.
      current.toHandle().destroy();
      if (!endedWithin(current, component.stopWithin())) {
        log.line(
            "did not end within " + component.stopWithin().toSeconds() + " s of SIGTERM: killed");
        current.toHandle().destroyForcibly();
        current.onExit().join();
      }
    }
    synchronized (this) {
      phase = Phase.STOPPED;
      process = null;
    }
    state.forgetProcess(component.name());
    try {
      log.close();
    } catch (IOException e) {
      // Every line was flushed when it was written.
    }
  }

  private static boolean endedWithin(Process process, Duration deadline) {
    boolean interrupted = false;
    long until = System.nanoTime() + deadline.toNanos();
    try {
      while (true) {
        try {
          return process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // an interrupted stop still stops
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Looks at the memory of the process now, because a killed one can no longer be asked. */
  synchronized void measure() {
    if (process != null && process.isAlive()) {
      ProcessMemory.peakBytes(process.pid())
          .ifPresent(bytes -> peakBytes = Math.max(peakBytes, bytes));
    }
  }

  synchronized ComponentStatus status() {
    measure();
    return new ComponentStatus(
        component.name(),
        phase.name().toLowerCase(java.util.Locale.ROOT),
        process == null ? -1 : process.pid(),
        Math.max(0, starts - 1),
        peakBytes);
  }
}
