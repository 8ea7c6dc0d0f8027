package millrace.derive.artifact;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.core.contract.Contract;

/**
 * The names that follow from a type. Of the models, those of the first major version bear no
 * version; later ones stand beside it.
 *
 * @param rawTable such as {@code orders_v1__order_created}
 * @param model what the names of its models share, such as {@code orders__order_created} or {@code
 *     orders__order_created_v2}
 * @param folder source as part of a path, such as {@code orders}
 */
public record TypeNames(String rawTable, String model, String folder) {
  private static final Pattern VERSION = Pattern.compile("\\.v([0-9]+)$");

  public static TypeNames of(Contract contract) {
    return of(contract.source(), contract.type());
  }

  /**
   * @param source that publishes the type
   * @param type full name of the message, with its package
   */
  public static TypeNames of(String source, String type) {
    int message = type.lastIndexOf('.');
    String protoPackage = type.substring(0, message);
    String entity = snakeCase(type.substring(message + 1));
    int major = major(type);
    // schema-less JSON comes from several sources: its package stands for them
    String folder = identifier(source.isEmpty() ? type.substring(0, type.indexOf('.')) : source);
    return new TypeNames(
        identifier(protoPackage) + "__" + entity,
        folder + "__" + entity + (major > 1 ? "_v" + major : ""),
        folder);
  }

  /** Major version that the package of a type states; 1 when it states none. */
  public static int major(String type) {
    Matcher version = VERSION.matcher(type.substring(0, type.lastIndexOf('.')));
    return version.find() ? Integer.parseInt(version.group(1)) : 1;
  }

  /** The view that renames and casts. */
  public String staging() {
    return "stg_" + model;
  }

  /** The model with one row per identity and event day. */
  public String deduplicated() {
    return "int_" + model + "_deduplicated";
  }

  /** A name as part of a name in the warehouse. */
  static String identifier(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
