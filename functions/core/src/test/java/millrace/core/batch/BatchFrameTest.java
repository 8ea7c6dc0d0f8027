package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import millrace.core.event.Times;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

class BatchFrameTest {
  private static final Instant SEALED = Instant.parse("2026-11-21T23:59:59.999Z");

  @Test
  void a_decoded_frame_is_the_batch_that_was_encoded() throws Exception {
    Batch batch = batch("orders", 1000);

    assertThat(BatchFrame.decode(BatchFrame.encode(batch), FrameLimits.QUEUE)).isEqualTo(batch);
  }

  @Test
  void equal_batches_give_equal_bytes() {
    assertThat(BatchFrame.encode(batch("orders", 50)))
        .isEqualTo(BatchFrame.encode(batch("orders", 50)));
  }

  @Test
  void frames_that_follow_each_other_are_read_in_order() throws Exception {
    Batch first = batch("orders", 3);
    Batch second = batch("cards", 2);
    var object = new ByteArrayOutputStream();
    object.write(BatchFrame.encode(first));
    object.write(BatchFrame.encode(second));

    assertThat(BatchFrame.decodeAll(object.toByteArray(), FrameLimits.ARCHIVE))
        .containsExactly(first, second);
  }

  @Test
  void a_frame_cut_off_anywhere_is_a_bad_batch() {
    byte[] frame = BatchFrame.encode(batch("orders", 20));

    for (int length = 1; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> BatchFrame.decode(cut, FrameLimits.QUEUE))
          .isInstanceOf(BadBatchException.class);
    }
  }

  @Test
  void random_bytes_are_a_bad_batch() {
    var random = new SplittableRandom(7);
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> BatchFrame.decode(noise, FrameLimits.QUEUE))
          .isInstanceOf(BadBatchException.class);
    }
  }

  @Test
  void a_frame_that_unpacks_to_gigabytes_is_refused_before_it_does() {
    Batch batch = batch("orders", 80);
    ByteString mebibyte = ByteString.copyFrom(new byte[1 << 20]);
    List<Event> swollen =
        batch.events().stream().map(e -> e.toBuilder().setPayload(mebibyte).build()).toList();
    byte[] bomb = BatchFrame.encode(new Batch(batch.header(), swollen));

    assertThatThrownBy(() -> BatchFrame.decode(bomb, FrameLimits.QUEUE))
        .isInstanceOf(BadBatchException.class)
        .hasMessageContaining("unpacks to more than");
  }

  @Test
  void a_forged_message_length_costs_no_memory() {
    byte[] forged =
        Zstd.compress(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 1});

    assertThatThrownBy(() -> BatchFrame.decode(forged, FrameLimits.QUEUE))
        .hasMessageContaining("cut off");
  }

  @Test
  void an_event_of_another_source_makes_the_batch_bad() {
    Batch batch = batch("orders", 2);
    var mixed = new Batch(batch.header(), List.of(batch.events().getFirst(), event("cards", 1)));

    assertThatThrownBy(() -> BatchFrame.decode(BatchFrame.encode(mixed), FrameLimits.QUEUE))
        .hasMessageContaining("another source");
  }

  @Test
  void a_batch_belongs_to_the_utc_day_of_its_sealed_time() {
    assertThat(batch("orders", 1).day()).isEqualTo("2026-11-21");
  }

  @Test
  void a_batch_id_sorts_by_sealed_time_and_carries_it() {
    var random = new SplittableRandom(1);
    String earlier = BatchIds.create(SEALED, random);
    String later = BatchIds.create(SEALED.plusMillis(1), random);

    assertThat(earlier).isLessThan(later);
    assertThat(BatchIds.sealedTime(earlier)).contains(SEALED);
    assertThat(BatchIds.sealedTime("6f1c1f4e-7d5e-4d0b-9d4e-0a6a2f6f7a11")).isEmpty();
    assertThat(BatchIds.sealedTime("no id")).isEmpty();
  }

  static Batch batch(String source, int count) {
    return new Batch(
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(SEALED, new SplittableRandom(count)))
            .setSource(source)
            .setSealedTime(Times.timestamp(SEALED))
            .setCount(count)
            .build(),
        IntStream.range(0, count).mapToObj(i -> event(source, i)).toList());
  }

  private static Event event(String source, int i) {
    return Event.newBuilder()
        .setId("event-" + i)
        .setSource(source)
        .setType("orders.v1.OrderCreated")
        .setPayload(ByteString.copyFromUtf8("payload " + i))
        .build();
  }
}
