package millrace.local.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may ask about its invocation; the values come with the request, as headers.
 *
 * @param requestId id of the invocation
 * @param functionName name of the function
 * @param functionVersion its version
 * @param functionArn ARN it was invoked by
 * @param deadline when the invocation is given up
 * @param clock tells how much of the time is left
 */
record HostContext(
    String requestId,
    String functionName,
    String functionVersion,
    String functionArn,
    Instant deadline,
    InstantSource clock)
    implements Context {

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/" + functionName;
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return functionName;
  }

  @Override
  public String getFunctionVersion() {
    return functionVersion;
  }

  @Override
  public String getInvokedFunctionArn() {
    return functionArn;
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    long left = deadline.toEpochMilli() - clock.millis();
    return (int) Math.clamp(left, 0, Integer.MAX_VALUE);
  }

  @Override
  public int getMemoryLimitInMB() {
    return (int) (Runtime.getRuntime().maxMemory() >> 20);
  }

  @Override
  public LambdaLogger getLogger() {
    return StderrLogger.INSTANCE;
  }

  private enum StderrLogger implements LambdaLogger {
    INSTANCE;

    @Override
    public void log(String message) {
      System.err.print(message.endsWith("\n") ? message : message + "\n");
    }

    @Override
    public void log(byte[] message) {
      log(new String(message, StandardCharsets.UTF_8));
    }
  }
}
