/** The laptop run: the code of the cloud, with stand-ins for what only a cloud has. */
@NullMarked
package millrace.local;

import org.jspecify.annotations.NullMarked;
