package millrace.aws;

import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What AWS answered, as a sentence an operator can act on and AWS support can look up. */
final class AwsFailures {
  private AwsFailures() {}

  /**
   * @param service such as {@code S3}
   * @param operation such as {@code PutObject archive/...}
   */
  static EnvironmentFailure environment(String service, String operation, SdkException failure) {
    if (failure instanceof AwsServiceException answer) {
      return new EnvironmentFailure(
          "%s refused %s: %s (HTTP %d, request %s)"
              .formatted(service, operation, code(answer), answer.statusCode(), answer.requestId()),
          failure);
    }
    return new EnvironmentFailure(
        "%s did not answer %s: %s".formatted(service, operation, failure.getMessage()), failure);
  }

  static String code(AwsServiceException answer) {
    return answer.awsErrorDetails() == null
        ? "no error code"
        : String.valueOf(answer.awsErrorDetails().errorCode());
  }
}
