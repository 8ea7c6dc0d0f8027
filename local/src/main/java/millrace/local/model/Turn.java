package millrace.local.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;

/**
 * One dbt at a time, in whatever process: the hourly one of a kept run and a user's would replace
 * each other's tables and results.
 */
final class Turn implements AutoCloseable {
  // A lock of a file is the process's, so it does not keep out another thread.
  private static final Semaphore IN_THIS_PROCESS = new Semaphore(1);

  private final FileChannel channel;

  private Turn(FileChannel channel) {
    this.channel = channel;
  }

  /** Waits until no other dbt runs on the folder, and says so when it has to. */
  static Turn take(Path folder, Progress progress) {
    IN_THIS_PROCESS.acquireUninterruptibly();
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        progress.say("dbt: waiting for the one that runs already");
        var unused = channel.lock(); // given back when the channel is closed
      }
      return new Turn(channel);
    } catch (IOException e) {
      IN_THIS_PROCESS.release();
      throw new SetupFailure("cannot use " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      IN_THIS_PROCESS.release();
    }
  }
}
