package millrace.derive;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.derive.artifact.DerivedFiles;
import millrace.options.v1.Pii;

/**
 * How long reading and deriving takes for many contracts. With {@code write FILE} it only writes
 * them, and with {@code start FILE}, in a process of its own, it tells what reading them costs a
 * function's start. Run by hand, it holds no limit.
 */
final class DeriveBenchmark {
  private static final int CONTRACTS = 200;
  private static final int FIELDS = 30;

  private DeriveBenchmark() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 2 && args[0].equals("start")) {
      start(Files.readAllBytes(Path.of(args[1])));
      return;
    }
    byte[] set = ContractProtos.set(files());
    if (args.length == 2 && args[0].equals("write")) {
      Files.write(Path.of(args[1]), set);
      return;
    }
    long start = System.nanoTime();
    ContractSet contracts = ContractSet.parse(set);
    long read = System.nanoTime();
    SortedMap<String, String> files = DerivedFiles.of(contracts);
    long derived = System.nanoTime();
    System.out.printf(
        "%d contracts of %d fields: %d bytes read in %.2f s, %d files derived in %.2f s%n",
        CONTRACTS, FIELDS, set.length, (read - start) / 1e9, files.size(), (derived - read) / 1e9);
  }

  /**
   * What a function's start pays for the released set: read once by a process that has read nothing
   * before, in CPU time of the process, which counts what compiles beside it, and of the thread.
   */
  private static void start(byte[] set) {
    var process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    long processBefore = process.getProcessCpuTime();
    long threadBefore = threads.getCurrentThreadCpuTime();
    int read = ContractSet.released(set).contracts().size();
    long thread = threads.getCurrentThreadCpuTime() - threadBefore;
    long all = process.getProcessCpuTime() - processBefore;
    System.out.printf(
        "%d released contracts: %d bytes read in %.0f ms CPU of the process, %.0f ms of its thread%n",
        read, set.length, all / 1e6, thread / 1e6);
  }

  private static FileDescriptorProto.Builder[] files() {
    var files = new FileDescriptorProto.Builder[CONTRACTS];
    for (int number = 0; number < CONTRACTS; number++) {
      var event =
          ContractProtos.event(
              "Thing" + number, ContractProtos.contract().addEventId("field1").addKey("field2"));
      for (int field = 1; field <= FIELDS; field++) {
        event.addField(
            field % 3 == 0
                ? ContractProtos.field("field" + field, field, Type.TYPE_INT64)
                : ContractProtos.text("field" + field, field, ContractProtos.pii(Pii.PII_NONE)));
      }
      files[number] =
          ContractProtos.file("testing" + number + "/v1/thing.proto", "testing" + number + ".v1")
              .addMessageType(event);
    }
    return files;
  }
}
