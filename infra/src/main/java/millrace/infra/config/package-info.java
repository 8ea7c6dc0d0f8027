/**
 * What an environment may choose, read from {@code cdk.json} and checked before anything is
 * synthesized.
 */
@NullMarked
package millrace.infra.config;

import org.jspecify.annotations.NullMarked;
