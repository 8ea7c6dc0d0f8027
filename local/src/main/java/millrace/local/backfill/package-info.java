/**
 * Sends the rows of a database's table through the pipeline: the rules, without JDBC and without a
 * cloud.
 */
@NullMarked
package millrace.local.backfill;

import org.jspecify.annotations.NullMarked;
