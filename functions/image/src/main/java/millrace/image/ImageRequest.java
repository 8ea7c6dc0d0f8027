package millrace.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** What is asked for: a tar on this machine, or an image in a registry. */
sealed interface ImageRequest {
  /** Of this machine's architecture, on {@code scratch}. */
  record Tar(Path file) implements ImageRequest {}

  /**
   * On a base with Java.
   *
   * @param repository registry and name, without tag and digest
   * @param base with its digest, so that the same commit makes the same image tomorrow
   * @param architecture as containers name it: arm64 or amd64
   * @param tag empty for one that follows from the content
   * @param user for a password from standard input; empty for what Docker's configuration knows
   */
  record Push(
      ImageReference repository, ImageReference base, String architecture, String tag, String user)
      implements ImageRequest {}

  /** Keys that {@link #of} knows. */
  List<String> KEYS = List.of("out", "push", "base", "arch", "tag", "user");

  /**
   * @param wanted values by key, none of them blank
   * @throws SetupFailure that names every problem
   */
  static ImageRequest of(Map<String, String> wanted, Path defaultTar) {
    var problems = new ArrayList<String>();
    for (String key : new TreeSet<>(wanted.keySet())) {
      if (!KEYS.contains(key)) {
        problems.add("--" + key + " is unknown");
      } else if (!wanted.containsKey("push") && !key.equals("out")) {
        problems.add("--" + key + " needs --push");
      }
    }
    ImageRequest request =
        wanted.containsKey("push") ? push(wanted, problems) : tar(wanted, defaultTar);
    if (!problems.isEmpty()) {
      throw new SetupFailure(String.join("; ", problems));
    }
    return request;
  }

  private static ImageRequest tar(Map<String, String> wanted, Path defaultTar) {
    String out = wanted.get("out");
    return new Tar(out == null ? defaultTar : Path.of(out));
  }

  private static ImageRequest push(Map<String, String> wanted, List<String> problems) {
    if (wanted.containsKey("out")) {
      problems.add("--out and --push: one of them");
    }
    ImageReference repository = reference("push", wanted.get("push"), problems);
    if (!repository.isScratch()
        && (repository.getDigest().isPresent() || !repository.usesDefaultTag())) {
      problems.add(
          "--push "
              + wanted.get("push")
              + ": name the repository alone; --tag is the tag, and the digest follows from the"
              + " image");
    }
    ImageReference base = ImageReference.scratch();
    if (!wanted.containsKey("base")) {
      problems.add(
          "--push needs --base IMAGE@sha256:DIGEST, an image with Java "
              + Runtime.version().feature()
              + " for the architecture of the service");
    } else {
      base = reference("base", wanted.get("base"), problems);
      if (!base.isScratch() && base.getDigest().isEmpty()) {
        problems.add(
            "--base "
                + wanted.get("base")
                + " has no digest: write IMAGE@sha256:DIGEST, because a tag may be another image"
                + " tomorrow");
      }
    }
    String architecture = wanted.getOrDefault("arch", "arm64");
    if (!List.of("arm64", "amd64").contains(architecture)) {
      problems.add("--arch " + architecture + ": use arm64 or amd64");
    }
    String tag = wanted.getOrDefault("tag", "");
    if (!tag.isEmpty() && !ImageReference.isValidTag(tag)) {
      problems.add("--tag " + tag + " cannot be a tag");
    }
    return new Push(repository, base, architecture, tag, wanted.getOrDefault("user", ""));
  }

  private static ImageReference reference(
      String option, @org.jspecify.annotations.Nullable String text, List<String> problems) {
    try {
      return ImageReference.parse(text == null ? "" : text);
    } catch (InvalidImageReferenceException e) {
      problems.add("--" + option + " " + text + " is not the name of an image");
      return ImageReference.scratch();
    }
  }
}
