/** Failed events: classes, rows and quarantine. */
@NullMarked
package millrace.core.failed;

import org.jspecify.annotations.NullMarked;
