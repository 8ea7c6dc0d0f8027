"""The warehouse that a command speaks to: one on loopback, or an account named by environment variables."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import snowflake.connector

NEEDED = ("SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY_PATH")
OPTIONAL = {
    "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE": "private_key_file_pwd",
    "SNOWFLAKE_ROLE": "role",
    "SNOWFLAKE_WAREHOUSE": "warehouse",
    "SNOWFLAKE_HOST": "host",
}


class TargetError(Exception):
    """The account cannot be reached as it is named. The message says what to set."""


@dataclass(frozen=True)
class Target:
    """Arguments of the connector, and whether it is an account: some questions only an account can answer."""

    arguments: dict[str, Any]
    account: bool

    def connect(self, **more: Any) -> snowflake.connector.SnowflakeConnection:
        return snowflake.connector.connect(**(self.arguments | more))


def on_port(port: int) -> Target:
    """A warehouse of this machine."""
    return Target(
        {
            "account": "local",
            "user": "migrations",
            "password": "none",
            "host": "127.0.0.1",
            "port": port,
            "protocol": "http",
            "login_timeout": 20,
            "network_timeout": 60,
        },
        account=False,
    )


def in_account(variables: Mapping[str, str]) -> Target:
    """The account that the environment variables name, by key pair: a password alone is refused to services.

    Raises TargetError naming every variable that is missing.
    """
    missing = [name for name in NEEDED if not variables.get(name)]
    if missing:
        raise TargetError(f"set {', '.join(missing)}: a service logs in to an account with its key pair")
    arguments = {
        "account": variables["SNOWFLAKE_ACCOUNT"],
        "user": variables["SNOWFLAKE_USER"],
        "authenticator": "SNOWFLAKE_JWT",
        "private_key_file": variables["SNOWFLAKE_PRIVATE_KEY_PATH"],
        "login_timeout": 60,
        "network_timeout": 600,
        "session_parameters": {"QUERY_TAG": "millrace snowflake"},
    }
    given = {argument: variables[name] for name, argument in OPTIONAL.items() if variables.get(name)}
    return Target(arguments | given, account=True)


@contextlib.contextmanager
def as_every_connection(target: Target) -> Iterator[None]:
    """schemachange makes its connections itself, and has no options for host, port and protocol: it gets the target's."""
    connect = snowflake.connector.connect

    def connect_there(**arguments: Any) -> Any:
        database = {key: arguments[key] for key in ("database", "session_parameters") if arguments.get(key)}
        return connect(**(database | target.arguments))

    snowflake.connector.connect = connect_there
    try:
        yield
    finally:
        snowflake.connector.connect = connect
