package millrace.local.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against answers as Snowflake documents them. */
class WarehouseClientTest {
  private record Answer(int status, String body) {}

  private final List<String> requests = new ArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private HttpServer server;
  private WarehouseClient client;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          Answer next = answers.removeFirst();
          byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(next.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        new WarehouseClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            "MILLRACE_DEV",
            "MARTS");
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void oneStatementIsPostedWithItsDatabaseAndSchemaAndItsRowsAreRead() {
    answers.add(
        new Answer(
            200,
            """
            {"resultSetMetaData":{"numRows":2,"rowType":[{"name":"N","type":"FIXED"},{"name":"T","type":"text"}],
             "partitionInfo":[{"rowCount":2}]},"data":[["1",null],["2","b"]],"statementHandle":"h"}
            """));

    QueryResult result = client.query("select n, t from x");

    assertThat(requests).hasSize(1);
    assertThat(requests.getFirst())
        .startsWith("POST /api/v2/statements ")
        .contains("\"statement\":\"select n, t from x\"")
        .contains("\"database\":\"MILLRACE_DEV\"")
        .contains("\"schema\":\"MARTS\"");
    assertThat(result.rows()).containsExactly(Arrays.asList("1", null), List.of("2", "b"));
    assertThat(result.columns().getFirst()).isEqualTo(new QueryResult.Column("N", "fixed"));
    assertThat(result.value(1, "t")).isEqualTo("b");
  }

  @Test
  void furtherPartitionsAreFetchedInOrder() {
    answers.add(
        new Answer(
            200,
            """
            {"resultSetMetaData":{"numRows":3,"rowType":[{"name":"N","type":"fixed"}],
             "partitionInfo":[{"rowCount":1},{"rowCount":1},{"rowCount":1}]},"data":[["1"]],"statementHandle":"h-1"}
            """));
    answers.add(new Answer(200, "{\"data\":[[\"2\"]]}"));
    answers.add(new Answer(200, "{\"data\":[[\"3\"]]}"));

    assertThat(client.query("select n").rows())
        .containsExactly(List.of("1"), List.of("2"), List.of("3"));
    assertThat(requests.subList(1, 3))
        .containsExactly(
            "GET /api/v2/statements/h-1?partition=1 ", "GET /api/v2/statements/h-1?partition=2 ");
  }

  @Test
  void aStatementThatTakesLongIsAskedForUntilItIsDone() {
    answers.add(new Answer(202, "{\"code\":\"333334\",\"statementHandle\":\"h-2\"}"));
    answers.add(
        new Answer(
            200,
            """
            {"resultSetMetaData":{"rowType":[{"name":"N","type":"fixed"}]},"data":[["7"]]}
            """));

    assertThat(client.query("select n").count()).isEqualTo(7);
    assertThat(requests.getLast()).isEqualTo("GET /api/v2/statements/h-2 ");
  }

  @Test
  void aRefusedStatementCarriesTheWarehousesOwnWords() {
    answers.add(
        new Answer(422, "{\"code\":\"002003\",\"message\":\"Object 'X' does not exist.\"}"));

    assertThatThrownBy(() -> client.query("select * from x"))
        .isInstanceOf(WarehouseException.class)
        .hasMessage("Object 'X' does not exist.")
        .extracting(e -> ((WarehouseException) e).code())
        .isEqualTo("002003");
  }

  @Test
  void aWarehouseThatIsNotThereIsTheEnvironmentsFailure() {
    server.stop(0);

    assertThatThrownBy(() -> client.query("select 1"))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("does not answer");
  }
}
