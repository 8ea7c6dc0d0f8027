/** The .proto files of a checkout, compiled, linted and compared. */
@NullMarked
package millrace.derive.source;

import org.jspecify.annotations.NullMarked;
