package millrace.aws;

import millrace.core.treat.KeyService;
import millrace.core.treat.KeyServiceContract;
import software.amazon.awssdk.services.kms.KmsClient;

class KmsKeyServiceIT implements KeyServiceContract {
  private static final KmsClient KMS = Emulator.get().clients().kms();
  private static final String KEY = Emulator.get().kmsKey();

  @Override
  public KeyService service() {
    return new KmsKeyService(KMS, KEY);
  }
}
