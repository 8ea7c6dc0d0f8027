package millrace.local.deploy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Capability;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;

/** One stack on its way: created or updated, watched until it stands or has failed. */
final class StackDeployment {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final CloudFormationClient cloudFormation;
  private final StackArtifact artifact;
  private final Duration patience;
  private final Consumer<String> progress;
  private final Set<String> earlier = new HashSet<>();
  private final Set<String> told = new HashSet<>();

  StackDeployment(
      CloudFormationClient cloudFormation,
      StackArtifact artifact,
      Duration patience,
      Consumer<String> progress) {
    this.cloudFormation = cloudFormation;
    this.artifact = artifact;
    this.patience = patience;
    this.progress = progress;
  }

  StackOutputs run(Map<String, String> parameters) {
    Optional<Stack> existing = describe();
    if (existing.isPresent() && existing.get().stackStatusAsString().equals("ROLLBACK_COMPLETE")) {
      // A first creation that failed leaves a shell that can only be deleted.
      cloudFormation.deleteStack(request -> request.stackName(artifact.name()));
      await("DELETE_COMPLETE");
      existing = Optional.empty();
    }
    if (existing.isPresent()) {
      // The stack remembers every run; this one answers for its own events only.
      events().forEach(event -> earlier.add(event.eventId()));
    }
    List<Parameter> given =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .map(
                    entry ->
                        Parameter.builder()
                            .parameterKey(entry.getKey())
                            .parameterValue(entry.getValue())
                            .build())
                .toList();
    try {
      if (existing.isEmpty()) {
        cloudFormation.createStack(
            request ->
                request
                    .stackName(artifact.name())
                    .templateBody(artifact.template())
                    .parameters(given)
                    .capabilities(Capability.CAPABILITY_NAMED_IAM));
        await("CREATE_COMPLETE");
      } else {
        cloudFormation.updateStack(
            request ->
                request
                    .stackName(artifact.name())
                    .templateBody(artifact.template())
                    .parameters(given)
                    .capabilities(Capability.CAPABILITY_NAMED_IAM));
        await("UPDATE_COMPLETE");
      }
    } catch (CloudFormationException e) {
      String said =
          e.awsErrorDetails() == null
              ? String.valueOf(e.getMessage())
              : e.awsErrorDetails().errorMessage();
      if (!said.toLowerCase(Locale.ROOT).contains("no updates are to be performed")) {
        throw new DeployException.StackFailed(artifact.name(), said);
      }
      progress.accept("stack " + artifact.name() + " needs no change");
    }
    return new StackOutputs(
        describe().orElseThrow().outputs().stream()
            .collect(Collectors.toMap(Output::outputKey, Output::outputValue)));
  }

  private void await(String wanted) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      tell();
      String status = describe().map(Stack::stackStatusAsString).orElse("DELETE_COMPLETE");
      if (status.equals(wanted) || status.equals(wanted + "_CLEANUP_IN_PROGRESS")) {
        tell();
        return;
      }
      if (!status.endsWith("_IN_PROGRESS") || status.contains("ROLLBACK")) {
        throw new DeployException.StackFailed(artifact.name(), reason().orElse("it is " + status));
      }
      if (System.nanoTime() > deadline) {
        throw new DeployException.StackFailed(
            artifact.name(), "it is still " + status + " after " + patience.toSeconds() + " s");
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new DeployException.StackFailed(
            artifact.name(), "interrupted while it was " + status);
      }
    }
  }

  private Optional<Stack> describe() {
    try {
      return cloudFormation
          .describeStacks(request -> request.stackName(artifact.name()))
          .stacks()
          .stream()
          .filter(stack -> !stack.stackStatusAsString().equals("DELETE_COMPLETE"))
          .findFirst();
    } catch (CloudFormationException e) {
      // This API has no type for "there is none".
      if (e.statusCode() == 400 && String.valueOf(e.getMessage()).contains("does not exist")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Oldest first. */
  private List<StackEvent> events() {
    return cloudFormation
        .describeStackEventsPaginator(request -> request.stackName(artifact.name()))
        .stackEvents()
        .stream()
        .filter(event -> !earlier.contains(event.eventId()))
        .toList()
        .reversed();
  }

  private void tell() {
    if (describe().isEmpty()) {
      return;
    }
    for (StackEvent event : events()) {
      String status = event.resourceStatusAsString();
      if (told.add(event.eventId()) && !status.endsWith("_IN_PROGRESS")) {
        progress.accept(
            event.logicalResourceId() + " " + status.toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
  }

  /** What the first resource that failed said; the failures after it only follow from it. */
  private Optional<String> reason() {
    return events().stream()
        .filter(event -> event.resourceStatusAsString().endsWith("_FAILED"))
        .map(
            event ->
                event.logicalResourceId()
                    + " ("
                    + event.resourceType()
                    + "): "
                    + event.resourceStatusReason())
        .findFirst();
  }
}
