package millrace.local.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearntContextTest {
  private static final Trust TRUST =
      new Trust(
          new Trust.Caller("arn:aws:iam::333333333333:user/takes", "millrace-prod"),
          new Trust.Caller("arn:aws:iam::333333333333:user/tells", "AB1_SFCRole=2_x"),
          "arn:aws:iam::333333333333:root");

  @TempDir Path home;

  private LearntContext of(String environment) {
    return new LearntContext(home, Names.of(environment));
  }

  @Test
  void what_is_written_is_read_again_and_stands_there_for_people() throws IOException {
    assertThat(of("prod").read()).isEmpty();
    of("prod").write(TRUST);
    assertThat(of("prod").read()).contains(TRUST);
    assertThat(Files.readString(home.resolve("cdk.context.json")))
        .isEqualTo(
            """
            {
              "millrace:snowflake:prod" : {
                "iamUserArn" : "arn:aws:iam::333333333333:user/takes",
                "externalId" : "millrace-prod",
                "subscriberArn" : "arn:aws:iam::333333333333:root",
                "loadErrors" : {
                  "iamUserArn" : "arn:aws:iam::333333333333:user/tells",
                  "externalId" : "AB1_SFCRole=2_x"
                }
              }
            }
            """);
  }

  @Test
  void another_environment_and_what_CDK_looked_up_stay() throws IOException {
    Files.writeString(home.resolve("cdk.context.json"), "{\"availability-zones\": [\"a\", \"b\"]}");
    var ofStaging = new Trust(TRUST.loadErrors(), TRUST.files(), TRUST.subscriberArn());
    of("staging").write(ofStaging);
    assertThat(of("prod").read()).isEmpty();
    of("prod").write(TRUST);
    assertThat(of("staging").read()).contains(ofStaging);
    assertThat(Files.readString(home.resolve("cdk.context.json"))).contains("availability-zones");
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).containsExactly(home.resolve("cdk.context.json"));
    }
  }

  @Test
  void half_of_it_and_what_somebody_added_count_as_not_written() throws IOException {
    for (String value : new String[] {"{\"iamUserArn\": \"x\"}", "\"text\"", "{}"}) {
      Files.writeString(
          home.resolve("cdk.context.json"), "{\"millrace:snowflake:prod\": " + value + "}");
      assertThat(of("prod").read()).as(value).isEmpty();
    }
  }

  @Test
  void a_file_that_is_no_object_is_a_sentence_and_stays_as_it_is() throws IOException {
    for (String text : new String[] {"[]", "{"}) {
      Files.writeString(home.resolve("cdk.context.json"), text);
      assertThatThrownBy(() -> of("prod").write(TRUST))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("cdk.context.json is no JSON object");
      assertThat(Files.readString(home.resolve("cdk.context.json"))).isEqualTo(text);
    }
  }
}
