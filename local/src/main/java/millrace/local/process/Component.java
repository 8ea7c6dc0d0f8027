package millrace.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One child process of the run.
 *
 * @param name its name in status, logs and process files
 * @param command program and arguments
 * @param environment variables set on top of this process's own
 * @param firstEnvironment variables of its first start only, so that a test fault does not come
 *     back after the restart
 * @param directory working directory
 * @param readyWithin how long it may take until it prints its ready line
 * @param stopWithin how long it may take to end after SIGTERM
 */
public record Component(
    String name,
    List<String> command,
    Map<String, String> environment,
    Map<String, String> firstEnvironment,
    Path directory,
    Duration readyWithin,
    Duration stopWithin) {
  public Component {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException(
          "a component's name is a file name, '" + name + "' is not");
    }
    if (command.isEmpty()) {
      throw new IllegalArgumentException(name + " has no command");
    }
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    firstEnvironment = Map.copyOf(firstEnvironment);
  }

  /**
   * A component with the usual deadlines: 120 s to be ready, since a busy machine is no failure,
   * and 10 s to end.
   */
  public static Component of(String name, Path directory, List<String> command) {
    return new Component(
        name,
        command,
        Map.of(),
        Map.of(),
        directory,
        Duration.ofSeconds(120),
        Duration.ofSeconds(10));
  }

  public Component with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(more);
    return new Component(name, command, all, firstEnvironment, directory, readyWithin, stopWithin);
  }

  public Component onFirstStart(Map<String, String> once) {
    return new Component(name, command, environment, once, directory, readyWithin, stopWithin);
  }

  public Component readyWithin(Duration deadline) {
    return new Component(
        name, command, environment, firstEnvironment, directory, deadline, stopWithin);
  }

  public Component stopWithin(Duration deadline) {
    return new Component(
        name, command, environment, firstEnvironment, directory, readyWithin, deadline);
  }
}
