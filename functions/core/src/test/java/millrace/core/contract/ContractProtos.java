package millrace.core.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import millrace.options.v1.Contract;
import millrace.options.v1.Field;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;

/** Contracts made by hand, good and bad ones: what no .proto file of the build may hold. */
public final class ContractProtos {
  private ContractProtos() {}

  public static FileDescriptorProto.Builder file(String name, String packageName) {
    return FileDescriptorProto.newBuilder()
        .setName(name)
        .setPackage(packageName)
        .setSyntax("proto3")
        .addDependency("google/protobuf/timestamp.proto")
        .addDependency("google/protobuf/struct.proto")
        .addDependency("google/protobuf/wrappers.proto");
  }

  public static DescriptorProto.Builder message(String name) {
    return DescriptorProto.newBuilder().setName(name);
  }

  public static DescriptorProto.Builder event(String name, Contract.Builder contract) {
    return message(name)
        .setOptions(
            MessageOptions.newBuilder().setExtension(OptionsProto.contract, contract.build()));
  }

  /** Of the source {@code testing}. */
  public static Contract.Builder contract() {
    return Contract.newBuilder().setSource("testing").setOwner("testing");
  }

  public static FieldDescriptorProto.Builder field(String name, int number, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(Label.LABEL_OPTIONAL);
  }

  /**
   * @param type full name with a leading dot
   */
  public static FieldDescriptorProto.Builder message(String name, int number, String type) {
    return field(name, number, Type.TYPE_MESSAGE).setTypeName(type);
  }

  public static FieldDescriptorProto.Builder text(String name, int number, Field.Builder decided) {
    return decided(field(name, number, Type.TYPE_STRING), decided);
  }

  public static FieldDescriptorProto.Builder decided(
      FieldDescriptorProto.Builder field, Field.Builder decided) {
    return field.setOptions(
        FieldOptions.newBuilder().setExtension(OptionsProto.field, decided.build()));
  }

  public static Field.Builder pii(Pii pii) {
    return Field.newBuilder().setPii(pii);
  }

  public static byte[] set(FileDescriptorProto.Builder... files) {
    var set =
        FileDescriptorSet.newBuilder()
            .addFile(Timestamp.getDescriptor().getFile().toProto())
            .addFile(Struct.getDescriptor().getFile().toProto())
            .addFile(StringValue.getDescriptor().getFile().toProto());
    for (FileDescriptorProto.Builder file : files) {
      set.addFile(file);
    }
    return set.build().toByteArray();
  }
}
