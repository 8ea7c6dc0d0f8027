package millrace.local.warehouse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables that models have made. */
public final class ModelTables {
  private ModelTables() {}

  /** Rows of each by `schema.table` in lower case; views have none. */
  public static Map<String, Long> rows(WarehouseClient client) {
    var counts = new ArrayList<String>();
    for (List<@Nullable String> table :
        client
            .query(
                "select table_schema, table_name from information_schema.tables"
                    + " where table_schema in ('INTERMEDIATE', 'MARTS', 'AUDIT')"
                    + " and table_type = 'BASE TABLE' order by 1, 2")
            .rows()) {
      String name = table.get(0) + "." + table.get(1);
      counts.add("select '" + name + "' as name, count(*) as n from " + name);
    }
    var rows = new TreeMap<String, Long>();
    if (!counts.isEmpty()) {
      for (List<@Nullable String> each : client.query(String.join(" union all ", counts)).rows()) {
        rows.put(
            String.valueOf(each.get(0)).toLowerCase(Locale.ROOT),
            Long.parseLong(String.valueOf(each.get(1))));
      }
    }
    return rows;
  }
}
