package millrace.local.run;

import java.net.URI;
import java.time.InstantSource;
import millrace.aws.S3ObjectStore;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.EmulatorClients;
import millrace.local.deploy.StackOutputs;
import millrace.local.replay.Renotify;
import millrace.local.warehouse.WarehouseClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Files that were stored while nobody could be told of them.
 *
 * @param clients of the emulator
 * @param region of the bucket
 * @param outputs bucket and topic
 * @param names database
 * @param ports where the warehouse answers
 */
record MissedFiles(
    EmulatorClients clients,
    String region,
    StackOutputs outputs,
    Names names,
    PipelinePorts ports) {

  /** Announces every file that the load history does not have, and returns how many. */
  int announce() {
    try (S3Client s3 = clients.s3();
        SnsClient sns = clients.sns();
        WarehouseClient warehouse =
            new WarehouseClient(
                URI.create("http://127.0.0.1:" + ports.warehouse()), names.database(), "AUDIT")) {
      return new Renotify(
              new S3ObjectStore(s3, outputs.bucketName()),
              () -> Renotify.loaded(warehouse, names.database()),
              Renotify.Announcer.of(
                  sns, outputs.topicArn(), outputs.bucketName(), region, InstantSource.system()),
              Progress.silent())
          .send("", false, false)
          .files()
          .size();
    }
  }
}
