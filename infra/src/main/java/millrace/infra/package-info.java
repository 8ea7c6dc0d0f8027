/** The CDK app: everything Millrace runs in an account, as code. */
@NullMarked
package millrace.infra;

import org.jspecify.annotations.NullMarked;
