package millrace.local.backfill;

import java.util.Optional;

/** Where the state of a backfill is kept from one process to the next. */
public interface Ledger extends AutoCloseable {
  /** What was written last; empty when nothing was. */
  Optional<BackfillState> read();

  /** Replaces it, whole or not at all; on the disk when this returns. */
  void write(BackfillState state);

  /** What a user removes to forget it. */
  String place();

  @Override
  void close();
}
