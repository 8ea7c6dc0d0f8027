/** The consumer: receive, batch, send, acknowledge. */
@NullMarked
package millrace.consumer;

import org.jspecify.annotations.NullMarked;
