package millrace.derive.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.options.v1.Pii;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedFilesTest {
  private static final Path HOME = Path.of(System.getenv().getOrDefault("MILLRACE_HOME", "../.."));

  @TempDir Path folder;

  /** Run with MILLRACE_APPROVE=1, or `./millrace contract derive`, to write them. */
  @Test
  void theCommittedFilesAreWhatFollowsFromTheContracts() {
    SortedMap<String, String> files = DerivedFiles.of(ContractSet.builtIn());
    var tree = new DerivedTree(HOME);
    if (System.getenv("MILLRACE_APPROVE") != null) {
      tree.write(files);
    }

    assertThat(tree.stale(files))
        .as("run ./millrace contract derive and commit what it writes")
        .isEmpty();
  }

  @Test
  void equalContractsGiveEqualFiles() {
    byte[] set = ContractSet.builtIn().descriptorSet();

    assertThat(DerivedFiles.of(ContractSet.parse(set)))
        .isEqualTo(DerivedFiles.of(ContractSet.parse(set)));
  }

  @Test
  void avroReadsEverySchemaAndFindsTheColumnsOfTheRawTable() {
    var contracts = ContractSet.builtIn();
    var files = DerivedFiles.of(contracts);
    for (var contract : contracts.contracts()) {
      Schema schema =
          new Schema.Parser().parse(files.get("proto/derived/" + contract.type() + ".avsc"));

      assertThat(schema.getFullName()).isEqualTo(contract.type());
      assertThat(schema.getFields().stream().map(Schema.Field::name))
          .isEqualTo(
              RawTable.of(contract).columns().stream()
                  .map(RawTable.RawColumn::name)
                  .filter(name -> !name.startsWith("_file") && !name.equals("_loaded_at"))
                  .collect(Collectors.toList()));
    }
  }

  @Test
  void aStaleFileIsShownByItsFirstDifferentLine() throws IOException {
    var files = new TreeMap<>(java.util.Map.of("docs/data-dictionary/x.md", "one\ntwo\n"));
    var tree = new DerivedTree(folder);
    tree.write(files);
    Files.writeString(folder.resolve("docs/data-dictionary/x.md"), "one\nzwei\n");

    assertThat(tree.stale(files))
        .containsExactly(
            new DerivedTree.Stale("docs/data-dictionary/x.md", "line 2\n  - zwei\n  + two"));
  }

  @Test
  void aDerivedFileThatFollowsFromNoContractIsNamedAndRemoved() throws IOException {
    var tree = new DerivedTree(folder);
    var both =
        new TreeMap<>(
            java.util.Map.of(
                "snowflake/derived/gone.sql",
                "-- x\n",
                "dbt/models/staging/orders/gone.sql",
                "{#- " + Headers.ALL + " -#}\n"));
    tree.write(both);
    Files.writeString(folder.resolve("dbt/models/staging/orders/by_hand.sql"), "select 1\n");

    assertThat(tree.stale(new TreeMap<>()))
        .extracting(DerivedTree.Stale::path)
        .containsExactlyInAnyOrderElementsOf(both.keySet());

    tree.write(new TreeMap<>());

    assertThat(tree.stale(new TreeMap<>())).isEmpty();
    assertThat(folder.resolve("dbt/models/staging/orders/by_hand.sql")).exists();
  }

  @Test
  void namesThatTheWarehouseCannotHoldAreRefusedWithTheirField() {
    var event =
        ContractProtos.event("Thing", ContractProtos.contract())
            .addField(ContractProtos.field("order", 1, Type.TYPE_INT32))
            .addField(ContractProtos.field("Amount", 2, Type.TYPE_INT32))
            .addField(ContractProtos.field("amount", 3, Type.TYPE_INT32))
            .addField(ContractProtos.text("batch_id", 4, ContractProtos.pii(Pii.PII_NONE)));
    var set =
        ContractSet.parse(
            ContractProtos.set(
                ContractProtos.file("testing/v1/thing.proto", "testing.v1").addMessageType(event)));

    assertThatThrownBy(() -> DerivedFiles.of(set))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(
            "testing/v1/thing.proto: field 'order' of testing.v1.Thing: 'order' is a reserved word")
        .hasMessageContaining(
            "field 'amount' of testing.v1.Thing differs from 'Amount' by case only")
        .hasMessageContaining("takes the place of the metadata column 'batch_id' in staging");
  }
}
