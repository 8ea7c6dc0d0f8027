"""The file formats of the warehouse, accepted only with the options that the stand-in really plays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from warehouse.pipes.copy_statement import ObjectName, PipeDefinitionError

# DuckDB always reads logical types, keeps bytes as bytes and trims nothing. A format that says otherwise would load other values
# in Snowflake than here, so it is refused: Snowflake's defaults are among those.
PARQUET_OPTIONS: dict[str, tuple[Any, ...]] = {
    "COMPRESSION": ("AUTO", "SNAPPY", "NONE"),
    "USE_LOGICAL_TYPE": (True,),
    "BINARY_AS_TEXT": (False,),
    "USE_VECTORIZED_SCANNER": (True, False),
    "TRIM_SPACE": (False,),
    "REPLACE_INVALID_CHARACTERS": (False,),
    "NULL_IF": ([],),
}
JSON_OPTIONS: dict[str, tuple[Any, ...]] = {
    "COMPRESSION": ("GZIP", "ZSTD", "NONE"),
    "DATE_FORMAT": ("AUTO",),
    "TIME_FORMAT": ("AUTO",),
    "TIMESTAMP_FORMAT": ("AUTO",),
    "BINARY_FORMAT": ("BASE64",),
    "TRIM_SPACE": (False,),
    "MULTI_LINE": (False,),
    "NULL_IF": ([],),
    "FILE_EXTENSION": ("NONE",),
    "ENABLE_OCTAL": (False,),
    "ALLOW_DUPLICATE": (False,),
    "STRIP_OUTER_ARRAY": (False,),
    "STRIP_NULL_VALUES": (False,),
    "REPLACE_INVALID_CHARACTERS": (False,),
    "IGNORE_UTF8_ERRORS": (False,),
    "SKIP_BYTE_ORDER_MARK": (True, False),
}
OPTIONS = {"PARQUET": PARQUET_OPTIONS, "JSON": JSON_OPTIONS}


@dataclass(frozen=True)
class FileFormat:
    parquet: bool
    compression: str
    """gzip, zstd or none for JSON lines, as DuckDB names them. Parquet files say it themselves."""


def file_format(name: ObjectName, options: dict[str, Any]) -> FileFormat:
    """The format with these options, or an error that names every option which is missing or not played."""
    kind = options.get("TYPE")
    if kind not in OPTIONS:
        raise PipeDefinitionError(f"File format {name} is of type {kind}; the stand-in reads PARQUET and JSON.")
    allowed = OPTIONS[kind]
    problems = [f"{option} is not set" for option in allowed if option not in options]
    for option, value in options.items():
        if option == "TYPE":
            continue
        if option not in allowed:
            problems.append(f"{option} is unknown")
        elif value not in allowed[option]:
            problems.append(f"{option} = {value} is not played")
    if problems:
        raise PipeDefinitionError(f"File format {name} cannot be followed: {'; '.join(problems)}.")
    return FileFormat(parquet=kind == "PARQUET", compression=options["COMPRESSION"].lower())
