package millrace.local.run;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.core.names.Names;
import millrace.local.trace.ObjectFolder;

/**
 * One queue per source of the contracts, as the consumer declares them.
 *
 * @param sources of the contracts, those of schema-less JSON included, in order
 */
public record LocalQueues(List<String> sources) {
  public LocalQueues {
    sources = List.copyOf(sources);
  }

  public static LocalQueues of(ContractSet contracts) {
    return new LocalQueues(
        contracts.contracts().stream()
            .flatMap(contract -> contract.sources().stream())
            .distinct()
            .sorted()
            .toList());
  }

  /**
   * Of the contracts that are active in a run.
   *
   * @param objects folder of the run's bucket
   */
  public static LocalQueues ofRun(Path objects) {
    return of(
        new ReleasedContracts(
                new ObjectFolder(objects),
                ContractSet.builtIn(),
                InstantSource.system(),
                Duration.ZERO)
            .active());
  }

  public List<String> names() {
    return sources.stream().map(Names::sourceQueue).toList();
  }

  /** Patterns that bring a source's types into its queue. */
  public List<String> routingKeys() {
    return sources.stream().map(source -> source + ".#").toList();
  }

  String consumerSetting() {
    return sources.stream()
        .map(source -> Names.sourceQueue(source) + "=" + source + ":" + source + ".#")
        .collect(Collectors.joining(","));
  }
}
