package millrace.local.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectStore.Listed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectFolderTest {
  @TempDir Path folder;

  private void object(String key, String content) throws IOException {
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.writeString(file.resolveSibling(file.getFileName() + ".meta.json"), "{}");
  }

  private List<String> keys(String prefix) {
    try (var listed = new ObjectFolder(folder).list(prefix)) {
      return listed.map(Listed::key).toList();
    }
  }

  @Test
  void anObjectIsTheFileOfItsKeyAndAMissingOneIsNone() throws IOException {
    object("contracts/active", "digest");

    var store = new ObjectFolder(folder);
    assertThat(store.get("contracts/active").orElseThrow().bytes()).asString().isEqualTo("digest");
    assertThat(store.get("contracts/other")).isEmpty();
    assertThatThrownBy(() -> store.get("contracts"))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("contracts");
  }

  @Test
  void objectsAreListedInKeyOrderWithoutTheHeadersBesideThem() throws IOException {
    object("archive/source=orders/day=21/b.mrb", "bb");
    object("archive/source=orders/day=21/a.mrb", "a");
    object("archive/source=cards/day=21/c.mrb", "c");
    object("archive/source=orders/day=22/d.mrb", "d");

    assertThat(keys("archive/source=orders/day=21/"))
        .containsExactly(
            "archive/source=orders/day=21/a.mrb", "archive/source=orders/day=21/b.mrb");
    assertThat(keys("archive/source=")).hasSize(4).isSorted();
    try (var listed = new ObjectFolder(folder).list("archive/source=orders/day=21/b")) {
      assertThat(listed).singleElement().extracting(Listed::bytes).isEqualTo(2L);
    }
  }

  @Test
  void aPrefixMayEndWithinANameAndMayLeadNowhere() throws IOException {
    object("events/format=parquet/a", "a");
    object("events/format=ndjson/b", "b");

    assertThat(keys("events/format=p")).containsExactly("events/format=parquet/a");
    assertThat(keys("ev")).hasSize(2);
    assertThat(keys("")).hasSize(2);
    assertThat(keys("archive/")).isEmpty();
  }

  @Test
  void theBucketOfARunIsFoundInItsStateAlsoWhenTheRunIsOver() throws IOException {
    Path bucket = folder.resolve("aws/s3/111111111111/millrace-dev-111111111111-eu-west-1");
    Files.createDirectories(bucket.resolve("contracts"));
    Files.createDirectories(folder.resolve("aws/s3/111111111111/cdk-assets"));
    Files.writeString(bucket.resolve("contracts/active"), "digest");

    assertThat(ObjectFolder.of(folder).get("contracts/active")).isPresent();
  }

  @Test
  void aRunWithoutDataIsASentenceThatSaysWhatToDo() throws IOException {
    assertThatThrownBy(() -> ObjectFolder.of(folder.resolve("nothing")))
        .isInstanceOf(SetupFailure.class)
        .hasMessage("there is no data yet: run ./millrace demo first");
    Files.createDirectories(folder.resolve("aws/s3/111111111111"));
    assertThatThrownBy(() -> ObjectFolder.of(folder))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("no bucket");
  }

  @Test
  void nothingIsWrittenWhereNobodyWouldBeToldOfIt() {
    var store = new ObjectFolder(folder);
    assertThatThrownBy(() -> store.putIfAbsent("a", new byte[0], Map.of()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> store.replace("a", new byte[0], null))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
