package millrace.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.treat.SubjectKeyStore;
import millrace.core.treat.SubjectKeyStoreContract;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoDbSubjectKeyStoreIT implements SubjectKeyStoreContract {
  private static final DynamoDbClient DYNAMO_DB = Emulator.get().clients().dynamoDb();
  private static final String TABLE = Emulator.get().subjectKeyTable();

  @Override
  public SubjectKeyStore store() {
    return new DynamoDbSubjectKeyStore(DYNAMO_DB, TABLE);
  }

  @Test
  void a_table_that_is_not_there_is_a_failure_of_the_environment_that_names_it() {
    var nowhere = new DynamoDbSubjectKeyStore(DYNAMO_DB, "nowhere");

    assertThatThrownBy(() -> nowhere.get(List.of("a")))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("DynamoDB refused BatchGetItem nowhere: ResourceNotFoundException");
  }
}
