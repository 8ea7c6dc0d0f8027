package millrace.core.contract;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Digests;
import millrace.options.v1.OptionsProto;

/** The contracts of one descriptor set: what may become rows. Immutable. */
public final class ContractSet {
  private final byte[] descriptorSet;
  private final String digest;
  private final TreeMap<String, Contract> byType;

  private ContractSet(byte[] descriptorSet, TreeMap<String, Contract> byType) {
    this.descriptorSet = descriptorSet;
    this.digest = Digests.sha256(descriptorSet);
    this.byType = byType;
  }

  /**
   * Reads a {@code google.protobuf.FileDescriptorSet} with imports, as {@code protoc
   * --descriptor_set_out --include_imports} writes it.
   *
   * @throws SetupFailure naming every problem, with file and message
   */
  public static ContractSet parse(byte[] descriptorSet) {
    var problems = new ArrayList<String>();
    var byType = new TreeMap<String, Contract>();
    for (FileDescriptor file : link(parseFiles(descriptorSet))) {
      for (Descriptor message : file.getMessageTypes()) {
        ContractReader.read(message, problems)
            .ifPresent(contract -> byType.put(contract.type(), contract));
      }
    }
    if (!problems.isEmpty()) {
      throw new SetupFailure("contracts: " + String.join("; ", problems));
    }
    return new ContractSet(descriptorSet.clone(), byType);
  }

  /** The contract set that was built into this program. */
  public static ContractSet builtIn() {
    try (var in = ContractSet.class.getResourceAsStream("/millrace/contracts.binpb")) {
      if (in == null) {
        throw new SetupFailure(
            "contracts: this program was built without /millrace/contracts.binpb: build it again");
      }
      return parse(in.readAllBytes());
    } catch (java.io.IOException damaged) {
      throw new SetupFailure(
          "contracts: /millrace/contracts.binpb cannot be read: build again", damaged);
    }
  }

  /**
   * The contract of a type as a publisher names it.
   *
   * @param source source of the event: a type belongs to one source only
   * @param type full name, or the message's short name when exactly one message of the source has
   *     it; of several major versions, a short name means none
   */
  public Optional<Contract> find(String source, String type) {
    Contract contract = byType.get(type);
    if (contract != null) {
      return contract.source().equals(source) ? Optional.of(contract) : Optional.empty();
    }
    List<Contract> sameShortName =
        byType.values().stream()
            .filter(c -> c.source().equals(source) && c.descriptor().getName().equals(type))
            .toList();
    return sameShortName.size() == 1 ? Optional.of(sameShortName.getFirst()) : Optional.empty();
  }

  /** All contracts, by type. */
  public Collection<Contract> contracts() {
    return byType.values();
  }

  /**
   * SHA-256 of the descriptor set, in hex: part of every file id, and the set's name in the
   * registry.
   */
  public String digest() {
    return digest;
  }

  /** The descriptor set as it was read. */
  public byte[] descriptorSet() {
    return descriptorSet.clone();
  }

  private static List<FileDescriptorProto> parseFiles(byte[] descriptorSet) {
    var registry = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(registry);
    try {
      List<FileDescriptorProto> files =
          FileDescriptorSet.parseFrom(descriptorSet, registry).getFileList();
      if (files.isEmpty()) {
        throw new SetupFailure(
            "contracts: the descriptor set is empty: make it with protoc --include_imports");
      }
      return files;
    } catch (InvalidProtocolBufferException damaged) {
      throw new SetupFailure("contracts: not a descriptor set: " + damaged.getMessage(), damaged);
    }
  }

  private static List<FileDescriptor> link(List<FileDescriptorProto> files) {
    Map<String, FileDescriptorProto> byName = new HashMap<>();
    files.forEach(file -> byName.put(file.getName(), file));
    Map<String, FileDescriptor> linked = new HashMap<>();
    var order = new ArrayList<FileDescriptor>();
    for (FileDescriptorProto file : files) {
      order.add(link(file, byName, linked, new ArrayList<>()));
    }
    return order;
  }

  private static FileDescriptor link(
      FileDescriptorProto file,
      Map<String, FileDescriptorProto> byName,
      Map<String, FileDescriptor> linked,
      List<String> path) {
    FileDescriptor known = linked.get(file.getName());
    if (known != null) {
      return known;
    }
    if (path.contains(file.getName())) {
      throw new SetupFailure("contracts: " + file.getName() + " imports itself");
    }
    path.add(file.getName());
    var imports = new ArrayList<FileDescriptor>();
    for (String name : file.getDependencyList()) {
      FileDescriptorProto imported = byName.get(name);
      if (imported == null) {
        throw new SetupFailure(
            "contracts: " + file.getName() + " imports " + name + ", which the set lacks");
      }
      imports.add(link(imported, byName, linked, path));
    }
    path.removeLast();
    try {
      FileDescriptor descriptor =
          FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new));
      linked.put(file.getName(), descriptor);
      return descriptor;
    } catch (DescriptorValidationException invalid) {
      throw new SetupFailure("contracts: " + file.getName() + ": " + invalid.getMessage(), invalid);
    }
  }
}
