package millrace.local.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import millrace.core.contract.ContractSet;
import millrace.core.treat.InMemorySubjectKeyStore;
import millrace.core.treat.PersonalHash;
import millrace.local.erase.EncryptedRows.OfType;
import millrace.local.erase.Erase.Outcome;
import org.junit.jupiter.api.Test;

class EraseTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final PersonalHash hash =
      new PersonalHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8));
  private final InMemorySubjectKeyStore keys = new InMemorySubjectKeyStore();
  private final Erase erase = new Erase(keys, hash, () -> NOW);
  private final EncryptedRows rows = new EncryptedRows(ContractSet.builtIn(), "MILLRACE_DEV");

  @Test
  void aPersonsKeyIsGoneAndTheTimeIsKnown() {
    keys.putIfAbsent(Map.of(hash.of("customer-1"), new byte[] {1}));

    assertThat(erase.erase("customer-1", false)).isEqualTo(Outcome.ERASED);

    var kept = keys.get(List.of(hash.of("customer-1"))).get(hash.of("customer-1"));
    assertThat(kept.wrapped()).isNull();
    assertThat(kept.erasedAt()).isEqualTo(NOW);
    assertThat(erase.erase("customer-1", false)).isEqualTo(Outcome.ERASED_BEFORE);
  }

  @Test
  void aPersonMayBeNamedAsTheWarehouseHasIt() {
    keys.putIfAbsent(Map.of(hash.of("customer-1"), new byte[] {1}));

    assertThat(erase.erase(hash.of("customer-1"), false)).isEqualTo(Outcome.ERASED);
  }

  @Test
  void aDryRunErasesNothing() {
    keys.putIfAbsent(Map.of(hash.of("customer-1"), new byte[] {1}));

    assertThat(erase.erase("customer-1", true)).isEqualTo(Outcome.WOULD_ERASE);
    assertThat(keys.get(List.of(hash.of("customer-1"))).values().iterator().next().wrapped())
        .isNotNull();
    assertThat(erase.erase("somebody else", true)).isEqualTo(Outcome.UNKNOWN);
    erase.erase("customer-1", false);
    assertThat(erase.erase("customer-1", true)).isEqualTo(Outcome.ERASED_BEFORE);
  }

  @Test
  void somebodyOfWhomNothingWasEncryptedIsUnknown() {
    assertThat(erase.erase("customer-1", false)).isEqualTo(Outcome.UNKNOWN);
    assertThat(keys.names()).isEmpty();
  }

  @Test
  void theReportNamesTypesFieldsAndRows() {
    var queries = new java.util.ArrayList<String>();

    List<OfType> found =
        rows.of(
            Optional.of("orders.v1.OrderCreated"),
            "customer-1's",
            "hash",
            query -> {
              queries.add(query);
              return 7;
            });

    assertThat(found)
        .containsExactly(
            new OfType("orders.v1.OrderCreated", List.of("customer.name"), OptionalLong.of(7)));
    assertThat(queries)
        .containsExactly(
            "select count(*) from MILLRACE_DEV.RAW.orders_v1__order_created where"
                + " customer:customer_id::varchar = 'customer-1''s'");
  }

  @Test
  void schemaLessJsonIsCountedBySourceAndByTheNameThatRowsKeep() {
    var queries = new java.util.ArrayList<String>();

    List<OfType> found =
        rows.of(
            Optional.of("json.v1.JsonEvent"),
            "customer-1",
            "hash",
            query -> {
              queries.add(query);
              return 2;
            });

    assertThat(found)
        .containsExactly(
            new OfType(
                "json.v1.JsonEvent",
                List.of("shipping: recipient.name", "shipping: recipient.address"),
                OptionalLong.of(2)));
    assertThat(queries)
        .containsExactly(
            "select count(*) from MILLRACE_DEV.RAW.json_v1__json_event where (_source = 'shipping'"
                + " and (coalesce(try_parse_json(as_varchar(payload)),"
                + " payload):\"recipient\".\"customer_id\"::varchar = 'hash'))");
  }

  @Test
  void withoutAWarehouseTypesAndFieldsAreNamedAlone() {
    assertThat(rows.of(Optional.empty(), "customer-1", "hash", null))
        .contains(
            new OfType("orders.v1.OrderCreated", List.of("customer.name"), OptionalLong.empty()));
    assertThat(rows.types()).contains("orders.v1.OrderCreated");
  }
}
