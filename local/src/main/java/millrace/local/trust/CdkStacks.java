package millrace.local.trust;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.process.ToolRun;
import millrace.local.state.Checkout;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;

/** The stacks through the CDK command line of the checkout. */
public final class CdkStacks implements AwsSide {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Checkout checkout;
  private final Names names;
  private final Path assembly;
  private final LearntContext learnt;
  private final Consumer<Trust> synthesize;
  private final List<String> stacks;
  private final Map<String, String> variables;
  private final CloudFormationClient cloudFormation;

  /**
   * @param assembly folder that {@code synthesize} writes
   * @param learnt where a synthesis without this command finds the trust
   * @param stacks those to deploy, without what they depend on; empty for all
   * @param variables of the process, of which the ones that AWS tools read are handed on
   * @param cloudFormation of the same account and region
   */
  public CdkStacks(
      Checkout checkout,
      Names names,
      Path assembly,
      LearntContext learnt,
      Consumer<Trust> synthesize,
      List<String> stacks,
      Map<String, String> variables,
      CloudFormationClient cloudFormation) {
    this.checkout = checkout;
    this.names = names;
    this.assembly = assembly;
    this.learnt = learnt;
    this.synthesize = synthesize;
    this.stacks = List.copyOf(stacks);
    this.variables = new TreeMap<>(variables);
    this.variables
        .keySet()
        .removeIf(name -> !name.matches("(AWS|CDK|MILLRACE)_.*|https?_proxy|no_proxy"));
    this.cloudFormation = cloudFormation;
  }

  @Override
  public Optional<Trust> writtenDown() {
    return learnt.read();
  }

  @Override
  public void writeDown(Trust trust) {
    learnt.write(trust);
  }

  @Override
  public void synthesize(Trust trust) {
    synthesize.accept(trust);
  }

  @Override
  public boolean isDeployed() {
    Path log = assembly.resolve("diff.log");
    int code = cdk("diff", "--fail").toLog(log, PATIENCE);
    if (code > 1) {
      throw new SetupFailure("cdk diff ended with code " + code + "; see " + log);
    }
    return code == 0;
  }

  @Override
  public void deploy() {
    int code = cdk("deploy", "--require-approval", "never").onTerminal();
    if (code != 0) {
      throw new SetupFailure("cdk deploy ended with code " + code + ", see above");
    }
  }

  private ToolRun cdk(String command, String... options) {
    var line =
        new ArrayList<>(
            List.of(
                "bash",
                checkout.home().resolve("millrace").toString(),
                "cdk",
                command,
                "--app",
                assembly.toString()));
    line.addAll(List.of(options));
    if (stacks.isEmpty()) {
      line.add("--all");
    } else {
      line.add("--exclusively");
      line.addAll(stacks);
    }
    return new ToolRun("cdk " + command, line, variables, checkout.home());
  }

  @Override
  public Optional<Outputs> outputs() {
    Map<String, String> said = new HashMap<>();
    said.putAll(outputs(names.dataStack()));
    said.putAll(outputs(names.warehouseStack()));
    @Nullable String bucket = said.get("BucketName");
    @Nullable String topic = said.get("TopicArn");
    @Nullable String storageRole = said.get("StorageRoleArn");
    @Nullable String loadErrorTopic = said.get("LoadErrorTopicArn");
    @Nullable String loadErrorRole = said.get("LoadErrorRoleArn");
    return bucket == null
            || topic == null
            || storageRole == null
            || loadErrorTopic == null
            || loadErrorRole == null
        ? Optional.empty()
        : Optional.of(new Outputs(bucket, topic, storageRole, loadErrorTopic, loadErrorRole));
  }

  private Map<String, String> outputs(String stack) {
    var said = new HashMap<String, String>();
    try {
      cloudFormation
          .describeStacks(request -> request.stackName(stack))
          .stacks()
          .forEach(
              found ->
                  found.outputs().forEach(each -> said.put(each.outputKey(), each.outputValue())));
    } catch (CloudFormationException e) {
      // This API has no type for "there is none".
      if (e.statusCode() != 400 || !String.valueOf(e.getMessage()).contains("does not exist")) {
        throw e;
      }
    }
    return said;
  }
}
