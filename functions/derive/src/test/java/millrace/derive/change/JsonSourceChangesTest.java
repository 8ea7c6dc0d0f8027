package millrace.derive.change;

import static millrace.core.contract.ContractProtos.decided;
import static millrace.core.contract.ContractProtos.event;
import static millrace.core.contract.ContractProtos.file;
import static millrace.core.contract.ContractProtos.message;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.set;
import static millrace.core.contract.ContractProtos.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import java.nio.file.Path;
import millrace.core.contract.ContractSet;
import millrace.options.v1.Contract;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSourceChangesTest {
  @TempDir Path empty;

  /**
   * @param sources of one schema-less type, in protobuf's text format
   */
  private static ContractSet of(String sources) throws TextFormat.ParseException {
    var contract = TextFormat.parse("owner: 'o' " + sources, Contract.class);
    return ContractSet.parse(
        set(
            file("testing/v1/anything.proto", "testing.v1")
                .addMessageType(
                    event("Anything", contract.toBuilder())
                        .addField(
                            decided(
                                message("payload", 1, ".google.protobuf.Struct"),
                                pii(Pii.PII_NONE)))
                        .addField(text("stated_type", 2, pii(Pii.PII_NONE))))));
  }

  private static String source(String name, String paths) {
    return "json_sources {source: '"
        + name
        + "' "
        + (paths.isEmpty() ? "no_personal_data: true" : paths)
        + "} ";
  }

  private static String path(String path, String treatment) {
    return "personal_paths {path: '" + path + "' pii: PII_" + treatment + "} ";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '~',
      textBlock =
          """
          a:HASH              | -                  | BREAKING        | 'a': no longer personal
          -                   | a:HASH             | NEEDS_MIGRATION | 'a': personal now
          a:HASH              | a:HASH,b:DROP      | NEEDS_MIGRATION | 'b': personal now
          a:HASH              | a:DROP             | NEEDS_MIGRATION | 'a': personal data from HASH to DROP
          a:DROP              | a:HASH             | BREAKING        | from DROP to HASH: weaker
          a:HASH              | a:ENCRYPT subject: 'who' | BREAKING  | cannot be compared
          a.b:HASH            | a:DROP             | NEEDS_MIGRATION | 'a.b': personal data from HASH to DROP
          a.b:DROP            | a:HASH             | BREAKING        | 'a.b': personal data from DROP to HASH
          a:HASH              | a.b:HASH           | BREAKING        | 'a': no longer personal
          a[].b:HASH          | a.b:HASH           | BREAKING        | 'a[].b': no longer personal
          """)
  void aTreatmentIsJudgedPathByPath(
      @Nullable String before, @Nullable String after, Verdict verdict, String words)
      throws Exception {
    Plan plan =
        Plan.of(
            of(source("shop", paths(before))),
            of(source("shop", paths(after))),
            new ModelReaders(empty));

    assertThat(plan.verdict()).as(plan.text()).isEqualTo(verdict);
    assertThat(plan.changes())
        .as(plan.text())
        .anySatisfy(
            change -> {
              assertThat(change.verdict()).isEqualTo(verdict);
              assertThat(change.what()).startsWith("json source 'shop': ").contains(words);
            });
  }

  private static String paths(@Nullable String list) {
    var paths = new StringBuilder();
    if (list != null) {
      for (String each : list.split(",")) {
        String[] parts = each.split(":", 2);
        paths.append(path(parts[0], parts[1]));
      }
    }
    return paths.toString();
  }

  @Test
  void anotherPersonIsBreakingAndOrderIsNoChange() throws Exception {
    String forBuyer = "personal_paths {path: 'a' pii: PII_ENCRYPT subject: 'buyer.id'} ";
    String forSeller = "personal_paths {path: 'a' pii: PII_ENCRYPT subject: 'seller.id'} ";

    Plan other =
        Plan.of(
            of(source("shop", forBuyer)), of(source("shop", forSeller)), new ModelReaders(empty));
    Plan order =
        Plan.of(
            of(source("shop", forBuyer + path("b", "DROP")) + source("web", "")),
            of(source("web", "") + source("shop", path("b", "DROP") + forBuyer)),
            new ModelReaders(empty));

    assertThat(other.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.verdict()).isEqualTo(Verdict.BREAKING);
              assertThat(change.what()).contains("encrypted for 'seller.id', not 'buyer.id'");
            });
    assertThat(order.changes()).isEmpty();
  }

  @Test
  void aSourceThatIsGoneIsBreakingAndANewOneNeedsItsPipe() throws Exception {
    ContractSet one = of(source("shop", ""));
    ContractSet two = of(source("shop", "") + source("web-shop", path("a", "HASH")));

    Plan added = Plan.of(one, two, new ModelReaders(empty));
    Plan gone = Plan.of(two, one, new ModelReaders(empty));

    assertThat(added.verdict()).isEqualTo(Verdict.NEEDS_MIGRATION);
    assertThat(added.changes().stream().flatMap(change -> change.statements().stream()))
        .as("the tags before the pipe that loads what they are for")
        .satisfiesExactly(
            tag ->
                assertThat(tag)
                    .endsWith("modify column payload set tag {{ database }}.RAW.PII = 'HASH'"),
            pipe ->
                assertThat(pipe)
                    .startsWith(
                        "create pipe if not exists"
                            + " {{ database }}.RAW.TESTING_V1__ANYTHING__WEB_SHOP_PIPE"));
    assertThat(gone.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.verdict()).isEqualTo(Verdict.BREAKING);
              assertThat(change.what()).contains("json source 'web-shop' is gone");
            });
  }
}
