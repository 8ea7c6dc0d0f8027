package millrace.infra.construct;

import java.util.List;
import millrace.core.names.Names;
import millrace.core.names.SubjectKeyTable;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * What treats personal data: the key of hashes, and the table of the data keys of persons with the
 * KMS key that wraps them.
 *
 * <p>The table has no point-in-time recovery and nobody takes backups of it: a copy would bring
 * back keys that were erased, and with them everything that was encrypted. What protects it instead
 * is that it cannot be deleted by accident. Losing it, or its KMS key, erases everybody.
 */
public final class PersonalData extends Construct {
  private final Secret hashKey;
  private final Table subjectKeys;
  private final Key wrappingKey;

  /**
   * @param names names of the environment
   * @param key encryption of the secret
   */
  public record Props(Names names, IKey key) {}

  public PersonalData(Construct scope, String id, Props props) {
    super(scope, id);
    this.hashKey =
        Secret.Builder.create(this, "HashKey")
            .secretName(props.names().personalHashSecret())
            .description(
                "Key of hashed personal data; another key gives every person another pseudonym and"
                    + " another data key, so it is never rotated by itself")
            .encryptionKey(props.key())
            .generateSecretString(
                SecretStringGenerator.builder().passwordLength(64).excludePunctuation(true).build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    this.wrappingKey =
        Key.Builder.create(this, "WrappingKey")
            .alias(props.names().subjectKeyAlias())
            .description("Millrace: wraps the data keys of persons")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    this.subjectKeys =
        Table.Builder.create(this, "SubjectKeys")
            .tableName(props.names().subjectKeyTable())
            .partitionKey(
                Attribute.builder().name(SubjectKeyTable.NAME).type(AttributeType.STRING).build())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder()
                    .pointInTimeRecoveryEnabled(false)
                    .build())
            .deletionProtection(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
  }

  /** ARN of the secret. */
  public String hashKeyArn() {
    return hashKey.getSecretArn();
  }

  /** Name of the table. */
  public String tableName() {
    return subjectKeys.getTableName();
  }

  /** ARN of the KMS key. */
  public String wrappingKeyArn() {
    return wrappingKey.getKeyArn();
  }

  /** Lets a function hash and encrypt, and not erase: it never removes an attribute by intent. */
  public void grantTreatment(PipelineFunction function) {
    function.allow(
        "ReadPersonalHashKey",
        List.of("secretsmanager:GetSecretValue"),
        List.of(hashKey.getSecretArn()));
    function.allow(
        "KeepSubjectKeys",
        List.of("dynamodb:BatchGetItem", "dynamodb:UpdateItem"),
        List.of(subjectKeys.getTableArn()));
    function.allow(
        "WrapSubjectKeys",
        List.of("kms:Decrypt", "kms:GenerateDataKey"),
        List.of(wrappingKey.getKeyArn()));
  }
}
