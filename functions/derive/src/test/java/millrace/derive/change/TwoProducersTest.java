package millrace.derive.change;

import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;
import static millrace.derive.change.ReleasedOrder.repeated;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.failed.FailureClass;
import millrace.core.file.NdjsonEncoder;
import millrace.core.row.RowReader;
import millrace.core.row.RowReader.Reading;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.options.v1.Identity;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every change of {@link Case} that the plan lets through, with producers on both sides of it: an
 * old one under the new contract, and a new one under the old contract. Rows are compared as the
 * JSON that is stored.
 */
class TwoProducersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PersonalHash HASH =
      new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8));
  private static final String TYPE = "testing.v1.Order";
  private static final long WIDE = 5_000_000_000L;

  /**
   * In what the rows about a change differ from the row of an old producer under the old contract.
   *
   * @param held whether the old contract knows fewer fields than the new producer sends
   * @param before old producer, new contract
   * @param ahead new producer, old contract
   * @param full new producer, new contract, read again from what was kept
   */
  private record Expected(
      boolean held,
      Consumer<ObjectNode> before,
      Consumer<ObjectNode> ahead,
      Consumer<ObjectNode> full) {
    static final Expected SAME = new Expected(false, row -> {}, row -> {}, row -> {});

    /** Fields that are new: empty of old producers, not there under the old contract. */
    static Expected added(Consumer<ObjectNode> before, Consumer<ObjectNode> full) {
      return new Expected(true, before, row -> {}, full);
    }

    /** The new contract treats what the old one stored otherwise, whoever sends it. */
    static Expected treated(Consumer<ObjectNode> change) {
      return new Expected(false, change, row -> {}, change);
    }
  }

  /** Changes that leave a trace in rows; of all others, every row is the same. */
  private static final Map<String, Expected> EXPECTED =
      Map.of(
          "a field is added",
              Expected.added(row -> row.put("plant", ""), row -> row.put("plant", "plant 20")),
          "a field is added whose rules an old event keeps",
              Expected.added(row -> row.put("plant", ""), row -> row.put("plant", "plant 20")),
          "a list is added",
              Expected.added(
                  row -> row.putArray("sizes"), row -> row.putArray("sizes").add(1020).add(1021)),
          "a nested field is added",
              Expected.added(
                  row -> buyer(row).put("street", ""), row -> buyer(row).put("street", "street 3")),
          "a field of a list's message is added",
              Expected.added(
                  row -> lines(row).forEach(line -> line.put("colour", "")),
                  row -> {
                    lines(row).get(0).put("colour", "colour 3");
                    lines(row).get(1).put("colour", "colour 3");
                  }),
          "a member is added to a oneof",
              new Expected(
                  true,
                  row -> row.putNull("fax"),
                  row -> row.putNull("mail"),
                  row -> row.putNull("mail").put("fax", "fax 20")),
          "a value is added",
              new Expected(
                  false,
                  row -> {},
                  row -> row.put("status", "3"),
                  row -> row.put("status", "STATUS_SENT")),
          "clear becomes hashed", Expected.treated(row -> row.put("note", HASH.of("note 6"))),
          "hashed becomes dropped", Expected.treated(row -> row.put("name", "")));

  private final ContractSet oldSet = new ReleasedOrder().set();
  private final Event oldEvent = event(oldSet);

  static Stream<Case> changes() {
    return Case.all().filter(each -> each.verdict() != Verdict.BREAKING);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void anOldProducersEventHasItsRowUnderTheNewContractAndNothingInNewColumns(Case change) {
    ContractSet newSet = changed(change.change());

    Reading.Accepted read = read(newSet, oldEvent);

    ObjectNode row = row(read(oldSet, oldEvent));
    expected(change).before().accept(row);
    assertThat(row(read)).isEqualTo(row);
    assertThat(read.quarantined()).isNull();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aNewProducersEventHasItsOldRowBeforeTheReleaseAndItsFullRowByReplayAfterIt(Case change) {
    ContractSet newSet = changed(change.change());
    Event newEvent = event(newSet);

    Reading.Accepted early = read(oldSet, newEvent);

    ObjectNode old = row(read(oldSet, oldEvent));
    ObjectNode earlyRow = row(early);
    String hash = earlyRow.get("_payload_hash").textValue();
    expected(change).ahead().accept(old);
    assertThat(earlyRow).isEqualTo(old.put("_payload_hash", hash));
    assertThat(early.quarantined() != null).isEqualTo(expected(change).held());
    if (early.quarantined() != null) {
      assertThat(early.quarantined().getPayload()).isEqualTo(newEvent.getPayload());
      assertThat(row(read(newSet, early.archived())))
          .as("the archive holds nothing that the old contract did not know")
          .isEqualTo(
              withHash(hash, expected(change).before().andThen(row -> cutMember(change, row))));
    }

    Event kept = early.quarantined() != null ? early.quarantined() : early.archived();
    Reading.Accepted replayed = read(newSet, kept);

    assertThat(row(replayed)).isEqualTo(withHash(hash, expected(change).full()));
    assertThat(replayed.quarantined()).isNull();
    assertThat(replayed.archived().getPayloadHash()).isEqualTo(hash);
  }

  @Test
  void anIdentityThatIsThePayloadsHashOutlivesTheReleaseToo() {
    Consumer<ReleasedOrder> canonical =
        order ->
            order.contract(c -> c.clearEventId().setIdentity(Identity.IDENTITY_CANONICAL_PAYLOAD));
    Consumer<ReleasedOrder> before =
        canonical.andThen(order -> order.remove(order.root(), "ratio"));
    // between numbers that are known: unknown, it has to stand at the same place of the payload
    ContractSet next =
        changed(
            before.andThen(order -> order.root().addField(text("plant", 16, pii(Pii.PII_NONE)))));
    Event sent = event(next);

    Reading.Accepted early = read(changed(before), sent);
    ObjectNode replayed = row(read(next, Objects.requireNonNull(early.quarantined())));

    assertThat(replayed.get("plant").textValue()).isEqualTo("plant 16");
    assertThat(replayed.get("_id_origin").textValue()).isEqualTo("CANONICAL_PAYLOAD");
    assertThat(replayed.get("_event_id")).isEqualTo(row(early).get("_event_id"));
    assertThat(replayed.get("_payload_hash")).isEqualTo(row(early).get("_payload_hash"));
    assertThat(row(read(next, sent)).get("_payload_hash"))
        .as("what the publisher repeats after the release is the same event")
        .isEqualTo(replayed.get("_payload_hash"));
  }

  /** Protobuf would cut the number to the 32 bits that the old contract knows. */
  @ParameterizedTest
  @ValueSource(strings = {"quantity", "price_minor", "lines"})
  void aNumberTooWideForTheOldContractIsHeldBackAndComesWholeByReplayAfterTheRelease(String field) {
    ContractSet newSet =
        changed(
            order -> {
              order.of("quantity").setType(Type.TYPE_INT64);
              order.of("price_minor").setType(Type.TYPE_UINT64);
              ReleasedOrder.in(order.message("Line"), "pieces").setType(Type.TYPE_INT64);
            });
    Descriptor order = contract(newSet).descriptor();
    FieldDescriptor wide = order.findFieldByName(field);
    var payload = payload(order).toBuilder();
    if (wide.isRepeated()) {
      Message line = (Message) payload.getRepeatedField(wide, 1);
      FieldDescriptor pieces = line.getDescriptorForType().findFieldByName("pieces");
      payload.setRepeatedField(wide, 1, line.toBuilder().setField(pieces, WIDE).build());
    } else {
      payload.setField(wide, WIDE);
    }
    Event sent = event(newSet).toBuilder().setPayload(payload.build().toByteString()).build();

    var refused = (Reading.Refused) reading(oldSet, sent);

    String name = wide.isRepeated() ? "pieces" : field;
    assertThat(refused.failed().failureClass()).isEqualTo(FailureClass.MALFORMED);
    assertThat(refused.failed().reason()).contains("'" + name + "'").doesNotContain("" + WIDE);
    ObjectNode row = row(read(newSet, refused.failed().event()));
    JsonNode number = wide.isRepeated() ? row.at("/lines/1/pieces") : row.get(field);
    assertThat(number.longValue()).isEqualTo(WIDE);
  }

  /** Fields in another order, so that the bytes are looked at; -1 has its sign in ten bytes. */
  @Test
  void numbersThatFitAreReadWhateverTheOrderOfTheirFields() {
    Consumer<ReleasedOrder> lists =
        order -> {
          order.root().addField(repeated(field("sizes", 20, Type.TYPE_INT32)));
          order.root().addField(field("depth", 21, Type.TYPE_SINT32));
        };
    ContractSet set = changed(lists);
    Descriptor order = contract(set).descriptor();
    ByteString head =
        DynamicMessage.newBuilder(order)
            .addRepeatedField(order.findFieldByName("sizes"), -1)
            .addRepeatedField(order.findFieldByName("sizes"), Integer.MAX_VALUE)
            .setField(order.findFieldByName("depth"), Integer.MIN_VALUE)
            .setField(order.findFieldByName("price_minor"), -1) // 2^32-1 to uint32
            .build()
            .toByteString();
    ByteString tail =
        DynamicMessage.newBuilder(order)
            .setField(order.findFieldByName("id"), "1")
            .setField(order.findFieldByName("boxes"), 5)
            .setField(order.findFieldByName("quantity"), Integer.MIN_VALUE)
            .build()
            .toByteString();

    ObjectNode row = row(read(set, oldEvent.toBuilder().setPayload(head.concat(tail)).build()));

    assertThat(row.get("sizes").toString()).isEqualTo("[-1,2147483647]");
    assertThat(row.get("depth").longValue()).isEqualTo(Integer.MIN_VALUE);
    assertThat(row.get("price_minor").longValue()).isEqualTo(4_294_967_295L);
    assertThat(row.get("quantity").longValue()).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void aListWithOneNumberTooWideIsHeldBack() {
    ContractSet narrow =
        changed(order -> order.root().addField(repeated(field("sizes", 20, Type.TYPE_INT32))));
    ContractSet wide =
        changed(order -> order.root().addField(repeated(field("sizes", 20, Type.TYPE_INT64))));
    Descriptor order = contract(wide).descriptor();
    Message payload =
        payload(order).toBuilder().addRepeatedField(order.findFieldByName("sizes"), -WIDE).build();

    Reading reading =
        reading(narrow, oldEvent.toBuilder().setPayload(payload.toByteString()).build());

    assertThat(((Reading.Refused) reading).failed().reason()).contains("'sizes'");
  }

  @Test
  void everyExpectationIsOfAChangeThatIsTried() {
    Set<String> tried = changes().map(Case::name).collect(Collectors.toSet());

    assertThat(tried).hasSizeGreaterThanOrEqualTo(20).containsAll(EXPECTED.keySet());
  }

  private static Expected expected(Case change) {
    return EXPECTED.getOrDefault(change.name(), Expected.SAME);
  }

  private ObjectNode withHash(String hash, Consumer<ObjectNode> change) {
    ObjectNode row = row(read(oldSet, oldEvent));
    change.accept(row);
    return row.put("_payload_hash", hash);
  }

  /** A producer that sets the new member of a oneof sets no other one. */
  private static void cutMember(Case change, ObjectNode row) {
    if (change.name().equals("a member is added to a oneof")) {
      row.putNull("mail");
    }
  }

  private static ObjectNode buyer(ObjectNode row) {
    return (ObjectNode) row.get("buyer");
  }

  private static List<ObjectNode> lines(ObjectNode row) {
    return Stream.of(0, 1).map(i -> (ObjectNode) row.get("lines").get(i)).toList();
  }

  private static ContractSet changed(Consumer<ReleasedOrder> change) {
    var order = new ReleasedOrder();
    change.accept(order);
    return order.set();
  }

  private static Contract contract(ContractSet set) {
    return set.find("testing", TYPE).orElseThrow();
  }

  /** An event of a producer that was built with this set and sets everything that it knows. */
  private static Event event(ContractSet set) {
    return Event.newBuilder()
        .setId("message-1")
        .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
        .setSource("testing")
        .setType(TYPE)
        .setReceivedTime(Times.timestamp(Instant.parse("2026-11-21T10:00:00Z")))
        .setPayload(payload(contract(set).descriptor()).toByteString())
        .build();
  }

  private static Message payload(Descriptor message) {
    var builder = DynamicMessage.newBuilder(message);
    // of the members of a oneof the last one set stays: the one with the highest number
    message.getFields().stream()
        .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
        .forEach(
            field -> {
              if (field.isRepeated()) {
                builder.addRepeatedField(field, value(field, 0));
                if (!field.isMapField()) {
                  builder.addRepeatedField(field, value(field, 1));
                }
              } else {
                builder.setField(field, value(field, 0));
              }
            });
    return builder.build();
  }

  /** By name and number alone, so that producers agree on the fields that both know. */
  private static Object value(FieldDescriptor field, int element) {
    // 5 is what the rule of the released order allows
    int number = field.getName().equals("boxes") ? 5 : 1000 + field.getNumber() + element;
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> (long) number;
      case FLOAT -> number + 0.5f;
      case DOUBLE -> number + 0.5;
      case BOOLEAN -> true;
      case STRING -> field.getName() + " " + field.getNumber();
      case BYTE_STRING -> ByteString.copyFromUtf8(field.getName() + field.getNumber());
      case ENUM -> field.getEnumType().getValues().getLast();
      case MESSAGE -> payload(field.getMessageType());
    };
  }

  private static Reading.Accepted read(ContractSet set, Event event) {
    Reading reading = reading(set, event);
    if (reading instanceof Reading.Refused refused) {
      throw new AssertionError(refused.failed().reason());
    }
    return (Reading.Accepted) reading;
  }

  private static Reading reading(ContractSet set, Event event) {
    var reader =
        new RowReader(
            set, new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)), HASH);
    var keys = new HashMap<String, SubjectKey>();
    for (String subject : reader.subjects(event)) {
      keys.put(subject, new SubjectKey(new byte[PersonalCipher.KEY_BYTES], null));
    }
    return reader.read(event, "batch", 0, keys);
  }

  /** The row as it is stored. */
  private static ObjectNode row(Reading.Accepted accepted) {
    byte[] file =
        NdjsonEncoder.gzip()
            .encode(
                TYPE,
                accepted.row().schema().columns(),
                List.<Object[]>of(accepted.row().values()));
    try (var in = new GZIPInputStream(new ByteArrayInputStream(file))) {
      JsonNode row = JSON.readTree(in);
      return (ObjectNode) row;
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }
}
