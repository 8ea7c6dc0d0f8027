"""The command line of everything that is done with objects."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def add_objects_commands(commands: Any) -> None:
    _command(commands, "plan", "show the migrations that are not applied yet, with their statements")
    apply = _command(commands, "apply", "apply them")
    apply.add_argument("--until", help="greatest version to apply; of what is repeatable only --also is applied then")
    apply.add_argument("--also", help="a repeatable migration to apply after it, by its file name")
    _command(commands, "check", "compare what is there with what the code says")
    pipe = _command(
        commands, "pipe-change", "make a pipe again as the code says it now, in nine steps that lose no file"
    )
    pipe.add_argument("pipe", help="its name, without database and schema")
    pipe.add_argument("--yes", action="store_true", help="do it; without, the steps are printed")
    pipe.add_argument("--patience", type=int, default=900, help="seconds that the pipe may take to finish its files")
    trust = _command(commands, "trust", "say who the integrations and the pipes are, as the other cloud must know it")
    trust.description = (
        "Prints JSON: files and load_errors (null where there is no such integration) and subscriber_arn"
    )
    verify = _command(commands, "verify", "load golden files through pipes of their own and compare each value")
    verify.add_argument("step", choices=("prepare", "compare", "clean"))
    verify.add_argument("--golden", type=Path, required=True, help="folder with manifest.json")
    verify.add_argument("--patience", type=int, default=300, help="seconds until the files must be loaded")


def _command(commands: Any, name: str, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text)
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("--port", type=int, help="of a warehouse on this machine")
    place.add_argument("--account", action="store_true", help="the account that the SNOWFLAKE_ variables name")
    command.add_argument("--vars", type=json.loads, required=True, help="JSON object of the migrations' variables")
    command.add_argument("--root", type=Path, default=Path("snowflake/migrations"))
    command.add_argument("--json", action="store_true")
    return command
