/** First drafts of contracts: from a name, or from sample events. */
@NullMarked
package millrace.derive.draft;

import org.jspecify.annotations.NullMarked;
