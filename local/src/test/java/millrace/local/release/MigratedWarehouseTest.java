package millrace.local.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import millrace.local.state.Checkout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratedWarehouseTest {
  @TempDir Path home;

  @BeforeEach
  void aCheckout() throws IOException {
    write("snowflake/migrations/V1__tables.sql", "create table t (a number)");
    write("local/warehouse/launcher/server.py", "serve()");
    write("local/python/requirements.lock", "fakesnow==1");
  }

  @Test
  void nothingIsCopiedBeforeOneIsKept() {
    assertThat(migrated("parquet").copyTo(home)).isFalse();
  }

  @Test
  void theNextRunBeginsWithACopyOfWhatWasKept() throws IOException {
    migrated("parquet").keep(warehouse("tables of parquet"));
    Path next = Files.createDirectories(home.resolve("next"));

    assertThat(migrated("parquet").copyTo(next)).isTrue();
    assertThat(next.resolve("catalog.duckdb")).hasContent("tables of parquet");
    assertThat(next.resolve("spill")).doesNotExist();
    assertThat(home.resolve("next.half")).doesNotExist();
  }

  @Test
  void whatDecidesTheTablesDecidesTheCopy() throws IOException {
    MigratedWarehouse first = migrated("parquet");
    assertThat(migrated("parquet")).isEqualTo(first);
    assertThat(migrated("ndjson")).isNotEqualTo(first);

    for (String file :
        List.of(
            "snowflake/migrations/V1__tables.sql",
            "snowflake/migrations/V2__more.sql",
            "local/warehouse/launcher/server.py",
            "local/python/requirements.lock")) {
      MigratedWarehouse before = migrated("parquet");
      write(file, "something else");
      assertThat(migrated("parquet")).as(file).isNotEqualTo(before);
    }
  }

  @Test
  void twoRunsThatKeepTheSameLeaveOne() throws IOException {
    migrated("parquet").keep(warehouse("first"));
    migrated("parquet").keep(warehouse("second"));

    assertThat(kept()).hasSize(1);
    Path next = Files.createDirectories(home.resolve("next"));
    assertThat(migrated("parquet").copyTo(next)).isTrue();
    assertThat(next.resolve("catalog.duckdb")).hasContent("first");
  }

  @Test
  void theOldestGoWhenTheMigrationsChangeOften() throws IOException {
    MigratedWarehouse oldest = migrated("parquet");
    for (int version = 1; version <= 6; version++) {
      write("snowflake/migrations/V2__more.sql", "version " + version);
      MigratedWarehouse made = migrated("parquet");
      made.keep(warehouse("version " + version));
      Files.setLastModifiedTime(
          made.folder().resolve(made.name()), FileTime.from(Instant.ofEpochSecond(version)));
    }

    assertThat(kept()).hasSizeBetween(4, 5);
    assertThat(oldest.copyTo(Files.createDirectories(home.resolve("next")))).isFalse();
  }

  @Test
  void aResetForgetsThemAll() throws IOException {
    migrated("parquet").keep(warehouse("first"));
    MigratedWarehouse.forgetAll(checkout());

    assertThat(migrated("parquet").copyTo(home)).isFalse();
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> all = Files.list(home.resolve(".millrace/migrated"))) {
      return all.toList();
    }
  }

  private Path warehouse(String content) throws IOException {
    write("state/warehouse/catalog.duckdb", content);
    Files.createDirectories(home.resolve("state/warehouse/spill"));
    return home.resolve("state/warehouse");
  }

  private MigratedWarehouse migrated(String format) {
    return MigratedWarehouse.of(
        new WarehouseMigrations(
            checkout(),
            home.resolve("snowflake/migrations"),
            "dev",
            "111111111111",
            "bucket",
            "arn:aws:sns:eu-west-1:111111111111:topic",
            format));
  }

  private Checkout checkout() {
    return new Checkout(home, home.resolve("python"), home.resolve("java"), home);
  }

  private void write(String file, String content) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
