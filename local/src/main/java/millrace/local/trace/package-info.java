/** Where an event has been: every place that kept something of it. */
@NullMarked
package millrace.local.trace;

import org.jspecify.annotations.NullMarked;
