package millrace.derive;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.SortedMap;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.derive.artifact.DerivedFiles;
import millrace.options.v1.Pii;

/** How long reading and deriving takes for many contracts; run by hand, it holds no limit. */
final class DeriveBenchmark {
  private static final int CONTRACTS = 200;
  private static final int FIELDS = 30;

  private DeriveBenchmark() {}

  public static void main(String[] args) {
    byte[] set = ContractProtos.set(files());
    long start = System.nanoTime();
    ContractSet contracts = ContractSet.parse(set);
    long read = System.nanoTime();
    SortedMap<String, String> files = DerivedFiles.of(contracts);
    long derived = System.nanoTime();
    System.out.printf(
        "%d contracts of %d fields: %d bytes read in %.2f s, %d files derived in %.2f s%n",
        CONTRACTS, FIELDS, set.length, (read - start) / 1e9, files.size(), (derived - read) / 1e9);
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
