package millrace.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoreKnowsNoCloudTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("millrace.core");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "software.amazon.awssdk.core.SdkClient",
        "com.amazonaws.services.lambda.runtime.RequestHandler",
        "com.rabbitmq.client.Connection",
        "org.apache.parquet.schema.MessageType",
        "org.apache.hadoop.conf.Configuration",
        "net.snowflake.client.jdbc.SnowflakeDriver"
      })
  void no_class_of_a_cloud_a_broker_or_a_file_format_is_on_the_class_path(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void the_core_has_classes_to_judge() {
    assertThat(CORE.size()).isGreaterThan(20);
  }

  @Test
  void time_is_a_parameter() {
    ArchRuleDefinition.noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(CORE);
  }

  @Test
  void randomness_is_a_parameter() {
    ArchRuleDefinition.noClasses()
        .should()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.Random.class)
        .check(CORE);
  }
}
