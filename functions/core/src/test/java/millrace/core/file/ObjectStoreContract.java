package millrace.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.core.file.ObjectStore.Listed;
import millrace.core.file.ObjectStore.PutOutcome;
import millrace.core.file.ObjectStore.ReplaceOutcome;
import org.junit.jupiter.api.Test;

/**
 * What every object store must do. Implement it in a test class; each test gets keys that no other
 * test has.
 */
public interface ObjectStoreContract {
  /** The store under test; it may hold other objects. */
  ObjectStore store();

  /** First part of the keys of a test. */
  default String folder(String test) {
    return "contract/" + test + "/" + System.nanoTime() + "/";
  }

  @Test
  default void what_was_stored_is_found_with_its_metadata() {
    String key = folder("found") + "a.r1.ndjson.zst";
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);

    PutOutcome outcome = store().putIfAbsent(key, bytes, Map.of("rows", "1", "batch-ids", "a,b"));

    assertThat(outcome).isEqualTo(PutOutcome.CREATED);
    ObjectStore.Found found = store().get(key).orElseThrow();
    assertThat(found.bytes()).isEqualTo(bytes);
    assertThat(found.metadata())
        .containsExactlyInAnyOrderEntriesOf(Map.of("rows", "1", "batch-ids", "a,b"));
    assertThat(found.tag()).isNotEmpty();
  }

  @Test
  default void an_object_of_no_bytes_is_an_object() {
    String key = folder("empty") + "nothing";

    store().putIfAbsent(key, new byte[0], Map.of());

    assertThat(store().get(key).orElseThrow().bytes()).isEmpty();
    assertThat(store().putIfAbsent(key, bytes("x"), Map.of())).isEqualTo(PutOutcome.ALREADY_THERE);
  }

  @Test
  default void what_is_missing_is_not_found() {
    assertThat(store().get(folder("missing") + "object")).isEmpty();
  }

  @Test
  default void nothing_is_ever_overwritten_by_put() {
    String key = folder("kept") + "object";
    store().putIfAbsent(key, bytes("first"), Map.of("try", "1"));

    PutOutcome second = store().putIfAbsent(key, bytes("second"), Map.of("try", "2"));

    assertThat(second).isEqualTo(PutOutcome.ALREADY_THERE);
    assertThat(text(key)).isEqualTo("first");
    assertThat(store().get(key).orElseThrow().metadata()).containsEntry("try", "1");
  }

  @Test
  default void of_twenty_that_race_for_a_key_exactly_one_wins() throws Exception {
    String key = folder("race") + "object";
    var start = new CyclicBarrier(20);
    var outcomes = new ArrayList<Future<PutOutcome>>();
    try (var threads = Executors.newFixedThreadPool(20)) {
      for (int i = 0; i < 20; i++) {
        byte[] own = bytes("racer " + i);
        Callable<PutOutcome> racer =
            () -> {
              start.await();
              return store().putIfAbsent(key, own, Map.of());
            };
        outcomes.add(threads.submit(racer));
      }
    }

    var winners = new ArrayList<Integer>();
    for (int i = 0; i < 20; i++) {
      if (outcomes.get(i).get() == PutOutcome.CREATED) {
        winners.add(i);
      }
    }
    assertThat(winners).hasSize(1);
    assertThat(text(key)).isEqualTo("racer " + winners.getFirst());
  }

  @Test
  default void replace_takes_the_place_of_what_was_read_only() {
    String key = folder("replace") + "active";

    assertThat(store().replace(key, bytes("one"), null)).isEqualTo(ReplaceOutcome.REPLACED);
    String tagOfOne = store().get(key).orElseThrow().tag();
    assertThat(store().replace(key, bytes("two"), tagOfOne)).isEqualTo(ReplaceOutcome.REPLACED);
    assertThat(store().replace(key, bytes("three"), tagOfOne))
        .isEqualTo(ReplaceOutcome.CHANGED_MEANWHILE);

    assertThat(text(key)).isEqualTo("two");
  }

  @Test
  default void replace_without_a_tag_expects_that_there_is_nothing() {
    String key = folder("replace-none") + "active";
    store().putIfAbsent(key, bytes("there"), Map.of());

    assertThat(store().replace(key, bytes("new"), null))
        .isEqualTo(ReplaceOutcome.CHANGED_MEANWHILE);

    assertThat(text(key)).isEqualTo("there");
  }

  @Test
  default void replace_with_a_tag_expects_that_there_is_something() {
    String key = folder("replace-gone") + "active";
    store().putIfAbsent(folder("replace-gone") + "other", bytes("x"), Map.of());
    String someTag = "\"0123456789abcdef0123456789abcdef\"";

    assertThat(store().replace(key, bytes("new"), someTag))
        .isEqualTo(ReplaceOutcome.CHANGED_MEANWHILE);

    assertThat(store().get(key)).isEmpty();
  }

  @Test
  default void list_gives_what_begins_with_the_prefix_in_key_order_with_sizes() {
    String folder = folder("list");
    List<String> keys =
        Stream.of(
                "a/2.mrb",
                "a/1.mrb",
                "a/type=orders.v1.OrderCreated/x.r3.parquet",
                "a-b/1.mrb",
                "a=20b",
                "b")
            .map(key -> folder + key)
            .toList();
    keys.forEach(key -> store().putIfAbsent(key, bytes(key), Map.of()));

    List<Listed> listed;
    try (Stream<Listed> objects = store().list(folder + "a")) {
      listed = objects.toList();
    }

    var expected = new ArrayList<>(keys.subList(0, 5));
    Collections.sort(expected);
    assertThat(listed).extracting(Listed::key).containsExactlyElementsOf(expected);
    assertThat(listed)
        .allSatisfy(object -> assertThat(object.bytes()).isEqualTo(object.key().length()));
    assertThat(listed).allSatisfy(object -> assertThat(object.storedAt()).isNotNull());
  }

  @Test
  default void list_of_a_prefix_that_nothing_has_is_empty() {
    try (Stream<Listed> objects = store().list(folder("nobody"))) {
      assertThat(objects).isEmpty();
    }
  }

  @Test
  default void list_goes_on_where_a_page_ends() {
    String folder = folder("pages");
    List<String> keys = IntStream.range(0, 25).mapToObj(i -> folder + (char) ('a' + i)).toList();
    keys.forEach(key -> store().putIfAbsent(key, bytes(key), Map.of()));

    try (Stream<Listed> objects = store().list(folder)) {
      assertThat(objects).extracting(Listed::key).containsExactlyElementsOf(keys);
    }
  }

  private String text(String key) {
    return new String(store().get(key).orElseThrow().bytes(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
