package millrace.core.treat;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;

/** Twin of the table of data keys. Passes {@link SubjectKeyStoreContract} as DynamoDB does. */
public final class InMemorySubjectKeyStore implements SubjectKeyStore {
  private final Map<String, Stored> items = new HashMap<>();
  private boolean down;
  private int calls;

  /** From now on it does not answer. */
  public synchronized void fail(boolean fails) {
    down = fails;
  }

  /** How often it was asked. */
  public synchronized int calls() {
    return calls;
  }

  /** Names of everything that was ever kept. */
  public synchronized Collection<String> names() {
    return Map.copyOf(items).keySet();
  }

  @Override
  public synchronized Map<String, Stored> get(Collection<String> names) {
    answer();
    var found = new HashMap<String, Stored>();
    for (String name : names) {
      if (items.containsKey(name)) {
        found.put(name, items.get(name));
      }
    }
    return found;
  }

  @Override
  public synchronized Map<String, Stored> putIfAbsent(Map<String, byte[]> wrapped) {
    answer();
    wrapped.forEach(
        (name, key) -> {
          Stored before = items.get(name);
          if (before == null || before.wrapped() == null) {
            items.put(name, new Stored(key.clone(), before == null ? null : before.erasedAt()));
          }
        });
    return get(wrapped.keySet());
  }

  @Override
  public synchronized Erasure erase(String name, Instant at) {
    answer();
    Stored before = items.get(name);
    if (before == null) {
      return Erasure.UNKNOWN;
    }
    items.put(name, new Stored(null, at));
    return before.wrapped() == null ? Erasure.ERASED_BEFORE : Erasure.ERASED;
  }

  private void answer() {
    calls++;
    if (down) {
      throw new EnvironmentFailure("DynamoDB did not answer GetItem: connection reset", null);
    }
  }
}
