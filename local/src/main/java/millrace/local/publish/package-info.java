/** Publishes events by AMQP as any producer would, and reads and writes them as JSON lines. */
@NullMarked
package millrace.local.publish;

import org.jspecify.annotations.NullMarked;
