package millrace.local.run;

import java.util.List;
import java.util.stream.Collectors;

/** Queues of the three sources, as the consumer declares them. */
public final class LocalQueues {
  /** Sources of the contracts. */
  public static final List<String> SOURCES = List.of("cards", "orders", "manufacturing");

  private LocalQueues() {}

  public static List<String> names() {
    return SOURCES.stream().map(source -> "millrace." + source).toList();
  }

  /** Patterns that bring a source's types into its queue. */
  public static List<String> routingKeys() {
    return SOURCES.stream().map(source -> source + ".#").toList();
  }

  static String consumerSetting() {
    return SOURCES.stream()
        .map(source -> "millrace." + source + "=" + source + ":" + source + ".#")
        .collect(Collectors.joining(","));
  }
}
