/** Makes contracts active: table and pipe first, the pointer last. */
@NullMarked
package millrace.local.release;

import org.jspecify.annotations.NullMarked;
