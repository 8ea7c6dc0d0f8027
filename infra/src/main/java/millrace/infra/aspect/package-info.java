/** What holds for everything of an environment, whoever makes it: applied to whole stacks. */
@NullMarked
package millrace.infra.aspect;

import org.jspecify.annotations.NullMarked;
