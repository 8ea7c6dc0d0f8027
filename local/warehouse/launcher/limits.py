"""What one warehouse process may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """DuckDB's own default is 80 % of the machine, so memory would grow with the data.

    The conflict audit of a million events needs 400 MB when nothing runs beside it.
    """

    memory: str = "440MB"
    threads: int = 2
