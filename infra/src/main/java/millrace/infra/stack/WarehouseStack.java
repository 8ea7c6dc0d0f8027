package millrace.infra.stack;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.config.SnowflakeConfig;
import millrace.infra.construct.LoadErrors;
import millrace.infra.construct.StepRole;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.PrincipalWithConditions;
import software.constructs.Construct;

/**
 * What Snowflake may do here: read rows, and nothing of archive, quarantine or batches, and tell of
 * files that it cannot load. Its subscription to the topic is in the data stack, with the topic's
 * one policy.
 */
public final class WarehouseStack extends EnvironmentStack {
  private static final List<String> READ = List.of(ObjectPrefixes.EVENTS, ObjectPrefixes.FAILED);

  public WarehouseStack(
      Construct scope, EnvironmentConfig config, SnowflakeConfig snowflake, DataStack data) {
    super(scope, Names.of(config.name()).warehouseStack(), config, "access of the warehouse");
    String bucket = bucketArn();
    StepRole role =
        new StepRole(
                this,
                "Snowflake",
                // The external id keeps out other customers, who share Snowflake's user
                new PrincipalWithConditions(
                    new ArnPrincipal(snowflake.iamUserArn()),
                    Map.of("StringEquals", Map.of("sts:ExternalId", snowflake.externalId()))),
                "What the storage integration may do",
                names().storageRole())
            .allow(
                "ReadFiles",
                List.of("s3:GetObject"),
                READ.stream().map(prefix -> bucket + "/" + prefix + "*").toList())
            .allow(
                "ListFiles",
                List.of("s3:ListBucket"),
                List.of(bucket),
                Map.of(
                    "StringLike",
                    Map.of(
                        "s3:prefix",
                        READ.stream().flatMap(prefix -> Stream.of(prefix, prefix + "*")).toList())))
            .allow("FindBucket", List.of("s3:GetBucketLocation"), List.of(bucket))
            .allow("ReadEncrypted", List.of("kms:Decrypt"), List.of(data.key().getKeyArn()));
    output("StorageRoleArn", "Role of the storage integration", role.arn());
    snowflake
        .loadErrors()
        .ifPresent(
            caller -> {
              var errors =
                  new LoadErrors(
                      this,
                      "LoadErrors",
                      new LoadErrors.Props(
                          names().loadErrorTopic(),
                          names().loadErrorRole(),
                          caller.iamUserArn(),
                          caller.externalId(),
                          data.key()));
              output(
                  "LoadErrorTopicArn",
                  "Topic of files that a pipe could not load",
                  errors.topic().getTopicArn());
              output("LoadErrorRoleArn", "Role of the notification integration", errors.roleArn());
            });
  }

  private void output(String name, String description, String value) {
    CfnOutput.Builder.create(this, name).description(description).value(value).build();
  }
}
