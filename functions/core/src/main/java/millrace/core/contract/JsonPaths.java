package millrace.core.contract;

import java.util.List;
import java.util.stream.Collectors;
import millrace.options.v1.Pii;

/**
 * A source of schema-less JSON and where its JSON holds personal data.
 *
 * @param source name of the source
 * @param personal empty when the source states that it has none
 */
public record JsonPaths(String source, List<Personal> personal) {
  public JsonPaths {
    personal = List.copyOf(personal);
  }

  /**
   * @param path steps from the top of the JSON
   * @param pii {@code PII_HASH}, {@code PII_DROP} or {@code PII_ENCRYPT}
   * @param subject steps to the text that names the person; empty unless {@code pii} is {@code
   *     PII_ENCRYPT}
   */
  public record Personal(List<Step> path, Pii pii, List<Step> subject) {
    public Personal {
      path = List.copyOf(path);
      subject = List.copyOf(subject);
    }
  }

  /** A path as contracts write it, such as {@code lines[].buyer.name}. */
  public static String text(List<Step> path) {
    return path.stream()
        .map(step -> step.member() + (step.eachElement() ? "[]" : ""))
        .collect(Collectors.joining("."));
  }

  /**
   * @param member name of a member of an object
   * @param eachElement whether the member is an array of which every element is meant
   */
  public record Step(String member, boolean eachElement) {}
}
