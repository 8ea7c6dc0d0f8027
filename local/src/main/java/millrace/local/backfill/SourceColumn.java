package millrace.local.backfill;

/**
 * A column as the catalogue describes it.
 *
 * @param name as the catalogue spells it
 * @param kind what it holds
 * @param type the database's own name of the type, such as {@code numeric(10,2)}
 * @param digits digits behind the point: the scale of a decimal, those of the seconds of a
 *     timestamp; -1 where the type does not say
 */
public record SourceColumn(String name, ColumnKind kind, String type, int digits) {}
