package millrace.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * HTTP server on loopback that invokes a handler per POST. As in Lambda, an instance of the handler
 * serves one invocation at a time and lives on for the next; there are as many as there may be
 * invocations at once.
 */
final class LambdaHost implements AutoCloseable {
  /**
   * A handler may use its whole time-out; a request without a deadline gets the longest that Lambda
   * grants.
   */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HandlerReference reference;
  private final InstantSource clock;
  private final HttpServer server;
  private final ExecutorService threads;
  private final BlockingQueue<RequestHandler<Object, Object>> idle;
  private final AtomicInteger made = new AtomicInteger();

  /**
   * Listens; the first handler instance is made here, so that wrong settings show at the start and
   * not at the first event.
   *
   * @param port 0 for any free one
   * @param concurrency most invocations at once; more wait
   */
  LambdaHost(HandlerReference reference, int port, int concurrency, InstantSource clock)
      throws IOException {
    this.reference = reference;
    this.clock = clock;
    this.idle = new ArrayBlockingQueue<>(concurrency);
    this.idle.add(newHandler());
    this.threads =
        Executors.newFixedThreadPool(
            concurrency, Thread.ofPlatform().name("invocation-", 0).factory());
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private RequestHandler<Object, Object> newHandler() {
    made.incrementAndGet();
    return reference.newHandler();
  }

  /** Threads are as many as instances may be, so a thread that finds none may make one. */
  private RequestHandler<Object, Object> takeHandler() {
    @Nullable RequestHandler<Object, Object> waiting = idle.poll();
    return waiting != null ? waiting : newHandler();
  }

  /** How many handler instances there were. */
  int instances() {
    return made.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        answer(exchange, 405, "invocations are POSTed".getBytes(StandardCharsets.UTF_8));
        return;
      }
      byte[] body;
      try {
        body = invoke(exchange);
      } catch (Throwable e) {
        // Whatever a handler throws, an Error too, is a failed invocation: the caller tries again.
        e.printStackTrace();
        answer(exchange, 500, failure(e));
        return;
      }
      answer(exchange, 200, body);
    }
  }

  private byte[] invoke(HttpExchange exchange) throws IOException {
    Object event;
    try (InputStream json = exchange.getRequestBody()) {
      event = reference.event(json);
    }
    RequestHandler<Object, Object> handler = takeHandler();
    // An instance whose invocation failed goes on serving, as it does in Lambda.
    try {
      return reference.answer(handler.handleRequest(event, context(exchange.getRequestHeaders())));
    } finally {
      idle.offer(handler);
    }
  }

  private HostContext context(Headers headers) {
    @Nullable String deadline = headers.getFirst("X-Amzn-Lambda-Deadline-Ms");
    return new HostContext(
        header(headers, "X-Amzn-Lambda-Request-Id", "local"),
        header(headers, "X-Amzn-Lambda-Function-Name", "local"),
        header(headers, "X-Amzn-Lambda-Function-Version", "$LATEST"),
        header(headers, "X-Amzn-Lambda-Function-Arn", ""),
        deadline == null
            ? clock.instant().plus(LONGEST)
            : Instant.ofEpochMilli(Long.parseLong(deadline)),
        clock);
  }

  private static String header(Headers headers, String name, String fallback) {
    @Nullable String value = headers.getFirst(name);
    return value == null ? fallback : value;
  }

  private static byte[] failure(Throwable e) throws IOException {
    return JSON.writeValueAsBytes(
        JSON.createObjectNode()
            .put("errorMessage", String.valueOf(e.getMessage()))
            .put("errorType", e.getClass().getName()));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Lets running invocations end, then stops. */
  @Override
  public void close() {
    server.stop(5);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
