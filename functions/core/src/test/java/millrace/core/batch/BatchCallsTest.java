package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import millrace.core.batch.BatchCalls.Outgoing;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchCallsTest {
  private final Random random = new Random(7);

  @Test
  void nothing_to_send_is_no_call() {
    assertThat(BatchCalls.group(List.<Outgoing<Integer>>of())).isEmpty();
  }

  @Test
  void eleven_small_batches_are_two_calls() {
    List<Outgoing<Integer>> batches = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      batches.add(batch(10));
    }

    assertThat(BatchCalls.group(batches)).extracting(List::size).containsExactly(10, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10_000, 100_000, 300_000, 700_000, 780_000})
  void calls_keep_order_and_limits_and_are_never_empty(int most) {
    List<Outgoing<Integer>> batches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      batches.add(batch(1 + random.nextInt(most)));
    }

    List<List<Outgoing<Integer>>> calls = BatchCalls.group(batches);

    assertThat(calls.stream().flatMap(List::stream).toList()).isEqualTo(batches);
    for (List<Outgoing<Integer>> call : calls) {
      assertThat(call).isNotEmpty().hasSizeLessThanOrEqualTo(BatchQueue.MAX_MESSAGES);
      assertThat(call.stream().mapToLong(b -> b.message().bytes()).sum())
          .isLessThanOrEqualTo(BatchQueue.MAX_BYTES);
    }
  }

  private Outgoing<Integer> batch(int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    random.nextBytes(payload);
    Event event =
        Event.newBuilder().setSource("orders").setPayload(ByteString.copyFrom(payload)).build();
    var limits = new PackerLimits(1, 1, Duration.ofSeconds(1), 1, 1);
    var packer = new BatchPacker<Integer>(limits, InstantSource.fixed(Instant.EPOCH), random);
    return Outgoing.of(packer.add(event, 1).getFirst());
  }
}
