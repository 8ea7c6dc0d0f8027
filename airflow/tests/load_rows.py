"""python load_rows.py PORT < LINES: empties the raw tables and loads the described rows; runs beside dbt, not beside Airflow."""

from __future__ import annotations

import json
import sys

from raw_rows import RawTables
from runner import connect

with connect(int(sys.argv[1])) as connection:
    tables = RawTables(connection)
    tables.empty()
    tables.load(json.loads(line) for line in sys.stdin)
