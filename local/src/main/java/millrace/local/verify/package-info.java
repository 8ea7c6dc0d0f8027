/** Golden files of every type and format, through real pipes, compared value by value. */
@NullMarked
package millrace.local.verify;

import org.jspecify.annotations.NullMarked;
