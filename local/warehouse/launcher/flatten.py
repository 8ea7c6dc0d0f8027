"""Patch for FLATTEN."""

from __future__ import annotations

from string import Template

import fakesnow.macros as macros

from warehouse.launcher.patching import Patcher

# One unnest carries value, key and position together. An object is read once, as a map: asking it for each of its keys would
# read all of it each time, and take a key like "/a" for a path.
FLATTEN = Template(
    """
CREATE OR REPLACE MACRO ${catalog}._fs_flatten(input) AS TABLE
    SELECT
        hash(TO_JSON(input))::UBIGINT AS SEQ,
        e.k AS KEY,
        COALESCE(e.k, '[' || e.i || ']') AS PATH,
        e.i AS INDEX,
        e.v AS VALUE,
        TO_JSON(input) AS THIS
    FROM (
        SELECT UNNEST(
            CASE WHEN json_type(TO_JSON(input)) = 'OBJECT'
                 THEN list_transform(
                    map_entries(CAST(TO_JSON(input) AS MAP(VARCHAR, JSON))),
                    lambda x: struct_pack(k := x.key, v := x.value, i := NULL::BIGINT)
                 )
                 ELSE list_transform(
                    CAST(TO_JSON(input) AS JSON[]),
                    lambda x, position: struct_pack(k := NULL::VARCHAR, v := x, i := (position - 1)::BIGINT)
                 )
            END, recursive := true
        )
    ) AS e(k, v, i)
    """
)


def flatten_in_order(patcher: Patcher) -> None:
    """fakesnow numbers the items of a flattened array as they leave the engine, so a few of a large table get each other's index."""
    patcher.replace(macros, "FS_FLATTEN", FLATTEN)
