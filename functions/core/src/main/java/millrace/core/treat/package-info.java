/** Treatment of personal data: what happens to it before anything is stored. */
@NullMarked
package millrace.core.treat;

import org.jspecify.annotations.NullMarked;
