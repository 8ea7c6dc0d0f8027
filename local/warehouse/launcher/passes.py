"""A patch that spares walks through the tree of a statement. It changes no answer, only what a laptop waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import fakesnow.transforms as transforms
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import exp

from warehouse.launcher.patching import Patcher

KINDS: dict[str, tuple[type[exp.Expression], ...]] = {
    "alias_in_join": (exp.Select,),
    "alias_in_where": (exp.Select,),
    "alter_session": (exp.Alter,),
    "array_agg": (exp.ArrayAgg, exp.Window),
    "array_agg_within_group": (exp.WithinGroup,),
    "array_construct_etc": (exp.Array, exp.ArrayConstructCompact),
    "array_size": (exp.ArraySize,),
    "create_clone": (exp.Create,),
    "create_database": (exp.Create,),
    "create_file_format": (exp.Create,),
    "create_stage": (exp.Create,),
    "create_user": (exp.Command,),
    "current_version": (exp.CurrentVersion,),
    "dateadd_date_cast": (exp.DateAdd,),
    "dateadd_string_literal_timestamp_cast": (exp.DateAdd,),
    "datediff_string_literal_timestamp_cast": (exp.DateDiff,),
    "drop_schema_cascade": (exp.Drop,),
    "extract_comment_on_columns": (exp.Alter,),
    "extract_comment_on_table": (exp.Comment, exp.Create),
    "extract_text_length": (exp.Alter, exp.Create),
    "flatten_value_cast_as_varchar": (exp.Cast,),
    "float_to_double": (exp.DataType,),
    "haversine": (exp.Anonymous,),
    "hex_string": (exp.HexString,),
    "identifier": (exp.Table,),
    "indices_to_json_extract": (exp.Bracket,),
    "information_schema_databases": (exp.Table,),
    "information_schema_fs": (exp.Table,),
    "json_extract_cased_as_varchar": (exp.Lower, exp.Upper),
    "json_extract_cast_as_varchar": (exp.Cast,),
    "json_extract_precedence": (exp.JSONExtract, exp.JSONExtractScalar),
    "list_stage": (exp.ListStage,),
    "object_agg": (exp.ObjectAgg,),
    "put_stage": (exp.Put,),
    "random": (exp.Select,),
    "regex_replace": (exp.RegexpReplace,),
    "regex_substr": (exp.RegexpExtract,),
    "result_scan": (exp.Select,),
    "sample": (exp.TableSample,),
    "semi_structured_types": (exp.DataType,),
    "sequence_nextval": (exp.Column,),
    "set_schema": (exp.Use,),
    "show_columns": (exp.Show,),
    "show_databases": (exp.Show,),
    "show_functions": (exp.Command, exp.Show),
    "show_keys": (exp.Show,),
    "show_parameters": (exp.Command, exp.Show),
    "show_procedures": (exp.Show,),
    "show_schemas": (exp.Show,),
    "show_sequences": (exp.Show,),
    "show_stages": (exp.Show,),
    "show_tables_etc": (exp.Show,),
    "show_users": (exp.Show,),
    "show_warehouses": (exp.Show,),
    "split": (exp.Split,),
    "tag": (exp.Alter, exp.Command),
    "timestamp_ntz": (exp.DataType,),
    "timestamp_offsets": (exp.Cast,),
    "to_date": (exp.Anonymous,),
    "to_decimal": (exp.ToNumber,),
    "to_variant": (exp.ToVariant,),
    "trim_cast_varchar": (exp.Trim,),
    "try_parse_json": (exp.Anonymous,),
    "values_columns": (exp.Values,),
}
"""The kinds of nodes that a pass of fakesnow looks at; it leaves all others as they are. A pass that is not here is always made."""


def passes_where_they_apply(patcher: Patcher) -> None:
    """fakesnow walks through each statement once for each of its 78 rewrites, most of which are about kinds of nodes that it has not.

    Translation was two fifths of all that the warehouse did for an increment of the models.
    """
    transform = FakeSnowflakeCursor._transform  # noqa: SLF001

    def transform_by_kind(self: FakeSnowflakeCursor, expression: Any, params: Any) -> Any:
        return transform(self, Passes(expression), params).expression

    patcher.replace(FakeSnowflakeCursor, "_transform", transform_by_kind)


class Passes:
    """A tree that is taken through passes as sqlglot's own `transform` would do, but for those that would find nothing."""

    def __init__(self, expression: exp.Expression) -> None:
        self.expression = expression
        self._present: frozenset[type] | None = None

    def transform(self, rewrite: Callable[..., Any], *args: Any, copy: bool, **kwargs: Any) -> Passes:
        kinds = kinds_of(rewrite)
        if kinds is None or any(issubclass(present, kinds) for present in self._kinds_present()):
            self.expression = self.expression.transform(rewrite, *args, copy=copy, **kwargs)
            self._present = None
        return self

    def _kinds_present(self) -> frozenset[type]:
        if self._present is None:
            self._present = frozenset(map(type, self.expression.walk()))
        return self._present


def kinds_of(rewrite: Callable[..., Any]) -> tuple[type[exp.Expression], ...] | None:
    """None for what may look at any node. Some passes are called through a function without a name of its own."""
    if rewrite.__name__ == "<lambda>":
        names = [name for name in rewrite.__code__.co_names if name in KINDS]
        if len(names) != 1:
            return None
        rewrite = getattr(transforms, names[0])
    # Another patch may have put its own pass in the place of fakesnow's, and that may look at other kinds.
    return KINDS.get(rewrite.__name__) if rewrite.__module__.startswith("fakesnow.") else None
