package millrace.derive.artifact;

import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Scalar;

/** Snowflake's type for the values of a column. */
public final class SqlTypes {
  private SqlTypes() {}

  public static String of(ColumnType type) {
    return switch (type) {
      case Scalar scalar ->
          switch (scalar) {
            case BOOLEAN -> "boolean";
            case INT32, UINT32 -> "number(10, 0)";
            case INT64 -> "number(19, 0)";
            case UINT64 -> "number(20, 0)";
            case FLOAT, DOUBLE -> "float";
            case STRING -> "varchar";
            case BYTES -> "binary";
            case TIMESTAMP -> "timestamp_ntz(6)";
            case JSON -> "variant";
          };
      case ColumnType.ListOf _, ColumnType.MapOf _, ColumnType.Fields _ -> "variant";
    };
  }

  /** A text as SQL writes it. */
  public static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
