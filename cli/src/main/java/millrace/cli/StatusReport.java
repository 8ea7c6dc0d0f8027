package millrace.cli;

import java.util.List;
import java.util.Map;
import millrace.core.names.Names;
import millrace.local.process.ComponentStatus;
import millrace.local.run.Backlog;
import millrace.local.run.BacklogReader;
import millrace.local.run.LocalQueues;
import millrace.local.run.Pipeline;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Endpoints;

/**
 * State of a run, step by step in the order of the flow.
 *
 * @param endpoints where its parts can be reached
 * @param components its child processes
 * @param backlog what waits between the steps
 */
record StatusReport(Endpoints endpoints, List<ComponentStatus> components, Backlog backlog) {
  /** Which child processes do a step, in the words of the flow. */
  private static final List<Map.Entry<String, List<String>>> STEPS =
      List.of(
          Map.entry("receive", List.of(Pipeline.BROKER, Pipeline.CONSUMER)),
          Map.entry("batch", List.of(Pipeline.MINISTACK)),
          Map.entry("write", List.of(Pipeline.LAMBDA)),
          Map.entry("notify", List.of(Pipeline.MINISTACK)),
          Map.entry("load", List.of(Pipeline.PIPES, Pipeline.WAREHOUSE)));

  /**
   * One step.
   *
   * @param name the flow's word for it
   * @param waiting what waits to be taken by it
   * @param what what it is that waits
   * @param components child processes that do it
   */
  record Step(String name, long waiting, String what, List<ComponentStatus> components) {
    boolean isReady() {
      return components.stream().allMatch(each -> each.phase().equals("ready"));
    }
  }

  static StatusReport of(RunningPipeline running) {
    try (BacklogReader reader = new BacklogReader(running.endpoints())) {
      return new StatusReport(running.endpoints(), running.components(), reader.read());
    }
  }

  List<Step> steps() {
    return STEPS.stream()
        .map(
            step ->
                new Step(
                    step.getKey(),
                    waiting(step.getKey()),
                    what(step.getKey()),
                    components.stream()
                        .filter(each -> step.getValue().contains(each.name()))
                        .toList()))
        .toList();
  }

  private long waiting(String step) {
    return switch (step) {
      case "receive" -> backlog.broker();
      case "write" -> backlog.batches();
      case "load" -> backlog.filesWaiting();
      default -> 0;
    };
  }

  private static String what(String step) {
    return switch (step) {
      case "receive" -> "messages";
      case "write" -> "batches";
      case "load" -> "files";
      default -> "";
    };
  }

  List<String> routingKeys() {
    return LocalQueues.ofRun(endpoints.objects()).routingKeys();
  }

  String exchange() {
    return Names.EXCHANGE;
  }

  boolean isReady() {
    return steps().stream().allMatch(Step::isReady);
  }
}
