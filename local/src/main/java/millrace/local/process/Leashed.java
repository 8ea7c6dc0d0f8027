package millrace.local.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs the main class named by the first argument, on a leash: when standard input ends, the parent
 * is gone and this process ends too. The mains themselves know nothing of it, because in a
 * container standard input is closed from the start.
 */
public final class Leashed {
  /** How long the shutdown hooks may still work for a parent that is gone. */
  private static final long GRACE_MILLIS = 10_000;

  private Leashed() {}

  public static void main(String[] args) throws Throwable {
    if (args.length == 0) {
      throw new IllegalArgumentException("the first argument names the main class");
    }
    Thread.ofPlatform().daemon().name("leash").start(Leashed::endWithParent);
    try {
      Class.forName(args[0])
          .getMethod("main", String[].class)
          .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // The parent never writes; what counts is the end.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    Thread.ofPlatform().daemon().name("leash-deadline").start(Leashed::haltAfterGrace);
    System.exit(0);
  }

  private static void haltAfterGrace() {
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
