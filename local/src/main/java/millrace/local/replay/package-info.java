/** Sends archived and failed events, and notices of files, through the pipeline again. */
@NullMarked
package millrace.local.replay;

import org.jspecify.annotations.NullMarked;
