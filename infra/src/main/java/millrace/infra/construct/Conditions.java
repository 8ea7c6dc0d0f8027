package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/** Conditions of policies, and the order in which they are written. */
public final class Conditions {
  private Conditions() {}

  /**
   * The same entries in the order of their keys. {@code Map.of} has another order in every JVM, and
   * a template that differs from itself hides the difference somebody made.
   */
  public static <V> Map<String, V> sorted(Map<String, V> entries) {
    return new TreeMap<>(entries);
  }

  /**
   * Refuses principals of every other account, whatever their own account allows them. Services act
   * under accounts of their own and are let in or kept out by other statements.
   */
  static PolicyStatement onlyOwnAccount(Construct scope, String action, List<String> resources) {
    return PolicyStatement.Builder.create()
        .sid("OnlyOwnAccount")
        .effect(Effect.DENY)
        .principals(List.<IPrincipal>of(new AnyPrincipal()))
        .actions(List.of(action))
        .resources(resources)
        .conditions(
            sorted(
                Map.of(
                    "StringNotEquals",
                    Map.of("aws:PrincipalAccount", Stack.of(scope).getAccount()),
                    "Bool",
                    Map.of("aws:PrincipalIsAWSService", "false"))))
        .build();
  }
}
