package millrace.derive.source;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.DerivedFiles;
import millrace.derive.artifact.DerivedTree;
import millrace.derive.change.Change;
import millrace.derive.change.Migrations;
import millrace.derive.change.ModelReaders;
import millrace.derive.change.Plan;
import millrace.derive.change.Verdict;
import millrace.derive.draft.TypeName;

/** A checkout as far as its contracts go: where what lies, and what follows from what. */
public final class ContractTree {
  private final Path home;
  private final ProtoFolder proto;

  /**
   * @param home root of the checkout
   * @param buf the program that reads .proto files
   */
  public ContractTree(Path home, Path buf) {
    this.home = home;
    this.proto = new ProtoFolder(home.resolve("proto"), buf);
  }

  /** The contracts as they stand in the .proto files. */
  public ContractSet candidate() {
    return proto.contracts();
  }

  /** Where the released set lies. */
  public Path releasedFile() {
    return home.resolve("proto/released/contracts.binpb");
  }

  /** The set that was released last, as git knows it. */
  public ContractSet released() {
    try {
      return ContractSet.released(Files.readAllBytes(releasedFile()));
    } catch (NoSuchFileException e) {
      throw new SetupFailure(
          "proto/released/contracts.binpb is missing: take it from git again", e);
    } catch (IOException e) {
      throw new SetupFailure("proto/released/contracts.binpb cannot be read: " + e, e);
    } catch (SetupFailure damaged) {
      throw new SetupFailure(
          "proto/released/contracts.binpb is damaged: take it from git again ("
              + damaged.getMessage()
              + ")",
          damaged);
    }
  }

  /**
   * Writes the first draft of a contract.
   *
   * @throws SetupFailure when its file is there already
   */
  public void begin(TypeName type, String text) {
    Path file = home.resolve(type.file());
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new SetupFailure(type.file() + " is there already: edit it", e);
    } catch (IOException e) {
      throw new SetupFailure(type.file() + " cannot be written: " + e, e);
    }
  }

  /** Notes that a set was released. */
  public void record(ContractSet released) {
    try {
      Path beside = releasedFile().resolveSibling("contracts.binpb.new");
      Files.createDirectories(releasedFile().getParent());
      Files.write(beside, released.descriptorSet());
      Files.move(beside, releasedFile(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SetupFailure("proto/released/contracts.binpb cannot be written: " + e, e);
    }
  }

  /** What differs from the released set. */
  public Plan plan(ContractSet candidate) {
    return Plan.of(released(), candidate, new ModelReaders(home.resolve("dbt")));
  }

  /** Folder of the migrations. */
  public Path migrations() {
    return home.resolve("snowflake/migrations");
  }

  /** Migrations that a plan needs and the checkout lacks, by file name. */
  public SortedMap<String, String> missingMigrations(Plan plan) {
    return Migrations.of(plan, Migrations.in(migrations()));
  }

  /** The derived files of this checkout. */
  public DerivedTree derived() {
    return new DerivedTree(home);
  }

  /**
   * Everything that stands in the way of merging: style, breaking changes, missing migrations,
   * stale derived files. Empty when all is well.
   *
   * @throws SetupFailure when the contracts do not even compile
   */
  public List<String> problems() {
    ContractSet candidate = candidate();
    var problems = new ArrayList<>(proto.lint());
    problems.addAll(proto.breaking(releasedFile()));
    Plan plan = plan(candidate);
    plan.changes().stream()
        .filter(change -> change.verdict() == Verdict.BREAKING)
        .map(ContractTree::sentence)
        .forEach(problems::add);
    if (plan.verdict() != Verdict.BREAKING) {
      missingMigrations(plan)
          .keySet()
          .forEach(
              name ->
                  problems.add(
                      "snowflake/migrations/"
                          + name
                          + " is missing: run ./millrace contract migrate"));
    }
    derived()
        .stale(DerivedFiles.of(candidate))
        .forEach(
            stale ->
                problems.add(
                    stale.path()
                        + " is stale, run ./millrace contract derive: "
                        + stale.difference()));
    return problems;
  }

  private static String sentence(Change change) {
    return "proto/"
        + change.place()
        + ": breaking: "
        + change.type()
        + (change.field().isEmpty() ? "" : "." + change.field())
        + ": "
        + change.what();
  }
}
