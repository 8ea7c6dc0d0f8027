package millrace.local.run;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Work that runs at once, where one piece may wait for another by {@link Task#join}. The first
 * failure in time is the one that is told; those it causes are not.
 */
final class Parallel implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<Void> firstFailure = new CompletableFuture<>();

  /** One piece of work. */
  final class Task<T> {
    private final CompletableFuture<T> result;

    private Task(CompletableFuture<T> result) {
      this.result = result;
    }

    /** Waits for the work; fails as soon as any piece has failed. */
    T join() {
      try {
        CompletableFuture.anyOf(result, firstFailure).join();
        return result.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw e;
      }
    }
  }

  <T> Task<T> start(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable e) {
            firstFailure.completeExceptionally(e);
            result.completeExceptionally(e);
          }
        });
    return new Task<>(result);
  }

  @Override
  public void close() {
    threads.close();
  }
}
