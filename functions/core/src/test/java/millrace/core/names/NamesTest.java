package millrace.core.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @Test
  void names_stay_as_they_are_since_a_renamed_resource_is_a_replaced_one() {
    Names names = Names.of("dev");

    assertThat(names.dataStack()).isEqualTo("millrace-dev-data");
    assertThat(names.writerFunction()).isEqualTo("millrace-dev-writer");
    assertThat(names.batchQueue()).isEqualTo("millrace-dev-batches");
    assertThat(names.batchDeadLetterQueue()).isEqualTo("millrace-dev-batches-dead-letters");
    assertThat(names.bucket("111111111111", "eu-west-1"))
        .isEqualTo("millrace-dev-111111111111-eu-west-1");
    assertThat(names.fileTopic()).isEqualTo("millrace-dev-files");
    assertThat(names.keyAlias()).isEqualTo("alias/millrace-dev");
    assertThat(names.payloadHashSecret()).isEqualTo("millrace/dev/payload-hash-key");
    assertThat(names.personalHashSecret()).isEqualTo("millrace/dev/personal-hash-key");
    assertThat(names.subjectKeyTable()).isEqualTo("millrace-dev-subject-keys");
    assertThat(names.subjectKeyAlias()).isEqualTo("alias/millrace-dev-subject-keys");
    assertThat(names.quarantineKeyAlias()).isEqualTo("alias/millrace-dev-quarantine");
    assertThat(names.replayRole()).isEqualTo("millrace-dev-replay");
    assertThat(names.loadErrorTopic()).isEqualTo("millrace-dev-load-errors");
    assertThat(names.loadErrorRole()).isEqualTo("millrace-dev-load-errors");
    assertThat(names.database()).isEqualTo("MILLRACE_DEV");
    assertThat(Names.SNOWFLAKE_CONTEXT).isEqualTo("millrace:snowflake:");
    assertThat(Names.EXCHANGE).isEqualTo("millrace.events");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d", "Dev", "1dev", "dev-1", "averyverylongenvironment"})
  void an_environment_that_cannot_be_part_of_a_bucket_name_is_refused(String environment) {
    assertThatThrownBy(() -> Names.of(environment)).hasMessageContaining("lower case letters");
  }
}
