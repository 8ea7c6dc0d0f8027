package millrace.local.backfill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A database of one table in memory, {@code public.cards}, with the whole number {@code id}. */
final class InMemoryTable implements SourceDatabase {
  private final List<SourceColumn> columns;
  private final List<String> primaryKey;
  private final TreeMap<Long, Map<String, Object>> rows = new TreeMap<>();
  private final Instant now = Instant.parse("2026-11-22T12:00:00Z");

  InMemoryTable(List<SourceColumn> columns, List<String> primaryKey) {
    this.columns = columns;
    this.primaryKey = primaryKey;
  }

  static SourceColumn column(String name, ColumnKind kind, String type) {
    return new SourceColumn(name, kind, type, -1);
  }

  synchronized void put(long id, Map<String, Object> values) {
    var row = new TreeMap<>(values);
    row.put("id", id);
    rows.put(id, row);
  }

  synchronized Map<Long, Map<String, Object>> rows() {
    return new TreeMap<>(rows);
  }

  @Override
  public String name() {
    return "memory:0/test";
  }

  @Override
  public Optional<TableShape> find(String table) {
    return table.equals("cards") || table.equals("public.cards")
        ? Optional.of(
            new TableShape("public.cards", columns, primaryKey, Set.of("code"), rows.size()))
        : Optional.empty();
  }

  @Override
  public SourceTable table(Selection selection) {
    return new Table(selection);
  }

  @Override
  public void close() {}

  private final class Table implements SourceTable {
    private final Selection selection;

    Table(Selection selection) {
      this.selection = selection;
    }

    @Override
    public List<List<String>> borders(int ranges) {
      List<Long> keys = new ArrayList<>(rows().keySet());
      var borders = new ArrayList<List<String>>();
      for (int i = 1; i < ranges && keys.size() >= ranges; i++) {
        borders.add(List.of(keys.get(keys.size() * i / ranges).toString()));
      }
      return borders;
    }

    @Override
    public Optional<Instant> newest() {
      return rows().values().stream()
          .map(this::watermark)
          .flatMap(Optional::stream)
          .filter(time -> !time.isAfter(now))
          .max(Comparator.naturalOrder());
    }

    private Optional<Instant> watermark(Map<String, Object> row) {
      return selection.watermark() == null
          ? Optional.empty()
          : Optional.ofNullable((Instant) row.get(selection.watermark()));
    }

    @Override
    public Reader open() {
      return new Reader() {
        @Override
        public Page rows(KeyRange range, @Nullable List<String> after, PageLimits limits) {
          return page(
              InMemoryTable.this.rows().entrySet().stream()
                  .filter(row -> after == null || row.getKey() > number(after))
                  .filter(row -> range.from() == null || row.getKey() >= number(range.from()))
                  .filter(row -> range.to() == null || row.getKey() < number(range.to()))
                  .toList(),
              limits);
        }

        @Override
        public Page changed(@Nullable Instant since, @Nullable Position after, PageLimits limits) {
          return page(
              InMemoryTable.this.rows().entrySet().stream()
                  .filter(row -> watermark(row.getValue()).isPresent())
                  .filter(
                      row ->
                          since == null || !watermark(row.getValue()).orElseThrow().isBefore(since))
                  .filter(row -> after == null || isAfter(row, after))
                  .sorted(
                      Comparator.comparing(
                              (Map.Entry<Long, Map<String, Object>> row) ->
                                  watermark(row.getValue()).orElseThrow())
                          .thenComparing(Map.Entry::getKey))
                  .toList(),
              limits);
        }

        @Override
        public void close() {}
      };
    }

    private boolean isAfter(Map.Entry<Long, Map<String, Object>> row, SourceTable.Position after) {
      int byTime =
          watermark(row.getValue())
              .orElseThrow()
              .compareTo(Objects.requireNonNull(after.watermark()));
      return byTime > 0 || byTime == 0 && row.getKey() > number(after.key());
    }

    private SourceTable.Page page(
        List<Map.Entry<Long, Map<String, Object>>> found, SourceTable.PageLimits limits) {
      return new SourceTable.Page(
          found.stream().limit(limits.rows()).map(this::row).toList(),
          found.size() < limits.rows());
    }

    private SourceTable.SourceRow row(Map.Entry<Long, Map<String, Object>> row) {
      var values = new @Nullable Object[selection.columns().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = row.getValue().get(selection.columns().get(i));
      }
      return new SourceTable.SourceRow(
          new SourceTable.Position(
              watermark(row.getValue()).orElse(null), List.of(row.getKey().toString())),
          values);
    }

    private static long number(@Nullable List<String> key) {
      return Long.parseLong(Objects.requireNonNull(key).getFirst());
    }
  }
}
