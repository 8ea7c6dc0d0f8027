"""Holds a Parquet file against the NDJSON file of the same rows, and its schema against an approved one.

Usage: check_parquet.py PARQUET NDJSON_GZ SCHEMA [--approve]
"""

import base64
import datetime
import decimal
import gzip
import io
import json
import math
import os
import pathlib
import struct
import sys

import pyarrow.parquet as pq


def plain(value, truth):
    """The value as NDJSON writes it; what NDJSON has tells maps and JSON text from lists and strings."""
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=None)
        return value.strftime("%Y").zfill(4) + value.strftime("-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, decimal.Decimal):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, list) and isinstance(truth, dict):
        return {key: plain(item, truth.get(key)) for key, item in value}
    if isinstance(value, list):
        return [plain(item, expected) for item, expected in zip(value, truth, strict=True)]
    if isinstance(value, dict):
        return {key: plain(item, truth.get(key)) for key, item in value.items()}
    return value


def column(file, name):
    """The top level column of this name, or None where it has columns of its own."""
    columns = (file.schema.column(i) for i in range(len(file.schema)))
    return next((column for column in columns if column.path == name), None)


def is_json(file, name):
    return column(file, name) is not None and column(file, name).logical_type.type == "JSON"


def is_float32(file, name):
    return column(file, name) is not None and column(file, name).physical_type == "FLOAT"


def check_that_damage_shows(whole, file):
    """A flipped bit in the last byte of the first page must be found by the page's checksum."""
    chunk = file.metadata.row_group(0).column(0)
    start = min(chunk.data_page_offset, chunk.dictionary_page_offset or chunk.data_page_offset)
    damaged = bytearray(whole)
    damaged[start + chunk.total_compressed_size - 1] ^= 1
    try:
        pq.ParquetFile(io.BytesIO(damaged), page_checksum_verification=True).read()
    except OSError as error:
        if "CRC" in str(error):
            return
        sys.exit(f"damage was found, but not by the checksum: {error}")
    sys.exit("damage was not found: pages have no checksum")


def main(parquet, ndjson, approved, *options):
    file = pq.ParquetFile(parquet, page_checksum_verification=True)
    schema = "\n".join(str(file.schema).splitlines()[1:]) + "\n"
    path = pathlib.Path(approved)
    if "--approve" in options:
        path.write_text(schema)
    if schema != path.read_text():
        sys.exit(f"the schema is not the approved one:\n{schema}")
    with gzip.open(ndjson, "rt", encoding="utf-8", newline="\n") as lines:
        truth = [json.loads(line) for line in lines]
    rows = file.read().to_pylist(maps_as_pydicts=None)
    if len(rows) != len(truth):
        sys.exit(f"{len(rows)} rows in Parquet, {len(truth)} in NDJSON")
    for number, (row, expected) in enumerate(zip(rows, truth, strict=True)):
        for name, value in row.items():
            as_json = value is not None and is_json(file, name)
            found = json.loads(value) if as_json else plain(value, expected[name])
            wanted = expected[name]
            if isinstance(found, float) and is_float32(file, name):
                # 32 bits wide in Parquet, the shortest text that names them in NDJSON
                wanted = struct.unpack("<f", struct.pack("<f", wanted))[0]
            if found != wanted:
                sys.exit(f"row {number}, {name}: Parquet has {found!r}, NDJSON {wanted!r}")
    check_that_damage_shows(pathlib.Path(parquet).read_bytes(), file)
    print(f"{len(rows)} rows are equal, the schema is as expected, damage shows")


if __name__ == "__main__":
    main(*sys.argv[1:])
    sys.stdout.flush()
    # Arrow's threads sometimes abort a process that ends while they do (apache/arrow#34314), and the verdict is out.
    os._exit(0)
