package millrace.aws;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.core.file.ObjectStore;
import millrace.core.names.ObjectPrefixes;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * One bucket of S3. Writes are conditional, which also makes a lost answer harmless: the SDK's next
 * try finds the object and that means done.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PRECONDITION_FAILED = 412;

  /** Another conditional write of the key is under way; S3 asks to try again. */
  private static final int CONFLICT = 409;

  /**
   * The other write ends within milliseconds; more tries than this mean that something else is
   * wrong.
   */
  private static final int TRIES_ON_CONFLICT = 5;

  /** As many as S3 gives at once. */
  private static final int PAGE = 1000;

  private final S3Client s3;
  private final String bucket;
  private final @Nullable String quarantineKey;
  private final int pageSize;

  /** For whoever puts nothing into quarantine. */
  public S3ObjectStore(S3Client s3, String bucket) {
    this(s3, bucket, null, PAGE);
  }

  /**
   * @param quarantineKey ARN of the KMS key of quarantine/, which the bucket's policy asks for
   *     there; everything else is under the bucket's default key
   */
  public S3ObjectStore(S3Client s3, String bucket, String quarantineKey) {
    this(s3, bucket, quarantineKey, PAGE);
  }

  /** With small pages, so that a test turns them without thousands of objects. */
  S3ObjectStore(S3Client s3, String bucket, @Nullable String quarantineKey, int pageSize) {
    this.s3 = s3;
    this.bucket = bucket;
    this.quarantineKey = quarantineKey;
    this.pageSize = pageSize;
  }

  @Override
  public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
    var request =
        PutObjectRequest.builder().bucket(bucket).key(key).ifNoneMatch("*").metadata(metadata);
    if (quarantineKey != null && key.startsWith(ObjectPrefixes.QUARANTINE)) {
      // With a bucket key: one call of KMS for many objects.
      request
          .serverSideEncryption(ServerSideEncryption.AWS_KMS)
          .ssekmsKeyId(quarantineKey)
          .bucketKeyEnabled(true);
    }
    return put(request.build(), bytes) ? PutOutcome.CREATED : PutOutcome.ALREADY_THERE;
  }

  @Override
  public ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag) {
    var request = PutObjectRequest.builder().bucket(bucket).key(key);
    if (expectedTag == null) {
      request.ifNoneMatch("*");
    } else {
      request.ifMatch(expectedTag);
    }
    return put(request.build(), bytes) ? ReplaceOutcome.REPLACED : ReplaceOutcome.CHANGED_MEANWHILE;
  }

  /** False when the condition does not hold. */
  private boolean put(PutObjectRequest request, byte[] bytes) {
    for (int attempt = 1; ; attempt++) {
      try {
        s3.putObject(request, RequestBody.fromBytes(bytes));
        return true;
      } catch (NoSuchKeyException gone) {
        // If-Match on an object that was deleted meanwhile
        return false;
      } catch (S3Exception answer) {
        if (answer.statusCode() == PRECONDITION_FAILED) {
          return false;
        }
        if (answer.statusCode() != CONFLICT || attempt == TRIES_ON_CONFLICT) {
          throw AwsFailures.environment("S3", "PutObject " + request.key(), answer);
        }
      } catch (SdkException failure) {
        throw AwsFailures.environment("S3", "PutObject " + request.key(), failure);
      }
    }
  }

  @Override
  public Optional<Found> get(String key) {
    try {
      ResponseBytes<GetObjectResponse> object =
          s3.getObjectAsBytes(get -> get.bucket(bucket).key(key));
      return Optional.of(
          new Found(
              object.asByteArray(),
              object.response().eTag(),
              Map.copyOf(object.response().metadata())));
    } catch (NoSuchKeyException missing) {
      return Optional.empty();
    } catch (SdkException failure) {
      throw AwsFailures.environment("S3", "GetObject " + key, failure);
    }
  }

  @Override
  public Stream<Listed> list(String prefix) {
    return Stream.iterate(
            page(prefix, null),
            Objects::nonNull,
            page ->
                Boolean.TRUE.equals(page.isTruncated())
                    ? page(prefix, page.nextContinuationToken())
                    : null)
        .flatMap(page -> page.contents().stream())
        .map(object -> new Listed(object.key(), object.size(), object.lastModified()));
  }

  private ListObjectsV2Response page(String prefix, @Nullable String token) {
    try {
      return s3.listObjectsV2(
          list -> list.bucket(bucket).prefix(prefix).maxKeys(pageSize).continuationToken(token));
    } catch (SdkException failure) {
      throw AwsFailures.environment("S3", "ListObjectsV2 " + prefix, failure);
    }
  }
}
