package millrace.derive.draft;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * The full name of a type that is to be.
 *
 * @param domain such as {@code orders}: folder, package and, at first, source
 * @param version such as {@code v1}
 * @param message such as {@code OrderShipped}
 */
public record TypeName(String domain, String version, String message) {
  private static final Pattern NAME =
      Pattern.compile("([a-z][a-z0-9_]*)\\.(v[1-9][0-9]*)\\.([A-Z][A-Za-z0-9]*)");

  /**
   * @throws SetupFailure when it is not {@code domain.v1.Message}
   */
  public static TypeName parse(String type) {
    Matcher name = NAME.matcher(type);
    if (!name.matches()) {
      throw new SetupFailure(
          "'" + type + "' is not the name of a type: write it as orders.v1.OrderShipped");
    }
    return new TypeName(name.group(1), name.group(2), name.group(3));
  }

  /** Path of its .proto file in the checkout. */
  public String file() {
    return "proto/" + domain + "/" + version + "/" + snakeCase(message) + ".proto";
  }

  /**
   * What its file begins with, up to its own options and fields.
   *
   * @param imports paths of what it imports beside the options, in order
   */
  String head(List<String> imports) {
    String lines =
        imports.stream().map(path -> "import \"" + path + "\";\n").collect(Collectors.joining());
    return """
    syntax = "proto3";

    package %s.%s;

    %simport "millrace/options/v1/options.proto";

    option java_multiple_files = true;
    option java_package = "millrace.contracts.%s.%s";

    """
        .formatted(domain, version, lines, domain, version);
  }

  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
