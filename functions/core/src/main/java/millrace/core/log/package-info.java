/** Lines of the log, for people and for queries. */
@NullMarked
package millrace.core.log;

import org.jspecify.annotations.NullMarked;
