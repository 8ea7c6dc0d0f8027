/**
 * The demo: a run of the whole pipeline and its account, each figure read from the step's own
 * store.
 */
@NullMarked
package millrace.local.demo;

import org.jspecify.annotations.NullMarked;
