/** Child processes: started on a leash, watched, started again when they die, stopped in order. */
@NullMarked
package millrace.local.process;

import org.jspecify.annotations.NullMarked;
