package millrace.local.release;

import java.util.Map;
import java.util.Set;

/** What a release does with the warehouse. Each call may be repeated. */
public interface ReleaseWarehouse {
  /**
   * Applies the migrations that are not applied yet, in their order: of a type its table and
   * policies, then its pipe.
   *
   * @throws millrace.core.failed.MillraceFailure when one fails; those before it stay applied
   */
  void migrate();

  /**
   * The columns of a raw table as the warehouse has them: type by name, both lower case, such as
   * {@code number(19, 0)}. Empty when there is no such table.
   */
  Map<String, String> columns(String rawTable);

  /** Names of all pipes, lower case. */
  Set<String> pipes();
}
