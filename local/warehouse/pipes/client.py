"""The stand-in's two doors into the warehouse process: the SQL API for what Snowflake has, transactions for the load."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from warehouse.pipes.copy_statement import PipeDefinitionError

SECONDS = 300


class WarehouseUnavailable(Exception):
    """The warehouse does not answer: killed, restarting, not started yet. Try again."""


class StatementRefused(Exception):
    """The engine refused a statement of a transaction, and the transaction left nothing behind."""

    def __init__(self, transaction: int, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.transaction = transaction
        self.kind = kind
        self.message = message

    def first_line(self) -> str:
        return f"{self.kind}: {self.message.splitlines()[0]}" if self.message else self.kind


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: tuple[Any, ...] = ()


Transaction = list[Statement]
Rows = list[list[Any]]


class WarehouseClient:
    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def show(self, statement: str) -> list[dict[str, str | None]]:
        """The rows of a SHOW statement by column name."""
        status, answer = self._post("/api/v2/statements", {"statement": statement})
        if status != 200:
            raise PipeDefinitionError(f"The warehouse refused {statement!r}: {answer.get('message')}")
        names = [column["name"] for column in answer["resultSetMetaData"]["rowType"]]
        return [dict(zip(names, row, strict=True)) for row in answer["data"]]

    def run(self, *transactions: Transaction) -> list[list[Rows]]:
        """Runs the transactions one after the other on one connection; each is committed before the next one starts."""
        body = {
            "transactions": [
                [{"sql": statement.sql, "parameters": list(statement.parameters)} for statement in transaction]
                for transaction in transactions
            ]
        }
        status, answer = self._post("/local/v1/transactions", body)
        if status == 422:
            raise StatementRefused(answer["transaction"], answer["kind"], answer["message"])
        if status != 200:
            raise WarehouseUnavailable(f"HTTP {status}: {answer}")
        return answer["results"]

    def _post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        request = urllib.request.Request(self._base + path, data=json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                try:
                    return error.code, json.load(error)
                except ValueError:
                    return error.code, {}
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise WarehouseUnavailable(str(error) or type(error).__name__) from error
