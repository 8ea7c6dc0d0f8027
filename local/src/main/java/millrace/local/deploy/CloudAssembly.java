package millrace.local.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A folder that CDK synthesized, read. */
public final class CloudAssembly {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final JsonNode artifacts;

  /**
   * One stack of the assembly.
   *
   * @param name its name in CloudFormation
   * @param account the account it was synthesized for
   * @param region the region it was synthesized for
   * @param template its template, byte for byte
   * @param bootstrapParameter name of the SSM parameter that the template reads to see how the
   *     account was prepared
   * @param assets files that must lie in their buckets first
   */
  public record StackArtifact(
      String name,
      String account,
      String region,
      String template,
      String bootstrapParameter,
      List<Asset> assets) {
    public StackArtifact {
      assets = List.copyOf(assets);
    }
  }

  /**
   * One asset.
   *
   * @param source file or folder
   * @param zipped whether the object is a zip of the folder
   * @param bucket where it goes
   * @param key under which key; CDK makes it from the content
   */
  public record Asset(Path source, boolean zipped, String bucket, String key) {}

  private CloudAssembly(Path folder, JsonNode artifacts) {
    this.folder = folder;
    this.artifacts = artifacts;
  }

  /** Reads the manifest of a folder. */
  public static CloudAssembly read(Path folder) {
    if (!Files.isRegularFile(folder.resolve("manifest.json"))) {
      throw new DeployException.UnusableAssembly(folder, "holds no synthesized assembly");
    }
    return new CloudAssembly(folder, json(folder, "manifest.json").path("artifacts"));
  }

  /** One stack by its name. */
  public StackArtifact stack(String name) {
    JsonNode stack = artifacts.path(name);
    if (!stack.path("type").asText().equals("aws:cloudformation:stack")) {
      throw new DeployException.UnusableAssembly(folder, "has no stack " + name);
    }
    // aws://account/region
    String[] environment = stack.path("environment").asText().split("/", -1);
    if (environment.length != 4) {
      throw new DeployException.UnusableAssembly(folder, "names no account and region for " + name);
    }
    JsonNode properties = stack.path("properties");
    String templateFile = properties.path("templateFile").asText();
    List<Asset> assets = new ArrayList<>();
    for (JsonNode dependency : stack.path("dependencies")) {
      JsonNode artifact = artifacts.path(dependency.asText());
      if (artifact.path("type").asText().equals("cdk:asset-manifest")) {
        assets.addAll(assets(artifact.path("properties").path("file").asText(), templateFile));
      }
    }
    return new StackArtifact(
        name,
        environment[2],
        environment[3],
        text(templateFile),
        properties.path("bootstrapStackVersionSsmParameter").asText(),
        assets);
  }

  /** Files of an asset manifest, without the template, which goes with the request itself. */
  private List<Asset> assets(String file, String templateFile) {
    List<Asset> assets = new ArrayList<>();
    for (JsonNode entry : json(folder, file).path("files")) {
      JsonNode source = entry.path("source");
      String path = source.path("path").asText();
      if (path.equals(templateFile)) {
        continue;
      }
      for (JsonNode destination : entry.path("destinations")) {
        assets.add(
            new Asset(
                folder.resolve(path),
                source.path("packaging").asText().equals("zip"),
                destination.path("bucketName").asText(),
                destination.path("objectKey").asText()));
      }
    }
    return assets;
  }

  private String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new DeployException.UnusableAssembly(folder, "lacks " + file);
    }
  }

  private static JsonNode json(Path folder, String file) {
    try {
      return JSON.readTree(folder.resolve(file).toFile());
    } catch (IOException e) {
      throw new DeployException.UnusableAssembly(folder, "has an unreadable " + file);
    }
  }
}
