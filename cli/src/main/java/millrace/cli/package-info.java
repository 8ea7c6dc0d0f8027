/** The commands. Each only reads its options, asks module local, and writes the answer. */
@NullMarked
package millrace.cli;

import org.jspecify.annotations.NullMarked;
