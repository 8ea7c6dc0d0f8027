/** Names that infrastructure and runtime share. */
@NullMarked
package millrace.core.names;

import org.jspecify.annotations.NullMarked;
