package millrace.infra.aspect;

import java.time.Duration;
import software.amazon.awscdk.AspectOptions;
import software.amazon.awscdk.AspectPriority;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.IAspect;
import software.amazon.awscdk.services.logs.CfnLogGroup;
import software.constructs.IConstruct;

/** How long every log group keeps its events, those included that nobody thought of. */
public final class LogRetention implements IAspect {
  private final long days;

  private LogRetention(long days) {
    this.days = days;
  }

  /**
   * Decides for everything below a scope.
   *
   * @param kept whole days, of a number that CloudWatch Logs offers
   */
  public static void decide(IConstruct scope, Duration kept) {
    Aspects.of(scope)
        .add(
            new LogRetention(kept.toDays()),
            AspectOptions.builder().priority(AspectPriority.MUTATING).build());
  }

  @Override
  public void visit(IConstruct node) {
    if (node instanceof CfnLogGroup group) {
      group.setRetentionInDays(days);
    }
  }
}
