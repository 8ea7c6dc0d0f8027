package millrace.local.warehouse;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import org.jspecify.annotations.Nullable;

/**
 * Client of Snowflake's SQL API: one statement per call, no session. The warehouse of the laptop
 * answers the same requests as an account.
 */
public final class WarehouseClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(200);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final String database;
  private final String schema;
  private final Duration timeout;

  /**
   * A client whose statements see one schema without naming it.
   *
   * @param base URL of the warehouse, such as {@code http://127.0.0.1:4000}
   */
  public WarehouseClient(URI base, String database, String schema) {
    this(base, database, schema, Duration.ofMinutes(5));
  }

  public WarehouseClient(URI base, String database, String schema, Duration timeout) {
    this.base = base;
    this.database = database;
    this.schema = schema;
    this.timeout = timeout;
  }

  /**
   * Runs one statement and reads its whole answer.
   *
   * @throws WarehouseException when the warehouse refuses the statement
   * @throws EnvironmentFailure when the warehouse cannot be reached
   */
  public QueryResult query(String statement) {
    ObjectNode body = JSON.createObjectNode();
    body.put("statement", statement);
    body.put("database", database);
    body.put("schema", schema);
    body.put("timeout", timeout.toSeconds());
    JsonNode answer =
        finished(
            send(
                request("api/v2/statements")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))));
    JsonNode meta = answer.path("resultSetMetaData");
    List<QueryResult.Column> columns = new ArrayList<>();
    for (JsonNode column : meta.path("rowType")) {
      columns.add(
          new QueryResult.Column(
              column.path("name").asText(), column.path("type").asText().toLowerCase(Locale.ROOT)));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    addRows(rows, answer.path("data"));
    for (int partition = 1; partition < meta.path("partitionInfo").size(); partition++) {
      String handle = answer.path("statementHandle").asText();
      HttpResponse<String> next =
          send(request("api/v2/statements/" + handle + "?partition=" + partition).GET());
      addRows(rows, parsed(next).path("data"));
    }
    return new QueryResult(List.copyOf(columns), rows);
  }

  /**
   * Makes the files of the local warehouse complete, so that they may be copied while nobody
   * writes.
   */
  public void checkpoint() {
    parsed(send(request("local/v1/checkpoint").POST(HttpRequest.BodyPublishers.noBody())));
  }

  /** A statement that takes long answers 202 with a handle to ask again. */
  private JsonNode finished(HttpResponse<String> first) {
    HttpResponse<String> response = first;
    while (response.statusCode() == 202) {
      pause();
      String handle = json(response.body()).path("statementHandle").asText();
      response = send(request("api/v2/statements/" + handle).GET());
    }
    return parsed(response);
  }

  private static JsonNode parsed(HttpResponse<String> response) {
    JsonNode body = json(response.body());
    if (response.statusCode() != 200) {
      throw new WarehouseException(
          body.path("code").asText(Integer.toString(response.statusCode())),
          body.path("message").asText("the warehouse answered " + response.statusCode()));
    }
    return body;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new EnvironmentFailure("the warehouse answered something that is not JSON", e);
    }
  }

  private static void addRows(List<List<@Nullable String>> rows, JsonNode data) {
    for (JsonNode row : data) {
      List<@Nullable String> values = new ArrayList<>(row.size());
      for (JsonNode value : row) {
        values.add(value.isNull() ? null : value.asText());
      }
      rows.add(values);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("/" + path))
        .timeout(timeout)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("User-Agent", "millrace");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new EnvironmentFailure("the warehouse at " + base + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while asking the warehouse", e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while asking the warehouse", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
