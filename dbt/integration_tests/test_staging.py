"""Stream and backfill become the same columns, whatever shape nested values have."""

from __future__ import annotations

import datetime

from raw_rows import RawTables
from runner import Models

CARD = {"kind": "card", "id": "c1", "at": "2026-11-21 10:00:00", "fields": {"card_id": "C-1", "list_price_minor": 250}}
ORDER = {"kind": "order", "id": "o1", "at": "2026-11-21 10:00:00.123456", "fields": {"order_id": "O-1"}}
ATTRIBUTES = {
    "object": {"power": "3", "guard": "1"},
    "keys_and_values": [{"key": "power", "value": "3"}, {"key": "guard", "value": "1"}],
    "three_level": {"key_value": [{"key": "guard", "value": "1"}, {"key": "power", "value": "3"}]},
}
LINE = {"line_number": 1, "card_id": "C-1", "quantity": 2, "unit_price_minor": 9007199254740993}
LINES = {"array": [LINE], "three_level": {"list": [{"element": LINE}]}, "elements": [{"element": LINE}]}


def test_backfill_and_stream_give_equal_business_columns(models: Models, raw: RawTables) -> None:
    raw.load([ORDER, ORDER | {"id": "o2", "backfill": True, "at": "2026-11-21T10:00:00.123456Z"}])
    models.run("--select", "stg_orders__order_created")
    columns = (
        "order_id, created_at, customer_id, customer_name, customer_email, customer_country_code, lines, currency,"
        " channel, total_amount_minor, promotion_code, id_origin, source, type, occurred_at, event_day"
    )
    rows = models.rows(f"select {columns} from staging.stg_orders__order_created")
    assert len(rows) == 2
    assert rows[0] == rows[1]
    assert models.rows("select event_id, batch_id, is_backfill from staging.stg_orders__order_created") == [
        {"event_id": "o1", "batch_id": "batch-o1", "is_backfill": "false"},
        {"event_id": "o2", "batch_id": "", "is_backfill": "true"},
    ]


FREE_JSON = '{"parcel": {"number": 9007199254740993, "weight-kg": 0.5}, "stops": ["Lund", "Malmö"], "none": null}'


def test_schema_less_json_reads_alike_as_a_value_and_as_its_text(models: Models, raw: RawTables) -> None:
    """NDJSON brings a value; Parquet knows no such type and brings its text."""
    for event_id, value in {"as text": f"to_variant('{FREE_JSON}')", "as value": f"parse_json('{FREE_JSON}')"}.items():
        raw.execute(
            "insert into raw.json_v1__json_event (payload, stated_type, _event_id, _id_origin, _source, _type,"
            " _batch_id, _batch_row, _file, _loaded_at)"
            f" select {value}, 'shipping.parcel.moved', '{event_id}', 'MESSAGE_ID', 'shipping', 'json.v1.JsonEvent',"
            " 'b', 0, 'f', '2026-11-21 10:00:00'"
        )
    models.run("--select", "+int_json__json_event_deduplicated")
    paths = (
        'payload:parcel.number::number(38, 0) as number, payload:parcel:"weight-kg"::float as weight,'
        " payload:stops[1]::varchar as stop, payload:nothing::varchar as nothing, stated_type"
    )
    for model in ("staging.stg_json__json_event", "intermediate.int_json__json_event_deduplicated"):
        assert models.rows(f"select event_id, {paths} from {model} order by event_id") == [
            {
                "event_id": event_id,
                "number": "9007199254740993",
                "weight": "0.5",
                "stop": "Malmö",
                "nothing": "",
                "stated_type": "shipping.parcel.moved",
            }
            for event_id in ("as text", "as value")
        ]


def test_a_backfill_row_of_another_type_or_with_a_bad_value_stops_nobody(models: Models, raw: RawTables) -> None:
    bad = CARD | {"id": "c2", "backfill": True, "fields": {"card_id": "C-2", "list_price_minor": "a lot"}}
    raw.load([CARD, bad, ORDER | {"backfill": True}])
    models.run("--select", "stg_cards__card_catalog_created")
    assert models.rows("select card_id, list_price_minor from staging.stg_cards__card_catalog_created") == [
        {"card_id": "C-1", "list_price_minor": "250"},
        {"card_id": "C-2", "list_price_minor": ""},
    ]


def test_lists_and_maps_of_any_shape_read_alike(models: Models, raw: RawTables) -> None:
    raw.load(
        CARD | {"id": shape, "fields": {"card_id": shape, "attributes": attributes}}
        for shape, attributes in ATTRIBUTES.items()
    )
    raw.load(ORDER | {"id": shape, "fields": {"order_id": shape, "lines": lines}} for shape, lines in LINES.items())
    models.run("--select", "+fct_orders", "+dim_card")
    assert models.rows("select card_id, attributes from marts.dim_card where not is_inferred") == [
        {"card_id": shape, "attributes": '{"guard": "1", "power": "3"}'} for shape in sorted(ATTRIBUTES)
    ]
    assert models.rows(
        "select order_line_id, card_id, quantity, unit_price_minor, amount_minor from marts.fct_orders"
    ) == [
        {
            "order_line_id": f"{shape}|1",
            "card_id": "C-1",
            "quantity": "2",
            "unit_price_minor": "9007199254740993",
            "amount_minor": "18014398509481986",
        }
        for shape in sorted(LINES)
    ]


SCAN = "'scan-' || seq4()"
PIXELS = "repeat('x', 200)"
OF_5000 = "from table(generator(rowcount => 5000))"
LARGE = {
    "object": f"object_agg({SCAN}, to_variant({PIXELS})) as v {OF_5000}",
    "keys_and_values": f"array_agg(object_construct('key', {SCAN}, 'value', {PIXELS})) as v {OF_5000}",
    "three_level": f"object_construct('key_value', array_agg(object_construct('key', {SCAN}, 'value', {PIXELS}))) as v {OF_5000}",
}


def test_a_card_of_thousands_of_attributes_costs_what_it_weighs(models: Models, raw: RawTables) -> None:
    """1 MB each. Copied once per attribute it would take 5 GB, and the warehouse of this run has 480 MB."""
    raw.load(CARD | {"id": shape, "fields": {"card_id": shape}} for shape in LARGE)
    for shape, query in LARGE.items():
        raw.execute(
            "update raw.cards_v1__card_catalog_created set attributes = large.v"
            f" from (select {query}) as large where card_id = '{shape}'"
        )
    models.run("--select", "+dim_card")
    found = models.rows("select card_id, attributes from marts.dim_card where not is_inferred")
    assert [row["card_id"] for row in found] == sorted(LARGE)
    assert all(len(row["attributes"]) > 1_000_000 for row in found)
    assert len({row["attributes"] for row in found}) == 1


def test_an_order_of_thousands_of_lines_costs_what_it_weighs(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    line = (
        "object_construct('line_number', seq4() + 1, 'card_id', repeat('C', 200), 'quantity', 1, 'unit_price_minor', 1)"
    )
    raw.execute(
        "update raw.orders_v1__order_created set lines = large.v"
        f" from (select array_agg({line}) as v from table(generator(rowcount => 20000))) as large"
    )
    models.run("--select", "+fct_orders")
    assert models.rows("select count(*) as n, sum(amount_minor) as total from marts.fct_orders") == [
        {"n": "20000", "total": "20000"}
    ]


def test_an_enum_value_that_the_contract_does_not_know_is_told(models: Models, raw: RawTables) -> None:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S")
    raw.load([CARD | {"loaded": now, "fields": CARD["fields"] | {"rarity": "9"}}])
    statuses = models.build("--select", "stg_cards__card_catalog_created")
    [test] = [name for name in statuses if name.startswith("accepted_values")]
    assert statuses[test] == "warn"
