"""Applies the migrations with schemachange."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from warehouse.objects import variables as values
from warehouse.objects.target import Target, as_every_connection
from warehouse.pipes.client import WarehouseClient
from warehouse.pipes.history import play_copy_history


def migrate(
    target: Target,
    root: Path,
    variables: dict[str, str],
    dry_run: bool = False,
) -> int:
    """Exit code 0 when every migration is applied (now or before), 1 when one failed, 2 when the call is wrong."""
    problems = values.problems(variables)
    if not root.is_dir():
        problems.append(f"There are no migrations in {root}; name their folder with --root")
    if problems:
        print("\n".join(f"{problem}." for problem in problems), file=sys.stderr)
        return 2
    database = values.database(variables)
    # The change history is a table in the database that the first migration makes.
    with target.connect() as connection:
        connection.cursor().execute(f"create database if not exists {database}")
    if not target.account:
        play_copy_history(WarehouseClient(target.arguments["port"]), database)
    with as_every_connection(target):
        return _schemachange(target, root, database, variables, dry_run)


def _schemachange(target: Target, root: Path, database: str, variables: dict[str, str], dry_run: bool) -> int:
    from schemachange import cli

    arguments = [
        "schemachange",
        "deploy",
        "--config-folder",
        str(root.parent),
        "--root-folder",
        str(root),
        "--vars",
        json.dumps(variables),
        "--change-history-table",
        f"{database}.AUDIT.CHANGE_HISTORY",
        "--create-change-history-table",
        # A migration with a smaller number than the last one that was applied would be passed over without a word.
        "--raise-exception-on-ignored-versioned-script",
        "--snowflake-account",
        target.arguments["account"],
        "--snowflake-user",
        target.arguments["user"],
        "--snowflake-database",
        database,
    ]
    if dry_run:
        arguments.append("--dry-run")
    saved, sys.argv = sys.argv, arguments
    try:
        cli.main()
    except SystemExit as exit_:
        return 1 if exit_.code else 0
    except Exception as error:
        logging.getLogger(__name__).debug("schemachange failed", exc_info=True)
        print(f"The migrations were not applied: {error}", file=sys.stderr)
        return 1
    finally:
        sys.argv = saved
    return 0
