/**
 * The laptop run: child processes in a state folder, started in the order they need each other,
 * restarted when they die and ended with their parent.
 */
@NullMarked
package millrace.local.run;

import org.jspecify.annotations.NullMarked;
