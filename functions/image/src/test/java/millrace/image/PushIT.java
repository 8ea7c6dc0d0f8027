package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.ConsumerImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry gets, judged by what it holds afterwards. */
class PushIT {
  private static final Path ROOT = Path.of(System.getenv("MILLRACE_HOME"));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void a_push_puts_the_consumer_on_the_base_and_says_what_cdk_json_wants() throws Exception {
    try (var registry = new FakeRegistry(false, folder)) {
      String base = base(registry, "arm64");

      ImageBuild.Made made = push(registry, base, Map.of());

      assertThat(made.image())
          .isEqualTo(registry.address() + "/millrace-consumer@" + made.digest());
      assertThat(FakeRegistry.digest(registry.manifest(made.tag()))).isEqualTo(made.digest());
      JsonNode manifest = JSON.readTree(registry.manifest(made.digest()));
      JsonNode config =
          JSON.readTree(registry.blob(manifest.at("/config/digest").textValue())).get("config");
      assertThat(config.get("User").textValue()).isEqualTo(ConsumerImage.USER);
      assertThat(texts(config.get("Entrypoint"))).isEqualTo(ConsumerImage.entryPoint());
      assertThat(texts(config.get("Env"))).as("of the base").contains("PATH=/base/bin");
      assertThat(manifest.get("layers"))
          .as("libraries and consumer; Java is the base's")
          .hasSize(2);
      String libraries = layer(registry, manifest.at("/layers/0/digest").textValue());
      assertThat(libraries).contains("app/native/libzstd-jni.so").doesNotContain("opt/java");
      assertThat(elfMachine(registry, manifest)).as("AArch64").isEqualTo(0xB7);
    }
  }

  @Test
  void the_same_jars_are_the_same_image_under_the_same_tag() throws Exception {
    try (var registry = new FakeRegistry(false, folder)) {
      String base = base(registry, "arm64");

      assertThat(push(registry, base, Map.of())).isEqualTo(push(registry, base, Map.of()));
      assertThat(push(registry, base, Map.of("tag", "v1")).digest())
          .isEqualTo(push(registry, base, Map.of()).digest());
      assertThat(registry.has("v1")).isTrue();
    }
  }

  @Test
  void a_base_of_another_architecture_is_refused_and_nothing_is_pushed() throws Exception {
    try (var registry = new FakeRegistry(false, folder)) {
      String base = base(registry, "amd64");

      assertThatThrownBy(() -> push(registry, base, Map.of("tag", "wrong")))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("the image cannot be built");
      assertThat(registry.has("wrong")).isFalse();
    }
  }

  @Test
  void a_registry_that_refuses_is_answered_with_how_to_log_in() throws Exception {
    try (var open = new FakeRegistry(false, folder);
        var closed = new FakeRegistry(true, folder)) {
      String base = base(open, "arm64");

      assertThatThrownBy(() -> push(closed, base, Map.of()))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("the registry refuses")
          .hasMessageContaining("aws ecr get-login-password | ./millrace image --user AWS");
    }
  }

  private static ImageBuild.Made push(
      FakeRegistry registry, String base, Map<String, String> others) throws InterruptedException {
    var wanted = new java.util.HashMap<>(others);
    wanted.put("push", registry.address() + "/millrace-consumer");
    wanted.put("base", base);
    return new ImageBuild(ROOT, true, () -> "", line -> {})
        .run(ImageRequest.of(wanted, Path.of("unused")));
  }

  /** An image with nothing but its settings, by digest. */
  private String base(FakeRegistry registry, String architecture) throws Exception {
    String name = registry.address() + "/base";
    return name
        + "@"
        + Jib.fromScratch()
            .setPlatforms(Set.of(new Platform(architecture, "linux")))
            .addEnvironmentVariable("PATH", "/base/bin")
            .containerize(
                Containerizer.to(RegistryImage.named(name))
                    .setAllowInsecureRegistries(true)
                    .setBaseImageLayersCache(folder)
                    .setApplicationLayersCache(folder))
            .getDigest();
  }

  private static String layer(FakeRegistry registry, String digest) throws IOException {
    return new String(unzipped(registry, digest), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static byte[] unzipped(FakeRegistry registry, String digest) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(registry.blob(digest)))) {
      return in.readAllBytes();
    }
  }

  /** What the header of the layer's native library says it is for; 18 bytes into the file. */
  private static int elfMachine(FakeRegistry registry, JsonNode manifest) throws IOException {
    String tar = layer(registry, manifest.at("/layers/0/digest").textValue());
    return tar.charAt(tar.indexOf("\u007fELF") + 18);
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(item -> texts.add(item.textValue()));
    return texts;
  }
}
