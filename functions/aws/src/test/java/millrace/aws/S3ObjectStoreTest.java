package millrace.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore.PutOutcome;
import millrace.core.file.ObjectStore.ReplaceOutcome;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Answers of S3 that an emulator does not give. */
class S3ObjectStoreTest {
  private final AnsweringS3 s3 = new AnsweringS3();
  private final S3ObjectStore store = new S3ObjectStore(s3, "bucket");

  @Test
  void a_conflict_with_another_conditional_write_is_tried_again() {
    s3.answers.addAll(
        List.of(answer(409, "ConditionalRequestConflict"), answer(412, "PreconditionFailed")));

    assertThat(store.putIfAbsent("a", new byte[1], Map.of())).isEqualTo(PutOutcome.ALREADY_THERE);
    assertThat(s3.requests).isEqualTo(2);
  }

  @Test
  void a_conflict_that_does_not_end_is_a_failure_of_the_environment() {
    for (int i = 0; i < 100; i++) {
      s3.answers.add(answer(409, "ConditionalRequestConflict"));
    }

    assertThatThrownBy(() -> store.putIfAbsent("a", new byte[1], Map.of()))
        .isInstanceOf(EnvironmentFailure.class);
    assertThat(s3.requests).isLessThan(10);
  }

  @Test
  void a_refusal_names_code_status_and_request() {
    s3.answers.add(answer(503, "SlowDown"));

    assertThatThrownBy(() -> store.putIfAbsent("a", new byte[1], Map.of()))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessage("S3 refused PutObject a: SlowDown (HTTP 503, request request-1)");
  }

  @Test
  void silence_is_a_failure_of_the_environment() {
    s3.answers.add(SdkClientException.create("connection reset"));

    assertThatThrownBy(() -> store.putIfAbsent("a", new byte[1], Map.of()))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("S3 did not answer PutObject a: connection reset");
  }

  @Test
  void every_write_states_its_condition() {
    store.putIfAbsent("a", new byte[1], Map.of());
    assertThat(s3.last.ifNoneMatch()).isEqualTo("*");
    assertThat(store.replace("a", new byte[1], null)).isEqualTo(ReplaceOutcome.REPLACED);
    assertThat(s3.last.ifNoneMatch()).isEqualTo("*");
    store.replace("a", new byte[1], "\"tag\"");
    assertThat(s3.last.ifMatch()).isEqualTo("\"tag\"");
  }

  private static SdkException answer(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .requestId("request-1")
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  /** Gives the answers it was told, then success. */
  private static final class AnsweringS3 implements S3Client {
    private final Queue<SdkException> answers = new ArrayDeque<>();
    private int requests;
    private PutObjectRequest last;

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
      requests++;
      last = request;
      SdkException answer = answers.poll();
      if (answer != null) {
        throw answer;
      }
      return PutObjectResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "s3";
    }

    @Override
    public void close() {}
  }
}
