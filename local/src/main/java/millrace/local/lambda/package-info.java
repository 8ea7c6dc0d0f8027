/**
 * A host for Lambda functions on the laptop: takes the invocations that the emulator passes on, and
 * calls the very handler class of the template.
 */
@NullMarked
package millrace.local.lambda;

import org.jspecify.annotations.NullMarked;
