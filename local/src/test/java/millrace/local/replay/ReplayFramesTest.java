package millrace.local.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.FrameLimits;
import millrace.core.event.Times;
import millrace.core.names.Digests;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.local.replay.ReplayFrames.Replayed;
import org.junit.jupiter.api.Test;

class ReplayFramesTest {
  private static final Instant SEALED = Instant.parse("2026-11-21T23:59:59.999Z");
  private static final String KEY = "quarantine/year=2026/month=11/day=21/abc.mrb";

  private static Batch batch(long seed, int events, int payloadBytes) {
    var random = new Random(seed);
    var all = new ArrayList<Event>();
    for (int i = 0; i < events; i++) {
      byte[] payload = new byte[payloadBytes];
      random.nextBytes(payload);
      all.add(
          Event.newBuilder()
              .setId("id-" + i)
              .setSource("orders")
              .setReceivedTime(Times.timestamp(SEALED))
              .setPayloadHash("k:hash")
              .setPayload(ByteString.copyFrom(payload))
              .build());
    }
    return new Batch(
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(SEALED, random))
            .setSource("orders")
            .setSealedTime(Times.timestamp(SEALED))
            .setCount(events)
            .build(),
        all);
  }

  @Test
  void aReplayedBatchKeepsEverythingAndSaysWhereItWasRead() throws Exception {
    Batch stored = batch(1, 3, 20);
    Replayed replayed = ReplayFrames.of(KEY, List.of(stored)).getFirst();

    assertThat(replayed.isReference()).isFalse();
    assertThat(replayed.events()).isEqualTo(3);
    assertThat(replayed.message().attributes())
        .containsEntry(BatchAttributes.BATCH_ID, stored.header().getBatchId());
    var body = (BatchBody.Inline) BatchBody.parse(replayed.message().body());
    Batch again = BatchFrame.decode(body.frame(), FrameLimits.QUEUE);
    assertThat(again.events()).isEqualTo(stored.events());
    assertThat(again.header()).isEqualTo(stored.header().toBuilder().setReplayedFrom(KEY).build());
  }

  @Test
  void equalObjectsGiveEqualMessages() {
    List<Batch> stored = List.of(batch(1, 3, 20), batch(2, 1, 20));
    assertThat(ReplayFrames.of(KEY, stored).stream().map(Replayed::message))
        .containsExactlyElementsOf(
            ReplayFrames.of(KEY, stored).stream().map(Replayed::message).toList());
  }

  @Test
  void aLargeBatchTravelsByReferenceAndNoMessageExceedsTheQueue() throws Exception {
    Batch stored = batch(3, 1, 5 << 20);
    Replayed replayed = ReplayFrames.of(KEY, List.of(stored)).getFirst();

    assertThat(replayed.message().bytes()).isLessThan(BatchQueue.MAX_BYTES);
    var reference = (BatchBody.Reference) BatchBody.parse(replayed.message().body());
    assertThat(reference.key()).isEqualTo(replayed.key()).startsWith("batches/");
    assertThat(reference.sha256()).isEqualTo(Digests.sha256(replayed.frame()));
    assertThat(BatchFrame.decode(replayed.frame(), FrameLimits.QUEUE).events())
        .isEqualTo(stored.events());
  }

  @Test
  void theLargestInlineMessageFitsTheQueue() {
    for (int kilobytes = 650; kilobytes < 720; kilobytes += 7) {
      Replayed replayed = ReplayFrames.of(KEY, List.of(batch(4, 1, kilobytes << 10))).getFirst();
      assertThat(replayed.message().bytes()).isLessThan(BatchQueue.MAX_BYTES);
    }
  }
}
