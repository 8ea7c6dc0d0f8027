package millrace.local.backfill;

/** What a column holds, and the class its values have here; null is SQL's null in each. */
public enum ColumnKind {
  /** {@link Boolean}. */
  BOOLEAN,
  /** {@link Long}: two, four or eight bytes. */
  INTEGER,
  /** {@link String} of decimal digits, since a database knows a NaN that BigDecimal does not. */
  DECIMAL,
  /** {@link Double}. */
  FLOAT,
  /** {@link String}: also names of enums, UUIDs, addresses and whatever else has a text form. */
  TEXT,
  /** {@code byte[]}. */
  BYTES,
  /** {@link java.time.Instant} in microseconds; a time without zone is read as UTC. */
  TIMESTAMP,
  /** {@link java.time.LocalDate}. */
  DATE,
  /** {@link String} of JSON: json and jsonb, and arrays and rows as the database writes them. */
  JSON
}
