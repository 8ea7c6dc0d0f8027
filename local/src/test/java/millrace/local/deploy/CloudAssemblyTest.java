package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import millrace.local.deploy.CloudAssembly.Asset;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudAssemblyTest {
  private static final String MANIFEST =
      """
      {"artifacts": {
        "app-data.assets": {"type": "cdk:asset-manifest", "properties": {"file": "app-data.assets.json"}},
        "app-data": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1",
          "properties": {"templateFile": "app-data.template.json", "bootstrapStackVersionSsmParameter": "/boot/version"},
          "dependencies": ["app-data.assets", "another-stack"]},
        "another-stack": {"type": "aws:cloudformation:stack"}}}
      """;
  private static final String ASSETS =
      """
      {"files": {
        "aa": {"source": {"path": "asset.aa.zip", "packaging": "file"},
               "destinations": {"here": {"bucketName": "assets", "objectKey": "aa.zip"}}},
        "bb": {"source": {"path": "asset.bb", "packaging": "zip"},
               "destinations": {"here": {"bucketName": "assets", "objectKey": "bb.zip"}}},
        "cc": {"source": {"path": "app-data.template.json", "packaging": "file"},
               "destinations": {"here": {"bucketName": "assets", "objectKey": "cc.json"}}}}}
      """;

  @TempDir Path folder;

  @Test
  void a_stack_is_read_with_its_template_and_its_assets() throws IOException {
    write();
    assertThat(CloudAssembly.read(folder).stack("app-data"))
        .isEqualTo(
            new StackArtifact(
                "app-data",
                "111111111111",
                "eu-west-1",
                "{\"Resources\": {}}",
                "/boot/version",
                List.of(
                    new Asset(folder.resolve("asset.aa.zip"), false, "assets", "aa.zip"),
                    new Asset(folder.resolve("asset.bb"), true, "assets", "bb.zip"))));
  }

  @Test
  void what_is_missing_is_said_with_what_to_do() throws IOException {
    assertThatThrownBy(() -> CloudAssembly.read(folder))
        .isInstanceOf(DeployException.UnusableAssembly.class)
        .hasMessageContaining("holds no synthesized assembly")
        .hasMessageContaining("./mvnw");
    write();
    assertThatThrownBy(() -> CloudAssembly.read(folder).stack("app-network"))
        .hasMessageContaining("no stack app-network");
    Files.delete(folder.resolve("app-data.template.json"));
    assertThatThrownBy(() -> CloudAssembly.read(folder).stack("app-data"))
        .hasMessageContaining("lacks app-data.template.json");
    Files.writeString(folder.resolve("manifest.json"), "{\"artifacts\": ");
    assertThatThrownBy(() -> CloudAssembly.read(folder))
        .hasMessageContaining("unreadable manifest.json");
  }

  @Test
  void equal_folders_become_equal_zips_whatever_their_dates() throws IOException {
    Path one = zipOf("one", 1_000_000_000_000L);
    Path other = zipOf("other", 1_700_000_000_000L);
    assertThat(one).hasSameBinaryContentAs(other);
    try (ZipFile zip = new ZipFile(one.toFile())) {
      assertThat(zip.stream().map(ZipEntry::getName)).containsExactly("a/b.txt", "z.txt");
    }
  }

  private Path zipOf(String name, long modified) throws IOException {
    Path source = Files.createDirectories(folder.resolve(name).resolve("a")).getParent();
    for (String file : List.of("z.txt", "a/b.txt")) {
      assertThat(Files.writeString(source.resolve(file), file).toFile().setLastModified(modified))
          .isTrue();
    }
    Path zip = folder.resolve(name + ".zip");
    AssetZip.write(source, zip);
    return zip;
  }

  private void write() throws IOException {
    Files.writeString(folder.resolve("manifest.json"), MANIFEST);
    Files.writeString(folder.resolve("app-data.assets.json"), ASSETS);
    Files.writeString(folder.resolve("app-data.template.json"), "{\"Resources\": {}}");
  }
}
