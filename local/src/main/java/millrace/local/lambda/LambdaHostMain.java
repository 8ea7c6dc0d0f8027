package millrace.local.lambda;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * Process of the Lambda host: {@code --port N --handler package.Class::method [--concurrency N]}.
 * The function's environment is the process's own. Prints its ready line and ends on SIGTERM.
 */
public final class LambdaHostMain {
  private LambdaHostMain() {}

  public static void main(String[] args) throws InterruptedException {
    try {
      LambdaHost host =
          new LambdaHost(
              HandlerReference.parse(required(args, "--handler")),
              Integer.parseInt(option(args, "--port", "0")),
              Integer.parseInt(option(args, "--concurrency", "2")),
              InstantSource.system());
      Runtime.getRuntime().addShutdownHook(new Thread(host::close, "stop"));
      System.out.println("{\"ready\":true,\"port\":" + host.port() + "}");
    } catch (SetupFailure | IOException | NumberFormatException e) {
      System.err.println("the Lambda host cannot start: " + e.getMessage());
      System.exit(2);
    }
    new CountDownLatch(1).await();
  }

  private static String required(String[] args, String name) {
    String value = option(args, name, "");
    if (value.isEmpty()) {
      throw new SetupFailure("option " + name + " is missing");
    }
    return value;
  }

  private static String option(String[] args, String name, String fallback) {
    @Nullable String found = null;
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals(name)) {
        found = args[i + 1];
      }
    }
    return found == null ? fallback : found;
  }
}
