/** What is derived from contracts: pure functions from a contract set to the text of files. */
@NullMarked
package millrace.derive.artifact;

import org.jspecify.annotations.NullMarked;
