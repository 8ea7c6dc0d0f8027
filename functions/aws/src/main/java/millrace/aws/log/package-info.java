/** What libraries have to say, as lines of our log. */
@NullMarked
package millrace.aws.log;

import org.jspecify.annotations.NullMarked;
