/** Row files in Parquet. */
@NullMarked
package millrace.parquet;

import org.jspecify.annotations.NullMarked;
