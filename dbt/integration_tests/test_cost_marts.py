"""What runs and loads cost, from the tags of statements and the load history: seconds and bytes on a laptop, no credits."""

from __future__ import annotations

from raw_rows import RawTables
from runner import Models

COST = ("--select", "+marts.cost")


def test_each_statement_of_a_model_and_a_test_is_counted_under_its_name_and_source(
    models: Models, raw: RawTables
) -> None:
    raw.execute("delete from snowflake.account_usage.query_history")
    raw.load([{"kind": "stock", "id": "s1", "at": "2026-11-21 10:00:00"}])
    models.build("--select", "+inventory_daily")
    models.run(*COST)
    costs = models.rows(
        "select model_name, is_test, source, run_count, statement_count > 0 and elapsed_seconds > 0 as has_worked, credits"
        " from marts.fct_model_cost where source = 'commerce'"
    )
    names = ("int_commerce__inventory_changed_deduplicated", "inventory_daily", "stg_commerce__inventory_changed")
    assert costs == sorted(
        (
            {
                "model_name": name,
                "is_test": is_test,
                "source": "commerce",
                "run_count": "1",
                "has_worked": "true",
                # nobody on a laptop knows any
                "credits": "",
            }
            for name in names
            for is_test in ("true", "false")
        ),
        key=lambda row: tuple(row.values()),
    )
    shares = "select sum(share_of_day) as whole, sum(iff(category = 'TEST', share_of_day, 0)) > 0 as of_tests"
    [sheet] = models.rows(f"{shares} from marts.cost_sheet where category <> 'LOAD'")
    assert sheet["of_tests"] == "true"
    assert abs(float(sheet["whole"]) - 1) < 0.001


def test_loads_have_the_price_of_their_stored_size_in_parquet_and_none_in_text(models: Models, raw: RawTables) -> None:
    loads = [
        ("a.r1.parquet", "ORDERS_V1__ORDER_CREATED", 2_000_000_000, "LOADED"),
        ("b.r1.parquet", "ORDERS_V1__ORDER_CREATED", 1_000_000, "LOAD_FAILED"),
        ("c.r1.ndjson.zst", "CARDS_V1__CARD_CATALOG_CREATED", 1_000_000_000, "LOADED"),
        ("d.r1.ndjson.gz", "FAILED_EVENTS", 10, "LOADED"),
    ]
    for file, table, size, status in loads:
        raw.execute(
            "insert into audit.load_history (file, table_name, pipe, rows_loaded, bytes, status, scan_started_at,"
            f" loaded_at) select '{file}', '{table}', '{table}_PIPE', 1, {size}, '{status}', '2026-11-21', '2026-11-21'"
        )
    models.run(*COST)
    found = (
        "select table_name, source, file_count, refused_file_count, stored_bytes, billed_bytes, price_credits, credits"
    )
    rows = models.rows(f"{found} from marts.fct_load_cost")
    raw.execute("delete from audit.load_history")
    assert [tuple(row.values()) for row in rows] == [
        ("cards_v1__card_catalog_created", "cards", "1", "0", "1000000000", "", "", ""),
        ("failed_events", "failed events", "1", "0", "10", "", "", ""),
        ("orders_v1__order_created", "orders", "1", "1", "2000000000", "2000000000", "0.007400000", ""),
    ]
