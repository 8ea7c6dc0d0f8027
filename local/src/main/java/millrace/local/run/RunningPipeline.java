package millrace.local.run;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.process.ComponentStatus;
import millrace.local.state.Endpoints;
import millrace.local.state.StateFolder;

/** A pipeline that another process of this checkout runs. */
public final class RunningPipeline {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Endpoints endpoints;

  private RunningPipeline(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** What runs in the state folder and is ready, if anything. */
  public static Optional<RunningPipeline> in(Path state) {
    return Endpoints.ofRunning(state).map(RunningPipeline::new);
  }

  /**
   * Ends a run that is not ready yet, if there is one.
   *
   * @return whether there was one
   */
  public static boolean stopStarting(Path state, Duration patience) {
    Optional<ProcessHandle> starting = StateFolder.holder(state);
    starting.ifPresent(
        process -> {
          process.destroy();
          awaitEnd(process, patience);
        });
    return starting.isPresent();
  }

  /** Whether something holds the folder that is not ready yet. */
  public static boolean isStarting(Path state) {
    return StateFolder.isHeld(state) && in(state).isEmpty();
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public List<ComponentStatus> components() {
    List<ComponentStatus> all = new ArrayList<>();
    for (JsonNode each : ask("GET", "/components", "", Duration.ofSeconds(10))) {
      all.add(
          new ComponentStatus(
              each.path("name").asText(),
              each.path("phase").asText(),
              each.path("pid").asLong(),
              each.path("restarts").asInt(),
              each.path("peakBytes").asLong()));
    }
    return all;
  }

  /**
   * Tells the run that contracts were released: it receives from the queues of their sources when
   * this returns.
   */
  public void contractsReleased() {
    JsonNode unused = ask("POST", "/contracts", "", Duration.ofMinutes(2));
  }

  /** Lets everything on its way arrive, within the time given, and returns what is left. */
  public Backlog drain(Duration patience) {
    JsonNode left =
        ask("POST", "/drain", Long.toString(patience.toSeconds()), patience.plusMinutes(1));
    return new Backlog(
        left.path("broker").asLong(),
        left.path("batches").asLong(),
        left.path("deadLetters").asLong(),
        left.path("files").asLong(),
        left.path("filesLoaded").asLong());
  }

  /** Ends the run; returns when its process is gone. */
  public void stop(Duration patience) {
    Optional<ProcessHandle> process = ProcessHandle.of(endpoints.pid());
    ask("POST", "/stop", "", Duration.ofSeconds(10));
    process.ifPresent(running -> awaitEnd(running, patience));
  }

  private static void awaitEnd(ProcessHandle process, Duration patience) {
    try {
      var unused = process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new EnvironmentFailure(
          "the run (process "
              + process.pid()
              + ") did not end within "
              + patience.toSeconds()
              + " s",
          e);
    } catch (ExecutionException e) {
      throw new EnvironmentFailure("cannot wait for process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while the run ends", e);
    }
  }

  private JsonNode ask(String method, String path, String body, Duration patience) {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(endpoints.controlUrl() + path))
                  .timeout(patience)
                  .header(Control.TOKEN_HEADER, endpoints.controlToken())
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(answer.body());
      if (answer.statusCode() != 200) {
        throw new EnvironmentFailure(
            "the run answered: " + json.path("message").asText(answer.body()), null);
      }
      return json;
    } catch (JacksonException e) {
      throw new EnvironmentFailure("the run answered something that is not JSON", e);
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "the run (process " + endpoints.pid() + ") does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while asking the run", e);
    }
  }
}
