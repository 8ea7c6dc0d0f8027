package millrace.core.contract;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import millrace.core.contract.ContractField.Subject;
import millrace.core.row.Values;
import millrace.options.v1.Access;
import millrace.options.v1.Field;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one contract, at every depth, with what is decided of each. */
final class FieldReader {
  private static final String OPTION = "(millrace.options.v1.field).";
  private static final String STAGING_NAME = "[a-z][a-z0-9_]*";

  private final Decisions decisions;
  private final List<String> problems;
  private final List<ContractField> fields = new ArrayList<>();
  private final Set<String> onPath = new HashSet<>();

  private FieldReader(Decisions decisions, List<String> problems) {
    this.decisions = decisions;
    this.problems = problems;
  }

  /** Whether a field of text or bytes has to say what is done to it. */
  enum Decisions {
    /** Of contracts that somebody is about to use: every build and every release. */
    REQUIRED,
    /** Of a set that was released before there was this option, and goes on running. */
    OPTIONAL
  }

  /**
   * All fields of a contract, each before those in it, by number.
   *
   * @param problems takes a sentence for each thing that is wrong
   */
  static List<ContractField> read(Descriptor message, Decisions decisions, List<String> problems) {
    var reader = new FieldReader(decisions, problems);
    reader.walk(message, List.of());
    return reader.fields;
  }

  private void walk(Descriptor message, List<FieldDescriptor> outer) {
    if (!onPath.add(message.getFullName())) {
      problems.add(
          ContractReader.named(message)
              + message.getFullName()
              + " contains itself, which no column can hold");
      return;
    }
    List<FieldDescriptor> byNumber =
        message.getFields().stream()
            .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
            .toList();
    for (FieldDescriptor field : byNumber) {
      var path = new ArrayList<>(outer);
      path.add(field);
      if (outer.isEmpty() && field.getName().startsWith("_")) {
        problems.add(
            ContractReader.named(message)
                + "field '"
                + field.getName()
                + "': leading underscores are kept for metadata columns");
      }
      fields.add(field(path));
      Descriptor inner = inner(field);
      if (inner == null) {
        continue;
      }
      if (inner.getFullName().equals(Any.getDescriptor().getFullName())) {
        problems.add(
            ContractReader.named(message)
                + "field '"
                + field.getName()
                + "': google.protobuf.Any has no contract");
      } else if (!Values.isWellKnown(inner)) {
        walk(inner, path);
      }
    }
    onPath.remove(message.getFullName());
  }

  /** The message that a field holds: of a map, the one its values are. */
  private static @Nullable Descriptor inner(FieldDescriptor field) {
    FieldDescriptor holder =
        field.isMapField() ? field.getMessageType().findFieldByNumber(2) : field;
    return holder.getJavaType() == JavaType.MESSAGE ? holder.getMessageType() : null;
  }

  private ContractField field(List<FieldDescriptor> path) {
    FieldDescriptor field = path.getLast();
    Field option = field.getOptions().getExtension(OptionsProto.field);
    String place =
        SourcePlaces.place(field)
            + ": "
            + field.getContainingType().getFullName()
            + ": field '"
            + field.getName()
            + "': ";
    Holds holds = Holds.of(field);
    switch (option.getPii()) {
      case PII_UNSPECIFIED -> {
        if (holds != Holds.NO_TEXT && decisions == Decisions.REQUIRED) {
          problems.add(
              place
                  + "holds text or bytes and has no PII decision: set "
                  + OPTION
                  + "pii to PII_NONE, PII_HASH, PII_DROP or PII_ENCRYPT");
        }
      }
      case PII_NONE, PII_DROP -> {}
      case PII_HASH, PII_ENCRYPT -> {
        if (holds != Holds.TEXT) {
          problems.add(
              place
                  + option.getPii()
                  + " is for strings and bytes"
                  + (holds == Holds.FREE_JSON ? ", not for free JSON" : ""));
        }
      }
      case UNRECOGNIZED ->
          // a guess could store what this treatment is meant to hide
          problems.add(place + "has a PII treatment that this version does not know");
    }
    if (option.getAccess() == Access.UNRECOGNIZED) {
      problems.add(place + "has an access that this version does not know");
    }
    boolean isTreated =
        switch (option.getPii()) {
          case PII_HASH, PII_DROP, PII_ENCRYPT -> true;
          case PII_UNSPECIFIED, PII_NONE, UNRECOGNIZED -> false;
        };
    if (isTreated && option.getAccess() == Access.ACCESS_RESTRICTED) {
      problems.add(
          place
              + "ACCESS_RESTRICTED masks what is stored clear; "
              + option.getPii()
              + " treats it for everybody");
    }
    if (!option.getStagingName().isEmpty() && !option.getStagingName().matches(STAGING_NAME)) {
      problems.add(
          place
              + "staging_name '"
              + option.getStagingName()
              + "' is not made of lower case letters, digits and underscores, a letter first");
    }
    return new ContractField(
        path,
        option.getPii(),
        option.getAccess() == Access.ACCESS_UNSPECIFIED ? Access.ACCESS_PUBLIC : option.getAccess(),
        subject(path, option, place),
        option.getStagingName());
  }

  private @Nullable Subject subject(List<FieldDescriptor> path, Field option, String place) {
    if (option.getPii() != Pii.PII_ENCRYPT) {
      if (!option.getSubject().isEmpty()) {
        problems.add(place + "subject is for PII_ENCRYPT only");
      }
      return null;
    }
    if (option.getSubject().isEmpty()) {
      problems.add(place + "PII_ENCRYPT needs a subject: the field that names the person");
      return null;
    }
    for (int outer = path.size() - 1; outer >= 0; outer--) {
      Descriptor message = path.get(outer).getContainingType();
      List<FieldDescriptor> found = find(message, option.getSubject());
      if (found != null) {
        FieldDescriptor last = found.getLast();
        if (last.isRepeated() || last.getType() != FieldDescriptor.Type.STRING) {
          problems.add(
              place + "subject '" + option.getSubject() + "' is not a single string field");
          return null;
        }
        return new Subject(outer, found);
      }
    }
    problems.add(
        place
            + "subject '"
            + option.getSubject()
            + "' is not a field of "
            + path.getLast().getContainingType().getFullName()
            + " or of a message around it");
    return null;
  }

  /** The fields that a path names, through singular messages; null when there is no such path. */
  private static @Nullable List<FieldDescriptor> find(Descriptor message, String path) {
    var found = new ArrayList<FieldDescriptor>();
    Descriptor in = message;
    for (String name : path.split("\\.", -1)) {
      FieldDescriptor field = in == null ? null : in.findFieldByName(name);
      if (field == null) {
        return null;
      }
      found.add(field);
      in = field.isRepeated() ? null : inner(field);
    }
    return found;
  }

  /** What a field may hold that can name a person. */
  private enum Holds {
    /** Numbers, times, enums, or a message, whose own fields are asked. */
    NO_TEXT,
    /** Strings or bytes, wrapped ones, or a map that has them as keys or values. */
    TEXT,
    /** JSON that no contract describes. */
    FREE_JSON;

    static Holds of(FieldDescriptor field) {
      if (field.isMapField()) {
        Holds values = of(field.getMessageType().findFieldByNumber(2));
        return values == NO_TEXT ? of(field.getMessageType().findFieldByNumber(1)) : values;
      }
      return switch (field.getType()) {
        case STRING, BYTES -> TEXT;
        case MESSAGE ->
            switch (field.getMessageType().getFullName()) {
              case "google.protobuf.StringValue", "google.protobuf.BytesValue" -> TEXT;
              case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" ->
                  FREE_JSON;
              // google.protobuf.FieldMask holds names of fields, which the contract gives
              default -> NO_TEXT;
            };
        default -> NO_TEXT;
      };
    }
  }
}
