/** What a change of the contracts does to those who read the rows, and the migrations it needs. */
@NullMarked
package millrace.derive.change;

import org.jspecify.annotations.NullMarked;
