/** The AWS side of the laptop run: MiniStack as a child process on loopback. */
@NullMarked
package millrace.local.aws;

import org.jspecify.annotations.NullMarked;
