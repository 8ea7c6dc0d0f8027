package millrace.core.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * The registry in the object store: {@code contracts/active} names the sha256 of a descriptor set
 * beside it. Read again when older than {@code freshFor}, so that a release reaches running
 * functions without a deploy. Without a pointer, the set built into the program is active.
 */
public final class ReleasedContracts implements ContractSource {
  private final ObjectStore store;
  private final ContractSet builtIn;
  private final InstantSource clock;
  private final Duration freshFor;
  private @Nullable ContractSet current;
  private Instant readAt = Instant.MIN;

  public ReleasedContracts(
      ObjectStore store, ContractSet builtIn, InstantSource clock, Duration freshFor) {
    this.store = store;
    this.builtIn = builtIn;
    this.clock = clock;
    this.freshFor = freshFor;
  }

  @Override
  public synchronized ContractSet active() {
    Instant now = clock.instant();
    if (current == null || !now.isBefore(readAt.plus(freshFor))) {
      current = read(current);
      readAt = now;
    }
    return current;
  }

  private ContractSet read(@Nullable ContractSet before) {
    var pointer = store.get(ObjectKeys.ACTIVE_CONTRACTS);
    if (pointer.isEmpty()) {
      return builtIn;
    }
    String digest = new String(pointer.get().bytes(), StandardCharsets.US_ASCII).strip();
    if (before != null && before.digest().equals(digest)) {
      return before;
    }
    if (builtIn.digest().equals(digest)) {
      return builtIn;
    }
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new SetupFailure(
          ObjectKeys.ACTIVE_CONTRACTS
              + " does not hold a sha256: run `millrace contract release` again");
    }
    String key = ObjectKeys.contractSet(digest);
    var set = store.get(key);
    if (set.isEmpty()) {
      throw new SetupFailure(
          ObjectKeys.ACTIVE_CONTRACTS
              + " points to "
              + key
              + ", which is missing: run `millrace contract release` again");
    }
    ContractSet parsed = ContractSet.released(set.get().bytes());
    if (!parsed.digest().equals(digest)) {
      throw new SetupFailure(
          key + " is not what its name says: run `millrace contract release` again");
    }
    return parsed;
  }
}
