"""The comparison of loaded values with written ones: what is not equal in value and kind is named."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from warehouse.objects.effects import Made
from warehouse.objects.present import Questions
from warehouse.objects.state import State
from warehouse.objects.verify import GoldenFile, Verification, VerifyError, actual, expected, read_golden, same

COLUMNS = {
    "COLUMN A": "varchar",
    "COLUMN N": "number(20, 0)",
    "COLUMN V": "variant",
    "COLUMN _BATCH_ROW": "number(10, 0) not null",
    "COLUMN _FILE": "varchar not null",
    "COLUMN _FILE_ROW": "number(19, 0)",
}
KEY = "events/verify/run=1/codec=parquet/type=t/golden.r1.parquet"


class Loaded(Questions):
    """A warehouse that has loaded these rows."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = list(rows)
        self.asked: list[str] = []

    def ask(self, statement: str) -> list[dict[str, Any]]:
        self.asked.append(statement)
        return [{"number": len(self.rows)}] if "count(*)" in statement else self.rows


def found(*rows: dict[str, Any], written: dict[str, Any]) -> list[str]:
    code = State()
    code.apply(Made("TABLE", "D.RAW.T", COLUMNS))
    file = GoldenFile("t.v1.T", "t", "parquet", "PARQUET", KEY.rsplit("/", 1)[0] + "/", KEY, [written])
    passed = [0.0]

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    verification = Verification(Loaded(*rows), code, "D", "arn", [file])
    return verification.compare(5, lambda sentence: None, lambda: passed[0], sleep)


WRITTEN = {"a": "x", "n": 2**64 - 1, "v": {"b": [1, None]}, "_batch_row": 0}
ROW = {"a": "x", "n": Decimal(2**64 - 1), "v": '{"b":[1,null]}', "_batch_row": 0, "_file": KEY, "_file_row": 1}


def test_what_was_loaded_as_it_was_written_is_no_finding() -> None:
    assert found(ROW, written=WRITTEN) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("a", "y"), ("a", None), ("n", Decimal(2**64)), ("v", '{"b":[1]}'), ("v", '{"b":[true,null]}'), ("_file", "x")],
)
def test_every_other_value_is_named_with_its_type_format_row_and_column(column: str, value: Any) -> None:
    [sentence] = found(ROW | {column: value}, written=WRITTEN)
    assert sentence.startswith(f"t.v1.T, parquet, row 0, {column}: loaded ")


def test_a_file_that_was_not_loaded_and_a_column_that_the_table_lacks_are_named() -> None:
    assert found(written=WRITTEN) == ["t.v1.T, parquet: 0 rows were loaded, the file has 1."]
    assert found(ROW, written=WRITTEN | {"more": 1}) == [
        "t.v1.T, parquet, row 0: the file has more, the table does not."
    ]


def test_a_type_without_a_table_is_a_sentence() -> None:
    file = GoldenFile("t.v1.T", "t", "parquet", "PARQUET", "events/verify/", KEY, [])
    with pytest.raises(VerifyError, match="no migration makes RAW.T"):
        Verification(Loaded(), State(), "D", "arn", [file]).prepare()


def test_values_are_compared_in_the_kind_of_their_column() -> None:
    time = "1969-12-31T23:59:59.999999Z"
    assert expected("timestamp_ntz(6)", time) == datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
    assert expected("binary", "AP9/") == b"\x00\xff\x7f"
    assert same(actual("float", float("nan")), expected("float", "NaN"))
    assert same(actual("float", float("-inf")), expected("float", "-Infinity"))
    assert not same(True, 1)
    assert not same({"a": 1}, {"a": 1, "b": None})


def test_texts_with_signs_that_end_lines_elsewhere_stay_one_row(tmp_path: Path) -> None:
    (tmp_path / "t.ndjson").write_bytes('{"a":"x\u2028y"}\n{"a":"z\x85"}\n'.encode())
    each = {
        "type": "t",
        "table": "t",
        "format": "f",
        "file_format": "F",
        "prefix": "p/",
        "key": "k",
        "expected": "t.ndjson",
    }
    (tmp_path / "manifest.json").write_text(json.dumps([each]))
    [file] = read_golden(tmp_path)
    assert [row["a"] for row in file.rows] == ["x\u2028y", "z\x85"]
