package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import millrace.core.TestClock;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPackerTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration AGE = Duration.ofSeconds(5);

  private final TestClock clock = new TestClock(START);
  private final Random random = new Random(42);

  @Test
  void an_event_waits_for_others_of_its_source() {
    BatchPacker<Integer> packer = packer(limits(1000, 10));

    assertThat(packer.add(event("orders", 10), 1)).isEmpty();
    assertThat(packer.add(event("cards", 10), 2)).isEmpty();
    assertThat(packer.openEvents()).isEqualTo(2);
  }

  @Test
  void the_count_closes_a_batch_of_one_source_and_leaves_the_others_open() {
    BatchPacker<Integer> packer = packer(limits(1000, 2));
    packer.add(event("orders", 10), 1);
    packer.add(event("cards", 10), 2);

    List<SealedBatch<Integer>> sealed = packer.add(event("orders", 10), 3);

    assertThat(sealed).hasSize(1);
    assertThat(sealed.getFirst().tokens()).containsExactly(1, 3);
    assertThat(sealed.getFirst().batch().header().getSource()).isEqualTo("orders");
    assertThat(packer.openEvents()).isEqualTo(1);
  }

  @Test
  void raw_bytes_close_a_batch_before_it_grows_beyond_them() {
    BatchPacker<Integer> packer = packer(limits(1000, 100));
    packer.add(event("orders", 600), 1);

    List<SealedBatch<Integer>> sealed = packer.add(event("orders", 600), 2);

    assertThat(sealed).hasSize(1);
    assertThat(sealed.getFirst().tokens()).containsExactly(1);
    assertThat(packer.openEvents()).isEqualTo(1);
  }

  @Test
  void age_counts_from_the_first_event_so_that_a_trickle_cannot_hold_a_batch_open() {
    BatchPacker<Integer> packer = packer(limits(100_000, 1000));
    var sealed = new ArrayList<SealedBatch<Integer>>();
    for (int second = 0; second < 20; second++) {
      packer.add(event("orders", 10), second);
      sealed.addAll(packer.sealDue());
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(sealed).hasSize(3);
    assertThat(sealed).allMatch(b -> b.tokens().size() == 6);
  }

  @Test
  void says_when_the_oldest_batch_comes_of_age() {
    BatchPacker<Integer> packer = packer(limits(1000, 100));
    assertThat(packer.nextDue()).isEmpty();
    packer.add(event("orders", 10), 1);
    clock.advance(Duration.ofSeconds(2));
    packer.add(event("cards", 10), 2);

    assertThat(packer.nextDue()).contains(START.plus(AGE));
    clock.advance(Duration.ofSeconds(3));
    assertThat(packer.sealDue()).hasSize(1);
    assertThat(packer.nextDue()).contains(START.plusSeconds(2).plus(AGE));
  }

  @Test
  void many_small_sources_close_the_largest_when_together_they_are_too_many() {
    var limits = new PackerLimits(100_000, 1000, AGE, 100_000, 10);
    BatchPacker<Integer> packer = packer(limits);
    packer.add(event("large", 50), 0);
    packer.add(event("large", 50), 1);
    var sealed = new ArrayList<SealedBatch<Integer>>();
    for (int i = 2; i < 10; i++) {
      sealed.addAll(packer.add(event("s" + i, 10), i));
    }

    assertThat(sealed).hasSize(1);
    assertThat(sealed.getFirst().batch().header().getSource()).isEqualTo("large");
  }

  @Test
  void id_and_sealed_time_are_made_once_and_agree() {
    BatchPacker<Integer> packer = packer(limits(1000, 100));
    packer.add(event("orders", 10), 1);
    clock.advance(Duration.ofSeconds(7));

    var header = packer.sealDue().getFirst().batch().header();

    assertThat(BatchIds.sealedTime(header.getBatchId())).contains(START.plusSeconds(7));
    assertThat(header.getSealedTime().getSeconds())
        .isEqualTo(START.plusSeconds(7).getEpochSecond());
  }

  @Test
  void a_batch_never_spans_two_days_since_it_has_one_sealed_time() {
    clock.set(Instant.parse("2026-11-21T23:59:58Z"));
    BatchPacker<Integer> packer = packer(limits(1000, 100));
    packer.add(event("orders", 10), 1);
    clock.advance(Duration.ofSeconds(5));

    Batch batch = packer.sealDue().getFirst().batch();

    assertThat(batch.day())
        .isEqualTo(Instant.parse("2026-11-22T00:00:03Z").atZone(ZoneOffset.UTC).toLocalDate());
  }

  @Test
  void a_batch_that_does_not_compress_is_split_until_each_part_fits_one_message() {
    BatchPacker<Integer> packer = packer(limits(PackerLimits.DEFAULT_BYTES, 1000));
    var sealed = new ArrayList<SealedBatch<Integer>>();
    for (int i = 0; i < 40; i++) {
      sealed.addAll(packer.add(noise("orders", 50_000), i));
    }
    sealed.addAll(packer.sealAll());

    assertThat(sealed).hasSize(4).allMatch(b -> !b.byReference());
    assertThat(sealed).allMatch(b -> b.message().bytes() <= BatchQueue.MAX_BYTES);
    assertThat(sealed.stream().flatMap(b -> b.tokens().stream()).toList())
        .isEqualTo(IntStream.range(0, 40).boxed().toList());
    assertThat(sealed.stream().map(b -> b.batch().header().getBatchId()).distinct())
        .hasSameSizeAs(sealed);
  }

  @Test
  void an_event_too_large_for_one_message_travels_alone_and_by_reference() throws Exception {
    BatchPacker<String> packer = packer(limits(PackerLimits.DEFAULT_BYTES, 1000));
    packer.add(event("orders", 10), "before");

    List<SealedBatch<String>> sealed = packer.add(noise("orders", 5_000_000), "large");

    assertThat(sealed).hasSize(2);
    assertThat(sealed.get(0).tokens()).containsExactly("before");
    SealedBatch<String> large = sealed.get(1);
    assertThat(large.tokens()).containsExactly("large");
    assertThat(large.byReference()).isTrue();
    assertThat(large.objectKey())
        .isEqualTo("batches/" + large.batch().header().getBatchId() + ".mrb");
    assertThat(BatchBody.parse(large.message().body()))
        .isInstanceOfSatisfying(
            BatchBody.Reference.class, r -> assertThat(r.key()).isEqualTo(large.objectKey()));
    assertThat(BatchFrame.decode(large.frame(), FrameLimits.QUEUE)).isEqualTo(large.batch());
  }

  @Test
  void a_large_event_that_compresses_well_needs_no_reference_and_unpacks_again() throws Exception {
    BatchPacker<Integer> packer = packer(limits(PackerLimits.DEFAULT_BYTES, 1000));

    SealedBatch<Integer> sealed = packer.add(event("orders", 16 << 20), 1).getFirst();

    assertThat(sealed.byReference()).isFalse();
    assertThat(BatchFrame.decode(sealed.frame(), FrameLimits.QUEUE)).isEqualTo(sealed.batch());
  }

  @Test
  void the_very_size_at_which_a_message_is_full_still_travels_inline() {
    // the attributes' bound plus base64 of the frame: found by trying sizes around the limit
    boolean inline = false;
    boolean reference = false;
    for (int size = 786_000; size < 786_400; size += 40) {
      SealedBatch<Integer> sealed =
          this.<Integer>packer(limits(1, 1)).add(noise("orders", size), 1).getFirst();
      inline |= !sealed.byReference();
      reference |= sealed.byReference();
      assertThat(sealed.message().bytes()).isLessThanOrEqualTo(BatchQueue.MAX_BYTES);
    }
    assertThat(inline && reference).as("both sides of the limit were tried").isTrue();
  }

  @Test
  void names_of_sources_cannot_break_the_message() {
    BatchPacker<Integer> packer = packer(limits(1, 1));

    var message = packer.add(event("böse\u0000\n" + "x".repeat(5000), 1), 1).getFirst().message();

    assertThat(message.attributes().get(BatchAttributes.SOURCE))
        .startsWith("b?se??xxx")
        .hasSizeLessThanOrEqualTo(256);
  }

  @Test
  void forgets_what_its_transport_delivers_again() {
    BatchPacker<Integer> packer = packer(limits(1000, 2));
    packer.add(event("orders", 10), 1);

    packer.discard();

    assertThat(packer.openEvents()).isZero();
    assertThat(packer.nextDue()).isEmpty();
    assertThat(packer.add(event("orders", 10), 2)).isEmpty();
    assertThat(packer.sealAll().getFirst().tokens()).containsExactly(2);
  }

  @Test
  void refuses_an_event_without_source() {
    assertThatThrownBy(() -> packer(limits(1, 1)).add(Event.getDefaultInstance(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Any mix of sources, sizes and pauses, under any limits. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void every_event_leaves_once_in_order_and_within_the_limits(long seed) throws Exception {
    var dice = new Random(seed);
    var limits =
        new PackerLimits(
            1 + dice.nextInt(300_000),
            1 + dice.nextInt(200),
            Duration.ofMillis(1 + dice.nextInt(5000)),
            1 + dice.nextInt(1_000_000),
            1 + dice.nextInt(400));
    BatchPacker<Integer> packer = packer(limits);
    Map<String, List<Integer>> in = new TreeMap<>();
    Map<String, List<Integer>> out = new TreeMap<>();
    List<SealedBatch<Integer>> sealed = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int size = dice.nextInt(100) == 0 ? dice.nextInt(1_500_000) : dice.nextInt(2_000);
      Event event = dice.nextBoolean() ? noise("s" + dice.nextInt(5), size) : event("s9", size);
      events.add(event);
      in.computeIfAbsent(event.getSource(), s -> new ArrayList<>()).add(i);
      sealed.addAll(packer.add(event, i));
      assertThat(packer.openEvents()).isLessThan(limits.maxOpenEvents());
      clock.advance(Duration.ofMillis(dice.nextInt(20)));
      sealed.addAll(packer.sealDue());
    }
    sealed.addAll(packer.sealAll());

    for (SealedBatch<Integer> batch : sealed) {
      assertThat(batch.message().bytes()).isLessThanOrEqualTo(BatchQueue.MAX_BYTES);
      assertThat(batch.tokens()).hasSizeLessThanOrEqualTo(limits.maxEvents());
      assertThat(BatchFrame.decode(frameOf(batch), FrameLimits.QUEUE)).isEqualTo(batch.batch());
      String source = batch.batch().header().getSource();
      for (int i = 0; i < batch.tokens().size(); i++) {
        assertThat(batch.batch().events().get(i)).isSameAs(events.get(batch.tokens().get(i)));
      }
      out.computeIfAbsent(source, s -> new ArrayList<>()).addAll(batch.tokens());
      if (batch.byReference()) {
        assertThat(batch.tokens()).hasSize(1);
      }
    }
    assertThat(out).isEqualTo(in);
    assertThat(new HashSet<>(sealed.stream().map(b -> b.batch().header().getBatchId()).toList()))
        .hasSameSizeAs(sealed);
    assertThat(packer.openEvents()).isZero();
  }

  private static byte[] frameOf(SealedBatch<?> batch) {
    if (batch.byReference()) {
      return batch.frame();
    }
    byte[] frame = Base64.getDecoder().decode(batch.message().body().substring(3));
    assertThat(Arrays.equals(frame, batch.frame())).isTrue();
    return frame;
  }

  private <T> BatchPacker<T> packer(PackerLimits limits) {
    return new BatchPacker<>(limits, clock, random);
  }

  private static PackerLimits limits(int bytes, int events) {
    return new PackerLimits(bytes, events, AGE, Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Compresses to next to nothing. */
  private static Event event(String source, int payloadBytes) {
    return Event.newBuilder()
        .setSource(source)
        .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
        .build();
  }

  /** Does not compress at all. */
  private Event noise(String source, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    random.nextBytes(payload);
    return Event.newBuilder().setSource(source).setPayload(ByteString.copyFrom(payload)).build();
  }
}
