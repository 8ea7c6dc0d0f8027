package millrace.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.core.file.ObjectStore;
import millrace.core.names.EnvironmentKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The store has written, but its answer never arrives: the fault that leaves doubles behind
 * elsewhere.
 */
class LostAnswerIT {
  private static final Set<String> SET_BY_THE_CLIENT =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private final AtomicInteger puts = new AtomicInteger();
  private final String bucket = Emulator.get().bucket("lost");
  private HttpServer proxy;
  private HttpClient behind;

  @BeforeEach
  void start() throws IOException {
    behind = HttpClient.newHttpClient();
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.setExecutor(Executors.newCachedThreadPool());
    proxy.createContext("/", this::forward);
    proxy.start();
  }

  @AfterEach
  void stop() {
    proxy.stop(0);
    behind.close();
  }

  @Test
  void a_write_whose_answer_is_lost_is_found_done_by_the_next_try() {
    ObjectStore store = new S3ObjectStore(clients().s3(), bucket);
    byte[] bytes = "written once".getBytes(StandardCharsets.UTF_8);

    ObjectStore.PutOutcome outcome = store.putIfAbsent("events/a", bytes, Map.of("rows", "1"));

    assertThat(puts.get()).isGreaterThan(1);
    assertThat(outcome).isEqualTo(ObjectStore.PutOutcome.ALREADY_THERE);
    ObjectStore.Found found =
        new S3ObjectStore(Emulator.get().clients().s3(), bucket).get("events/a").orElseThrow();
    assertThat(found.bytes()).isEqualTo(bytes);
    assertThat(found.metadata()).containsEntry("rows", "1");
  }

  private AwsClients clients() {
    var variables = new HashMap<>(Emulator.get().environment());
    variables.put(EnvironmentKeys.ENDPOINT, "http://127.0.0.1:" + proxy.getAddress().getPort());
    return AwsClients.of(variables);
  }

  /** Hands everything on, and hangs up instead of answering the first PUT. */
  private void forward(HttpExchange exchange) throws IOException {
    URI target = Emulator.get().endpoint().resolve(exchange.getRequestURI().toString());
    var request =
        HttpRequest.newBuilder(target)
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      HttpResponse<byte[]> answer =
          behind.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (exchange.getRequestMethod().equals("PUT") && puts.incrementAndGet() == 1) {
        assertThat(answer.statusCode()).isEqualTo(200);
        exchange.close();
        return;
      }
      answer
          .headers()
          .map()
          .forEach((name, values) -> exchange.getResponseHeaders().put(name, List.copyOf(values)));
      exchange.getResponseHeaders().remove("content-length");
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }
}
