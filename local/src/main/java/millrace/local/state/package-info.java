/** The checkout and the folders in it that hold what a run stores. */
@NullMarked
package millrace.local.state;

import org.jspecify.annotations.NullMarked;
