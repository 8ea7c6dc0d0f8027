"""Patches for values on their way in and out."""

from __future__ import annotations

from collections import OrderedDict
from decimal import Decimal
from typing import Any

import fakesnow.arrow as fakesnow_arrow
import fakesnow.copy_into as copy_into
import fakesnow.server as fakesnow_server
import fakesnow.transforms as transforms
import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from warehouse.launcher.patching import Patcher


def null_timestamps(patcher: Patcher) -> None:
    """fakesnow sends a NULL timestamp as 1970-01-01, which no test of a missing time would ever notice."""
    to_struct = fakesnow_arrow.timestamp_to_sf_struct

    def with_nulls(timestamps: pa.Array | pa.ChunkedArray) -> pa.Array:
        if isinstance(timestamps, pa.ChunkedArray):
            timestamps = timestamps.combine_chunks()
        if not timestamps.null_count:
            return to_struct(timestamps)
        filled = to_struct(pc.fill_null(timestamps, pa.scalar(0, timestamps.type)))
        return pa.StructArray.from_arrays(filled.flatten(), fields=list(filled.type), mask=pc.is_null(timestamps))

    patcher.replace(fakesnow_arrow, "timestamp_to_sf_struct", with_nulls)


def try_to_timestamp(patcher: Patcher) -> None:
    """TRY_CAST(x AS TIMESTAMP) raises in fakesnow, and TRY_TO_TIMESTAMP is missing: both mean NULL for what is no time."""
    to_timestamp = transforms.to_timestamp

    def tried(expression: exp.Expression) -> exp.Expression:
        if isinstance(expression, exp.Anonymous) and expression.name.upper() in (
            "TRY_TO_TIMESTAMP",
            "TRY_TO_TIMESTAMP_NTZ",
        ):
            return exp.TryCast(this=expression.expressions[0], to=exp.DataType.build("TIMESTAMP"))
        return expression if isinstance(expression, exp.TryCast) else to_timestamp(expression)

    patcher.replace(transforms, "to_timestamp", tried)


def as_varchar(patcher: Patcher) -> None:
    """AS_VARCHAR(variant), the text that a VARIANT holds or NULL, is missing."""
    to_timestamp = transforms.to_timestamp

    def read(expression: exp.Expression) -> exp.Expression:
        if isinstance(expression, exp.Anonymous) and expression.name.upper() == "AS_VARCHAR":
            [variant] = expression.expressions
            is_text = exp.EQ(
                this=exp.Anonymous(this="json_type", expressions=[variant.copy()]),
                expression=exp.Literal.string("VARCHAR"),
            )
            text = exp.Anonymous(this="json_extract_string", expressions=[variant.copy(), exp.Literal.string("$")])
            return exp.Case().when(is_text, text)
        return to_timestamp(expression)

    patcher.replace(transforms, "to_timestamp", read)


def no_columns_from_folders(patcher: Patcher) -> None:
    """DuckDB reads folders like year=2026/ as columns, so a COPY from them would fill or refuse columns no file has."""
    for reader in (copy_into.ReadParquet, copy_into.ReadJSON):
        read_expression = reader.read_expression

        def without_partitions(self: Any, url: Any, _read: Any = read_expression) -> exp.Expression:
            expression = _read(self, url)
            expression.append("expressions", self.make_eq("hive_partitioning", False))
            return expression

        patcher.replace(reader, "read_expression", without_partitions)


def binds_of_typed_clients(patcher: Patcher) -> None:
    """JDBC sends a decimal as FIXED text with a point and NULL as a null value: fakesnow reads both as int."""
    from_binding = fakesnow_server.from_binding

    def typed(binding: dict[str, Any]) -> Any:
        value = binding["value"]
        if value is None:
            return None
        return Decimal(value) if binding["type"] == "FIXED" and "." in value else from_binding(binding)

    patcher.replace(fakesnow_server, "from_binding", typed)


def exact_sums(patcher: Patcher) -> None:
    """fakesnow casts what SUM adds to DOUBLE, so totals of money lose their type and, above 2^53, their cents.

    Its cast stays for values out of a VARIANT, which DuckDB cannot add.
    """
    implicit_cast = transforms.numeric_agg_implicit_cast

    def exact(expression: exp.Expression) -> exp.Expression:
        added = expression.this if isinstance(expression, exp.Sum) else None
        if not isinstance(added, exp.Expression) or added.find(exp.JSONExtract, exp.JSONExtractScalar):
            return implicit_cast(expression)
        casted = implicit_cast(expression)
        (casted.this if isinstance(casted, exp.Alias) else casted).set("this", added)
        return casted

    patcher.replace(transforms, "numeric_agg_implicit_cast", exact)


class RecentResults(OrderedDict[str, tuple]):
    """Results by query id, oldest forgotten first."""

    def __init__(self, most: int = 32, most_bytes: int = 32 * 1024 * 1024) -> None:
        super().__init__()
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0

    def __setitem__(self, query_id: str, result: tuple) -> None:
        super().__setitem__(query_id, result)
        self._bytes += _size(result)
        # The newest stays whatever its size: RESULT_SCAN(LAST_QUERY_ID()) asks for it.
        while len(self) > 1 and (len(self) > self._most or self._bytes > self._most_bytes):
            _, forgotten = self.popitem(last=False)
            self._bytes -= _size(forgotten)


def _size(result: tuple) -> int:
    table = result[0]
    return 0 if table is None else table.nbytes


def bounded_result_cache(patcher: Patcher) -> None:
    """fakesnow keeps the result of every statement for ever: the memory of a long run would grow with each query."""
    init = fakesnow_server.FakeSnow.__init__

    def with_bounded_cache(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        self.results_cache = RecentResults()

    patcher.replace(fakesnow_server.FakeSnow, "__init__", with_bounded_cache)
