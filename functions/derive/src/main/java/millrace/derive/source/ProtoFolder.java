package millrace.derive.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** The folder of .proto files, read by buf: in a fifth of a second, without a build. */
public final class ProtoFolder {
  /**
   * What contracts import and buf cannot fetch without a network: it lies in protovalidate's jar.
   */
  private static final String RULES = "buf/validate/validate.proto";

  private final Path proto;
  private final Path buf;

  /**
   * @param proto folder with the buf.yaml
   * @param buf the program
   */
  public ProtoFolder(Path proto, Path buf) {
    this.proto = proto;
    this.buf = buf;
  }

  /**
   * The contracts as they stand in the files.
   *
   * @throws SetupFailure with file and line when they do not compile or break a rule of contracts
   */
  public ContractSet contracts() {
    try {
      Path set = Files.createTempFile("millrace-contracts", ".binpb");
      try {
        List<String> problems = run("build", ".", "-o", set.toString());
        if (!problems.isEmpty()) {
          throw new SetupFailure("the contracts do not compile: " + String.join("; ", problems));
        }
        return parse(Files.readAllBytes(set));
      } finally {
        Files.deleteIfExists(set);
      }
    } catch (IOException e) {
      throw new SetupFailure("cannot write a temporary file: " + e, e);
    }
  }

  /** Places as a reader of the checkout finds them: a set names its files from this folder on. */
  private static ContractSet parse(byte[] set) {
    try {
      return ContractSet.parse(set);
    } catch (SetupFailure wrong) {
      throw new SetupFailure(
          String.valueOf(wrong.getMessage())
              .replaceAll("(?<![\\w/])([\\w/]+\\.proto:\\d+: )", "proto/$1"),
          wrong);
    }
  }

  /** What buf's style rules say, with file and line; empty when all is well. */
  public List<String> lint() {
    return run("lint", ".");
  }

  /**
   * What buf finds that breaks those who hold the released contracts.
   *
   * @param released descriptor set
   */
  public List<String> breaking(Path released) {
    return run("breaking", ".", "--against", released.toAbsolutePath().toString());
  }

  private List<String> run(String... arguments) {
    provideRules();
    var command = new ArrayList<String>();
    command.add(buf.toString());
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(proto.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      List<String> lines =
          output.lines().filter(line -> !line.isBlank()).map(ProtoFolder::sentence).toList();
      if (code != 0 && lines.isEmpty()) {
        throw new SetupFailure("buf " + arguments[0] + " ended with code " + code);
      }
      return code == 0 ? List.of() : lines;
    } catch (IOException e) {
      throw new SetupFailure("buf is missing at " + buf + ": run ./millrace prepare", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupFailure("interrupted while buf ran", e);
    }
  }

  /** In the folder that buf.yaml names as a second module. */
  private void provideRules() {
    Path rules = proto.resolve("target/imports").resolve(RULES);
    try (InputStream jar = ProtoFolder.class.getResourceAsStream("/" + RULES)) {
      if (jar == null) {
        throw new IllegalStateException("protovalidate is not on the class path");
      }
      byte[] bytes = jar.readAllBytes();
      if (!Files.exists(rules) || !Arrays.equals(Files.readAllBytes(rules), bytes)) {
        Files.createDirectories(rules.getParent());
        // whole or not at all: another process may read it at this moment
        Path beside = Files.createTempFile(rules.getParent(), "validate", ".new");
        Files.write(beside, bytes);
        Files.move(beside, rules, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new SetupFailure("cannot write " + rules + ": " + e, e);
    }
  }

  /** {@code file:line:column:text} as {@code proto/file:line: text}. */
  private static String sentence(String line) {
    return line.replaceFirst("^(\\S+\\.proto:\\d+):\\d+:\\s*", "proto/$1: ");
  }
}
