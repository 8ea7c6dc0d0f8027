/** Realistic events of the three sources, with the totals that a pipeline has to reach for them. */
@NullMarked
package millrace.local.generate;

import org.jspecify.annotations.NullMarked;
