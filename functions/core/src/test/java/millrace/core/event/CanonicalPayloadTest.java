package millrace.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import millrace.core.Contracts;
import millrace.testing.v1.AllKinds;
import org.junit.jupiter.api.Test;

/**
 * One payload under two contracts: before and after the release of some of its fields. A repeat
 * that a producer sends across the release is the same event, so it should have the same hash.
 */
class CanonicalPayloadTest {
  private static final List<Type> SCALARS =
      List.of(
          Type.TYPE_BOOL,
          Type.TYPE_INT32,
          Type.TYPE_SINT64,
          Type.TYPE_UINT64,
          Type.TYPE_FIXED32,
          Type.TYPE_SFIXED64,
          Type.TYPE_FLOAT,
          Type.TYPE_DOUBLE,
          Type.TYPE_STRING,
          Type.TYPE_BYTES,
          Type.TYPE_ENUM,
          Type.TYPE_MESSAGE);

  private final Random random = new Random(20261121);

  private record Pair(Descriptor before, Descriptor after) {}

  @Test
  void the_hash_is_the_same_before_and_after_a_release_whatever_the_numbers_of_the_new_fields()
      throws Exception {
    int withNewField = 0;
    for (int i = 0; i < 3_000; i++) {
      Pair pair = pair();
      DynamicMessage sent = message(pair.after(), 1, 2);
      DynamicMessage early = parse(pair.before(), sent);
      DynamicMessage late = parse(pair.after(), sent);

      withNewField += UnknownFields.isIn(early) ? 1 : 0;
      assertThat(PayloadHash.canonical(early))
          .as("%s without %s", sent, early)
          .isEqualTo(PayloadHash.canonical(late));
    }
    assertThat(withNewField).isGreaterThan(2_000);
  }

  /** What no reader can know: that a new field is a map, whose order means nothing. */
  @Test
  void a_new_map_of_several_entries_has_the_same_hash_only_where_its_producer_sorts_it()
      throws Exception {
    Pair pair = of(List.of(mapField(2)), List.of());
    FieldDescriptor map = pair.after().findFieldByNumber(2);
    DynamicMessage sorted = withEntries(pair.after(), map, List.of("a", "b"));
    DynamicMessage unsorted = withEntries(pair.after(), map, List.of("b", "a"));

    assertThat(PayloadHash.canonical(parse(pair.before(), sorted)))
        .isEqualTo(PayloadHash.canonical(parse(pair.after(), sorted)))
        .isEqualTo(PayloadHash.canonical(parse(pair.after(), unsorted)))
        .isNotEqualTo(PayloadHash.canonical(parse(pair.before(), unsorted)));
  }

  @Test
  void canonical_bytes_are_the_same_message_and_stay_as_they_are() throws Exception {
    for (int i = 0; i < 500; i++) {
      Pair pair = pair();
      DynamicMessage sent = message(pair.after(), 3, 2);
      for (Descriptor known : List.of(pair.before(), pair.after())) {
        DynamicMessage read = parse(known, sent);
        DynamicMessage again = DynamicMessage.parseFrom(known, PayloadHash.canonical(read));

        assertThat(PayloadHash.canonical(again)).isEqualTo(PayloadHash.canonical(read));
        assertThat(again.getUnknownFields()).isEqualTo(read.getUnknownFields());
      }
    }
  }

  @Test
  void generated_and_dynamic_messages_have_the_same_bytes() throws Exception {
    var descriptor = Contracts.testing("AllKinds").descriptor();
    AllKinds message =
        AllKinds.newBuilder()
            .setAString("x")
            .addInt32S(1)
            .putStringsByString("", "")
            .putStringsByString("a", "")
            .putDoublesByBool(false, 0)
            .build();

    assertThat(PayloadHash.canonical(DynamicMessage.parseFrom(descriptor, message.toByteString())))
        .isEqualTo(PayloadHash.canonical(message));
  }

  private static DynamicMessage parse(Descriptor as, DynamicMessage sent) throws Exception {
    return DynamicMessage.parseFrom(as, sent.toByteString());
  }

  /** Fields of random kinds and numbers; a random part of them is new. */
  private Pair pair() throws DescriptorValidationException {
    var numbers = new ArrayList<Integer>();
    for (int number = 1; number <= 8; number++) {
      numbers.add(number * (random.nextInt(5) == 0 ? 1_000 : 1));
    }
    Collections.shuffle(numbers, random);
    var fields = new ArrayList<FieldDescriptorProto>();
    for (int number : numbers) {
      fields.add(random.nextInt(6) == 0 ? mapField(number) : field(number));
    }
    var before = fields.stream().filter(field -> random.nextInt(3) > 0).toList();
    return of(fields, before);
  }

  private static Pair of(List<FieldDescriptorProto> after, List<FieldDescriptorProto> before)
      throws DescriptorValidationException {
    return new Pair(descriptor(before, false), descriptor(after, true));
  }

  private FieldDescriptorProto field(int number) {
    Type type = SCALARS.get(random.nextInt(SCALARS.size()));
    var field =
        FieldDescriptorProto.newBuilder()
            .setName("f" + number)
            .setNumber(number)
            .setType(type)
            .setLabel(random.nextInt(3) == 0 ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    if (type == Type.TYPE_MESSAGE) {
      field.setTypeName(".t.Inner");
    } else if (type == Type.TYPE_ENUM) {
      field.setTypeName(".t.Kind");
    }
    return field.build();
  }

  private static FieldDescriptorProto mapField(int number) {
    return FieldDescriptorProto.newBuilder()
        .setName("m" + number)
        .setNumber(number)
        .setType(Type.TYPE_MESSAGE)
        .setLabel(Label.LABEL_REPEATED)
        .setTypeName(".t.E.M" + number + "Entry")
        .build();
  }

  /**
   * @param more whether the messages in it have all their fields
   */
  private static Descriptor descriptor(List<FieldDescriptorProto> fields, boolean more)
      throws DescriptorValidationException {
    var message = DescriptorProto.newBuilder().setName("E");
    for (FieldDescriptorProto field : fields) {
      message.addField(field);
      if (field.getTypeName().endsWith("Entry")) {
        message.addNestedType(
            DescriptorProto.newBuilder()
                .setName("M" + field.getNumber() + "Entry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(text("key", 1))
                .addField(
                    field.getNumber() % 2 == 0
                        ? text("value", 2)
                        : text("value", 2).setType(Type.TYPE_MESSAGE).setTypeName(".t.Inner")));
      }
    }
    var inner =
        DescriptorProto.newBuilder()
            .setName("Inner")
            .addField(text("name", 1))
            .addField(text("other", 3));
    if (more) {
      inner.addField(text("many", 2).setLabel(Label.LABEL_REPEATED));
    }
    var kind =
        EnumDescriptorProto.newBuilder()
            .setName("Kind")
            .addValue(EnumValueDescriptorProto.newBuilder().setName("ZERO").setNumber(0))
            .addValue(EnumValueDescriptorProto.newBuilder().setName("ONE").setNumber(1));
    return FileDescriptor.buildFrom(
            FileDescriptorProto.newBuilder()
                .setName("t.proto")
                .setPackage("t")
                .setSyntax("proto3")
                .addMessageType(message)
                .addMessageType(inner)
                .addEnumType(kind)
                .build(),
            new FileDescriptor[0])
        .findMessageTypeByName("E");
  }

  private static FieldDescriptorProto.Builder text(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(Type.TYPE_STRING)
        .setLabel(Label.LABEL_OPTIONAL);
  }

  /** As libraries write it, but for maps, of which a dynamic message leaves out what is empty. */
  private DynamicMessage message(Descriptor type, int mapEntries, int elements) {
    var message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      if (random.nextInt(4) == 0) {
        continue;
      }
      if (field.isMapField()) {
        for (int i = 0; i < mapEntries; i++) {
          message.addRepeatedField(field, entry(field, word() + i, mapValue(field)));
        }
      } else if (field.isRepeated()) {
        for (int i = 0; i < elements; i++) {
          message.addRepeatedField(field, value(field));
        }
      } else {
        message.setField(field, value(field));
      }
    }
    return message.build();
  }

  private static DynamicMessage withEntries(
      Descriptor type, FieldDescriptor map, List<String> keys) {
    var message = DynamicMessage.newBuilder(type);
    keys.forEach(key -> message.addRepeatedField(map, entry(map, key, "v")));
    return message.build();
  }

  private Object mapValue(FieldDescriptor map) {
    FieldDescriptor value = map.getMessageType().findFieldByNumber(2);
    return value.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? value(value) : word();
  }

  private static DynamicMessage entry(FieldDescriptor map, String key, Object value) {
    return DynamicMessage.newBuilder(map.getMessageType())
        .setField(map.getMessageType().findFieldByNumber(1), key)
        .setField(map.getMessageType().findFieldByNumber(2), value)
        .build();
  }

  private Object value(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt(4) - 1;
      case LONG -> random.nextLong(4) - 1;
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case STRING -> word();
      case BYTE_STRING -> ByteString.copyFromUtf8(word());
      case ENUM -> field.getEnumType().getValues().get(random.nextInt(2));
      case MESSAGE -> message(field.getMessageType(), 0, 2);
    };
  }

  /** Now and then empty, and now and then bytes that could be a message themselves. */
  private String word() {
    return List.of("", "a", "\n\u0001x", "long enough to matter").get(random.nextInt(4));
  }
}
