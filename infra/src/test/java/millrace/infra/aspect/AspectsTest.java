package millrace.infra.aspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import millrace.infra.MillraceApp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.cxapi.CloudAssembly;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sqs.Queue;

/** Aspects hold for resources that were made without a thought of them. */
class AspectsTest {
  @TempDir Path folder;

  @Test
  void data_and_its_policies_stay_where_the_environment_retains_it_and_go_where_it_does_not()
      throws IOException {
    for (boolean retain : new boolean[] {true, false}) {
      Stack stack = stack("retain-" + retain);
      Bucket.Builder.create(stack, "Bucket").enforceSsl(true).build();
      Queue.Builder.create(stack, "Queue").enforceSsl(true).build();
      Table.Builder.create(stack, "Table")
          .partitionKey(Attribute.builder().name("id").type(AttributeType.STRING).build())
          .build();
      Removal.decide(stack, retain);
      JsonNode resources = template(stack, synthesize(stack));
      assertThat(resources)
          .hasSize(5)
          .allMatch(
              resource ->
                  resource.path("DeletionPolicy").asText().equals(retain ? "Retain" : "Delete")
                      && resource
                          .path("UpdateReplacePolicy")
                          .asText()
                          .equals(retain ? "Retain" : "Delete"));
      assertThat(resources.findValue("DeletionProtectionEnabled").asBoolean()).isEqualTo(retain);
    }
  }

  @Test
  void a_log_group_that_nobody_thought_of_forgets_as_all_do() throws IOException {
    Stack stack = stack("logs");
    LogGroup.Builder.create(stack, "Forgotten").build();
    LogRetention.decide(stack, Duration.ofDays(90));
    assertThat(template(stack, synthesize(stack)).findValue("RetentionInDays").asInt())
        .isEqualTo(90);
  }

  @Test
  void a_name_that_does_not_tell_its_environment_stops_the_synthesis() {
    Stack stack = stack("names");
    for (String name :
        List.of("batches", "millrace-prod-batches", "millrace-device", "millrace-dev-batches")) {
      Queue.Builder.create(stack, name + "-queue").queueName(name).build();
    }
    Queue.Builder.create(stack, "nameless").build();
    LogGroup.Builder.create(stack, "Logs").logGroupName("/aws/lambda/millrace-dev-writer").build();
    PhysicalNames.demand(stack, "dev");
    assertThat(MillraceApp.errors(synthesize(stack)))
        .satisfiesExactlyInAnyOrder(
            error -> assertThat(error).contains("\"batches\"", "belongs to the environment dev"),
            error -> assertThat(error).contains("\"millrace-prod-batches\""),
            error -> assertThat(error).contains("\"millrace-device\""));
  }

  private Stack stack(String name) {
    var app =
        new App(
            AppProps.builder()
                .outdir(folder.resolve(name).toString())
                .analyticsReporting(false)
                .treeMetadata(false)
                .build());
    return new Stack(app, name);
  }

  private static CloudAssembly synthesize(Stack stack) {
    return ((App) stack.getNode().getRoot()).synth();
  }

  private static JsonNode template(Stack stack, CloudAssembly assembly) throws IOException {
    return new ObjectMapper()
        .readTree(Path.of(assembly.getDirectory(), stack.getTemplateFile()).toFile())
        .path("Resources");
  }
}
