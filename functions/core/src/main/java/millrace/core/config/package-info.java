/** Typed configuration, validated at start. */
@NullMarked
package millrace.core.config;

import org.jspecify.annotations.NullMarked;
