package millrace.local.aws;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;

/**
 * What the emulator of a run knows besides objects and messages: stacks, subscriptions, mappings.
 */
public final class EmulatorState {
  private EmulatorState() {}

  /**
   * Has it written into files, so that an emulator that is killed starts with it.
   *
   * @throws EnvironmentFailure when it is not written
   */
  public static void save(URI endpoint) {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpResponse<Void> answer =
          http.send(
              HttpRequest.newBuilder(endpoint.resolve("/_millrace/save"))
                  .timeout(Duration.ofSeconds(30))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      if (answer.statusCode() != 204) {
        throw new EnvironmentFailure(
            "the emulator did not save its state: " + answer.statusCode(), null);
      }
    } catch (IOException e) {
      throw new EnvironmentFailure("the emulator did not save its state: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while the emulator saves its state", e);
    }
  }
}
