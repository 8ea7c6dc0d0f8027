package millrace.local.run;

/**
 * What waits between the steps of a run.
 *
 * @param broker messages in the broker's queues
 * @param batches messages of the SQS queue, those in the hands of the writer included
 * @param deadLetters batches that the writer gave up on
 * @param files files in the bucket that a pipe takes
 * @param filesLoaded those that are loaded, or refused for good
 */
public record Backlog(long broker, long batches, long deadLetters, long files, long filesLoaded) {
  /** Nothing is on its way between the steps. */
  public boolean isEmpty() {
    return broker == 0 && batches == 0 && files <= filesLoaded;
  }

  /** Events and batches that wait in queues. */
  public long queueDepth() {
    return broker + batches;
  }

  public long filesWaiting() {
    return Math.max(0, files - filesLoaded);
  }

  public String sentence() {
    return broker
        + " messages in the broker, "
        + batches
        + " batches in SQS, "
        + filesWaiting()
        + " files to load";
  }
}
