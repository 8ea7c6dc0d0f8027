/** Rows: one event as the warehouse sees it. */
@NullMarked
package millrace.core.row;

import org.jspecify.annotations.NullMarked;
