/** Erasure: what was encrypted for a person becomes unreadable for ever. */
@NullMarked
package millrace.local.erase;

import org.jspecify.annotations.NullMarked;
