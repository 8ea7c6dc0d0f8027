package millrace.local.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import millrace.local.process.ToolRun;

/**
 * A dbt that has read its project and waits: the seconds of its start pass while events are on
 * their way. It runs one command.
 */
public final class DbtAhead implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final ToolRun.Started process;
  private final Turn turn;

  DbtAhead(ToolRun.Started process, Turn turn) {
    this.process = process;
    this.turn = turn;
  }

  /** Runs the command and returns dbt's exit code: 1 when a model or a test failed. */
  public int run(List<String> arguments) {
    try {
      process.line(JSON.writeValueAsString(arguments));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a list of texts is JSON", impossible);
    }
    return process.await(PATIENCE);
  }

  @Override
  public void close() {
    try (turn) {
      process.close();
    }
  }
}
