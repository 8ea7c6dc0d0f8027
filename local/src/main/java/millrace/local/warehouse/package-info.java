/** The warehouse, asked through Snowflake's SQL API. */
@NullMarked
package millrace.local.warehouse;

import org.jspecify.annotations.NullMarked;
