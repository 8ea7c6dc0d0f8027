/** Building blocks named after the steps of the flow; each brings its own safety. */
@NullMarked
package millrace.infra.construct;

import org.jspecify.annotations.NullMarked;
