package millrace.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * For tests and the demo only: dies once at the worst moment, after SQS accepted and before the
 * broker is told. The marker file remembers that it has happened.
 */
final class HaltAfterAccept implements Runnable {
  /** As after {@code kill -9}. */
  private static final int KILLED = 137;

  private final Path marker;
  private volatile boolean done;

  HaltAfterAccept(Path marker) {
    this.marker = marker;
    this.done = Files.exists(marker);
  }

  @Override
  public void run() {
    if (done) {
      return;
    }
    try {
      Files.createFile(marker);
    } catch (FileAlreadyExistsException anotherPipelineWasFaster) {
      done = true;
      return;
    } catch (IOException failure) {
      throw new UncheckedIOException("the marker " + marker + " cannot be written", failure);
    }
    Runtime.getRuntime().halt(KILLED);
  }
}
