package millrace.local.trust;

/** The steps, in their order. Each can be looked at and, when it is not done, be done. */
public sealed interface Step {
  /**
   * Database, schemas, roles and the integrations, which name roles and a topic that need not
   * exist.
   */
  record MakeIntegrations() implements Step {}

  /** The users that the integrations have shown, where every synthesis reads them. */
  record WriteDownTrust() implements Step {}

  /** The stacks, whose roles and topic policy name these users. */
  record DeployStacks() implements Step {}

  /** Tables and pipes: each pipe subscribes to the topic as it is made. */
  record SubscribePipes() implements Step {}

  /** Everything in Snowflake against the code. */
  record CheckWarehouse() implements Step {}

  default String title() {
    return switch (this) {
      case MakeIntegrations _ -> "integrations";
      case WriteDownTrust _ -> LearntContext.FILE;
      case DeployStacks _ -> "role trust and topic policy";
      case SubscribePipes _ -> "tables and pipes";
      case CheckWarehouse _ -> "check";
    };
  }

  /** What looking at a step finds. */
  sealed interface Found {
    String sentence();

    record Done(String sentence) implements Found {}

    record ToDo(String sentence) implements Found {}

    /** It depends on a step before it that is not done. */
    record Unknown(String sentence) implements Found {}

    /** Nothing that this command does puts it right. */
    record Wrong(String sentence) implements Found {}
  }
}
