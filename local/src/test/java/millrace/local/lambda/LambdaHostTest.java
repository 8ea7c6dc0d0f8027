package millrace.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

class LambdaHostTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final String EVENT =
      """
      {"Records":[
       {"messageId":"a","body":"good","attributes":{"ApproximateReceiveCount":"1"},
        "messageAttributes":{"batch":{"stringValue":"b-1","dataType":"String"}},
        "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:111111111111:q"},
       {"messageId":"b","body":"bad"}]}
      """;

  /** Fails the messages whose body says so, and notes what it was given. */
  public static final class Picky implements RequestHandler<SQSEvent, SQSBatchResponse> {
    static final ConcurrentLinkedQueue<String> SEEN = new ConcurrentLinkedQueue<>();

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
      List<SQSBatchResponse.BatchItemFailure> failed = new ArrayList<>();
      for (SQSEvent.SQSMessage message : event.getRecords()) {
        if (message.getMessageAttributes() != null
            && message.getMessageAttributes().containsKey("batch")) {
          SEEN.add("attribute " + message.getMessageAttributes().get("batch").getStringValue());
        }
        if (message.getBody().equals("throw")) {
          throw new IllegalStateException("no bucket");
        }
        if (message.getBody().equals("bad")) {
          failed.add(new SQSBatchResponse.BatchItemFailure(message.getMessageId()));
        }
      }
      SEEN.add(context.getFunctionName() + " has " + context.getRemainingTimeInMillis() + " ms");
      return new SQSBatchResponse(failed);
    }
  }

  /** Two invocations meet inside it, and no instance is ever entered twice at once. */
  public static final class Meeting implements RequestHandler<SQSEvent, SQSBatchResponse> {
    static final CyclicBarrier BOTH = new CyclicBarrier(2);
    static final AtomicInteger SHARED = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
      if (inside.incrementAndGet() > 1) {
        SHARED.incrementAndGet();
      }
      try {
        BOTH.await(10, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException("nobody came", e);
      } finally {
        inside.decrementAndGet();
      }
      return new SQSBatchResponse(List.of());
    }
  }

  /** Cannot be made. */
  public static final class Broken implements RequestHandler<SQSEvent, SQSBatchResponse> {
    public Broken() {
      throw new IllegalStateException("MILLRACE_BUCKET is not set");
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
      return new SQSBatchResponse(List.of());
    }
  }

  @Test
  void theHandlersPartialResponseIsTheAnswer() throws Exception {
    try (LambdaHost host = host(Picky.class, 1)) {
      HttpResponse<String> answer = post(host, EVENT);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"b\"}]}");
    }
    assertThat(Picky.SEEN).contains("attribute b-1", "millrace-dev-writer has 30000 ms");
  }

  @Test
  void anExceptionOfTheHandlerIsAFailedInvocationAndTheNextOneIsServed() throws Exception {
    try (LambdaHost host = host(Picky.class, 1)) {
      HttpResponse<String> failed =
          post(host, "{\"Records\":[{\"messageId\":\"a\",\"body\":\"throw\"}]}");

      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body()).contains("no bucket").contains("IllegalStateException");
      assertThat(post(host, EVENT).statusCode()).isEqualTo(200);
      assertThat(host.instances()).isEqualTo(1);
    }
  }

  @Test
  void invocationsAtOnceHaveInstancesOfTheirOwn() throws Exception {
    try (LambdaHost host = host(Meeting.class, 2);
        var callers = Executors.newFixedThreadPool(2)) {
      var one = callers.submit(() -> post(host, EVENT).statusCode());
      var other = callers.submit(() -> post(host, EVENT).statusCode());

      assertThat(one.get()).isEqualTo(200);
      assertThat(other.get()).isEqualTo(200);
      assertThat(host.instances()).isEqualTo(2);
      assertThat(Meeting.SHARED).hasValue(0);
    }
  }

  @Test
  void aHandlerThatCannotBeMadeStopsTheStartWithItsReason() {
    assertThatThrownBy(() -> host(Broken.class, 1))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("MILLRACE_BUCKET is not set");
  }

  @Test
  void aHandlerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> HandlerReference.parse("no.such.Handler::handleRequest"))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("no.such.Handler is not on the class path");
    assertThatThrownBy(() -> HandlerReference.parse("no.such.Handler"))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("package.Class::method");
  }

  @Test
  void somethingElseThanAnInvocationIsRefused() throws Exception {
    try (LambdaHost host = host(Picky.class, 1)) {
      var answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(url(host)).GET().build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(post(host, "not json").statusCode()).isEqualTo(500);
    }
  }

  private static LambdaHost host(Class<?> handler, int concurrency) throws Exception {
    return new LambdaHost(
        HandlerReference.parse(handler.getName() + "::handleRequest"),
        0,
        concurrency,
        InstantSource.fixed(NOW));
  }

  private static URI url(LambdaHost host) {
    return URI.create("http://127.0.0.1:" + host.port() + "/");
  }

  private static HttpResponse<String> post(LambdaHost host, String event) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(url(host))
              .header("X-Amzn-Lambda-Function-Name", "millrace-dev-writer")
              .header(
                  "X-Amzn-Lambda-Deadline-Ms", Long.toString(NOW.plusSeconds(30).toEpochMilli()))
              .POST(HttpRequest.BodyPublishers.ofString(event))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
