package millrace.core.batch;

import java.util.Base64;

/**
 * Body of the SQS message of a batch: {@code m1:} and the base64 of its frame, or {@code m1r:} and
 * where the frame lies. SQS takes XML characters only, hence base64.
 */
public sealed interface BatchBody {
  /** The frame itself. */
  record Inline(byte[] frame) implements BatchBody {}

  /**
   * The frame lies in the object store.
   *
   * @param key object key below {@code batches/}, {@code archive/} or {@code quarantine/}
   * @param sha256 of the frame, in hex
   */
  record Reference(String key, String sha256) implements BatchBody {}

  /** Written by a newer version: retried, never parked, since a deploy cures it. */
  record UnknownVersion(String prefix) implements BatchBody {}

  /** Not a body of ours. */
  record Unreadable(String reason) implements BatchBody {}

  static String inline(byte[] frame) {
    return "m1:" + Base64.getEncoder().encodeToString(frame);
  }

  static String reference(String key, String sha256) {
    return "m1r:" + key + ";sha256=" + sha256;
  }

  /** Bytes of an inline body with a frame of so many bytes. */
  static int inlineLength(int frameBytes) {
    return 3 + (frameBytes + 2) / 3 * 4;
  }

  static BatchBody parse(String body) {
    int colon = body.indexOf(':');
    String prefix = colon < 0 ? "" : body.substring(0, colon);
    String rest = body.substring(colon + 1);
    return switch (prefix) {
      case "m1" -> parseInline(rest);
      case "m1r" -> parseReference(rest);
      default ->
          prefix.matches("m[0-9]{1,4}[a-z]{0,4}")
              ? new UnknownVersion(prefix)
              : new Unreadable("the body does not begin with a version");
    };
  }

  private static BatchBody parseInline(String base64) {
    try {
      return new Inline(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException notBase64) {
      return new Unreadable("the body is not base64");
    }
  }

  private static BatchBody parseReference(String reference) {
    var parts =
        java.util.regex.Pattern.compile("([A-Za-z0-9/_.=-]+);sha256=([0-9a-f]{64})")
            .matcher(reference);
    return parts.matches()
        ? new Reference(parts.group(1), parts.group(2))
        : new Unreadable("the reference lacks key or sha256");
  }
}
