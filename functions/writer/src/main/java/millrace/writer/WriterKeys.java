package millrace.writer;

import java.util.function.Function;
import millrace.core.config.SecretSource;
import millrace.core.event.PayloadHash;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKeys;

/**
 * Everything secret that the writer uses.
 *
 * @param secrets the secret store
 * @param payloadHashSecret name of the secret with the key of the payload hash
 * @param personalHashSecret name of the secret with the key of hashed personal data
 * @param subjectKeys data keys of persons
 */
public record WriterKeys(
    SecretSource secrets,
    String payloadHashSecret,
    String personalHashSecret,
    SubjectKeys subjectKeys) {
  PayloadHash payloadHash() {
    return made(payloadHashSecret, PayloadHash::new);
  }

  PersonalHash personalHash() {
    return made(personalHashSecret, PersonalHash::new);
  }

  private <H> H made(String secret, Function<byte[], H> hash) {
    try {
      return hash.apply(secrets.secret(secret));
    } catch (IllegalArgumentException tooShort) {
      throw new SetupFailure(
          "the secret " + secret + " is not fit: " + tooShort.getMessage(), tooShort);
    }
  }
}
