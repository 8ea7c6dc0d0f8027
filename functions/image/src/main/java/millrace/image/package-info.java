/** The consumer as a container image: what is in it, and how it is packed and pushed. */
@NullMarked
package millrace.image;

import org.jspecify.annotations.NullMarked;
