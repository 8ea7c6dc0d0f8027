package millrace.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStoreContract;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class S3ObjectStoreIT implements ObjectStoreContract {
  private static final S3Client S3 = Emulator.get().clients().s3();
  private static final String BUCKET = Emulator.get().bucket("objects");

  @Override
  public ObjectStore store() {
    return new S3ObjectStore(S3, BUCKET, null, 10);
  }

  @Test
  void what_is_quarantined_lies_under_its_own_key_and_nothing_else_does() {
    String key = Emulator.get().kmsKey();
    var store = new S3ObjectStore(S3, BUCKET, key);
    store.putIfAbsent("quarantine/own-key", new byte[] {1}, Map.of());
    store.putIfAbsent("archive/own-key", new byte[] {1}, Map.of());

    assertThat(S3.headObject(head -> head.bucket(BUCKET).key("quarantine/own-key")).ssekmsKeyId())
        .isEqualTo(key);
    assertThat(S3.headObject(head -> head.bucket(BUCKET).key("archive/own-key")).ssekmsKeyId())
        .isNotEqualTo(key);
    assertThat(store.get("quarantine/own-key").orElseThrow().bytes()).containsExactly(1);
  }

  @Test
  void a_refusal_names_service_operation_code_and_request() {
    ObjectStore nowhere = new S3ObjectStore(S3, Emulator.uniqueName("nowhere"));

    assertThatThrownBy(() -> nowhere.putIfAbsent("events/a", new byte[] {1}, Map.of()))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("S3 refused PutObject events/a: NoSuchBucket (HTTP 404, request ");
    assertThatThrownBy(() -> nowhere.list("events/")).isInstanceOf(EnvironmentFailure.class);
    assertThatThrownBy(() -> nowhere.get("events/a")).isInstanceOf(EnvironmentFailure.class);
  }
}
