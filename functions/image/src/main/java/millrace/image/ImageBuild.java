package millrace.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.ConsumerImage;

/** Builds the image with jib: no Docker engine, no Dockerfile, the same bytes every time. */
final class ImageBuild {
  private static final String NAME = "millrace-consumer";

  private final ImageContent content;
  private final Path work;
  private final boolean isPlainHttpAllowed;
  private final Supplier<String> password;
  private final Consumer<String> progress;

  /**
   * @param root of the checkout
   * @param isPlainHttpAllowed for a registry without TLS on this machine
   * @param password of the registry, asked for only where the request names a user
   * @param progress takes a sentence for people
   */
  ImageBuild(
      Path root, boolean isPlainHttpAllowed, Supplier<String> password, Consumer<String> progress) {
    this.work = root.resolve("functions/image/target/cache");
    this.content = new ImageContent(root, work);
    this.isPlainHttpAllowed = isPlainHttpAllowed;
    this.password = password;
    this.progress = progress;
  }

  /**
   * What was made.
   *
   * @param image where it is: the tar's path, or repository and digest as {@code cdk.json} wants
   * @param tag in the repository or in the tar
   * @param digest of the manifest
   * @param architecture as containers name it
   * @param bytes of the tar; 0 for a push
   */
  record Made(String image, String tag, String digest, String architecture, long bytes) {}

  Made run(ImageRequest request) throws InterruptedException {
    return switch (request) {
      case ImageRequest.Tar tar -> tar(tar.file());
      case ImageRequest.Push push -> push(push);
    };
  }

  private Made tar(Path file) throws InterruptedException {
    String architecture = ownArchitecture();
    String tag = tag();
    List<FileEntriesLayer> layers = content.onScratch(architecture);
    JibContainerBuilder image =
        Jib.fromScratch()
            .addEnvironmentVariable("PATH", ImageContent.JAVA_HOME + "/bin")
            .addEnvironmentVariable("JAVA_HOME", ImageContent.JAVA_HOME);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      JibContainer made =
          containerize(
              image,
              layers,
              architecture,
              Containerizer.to(TarImage.at(file).named(NAME + ":" + tag)));
      return new Made(
          file.toString(), tag, made.getDigest().toString(), architecture, Files.size(file));
    } catch (InvalidImageReferenceException | IOException e) {
      throw new SetupFailure(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private Made push(ImageRequest.Push push) throws InterruptedException {
    String tag = push.tag().isEmpty() ? tag() : push.tag();
    ImageReference target =
        ImageReference.of(push.repository().getRegistry(), push.repository().getRepository(), tag);
    RegistryImage to = registry(target);
    if (!push.user().isEmpty()) {
      to = RegistryImage.named(target).addCredential(push.user(), password.get());
    }
    JibContainer made =
        containerize(
            Jib.from(registry(push.base())),
            content.on(push.base(), push.architecture()),
            push.architecture(),
            Containerizer.to(to));
    String name = target.getRegistry() + "/" + target.getRepository();
    return new Made(
        name + "@" + made.getDigest(), tag, made.getDigest().toString(), push.architecture(), 0);
  }

  private JibContainer containerize(
      JibContainerBuilder image,
      List<FileEntriesLayer> layers,
      String architecture,
      Containerizer containerizer)
      throws InterruptedException {
    try {
      return image
          .setFileEntriesLayers(layers)
          .setPlatforms(Set.of(new Platform(architecture, "linux")))
          .setEntrypoint(ConsumerImage.entryPoint())
          .setUser(ConsumerImage.USER)
          .addLabel("org.opencontainers.image.title", NAME)
          .addLabel("org.opencontainers.image.licenses", "Apache-2.0")
          .containerize(
              containerizer
                  .setToolName("millrace")
                  .setAllowInsecureRegistries(isPlainHttpAllowed)
                  .setBaseImageLayersCache(work.resolve("base"))
                  .setApplicationLayersCache(work.resolve("layers"))
                  .addEventHandler(LogEvent.class, this::tell));
    } catch (RegistryUnauthorizedException refused) {
      throw new SetupFailure(
          "the registry refuses "
              + refused.getImageReference()
              + ": log in, as with `aws ecr get-login-password | ./millrace image --user AWS ...`",
          refused);
    } catch (RegistryException | IOException | CacheDirectoryCreationException e) {
      throw new SetupFailure("the image cannot be built: " + e.getMessage(), e);
    } catch (ExecutionException e) {
      throw new SetupFailure("the image cannot be built: " + reason(e), e);
    }
  }

  private RegistryImage registry(ImageReference image) {
    CredentialRetrieverFactory known = CredentialRetrieverFactory.forImage(image, this::tell);
    return RegistryImage.named(image)
        .addCredentialRetriever(known.dockerConfig())
        .addCredentialRetriever(known.wellKnownCredentialHelpers());
  }

  private void tell(LogEvent event) {
    switch (event.getLevel()) {
      case ERROR, WARN -> progress.accept(event.getMessage());
      case LIFECYCLE, PROGRESS, INFO, DEBUG -> {}
    }
  }

  /**
   * The same content has the same tag, so that a second push to immutable tags is no other image.
   */
  private String tag() {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      for (Path jar : content.jars().all()) {
        digest.update(Files.readAllBytes(jar));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    } catch (IOException | java.security.NoSuchAlgorithmException e) {
      throw new SetupFailure("the jars cannot be read: " + e.getMessage(), e);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  static String ownArchitecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name;
  }
}
