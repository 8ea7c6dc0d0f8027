/** Batches: packing, framing and the SQS body. */
@NullMarked
package millrace.core.batch;

import org.jspecify.annotations.NullMarked;
