/** The step model: dbt against the warehouse of a run. */
@NullMarked
package millrace.local.model;

import org.jspecify.annotations.NullMarked;
