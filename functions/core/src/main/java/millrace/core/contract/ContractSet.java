package millrace.core.contract;

import build.buf.validate.ValidateProto;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import millrace.core.contract.FieldReader.Decisions;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Digests;
import millrace.options.v1.OptionsProto;

/** The contracts of one descriptor set: what may become rows. Immutable. */
public final class ContractSet {
  private final byte[] descriptorSet;
  private final String digest;
  private final TreeMap<String, Contract> byType;
  private final FieldRules rules = new FieldRules();

  private ContractSet(byte[] descriptorSet, TreeMap<String, Contract> byType) {
    this.descriptorSet = descriptorSet;
    this.digest = Digests.sha256(descriptorSet);
    this.byType = byType;
  }

  /**
   * Reads a {@code google.protobuf.FileDescriptorSet} with imports, as {@code protoc
   * --descriptor_set_out --include_imports} writes it.
   *
   * @throws SetupFailure naming every problem, with file and message, and with the line where the
   *     set has source information
   */
  public static ContractSet parse(byte[] descriptorSet) {
    ContractSet set = parse(descriptorSet, Decisions.REQUIRED);
    var problems = new ArrayList<String>();
    set.contracts().forEach(contract -> FieldRules.check(contract, problems));
    refuse(problems);
    return set;
  }

  /**
   * Reads a set that was released, as {@link #parse} does, except that a field of text or bytes may
   * lack its PII decision, which then means {@code PII_NONE}: a set released before there were
   * decisions goes on running. Whoever builds or releases a set parses it, and is refused. Rules of
   * fields are read when the first event needs them: all of them would take a function's start.
   */
  public static ContractSet released(byte[] descriptorSet) {
    return parse(descriptorSet, Decisions.OPTIONAL);
  }

  private static ContractSet parse(byte[] descriptorSet, Decisions decisions) {
    // a message that several contracts hold has each of its problems once
    var problems = new LinkedHashSet<String>();
    var byType = new TreeMap<String, Contract>();
    for (FileDescriptor file : link(parseFiles(descriptorSet))) {
      for (Descriptor message : file.getMessageTypes()) {
        var found = new ArrayList<String>();
        ContractReader.read(message, decisions, found)
            .ifPresent(contract -> claim(contract, byType, found));
        message.getNestedTypes().forEach(nested -> refuseNested(nested, found));
        problems.addAll(found);
      }
    }
    refuse(problems);
    return new ContractSet(descriptorSet.clone(), byType);
  }

  private static void refuse(Collection<String> problems) {
    if (!problems.isEmpty()) {
      throw new SetupFailure("contracts: " + String.join("; ", problems));
    }
  }

  private static void claim(
      Contract contract, TreeMap<String, Contract> byType, List<String> problems) {
    Contract before = byType.putIfAbsent(contract.type(), contract);
    if (before != null) {
      problems.add(
          ContractReader.named(contract.descriptor())
              + "the type is defined in "
              + SourcePlaces.place(before.descriptor())
              + " too");
      return;
    }
    for (Contract other : byType.values()) {
      // several major versions of one type may share a short name; a publisher then names the type
      if (!other.type().equals(contract.type())
          && !contract.source().isEmpty()
          && other.source().equals(contract.source())
          && other.descriptor().getName().equals(contract.descriptor().getName())
          && !withoutVersion(other).equals(withoutVersion(contract))) {
        problems.add(
            ContractReader.named(contract.descriptor())
                + other.type()
                + " in "
                + SourcePlaces.place(other.descriptor())
                + " has the same short name and source: name the message otherwise");
      }
      for (JsonPaths json : contract.jsonSources()) {
        if (!other.type().equals(contract.type())
            && other.jsonSources().stream().anyMatch(o -> o.source().equals(json.source()))) {
          problems.add(
              ContractReader.named(contract.descriptor())
                  + "JSON of the source '"
                  + json.source()
                  + "' is "
                  + other.type()
                  + " already");
        }
      }
    }
  }

  private static String withoutVersion(Contract contract) {
    return contract.descriptor().getFile().getPackage().replaceAll("\\.v[0-9]+$", "");
  }

  private static void refuseNested(Descriptor nested, List<String> problems) {
    if (nested.getOptions().hasExtension(OptionsProto.contract)) {
      problems.add(
          ContractReader.named(nested) + "a contract is a message at the top level of its file");
    }
    nested.getNestedTypes().forEach(inner -> refuseNested(inner, problems));
  }

  /** The contract set that was built into this program; a test of the build parses it whole. */
  public static ContractSet builtIn() {
    try (var in = ContractSet.class.getResourceAsStream("/millrace/contracts.binpb")) {
      if (in == null) {
        throw new SetupFailure(
            "contracts: this program was built without /millrace/contracts.binpb: build it again");
      }
      return parse(in.readAllBytes(), Decisions.REQUIRED);
    } catch (java.io.IOException damaged) {
      throw new SetupFailure(
          "contracts: /millrace/contracts.binpb cannot be read: build again", damaged);
    }
  }

  /**
   * The contract of a type as a publisher of protobuf names it.
   *
   * @param source source of the event: a type belongs to one source only
   * @param type full name, or the message's short name when exactly one message of the source has
   *     it; of several major versions, a short name means none
   */
  public Optional<Contract> find(String source, String type) {
    Contract contract = byType.get(type);
    if (contract != null) {
      return isMessageOf(source, contract) ? Optional.of(contract) : Optional.empty();
    }
    List<Contract> sameShortName =
        byType.values().stream()
            .filter(c -> isMessageOf(source, c) && c.descriptor().getName().equals(type))
            .toList();
    return sameShortName.size() == 1 ? Optional.of(sameShortName.getFirst()) : Optional.empty();
  }

  private static boolean isMessageOf(String source, Contract contract) {
    return contract.jsonSources().isEmpty() && contract.source().equals(source);
  }

  /** The contract that takes the schema-less JSON of a source. */
  public Optional<Contract> findJson(String source) {
    return byType.values().stream().filter(c -> c.json(source).isPresent()).findFirst();
  }

  /** All contracts, by type. */
  public Collection<Contract> contracts() {
    return byType.values();
  }

  /** The rules of their fields. */
  public FieldRules rules() {
    return rules;
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

  /** The options that contracts use, for whoever reads descriptor sets as messages. */
  public static ExtensionRegistry extensions() {
    var registry = ExtensionRegistry.newInstance();
    OptionsProto.registerAllExtensions(registry);
    ValidateProto.registerAllExtensions(registry);
    return registry;
  }

  private static List<FileDescriptorProto> parseFiles(byte[] descriptorSet) {
    ExtensionRegistry registry = extensions();
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
