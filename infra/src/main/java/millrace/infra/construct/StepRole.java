package millrace.infra.construct;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IManagedPolicy;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * A role that may do nothing but what is granted here, action by action, each under a name that
 * says what for. No construct of CDK can add to it.
 */
public final class StepRole extends Construct {
  private final Role role;
  private final ManagedPolicy policy;

  /**
   * @param who takes the role, with the conditions under which
   * @param description what the role is for
   */
  public StepRole(Construct scope, String id, IPrincipal who, String description) {
    this(scope, id, who, description, null);
  }

  /**
   * @param name physical name, for a role that somebody outside knows by name
   */
  public StepRole(
      Construct scope,
      String id,
      IPrincipal who,
      String description,
      @org.jspecify.annotations.Nullable String name) {
    super(scope, id);
    this.policy = ManagedPolicy.Builder.create(this, "Policy").description(description).build();
    Role.Builder builder =
        Role.Builder.create(this, "Role")
            .assumedBy(who)
            .description(description)
            .managedPolicies(List.<IManagedPolicy>of(policy));
    if (name != null) {
      builder.roleName(name);
    }
    this.role = builder.build();
  }

  /** Grants exactly these actions on exactly these resources. */
  public StepRole allow(String sid, Collection<String> actions, Collection<String> resources) {
    return allow(sid, actions, resources, Map.of());
  }

  /** The same under conditions. */
  public StepRole allow(
      String sid,
      Collection<String> actions,
      Collection<String> resources,
      Map<String, Map<String, Object>> conditions) {
    policy.addStatements(
        PolicyStatement.Builder.create()
            .sid(sid)
            .effect(Effect.ALLOW)
            .actions(List.copyOf(actions))
            .resources(List.copyOf(resources))
            .conditions(conditions)
            .build());
    return this;
  }

  /** The role, closed to what CDK would add by itself. */
  public IRole role() {
    return role.withoutPolicyUpdates();
  }

  public String arn() {
    return role.getRoleArn();
  }

  /** What must be there before somebody takes the role. */
  public ManagedPolicy policy() {
    return policy;
  }
}
