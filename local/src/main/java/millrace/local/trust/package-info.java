/**
 * The order in which Snowflake and AWS come to trust each other: each needs to know the other's
 * names first.
 */
@NullMarked
package millrace.local.trust;

import org.jspecify.annotations.NullMarked;
