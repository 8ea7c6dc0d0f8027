package millrace.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.local.state.Checkout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "image",
    description = {
      "Build the consumer's container image; needs no Docker engine.",
      "Without --push a tar for this machine's architecture, on nothing but a linked Java runtime;",
      "with --push on a base image with Java, to a registry such as ECR."
    })
final class ImageCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "TAR",
      description = "Where the tar goes (default: functions/image/target/millrace-consumer.tar).")
  @Nullable Path out;

  @Option(
      names = "--push",
      paramLabel = "REPOSITORY",
      description = "Registry and repository, without a tag.")
  @Nullable String push;

  @Option(
      names = "--base",
      paramLabel = "IMAGE@sha256:DIGEST",
      description = "Image with Java 25 to stand on; its digest is required.")
  @Nullable String base;

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description = "arm64, as the service runs it, or amd64 (default: arm64).")
  @Nullable String architecture;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Tag in the repository (default: one that follows from the content).")
  @Nullable String tag;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "User of the registry, with the password on standard input (default: what Docker's"
              + " configuration and its credential helpers know).")
  @Nullable String user;

  @Option(names = "--json", description = "Image, tag, digest, architecture and size as JSON.")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    var arguments = new ArrayList<>(List.of("root=" + checkout.home(), "json=" + json));
    @Nullable Path tar = out;
    if (tar != null) {
      arguments.add("out=" + checkout.invokedFrom().resolve(tar));
    }
    add(arguments, "push", push);
    add(arguments, "base", base);
    add(arguments, "arch", architecture);
    add(arguments, "tag", tag);
    add(arguments, "user", user);
    return new ModuleProgram(checkout, "functions/image", "millrace.image.ImageMain")
        .run(arguments, Map.of());
  }

  private static void add(List<String> arguments, String key, @Nullable String value) {
    if (value != null) {
      arguments.add(key + "=" + value);
    }
  }
}
