/** How figures and rows are laid out for a person. */
@NullMarked
package millrace.local.text;

import org.jspecify.annotations.NullMarked;
