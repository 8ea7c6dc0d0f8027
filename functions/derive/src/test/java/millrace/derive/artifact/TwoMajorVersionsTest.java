package millrace.derive.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.core.file.FileFormat;
import millrace.core.file.FileId;
import millrace.core.file.ObjectKeys;
import millrace.derive.artifact.TableSql.Deployment;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;

/** Versions 1 and 2 of one type in one set: all that follows from them lies side by side. */
class TwoMajorVersionsTest {
  private final ContractSet both =
      ContractSet.parse(
          ContractProtos.set(
              ContractProtos.file("orders/v1/order.proto", "orders.v1")
                  .addMessageType(
                      order().addField(ContractProtos.field("price", 2, Type.TYPE_INT32))),
              ContractProtos.file("orders/v2/order.proto", "orders.v2")
                  .addMessageType(
                      order()
                          .addField(
                              ContractProtos.text("price", 2, ContractProtos.pii(Pii.PII_NONE))))));

  private final Contract one = both.find("orders", "orders.v1.OrderPriced").orElseThrow();
  private final Contract two = both.find("orders", "orders.v2.OrderPriced").orElseThrow();

  private static DescriptorProto.Builder order() {
    return ContractProtos.event(
            "OrderPriced", ContractProtos.contract().setSource("orders").addEventId("id"))
        .addField(ContractProtos.text("id", 1, ContractProtos.pii(Pii.PII_NONE)));
  }

  @Test
  void theyShareNoTableNoPipeNoModelAndNoFile() {
    List<Function<Contract, String>> names =
        List.of(
            type -> RawTable.of(type).name(),
            type -> String.join(" ", TableSql.pipes(type).keySet()),
            type -> TypeNames.of(type).staging(),
            type -> TypeNames.of(type).deduplicated());

    assertThat(names).allSatisfy(name -> assertThat(name.apply(one)).isNotEqualTo(name.apply(two)));
    assertThat(RawTable.of(one).name()).isEqualTo("orders_v1__order_priced");
    assertThat(RawTable.of(two).name()).isEqualTo("orders_v2__order_priced");
    assertThat(TypeNames.of(one).staging()).isEqualTo("stg_orders__order_priced");
    assertThat(TypeNames.of(two).staging()).isEqualTo("stg_orders__order_priced_v2");
    SortedMap<String, String> files = DerivedFiles.of(both);
    assertThat(files.get("dbt/models/staging/orders/stg_orders__order_priced.sql"))
        .contains("orders_v1__order_priced")
        .doesNotContain("orders_v2__order_priced");
    assertThat(files.get("dbt/models/staging/orders/stg_orders__order_priced_v2.sql"))
        .contains("orders_v2__order_priced")
        .doesNotContain("orders_v1__order_priced");
  }

  @Test
  void eachColumnHasTheTypeOfItsOwnContract() {
    assertThat(RawTable.of(one).column("price").orElseThrow().type()).isEqualTo("number(10, 0)");
    assertThat(RawTable.of(two).column("price").orElseThrow().type()).isEqualTo("varchar");
  }

  @Test
  void thePipeOfEachLoadsTheFilesOfItsTypeAndNoOthers() {
    FileId id = FileId.of(Collections.emptyList(), both.digest(), 1, FileFormat.PARQUET);
    for (Contract type : List.of(one, two)) {
      String key =
          ObjectKeys.eventFile(FileFormat.PARQUET, "orders", type.type(), LocalDate.EPOCH, id, 1);

      assertThat(Stream.of(one, two).filter(each -> key.startsWith(folder(each))))
          .containsExactly(type);
    }
  }

  /** The folder of the bucket that the type's pipe reads; its stage is the bucket's events/. */
  private static String folder(Contract type) {
    List<String> pipes = TableSql.createPipes(type, Deployment.TEMPLATE);
    assertThat(pipes).singleElement().asString().contains(".RAW.EVENTS/");
    return "events/"
        + pipes
            .getFirst()
            .replaceAll("(?s).*\\.RAW\\.EVENTS/([^']+)'.*", "$1")
            .replaceAll("format=[^/]*", "format=parquet");
  }
}
