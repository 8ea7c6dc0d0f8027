package millrace.local.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * What must happen however this process ends, Ctrl-C and SIGTERM included. One hook runs all of it,
 * the last registered first; hooks of their own would run at the same time.
 */
public final class Shutdown {
  private static final Deque<Runnable> ACTIONS = new ArrayDeque<>();
  private static final Thread HOOK = new Thread(Shutdown::runAll, "shutdown");
  private static boolean hooked;
  private static volatile boolean begun;

  private Shutdown() {}

  public static synchronized void onEnd(Runnable action) {
    if (!hooked) {
      Runtime.getRuntime().addShutdownHook(HOOK);
      hooked = true;
    }
    ACTIONS.push(action);
  }

  /** What was registered is done already. */
  static synchronized void forget(Runnable action) {
    ACTIONS.remove(action);
  }

  /** Lets the hook finish while the process ends; never returns then, returns at once otherwise. */
  public static void parkIfBegun() {
    if (begun) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void runAll() {
    begun = true;
    while (true) {
      Runnable action;
      synchronized (Shutdown.class) {
        if (ACTIONS.isEmpty()) {
          return;
        }
        action = ACTIONS.pop();
      }
      try {
        action.run();
      } catch (RuntimeException e) {
        System.err.println("while stopping: " + e.getMessage());
      }
    }
  }
}
