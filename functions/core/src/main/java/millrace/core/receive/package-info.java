/** Receive: deliveries of a broker, acknowledged one by one. */
@NullMarked
package millrace.core.receive;

import org.jspecify.annotations.NullMarked;
