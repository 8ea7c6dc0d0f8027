/** The write step: batches from the queue become files, archive objects and failed events. */
@NullMarked
package millrace.writer;

import org.jspecify.annotations.NullMarked;
