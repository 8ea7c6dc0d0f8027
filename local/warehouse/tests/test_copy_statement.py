from __future__ import annotations

import pytest
from warehouse.pipes.copy_statement import ObjectName, PipeDefinitionError, parse_copy
from warehouse.pipes.file_format import file_format

PIPE = ObjectName("MILLRACE_DEV", "RAW", "ORDERS_PIPE")
GOOD = """
copy into MILLRACE_DEV.RAW.ORDERS -- the table
from '@MILLRACE_DEV.RAW.EVENTS/format=parquet/source=orders/type=orders.v1.OrderCreated/'
file_format = (format_name = 'MILLRACE_DEV.RAW.PARQUET')
match_by_column_name = CASE_INSENSITIVE
include_metadata = (_file = METADATA$FILENAME, _file_row = METADATA$FILE_ROW_NUMBER, _loaded_at = METADATA$START_SCAN_TIME)
on_error = SKIP_FILE;
"""
PARQUET = {
    "TYPE": "PARQUET",
    "COMPRESSION": "AUTO",
    "USE_LOGICAL_TYPE": True,
    "BINARY_AS_TEXT": False,
    "USE_VECTORIZED_SCANNER": True,
    "TRIM_SPACE": False,
    "REPLACE_INVALID_CHARACTERS": False,
    "NULL_IF": [],
}


def test_the_form_of_our_pipes_is_read() -> None:
    copy = parse_copy(PIPE, GOOD)
    assert str(copy.table) == "MILLRACE_DEV.RAW.ORDERS"
    assert str(copy.stage) == "MILLRACE_DEV.RAW.EVENTS"
    assert copy.path == "format=parquet/source=orders/type=orders.v1.OrderCreated/"
    assert str(copy.file_format) == "MILLRACE_DEV.RAW.PARQUET"
    assert copy.metadata == {"_FILE": "FILENAME", "_FILE_ROW": "FILE_ROW_NUMBER", "_LOADED_AT": "START_SCAN_TIME"}


def test_names_without_schema_are_in_the_pipes_own() -> None:
    copy = parse_copy(
        PIPE, GOOD.replace("MILLRACE_DEV.RAW.ORDERS", "orders").replace("@MILLRACE_DEV.RAW.EVENTS", "@other.events")
    )
    assert str(copy.table) == "MILLRACE_DEV.RAW.ORDERS"
    assert str(copy.stage) == "MILLRACE_DEV.OTHER.EVENTS"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("on_error = SKIP_FILE", "on_error = CONTINUE"), "ON_ERROR = CONTINUE"),
        (("on_error = SKIP_FILE", ""), "does not say ON_ERROR"),
        (("on_error = SKIP_FILE", "on_error = SKIP_FILE pattern = '.*x'"), "PATTERN"),
        (("CASE_INSENSITIVE", "CASE_SENSITIVE"), "MATCH_BY_COLUMN_NAME = CASE_SENSITIVE"),
        (("METADATA$START_SCAN_TIME", "METADATA$FILE_LAST_MODIFIED"), "METADATA$FILE_LAST_MODIFIED"),
        (("from '@MILLRACE_DEV.RAW.EVENTS", "from (select $1 from '@MILLRACE_DEV.RAW.EVENTS"), "cannot read"),
        (("format_name = 'MILLRACE_DEV.RAW.PARQUET'", "type = PARQUET"), "type where FORMAT_NAME is expected"),
        (("match_by_column_name", "on_error = SKIP_FILE match_by_column_name"), "says ON_ERROR twice"),
        ((";", " %"), "cannot read"),
        (("on_error = SKIP_FILE;", "on_error ="), "ends in the middle"),
    ],
)
def test_anything_else_is_refused_by_name(change: tuple[str, str], said: str) -> None:
    definition = GOOD.replace(*change)
    assert definition != GOOD
    with pytest.raises(PipeDefinitionError) as refused:
        parse_copy(PIPE, definition)
    assert said in str(refused.value)
    assert "MILLRACE_DEV.RAW.ORDERS_PIPE" in str(refused.value)


def test_a_format_with_every_option_as_here_is_accepted() -> None:
    assert file_format(PIPE, PARQUET).parquet


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (PARQUET | {"USE_LOGICAL_TYPE": False}, "USE_LOGICAL_TYPE = False is not played"),
        ({k: v for k, v in PARQUET.items() if k != "BINARY_AS_TEXT"}, "BINARY_AS_TEXT is not set"),
        (PARQUET | {"NULL_IF": ["NULL"]}, "NULL_IF"),
        (PARQUET | {"SOMETHING_NEW": 1}, "SOMETHING_NEW is unknown"),
        ({"TYPE": "CSV"}, "type CSV"),
    ],
)
def test_a_format_that_would_load_other_values_in_snowflake_is_refused(options: dict, said: str) -> None:
    with pytest.raises(PipeDefinitionError) as refused:
        file_format(PIPE, options)
    assert said in str(refused.value)
