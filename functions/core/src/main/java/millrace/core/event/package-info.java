/** Events: reading and identity. */
@NullMarked
package millrace.core.event;

import org.jspecify.annotations.NullMarked;
