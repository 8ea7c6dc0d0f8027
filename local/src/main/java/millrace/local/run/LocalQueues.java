package millrace.local.run;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.contract.JsonPaths;

/** One queue per source of the contracts, as the consumer declares them. */
public final class LocalQueues {
  /** Sources of the contracts, schema-less JSON included. */
  public static final List<String> SOURCES =
      ContractSet.builtIn().contracts().stream()
          .flatMap(LocalQueues::sources)
          .distinct()
          .sorted()
          .toList();

  private LocalQueues() {}

  private static Stream<String> sources(Contract contract) {
    return contract.jsonSources().isEmpty()
        ? Stream.of(contract.source())
        : contract.jsonSources().stream().map(JsonPaths::source);
  }

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
