/** Makes contracts active: migrations first, the pointer last. */
@NullMarked
package millrace.local.release;

import org.jspecify.annotations.NullMarked;
