package millrace.local.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * How other processes of this checkout talk to a run: a server on loopback. The token lies in the
 * state folder, so only who may read that folder may ask.
 */
final class Control implements AutoCloseable {
  static final String TOKEN_HEADER = "X-Millrace-Token";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final String token;

  Control(String token) {
    this.token = token;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    } catch (IOException e) {
      throw new SetupFailure("no free loopback port for control: " + e.getMessage(), e);
    }
    server.setExecutor(
        Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("control-", 0).factory()));
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String token() {
    return token;
  }

  /** Answers a GET with a value as JSON. */
  void onGet(String path, Supplier<Object> answer) {
    serve(path, "GET", body -> answer.get());
  }

  /** Answers a POST, whose body is handed over, with a value as JSON. */
  void onPost(String path, Function<String, Object> answer) {
    serve(path, "POST", answer);
  }

  private void serve(String path, String method, Function<String, Object> answer) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!allowed(exchange) || !exchange.getRequestMethod().equals(method)) {
              send(exchange, 403, "{}");
              return;
            }
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
              send(exchange, 200, JSON.writeValueAsString(answer.apply(body)));
            } catch (RuntimeException e) {
              send(
                  exchange,
                  500,
                  JSON.createObjectNode()
                      .put("message", String.valueOf(e.getMessage()))
                      .toString());
            }
          }
        });
  }

  private boolean allowed(HttpExchange exchange) {
    @Nullable String given = exchange.getRequestHeaders().getFirst(TOKEN_HEADER);
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(2); // the answer to the request that ends the run may be on its way
  }
}
