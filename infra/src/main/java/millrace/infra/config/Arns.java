package millrace.infra.config;

/** What the ARNs in the configuration look like. */
final class Arns {
  private static final String ARN = "arn:aws[a-z-]*:";
  private static final String PLACE = ":[a-z0-9-]+:[0-9]{12}:";

  static final String PRINCIPAL = ARN + "iam::[0-9]{12}:(root|(user|role)/[A-Za-z0-9+=,.@_/-]+)";

  /** Whole, with the six characters that Secrets Manager adds: policies match it exactly. */
  static final String SECRET =
      ARN + "secretsmanager" + PLACE + "secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}";

  static final String KEY =
      ARN + "kms" + PLACE + "key/[a-f0-9-]{36}|" + ARN + "kms" + PLACE + "key/mrk-[a-f0-9]{32}";

  private Arns() {}
}
