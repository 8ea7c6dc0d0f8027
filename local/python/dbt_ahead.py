"""dbt, ready before it is needed: imports itself, reads the project, and waits for a line with the command to run.

The line is a JSON list of arguments, such as ["build"]; the exit code is that of dbt. When standard input ends instead, the
parent has no use for it any more, or is gone.
"""

from __future__ import annotations

import json
import sys

from dbt.cli.main import dbtRunner


def main() -> int:
    read = dbtRunner().invoke(["parse"])
    line = sys.stdin.readline()
    if not line:
        return 0
    # Of a project that cannot be read, the command says again what is wrong with it.
    outcome = dbtRunner(manifest=read.result if read.success else None).invoke(json.loads(line))
    if outcome.exception is not None:
        return 2
    return 0 if outcome.success else 1


if __name__ == "__main__":
    sys.exit(main())
