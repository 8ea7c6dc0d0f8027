/** Metrics as lines of the log. */
@NullMarked
package millrace.core.metric;

import org.jspecify.annotations.NullMarked;
