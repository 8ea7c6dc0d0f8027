/** Contracts: protobuf messages with options, read from released descriptor sets. */
@NullMarked
package millrace.core.contract;

import org.jspecify.annotations.NullMarked;
