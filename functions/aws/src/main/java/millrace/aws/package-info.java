/** The ports of the rules on AWS services. */
@NullMarked
package millrace.aws;

import org.jspecify.annotations.NullMarked;
