/** The stacks of one environment. */
@NullMarked
package millrace.infra.stack;

import org.jspecify.annotations.NullMarked;
