package millrace.aws;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.names.SubjectKeyTable;
import millrace.core.treat.SubjectKeyStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The table of data keys in DynamoDB: an item per name with the wrapped key, and with the time of
 * the last erasure. Reads are consistent ones, or a function could go on with a key that another
 * has lost against.
 */
public final class DynamoDbSubjectKeyStore implements SubjectKeyStore {
  /** As many as BatchGetItem takes. */
  private static final int MOST_PER_GET = 100;

  /**
   * Writes with a condition go one by one; so many at once keep a first batch to a second or two.
   */
  private static final int WRITES_AT_ONCE = 16;

  /** Tries for what BatchGetItem left out; the SDK waits between tries of a refused call only. */
  private static final int MOST_GETS = 20;

  private static final Map<String, String> ATTRIBUTES =
      Map.of("#key", SubjectKeyTable.WRAPPED_KEY, "#erased", SubjectKeyTable.ERASED_AT);

  private final DynamoDbClient dynamoDb;
  private final String table;

  public DynamoDbSubjectKeyStore(DynamoDbClient dynamoDb, String table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  @Override
  public Map<String, Stored> get(Collection<String> names) {
    var found = new HashMap<String, Stored>();
    List<String> rest = List.copyOf(names);
    while (!rest.isEmpty()) {
      int end = Math.min(MOST_PER_GET, rest.size());
      get(rest.subList(0, end), found);
      rest = rest.subList(end, rest.size());
    }
    return found;
  }

  private void get(List<String> names, Map<String, Stored> found) {
    Map<String, KeysAndAttributes> wanted =
        Map.of(
            table,
            KeysAndAttributes.builder()
                .keys(names.stream().map(DynamoDbSubjectKeyStore::key).toList())
                .consistentRead(true)
                .build());
    for (int tries = 0; !wanted.isEmpty(); tries++) {
      if (tries == MOST_GETS) {
        throw new EnvironmentFailure(
            "DynamoDB left out items of BatchGetItem " + MOST_GETS + " times", null);
      }
      BatchGetItemResponse answer;
      Map<String, KeysAndAttributes> request = wanted;
      try {
        answer = dynamoDb.batchGetItem(get -> get.requestItems(request));
      } catch (SdkException failure) {
        throw AwsFailures.environment("DynamoDB", "BatchGetItem " + table, failure);
      }
      for (Map<String, AttributeValue> item : answer.responses().getOrDefault(table, List.of())) {
        found.put(text(item, SubjectKeyTable.NAME), stored(item));
      }
      wanted = answer.unprocessedKeys();
    }
  }

  @Override
  public Map<String, Stored> putIfAbsent(Map<String, byte[]> wrapped) {
    var stored = new HashMap<String, Stored>();
    var limit = new Semaphore(WRITES_AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writes = new HashMap<String, Future<Stored>>();
      wrapped.forEach(
          (name, key) ->
              writes.put(
                  name,
                  threads.submit(
                      () -> {
                        limit.acquire();
                        try {
                          return putIfAbsent(name, key);
                        } finally {
                          limit.release();
                        }
                      })));
      for (Map.Entry<String, Future<Stored>> write : writes.entrySet()) {
        stored.put(write.getKey(), write.getValue().get());
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof EnvironmentFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("writing data keys failed", failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while data keys were written", stopped);
    }
    return stored;
  }

  private Stored putIfAbsent(String name, byte[] wrapped) {
    try {
      UpdateItemResponse updated =
          dynamoDb.updateItem(
              update ->
                  update
                      .tableName(table)
                      .key(key(name))
                      .updateExpression("SET #key = :key")
                      .conditionExpression("attribute_not_exists(#key)")
                      .expressionAttributeNames(Map.of("#key", SubjectKeyTable.WRAPPED_KEY))
                      .expressionAttributeValues(
                          Map.of(":key", AttributeValue.fromB(SdkBytes.fromByteArray(wrapped))))
                      .returnValues(ReturnValue.ALL_NEW));
      return stored(updated.attributes());
    } catch (ConditionalCheckFailedException lost) {
      Stored winner = get(List.of(name)).get(name);
      if (winner == null || winner.wrapped() == null) {
        // erased in this very moment: the next try finds no key and makes one
        throw new EnvironmentFailure("a data key was erased while it was written", lost);
      }
      return winner;
    } catch (SdkException failure) {
      throw AwsFailures.environment("DynamoDB", "UpdateItem " + table, failure);
    }
  }

  @Override
  public Erasure erase(String name, Instant at) {
    try {
      UpdateItemResponse updated =
          dynamoDb.updateItem(
              update ->
                  update
                      .tableName(table)
                      .key(key(name))
                      .updateExpression("REMOVE #key SET #erased = :at")
                      .conditionExpression("attribute_exists(#key) OR attribute_exists(#erased)")
                      .expressionAttributeNames(ATTRIBUTES)
                      .expressionAttributeValues(
                          Map.of(":at", AttributeValue.fromN(Long.toString(at.toEpochMilli()))))
                      .returnValues(ReturnValue.ALL_OLD));
      return updated.attributes().containsKey(SubjectKeyTable.WRAPPED_KEY)
          ? Erasure.ERASED
          : Erasure.ERASED_BEFORE;
    } catch (ConditionalCheckFailedException nothing) {
      return Erasure.UNKNOWN;
    } catch (SdkException failure) {
      throw AwsFailures.environment("DynamoDB", "UpdateItem " + table, failure);
    }
  }

  private static Map<String, AttributeValue> key(String name) {
    return Map.of(SubjectKeyTable.NAME, AttributeValue.fromS(name));
  }

  private static Stored stored(Map<String, AttributeValue> item) {
    AttributeValue wrapped = item.get(SubjectKeyTable.WRAPPED_KEY);
    @Nullable AttributeValue erasedAt = item.get(SubjectKeyTable.ERASED_AT);
    return new Stored(
        wrapped == null ? null : wrapped.b().asByteArray(),
        erasedAt == null ? null : Instant.ofEpochMilli(Long.parseLong(erasedAt.n())));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("an item without its key");
    }
    return value.s();
  }
}
