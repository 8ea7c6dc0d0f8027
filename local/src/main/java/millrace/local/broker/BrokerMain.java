package millrace.local.broker;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * The broker as a process: {@code [--port N] [--store DIR]}. Prints one JSON line when it listens;
 * ends on SIGTERM.
 */
public final class BrokerMain {
  private BrokerMain() {}

  public static void main(String[] arguments) {
    // Qpid logs by slf4j; what it reports at info is of no use on a laptop
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    // a port that is taken: pages of what we say in a sentence
    System.setProperty("org.slf4j.simpleLogger.log.org.apache.qpid.server.model", "off");
    try {
      Options options = Options.parse(arguments);
      LocalBroker broker = LocalBroker.start(options.port, options.store);
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop"));
      System.out.printf(
          Locale.ROOT,
          "{\"ready\":true,\"port\":%d,\"amqp_url\":\"%s\"}%n",
          broker.port(),
          broker.amqpUrl());
      System.out.flush();
      new CountDownLatch(1).await();
    } catch (SetupFailure failure) {
      System.err.println(failure.getMessage());
      System.exit(2);
    } catch (InterruptedException stopped) {
      System.exit(0);
    }
  }

  private record Options(int port, @Nullable Path store) {
    static Options parse(String[] arguments) {
      int port = 0;
      Path store = null;
      for (int i = 0; i < arguments.length; i += 2) {
        String value = i + 1 < arguments.length ? arguments[i + 1] : null;
        if (value != null && arguments[i].equals("--port") && value.matches("[0-9]{1,5}")) {
          port = Integer.parseInt(value);
        } else if (value != null && arguments[i].equals("--store")) {
          store = Path.of(value);
        } else {
          throw new SetupFailure("usage: BrokerMain [--port N] [--store DIR]");
        }
      }
      return new Options(port, store);
    }
  }
}
