package millrace.local.warehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A warehouse that answers a statement by what stands in it: the first answer whose part it
 * contains. It remembers what it was asked, and refuses what nobody has told it.
 */
public final class FakeWarehouse implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;

  private record Answer(String part, int status, String body) {}

  public FakeWarehouse() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext(
        "/api/v2/statements",
        exchange -> {
          String statement =
              JSON.readTree(exchange.getRequestBody().readAllBytes()).path("statement").asText();
          statements.add(statement);
          Answer answer =
              List.copyOf(answers).stream()
                  .filter(each -> statement.contains(each.part()))
                  .findFirst()
                  .orElseGet(() -> refusal("", "not told: " + statement));
          byte[] body = JSON.writeValueAsBytes(JSON.readTree(answer.body()));
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Rows of texts for statements that contain the part; null is SQL's NULL. */
  public void answer(String part, List<String> columns, List<List<String>> rows) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode meta = body.putObject("resultSetMetaData");
    ArrayNode types = meta.putArray("rowType");
    columns.forEach(column -> types.addObject().put("name", column).put("type", "text"));
    ArrayNode data = body.putArray("data");
    for (List<String> row : rows) {
      ArrayNode values = data.addArray();
      row.forEach(values::add);
    }
    answers.add(new Answer(part, 200, body.toString()));
  }

  /** Statements that contain the part are refused in these words. */
  public void refuse(String part, String message) {
    answers.add(refusal(part, message));
  }

  private static Answer refusal(String part, String message) {
    String body = JSON.createObjectNode().put("code", "002003").put("message", message).toString();
    return new Answer(part, 422, body);
  }

  /** All it was asked, in order. */
  public List<String> statements() {
    return List.copyOf(statements);
  }

  public WarehouseClient client() {
    return new WarehouseClient(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "MILLRACE_DEV", "MARTS");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
