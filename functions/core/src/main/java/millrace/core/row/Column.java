package millrace.core.row;

/**
 * A column of a row file, or a field of a nested message.
 *
 * @param name proto field name, or the name of a metadata column
 * @param fieldId protobuf field number; from 2^29 for metadata columns
 * @param type type of its values
 * @param nullable whether a row may have none
 */
public record Column(String name, int fieldId, ColumnType type, boolean nullable) {}
