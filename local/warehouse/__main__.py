"""python -m warehouse serve | pipes | migrate | plan | apply | check | pipe-change | verify"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path

from warehouse.launcher.limits import Limits

# The requests that the connector brings knows no chardet above 5 and says so at every start; it works with the newer one
# of the lock file, and a failed start must be one sentence.
warnings.filterwarnings("ignore", message=".*doesn't match a supported version")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="warehouse", description=__import__("warehouse").__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    serve = commands.add_parser("serve", help="answer the Snowflake protocol and the SQL API on loopback")
    serve.add_argument("--port", type=int, default=0, help="0 takes a free port; the ready line on stdout names it")
    serve.add_argument("--db", type=Path, required=True, help="folder of the DuckDB files")
    serve.add_argument("--memory", default=Limits.memory, help="what DuckDB may take before it spills to disk")
    serve.add_argument("--threads", type=int, default=Limits.threads)

    migrate = commands.add_parser("migrate", help="apply the migrations with schemachange")
    migrate.add_argument("--port", type=int, required=True, help="port of a warehouse that serves")
    migrate.add_argument("--vars", type=json.loads, required=True, help="JSON object of the migrations' variables")
    migrate.add_argument("--root", type=Path, default=Path("snowflake/migrations"))
    migrate.add_argument("--dry-run", action="store_true", help="say what would be applied")

    pipes = commands.add_parser("pipes", help="load announced files, as Snowpipe would")
    pipes.add_argument("--warehouse-port", type=int, required=True)
    pipes.add_argument("--aws-endpoint", required=True)
    pipes.add_argument("--topic-arn", required=True)
    pipes.add_argument("--objects", type=Path, required=True, help="folder of S3 objects: <account>/<bucket>/<key>")
    pipes.add_argument("--seed", type=int, default=0, help="of the order in which files are loaded")
    pipes.add_argument(
        "--share-in-halves", type=float, default=0.2, help="share of loads that become visible in two steps"
    )

    from warehouse.objects.arguments import add_objects_commands

    add_objects_commands(commands)
    options = parser.parse_args(arguments)
    # Imported late: the pipe stand-in needs neither fakesnow nor schemachange, and each takes a second to import.
    if options.command == "serve":
        from warehouse.launcher.server import serve as run_server

        return run_server(options.port, options.db, Limits(options.memory, options.threads))
    if options.command == "pipes":
        import datetime

        from warehouse.pipes.worker import run_pipes, say_json

        return run_pipes(
            options.warehouse_port,
            options.aws_endpoint,
            options.topic_arn,
            str(options.objects.absolute()),
            options.seed,
            options.share_in_halves,
            lambda: datetime.datetime.now(datetime.UTC),
            say_json,
        )
    if options.command == "migrate":
        from warehouse.migrate import migrate as run_migrate
        from warehouse.objects.target import on_port

        return run_migrate(on_port(options.port), options.root, options.vars, options.dry_run)
    from warehouse.objects.commands import run

    return run(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
