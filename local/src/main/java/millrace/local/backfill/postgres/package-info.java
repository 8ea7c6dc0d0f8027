/** Tables of PostgreSQL, read by JDBC. */
@NullMarked
package millrace.local.backfill.postgres;

import org.jspecify.annotations.NullMarked;
