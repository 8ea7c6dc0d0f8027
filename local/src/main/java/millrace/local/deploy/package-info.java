/** Brings a synthesized CDK assembly onto an emulator on this machine, unmodified. */
@NullMarked
package millrace.local.deploy;

import org.jspecify.annotations.NullMarked;
