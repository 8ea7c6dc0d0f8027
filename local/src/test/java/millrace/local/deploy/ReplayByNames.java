package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import millrace.aws.S3ObjectStore;
import millrace.aws.SqsBatchQueue;
import millrace.core.file.ObjectKeys;
import millrace.local.aws.DataPlace;
import millrace.local.aws.LocalTools;
import millrace.local.replay.Renotify;
import millrace.local.replay.Replay;
import millrace.local.trace.StoredFrames;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Replay and repeated notices in a deployed environment, by the names of {@code cdk.json} alone, as
 * in an account: nothing asks the stack where anything is. While it runs, the emulator's
 * credentials are this process's.
 */
record ReplayByNames(DataPlace place) {
  static ReplayByNames of(String environment, URI endpoint) {
    return new ReplayByNames(
        DataPlace.ofAccount(
            LocalTools.root().resolve("cdk.json"),
            environment,
            Map.of("AWS_ENDPOINT_URL", endpoint.toString())));
  }

  /**
   * Replays the archive into other files, and announces everything stored once more.
   *
   * @param batches so many are archived and stored, each of one event
   */
  void replaysAndAnnounces(int batches, Duration patience) throws InterruptedException {
    @Nullable String id = System.setProperty("aws.accessKeyId", place.account());
    @Nullable String secret = System.setProperty("aws.secretAccessKey", "emulator");
    try (S3Client s3 = place.clients().s3();
        SqsClient sqs = place.clients().sqs();
        SnsClient sns = place.clients().sns()) {
      var store = new S3ObjectStore(s3, place.bucket());
      replays(store, sqs, batches, patience);
      announces(store, sns);
    } finally {
      restore("aws.accessKeyId", id);
      restore("aws.secretAccessKey", secret);
    }
  }

  private void replays(S3ObjectStore store, SqsClient sqs, int batches, Duration patience)
      throws InterruptedException {
    List<String> archived = new StoredFrames(store).keys("archive/");
    assertThat(archived).hasSize(batches);
    assertThat(rows(store)).isEqualTo(batches);
    Replay.Sent sent =
        new Replay(store, new SqsBatchQueue(sqs, place.queueUrl()), sentence -> {})
            .send(archived, false);
    assertThat(sent).isEqualTo(new Replay.Sent(batches, batches, batches));
    Instant end = Instant.now().plus(patience);
    while (rows(store) < 2 * batches) {
      assertThat(Instant.now()).as("waiting for the replay's rows").isBefore(end);
      Thread.sleep(200);
    }
  }

  private void announces(S3ObjectStore store, SnsClient sns) {
    Renotify.Sent announced =
        new Renotify(
                store,
                Set::of,
                Renotify.Announcer.of(
                    sns, place.topicArn(), place.bucket(), place.region(), InstantSource.system()),
                sentence -> {})
            .send("", true, false);
    assertThat(announced.files())
        .containsExactlyInAnyOrderElementsOf(new StoredFrames(store).keys("events/"));
  }

  /** Rows of all files, as their names say; batches that come together share a file. */
  private static long rows(S3ObjectStore store) {
    return new StoredFrames(store)
        .keys("events/").stream().mapToLong(key -> ObjectKeys.rows(key).orElseThrow()).sum();
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
