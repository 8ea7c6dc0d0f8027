package millrace.core.treat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractField;
import millrace.core.contract.ContractField.Subject;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/**
 * What a contract wants done to the personal data of an event: {@code PII_DROP} clears, {@code
 * PII_HASH} and {@code PII_ENCRYPT} put a text in the place of strings and bytes, at every depth,
 * in repeated fields, and in keys and values of maps. An empty value stays empty. A pure function
 * of event, contract, hash key and data keys.
 *
 * <p>An event that was treated before, read from the archive again, keeps what has the form of a
 * treated value and is treated where it does not: the contract may want more by now.
 */
public final class Treatment {
  private final Node root;
  private final Contract contract;

  private Treatment(Contract contract, Node root) {
    this.contract = contract;
    this.root = root;
  }

  public static Treatment of(Contract contract) {
    var root = new Node();
    for (ContractField field : contract.treated()) {
      Node node = root;
      for (FieldDescriptor outer : field.path().subList(0, field.path().size() - 1)) {
        node = node.inner.computeIfAbsent(outer, each -> new Node());
      }
      node.treated.put(field.field(), field);
    }
    return new Treatment(contract, root);
  }

  /** Whether the contract wants nothing done. */
  public boolean isNone() {
    return root.isEmpty();
  }

  /** Whether it needs data keys of persons. */
  public boolean encrypts() {
    return contract.treated().stream().anyMatch(field -> field.pii() == Pii.PII_ENCRYPT);
  }

  /** Whether a field of the event id is treated: the id of the transport may be the same value. */
  public boolean hidesTheId() {
    return contract.eventId().stream().anyMatch(root.treated::containsKey);
  }

  /**
   * Names of the persons whose data keys {@link #apply} needs.
   *
   * @param treatedBefore whether the payload comes from the archive
   */
  public Set<String> subjects(Message payload, PersonalHash hash, boolean treatedBefore) {
    var names = new TreeSet<String>();
    new Walk(hash, treatedBefore) {
      @Override
      @Nullable String encrypt(
          ContractField field, List<Message> outer, String place, byte[] value) {
        String name = subject(field, outer);
        if (!name.isEmpty()) {
          names.add(name);
        }
        return "";
      }
    }.message(payload, root, new ArrayList<>(), "");
    return names;
  }

  /** The payload with the fields of its event id treated, and nothing else. */
  public Message identified(Message payload, PersonalHash hash, boolean treatedBefore) {
    if (!hidesTheId()) {
      return payload;
    }
    var onlyId = new Node();
    contract.eventId().stream()
        .filter(root.treated::containsKey)
        .forEach(field -> onlyId.treated.put(field, root.treated.get(field)));
    return new Walk(hash, treatedBefore) {
      @Override
      @Nullable String encrypt(
          ContractField field, List<Message> outer, String place, byte[] value) {
        throw new IllegalStateException("refused when the contract was read: " + field.name());
      }
    }.message(payload, onlyId, new ArrayList<>(), "");
  }

  /**
   * @param eventId identity of the event: it makes nonces differ
   * @param receivedAt when the pipeline received the event first: values older than an erasure of
   *     their person are cleared
   * @param keys a key for each of {@link #subjects}
   * @throws NoSubjectException when a value is to be encrypted for a person whom the event does not
   *     name; its message names fields and no values
   */
  public Message apply(
      Message payload,
      String eventId,
      Instant receivedAt,
      PersonalHash hash,
      Map<String, SubjectKey> keys,
      boolean treatedBefore) {
    if (isNone()) {
      return payload;
    }
    var ciphers = new SubjectCiphers(keys, receivedAt);
    return new Walk(hash, treatedBefore) {
      @Override
      @Nullable String encrypt(
          ContractField field, List<Message> outer, String place, byte[] value) {
        return ciphers.encrypt(
            subject(field, outer),
            "the field '" + field.name() + "'",
            List.of(contract.type(), eventId, place),
            value);
      }
    }.message(payload, root, new ArrayList<>(), "");
  }

  /** Fields of one message: those to treat, and those that hold messages with such fields. */
  private static final class Node {
    private final Map<FieldDescriptor, ContractField> treated = new HashMap<>();
    private final Map<FieldDescriptor, Node> inner = new HashMap<>();

    boolean isEmpty() {
      return treated.isEmpty() && inner.isEmpty();
    }
  }

  /** Goes through a message and puts treated values in the place of others. */
  private abstract static class Walk {
    private final PersonalHash hash;
    private final boolean treatedBefore;

    Walk(PersonalHash hash, boolean treatedBefore) {
      this.hash = hash;
      this.treatedBefore = treatedBefore;
    }

    /**
     * @param outer the messages around the value, the event first
     * @param place path of the value, with the positions of elements and the keys of entries
     * @return what stands for the value; null when it must not be kept
     */
    abstract @Nullable String encrypt(
        ContractField field, List<Message> outer, String place, byte[] value);

    /** Name of the person, or an empty text when the event names none. */
    String subject(ContractField field, List<Message> outer) {
      Subject subject = field.subject();
      if (subject == null) {
        throw new IllegalStateException("refused when the contract was read: " + field.name());
      }
      Message in = outer.get(subject.outer());
      for (FieldDescriptor step : subject.path().subList(0, subject.path().size() - 1)) {
        in = (Message) in.getField(step);
      }
      String id = (String) in.getField(subject.path().getLast());
      return SubjectCiphers.name(id, hash, treatedBefore);
    }

    Message message(Message message, Node node, List<Message> outer, String place) {
      outer.add(message);
      Message.Builder builder = message.toBuilder();
      for (Map.Entry<FieldDescriptor, ContractField> each : node.treated.entrySet()) {
        FieldDescriptor field = each.getKey();
        if (field.isRepeated()
            ? message.getRepeatedFieldCount(field) > 0
            : message.hasField(field)) {
          treat(
              message,
              builder,
              each.getValue(),
              node.inner.get(field),
              outer,
              place + field.getName());
        }
      }
      for (Map.Entry<FieldDescriptor, Node> each : node.inner.entrySet()) {
        if (!node.treated.containsKey(each.getKey())) {
          descend(message, builder, each.getKey(), each.getValue(), outer, place);
        }
      }
      outer.removeLast();
      return builder.build();
    }

    private void descend(
        Message message,
        Message.Builder builder,
        FieldDescriptor field,
        Node node,
        List<Message> outer,
        String place) {
      if (field.isMapField()) {
        entries(message, builder, field, null, node, outer, place + field.getName());
      } else if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          String at = place + field.getName() + "[" + i + "].";
          builder.setRepeatedField(field, i, message(message(message, field, i), node, outer, at));
        }
      } else if (message.hasField(field)) {
        builder.setField(
            field,
            message((Message) message.getField(field), node, outer, place + field.getName() + "."));
      }
    }

    private static Message message(Message message, FieldDescriptor field, int index) {
      return (Message) message.getRepeatedField(field, index);
    }

    private void treat(
        Message message,
        Message.Builder builder,
        ContractField contractField,
        @Nullable Node inner,
        List<Message> outer,
        String place) {
      FieldDescriptor field = contractField.field();
      if (contractField.pii() == Pii.PII_DROP) {
        builder.clearField(field);
      } else if (field.isMapField()) {
        entries(message, builder, field, contractField, inner, outer, place);
      } else if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          Object element = message.getRepeatedField(field, i);
          Object treated = value(contractField, element, outer, place + "[" + i + "]");
          // a place in a list stays a place: other lists may go by it
          builder.setRepeatedField(
              field, i, treated == null ? TreatedValue.of(element, "") : treated);
        }
      } else {
        Object treated = value(contractField, message.getField(field), outer, place);
        if (treated == null) {
          builder.clearField(field);
        } else {
          builder.setField(field, treated);
        }
      }
    }

    /**
     * @param treated the map itself, where its keys and values are treated; else null
     * @param inner what to do in the messages that its values are; else null
     */
    private void entries(
        Message message,
        Message.Builder builder,
        FieldDescriptor field,
        @Nullable ContractField treated,
        @Nullable Node inner,
        List<Message> outer,
        String place) {
      FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
      FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
      var entries = new ArrayList<Message>();
      for (Object each : (List<?>) message.getField(field)) {
        Message entry = (Message) each;
        Object key = entry.getField(keyField);
        Object value = entry.getField(valueField);
        String at = place + "[" + key + "]";
        if (inner != null) {
          value = message((Message) value, inner, outer, at + ".");
        }
        if (treated != null && TreatedValue.isTreatable(keyField)) {
          key = value(treated, key, outer, at + "#key");
        }
        if (treated != null && TreatedValue.isTreatable(valueField)) {
          value = value(treated, value, outer, at);
        }
        if (key != null && value != null) {
          entries.add(
              entry.toBuilder().setField(keyField, key).setField(valueField, value).build());
        }
      }
      builder.setField(field, entries);
    }

    /** What stands for one string, bytes or wrapper; null when it must not be kept. */
    private @Nullable Object value(
        ContractField contractField, Object value, List<Message> outer, String place) {
      byte[] bytes = TreatedValue.bytes(value);
      if (bytes.length == 0) {
        return value;
      }
      if (treatedBefore && TreatedValue.isTreated(bytes)) {
        return value;
      }
      String text =
          contractField.pii() == Pii.PII_HASH
              ? hash.of(bytes)
              : encrypt(contractField, outer, place, bytes);
      return text == null ? null : TreatedValue.of(value, text);
    }
  }
}
