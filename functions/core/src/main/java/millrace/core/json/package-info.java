/** JSON that no contract describes: read strictly, written in one form, its numbers exact. */
@NullMarked
package millrace.core.json;

import org.jspecify.annotations.NullMarked;
