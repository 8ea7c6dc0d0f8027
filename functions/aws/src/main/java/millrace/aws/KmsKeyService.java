package millrace.aws;

import java.util.Map;
import millrace.core.treat.KeyService;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/** A key of KMS. What it wraps says what for, so that nothing else that it wrapped is taken. */
public final class KmsKeyService implements KeyService {
  private static final Map<String, String> CONTEXT = Map.of("millrace", "subject-keys");

  private final KmsClient kms;
  private final String keyId;

  /**
   * @param keyId id, ARN or alias of the key
   */
  public KmsKeyService(KmsClient kms, String keyId) {
    this.kms = kms;
    this.keyId = keyId;
  }

  @Override
  public NewKey generate() {
    try {
      GenerateDataKeyResponse made =
          kms.generateDataKey(
              generate ->
                  generate.keyId(keyId).keySpec(DataKeySpec.AES_256).encryptionContext(CONTEXT));
      return new NewKey(made.plaintext().asByteArray(), made.ciphertextBlob().asByteArray());
    } catch (SdkException failure) {
      throw AwsFailures.environment("KMS", "GenerateDataKey", failure);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    try {
      DecryptResponse unwrapped =
          kms.decrypt(
              decrypt ->
                  decrypt
                      .keyId(keyId)
                      .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                      .encryptionContext(CONTEXT));
      return unwrapped.plaintext().asByteArray();
    } catch (SdkException failure) {
      throw AwsFailures.environment("KMS", "Decrypt", failure);
    }
  }
}
