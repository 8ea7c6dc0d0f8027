/** Trying again. */
@NullMarked
package millrace.core.retry;

import org.jspecify.annotations.NullMarked;
