/** Snowflake's objects as code: the Python program that plans, applies, checks and verifies. */
@NullMarked
package millrace.local.snowflake;

import org.jspecify.annotations.NullMarked;
