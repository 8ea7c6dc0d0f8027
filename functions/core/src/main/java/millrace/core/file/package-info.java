/** Files: object keys, file ids and the object store port. */
@NullMarked
package millrace.core.file;

import org.jspecify.annotations.NullMarked;
