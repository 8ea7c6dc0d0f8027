"""plan, apply, check, pipe-change, trust and verify. Exit code 0: nothing to do or done, 1: the result is bad, 2: set-up."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from snowflake.connector.errors import Error

from warehouse.migrate import migrate
from warehouse.objects import variables as values
from warehouse.objects.differences import differences
from warehouse.objects.pipe_change import PipeChange, PipeChangeError
from warehouse.objects.present import Questions, read_state
from warehouse.objects.scripts import Applied, Script, declared, key_of, read_applied, read_scripts
from warehouse.objects.target import Target, TargetError, in_account, on_port
from warehouse.objects.verify import Verification, VerifyError, read_golden


def run(options: argparse.Namespace) -> int:
    problems = values.problems(options.vars)
    if not options.root.is_dir():
        problems.append(f"there are no migrations in {options.root}")
    if problems:
        return _fail("; ".join(problems))
    try:
        target = in_account(os.environ) if options.account else on_port(options.port)
        scripts = read_scripts(options.root, options.vars)
        return COMMANDS[options.command](options, target, scripts)
    except (TargetError, PipeChangeError, VerifyError, jinja2.TemplateError) as error:
        return _fail(str(error))
    except Error as error:
        return _fail(f"the warehouse refused: {' '.join(str(error.msg).split())}")


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _applied(target: Target, database: str) -> Applied:
    with target.connect() as connection:
        names = {row["name"] for row in Questions(connection).ask(f"show databases like '{database}'")}
        return read_applied(connection, database) if database in names else Applied({}, None)


def _plan(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    applied = _applied(target, values.database(options.vars))
    pending = applied.pending(scripts)
    problems = applied.problems(scripts)
    if options.json:
        print(
            json.dumps(
                {
                    "pending": [{"script": each.name, "statements": each.statements()} for each in pending],
                    "problems": problems,
                },
                indent=2,
            )
        )
        return 1 if problems else 0
    for script in pending:
        print(f"{script.name}{'' if script.version else '  (its text has changed, or it is new)'}")
        for statement in script.statements():
            print("\n".join(f"    {line}" for line in f"{statement};".splitlines()))
        print()
    for problem in problems:
        print(problem)
    statements = sum(len(script.statements()) for script in pending)
    print(f"{len(pending)} migrations with {statements} statements to apply." if pending else "Nothing to apply.")
    return 1 if problems else 0


def _apply(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    before = _applied(target, values.database(options.vars)).pending(scripts)
    chosen = None
    if options.until:
        chosen = [each.name for each in scripts if _is_chosen(each, options.until, options.also)]
        before = [each for each in before if each.name in chosen]
    _say(f"{len(before)} migrations to apply")
    with _only(options.root, chosen) as root, _output_to_stderr():
        code = migrate(target, root, options.vars)
    names = [script.name for script in before]
    if code:
        left = _applied(target, values.database(options.vars)).pending(scripts)
        _say(f"Not applied: {', '.join(script.name for script in left)}.")
        return code
    if options.json:
        print(json.dumps({"applied": names}, indent=2))
    else:
        print(f"Applied: {', '.join(names)}." if names else "Nothing to apply.")
    return 0


def _is_chosen(script: Script, until: str, also: str | None) -> bool:
    return key_of(script.version) <= key_of(until) if script.version else script.name == also


@contextlib.contextmanager
def _only(root: Path, names: list[str] | None) -> Iterator[Path]:
    """The folder, or a copy of it with these migrations: schemachange knows no limit."""
    if names is None:
        yield root
        return
    with tempfile.TemporaryDirectory(prefix="millrace-migrations-") as folder:
        copy = Path(folder) / "snowflake" / "migrations"
        copy.mkdir(parents=True)
        for name in names:
            shutil.copy(root / name, copy / name)
        yield copy


@contextlib.contextmanager
def _output_to_stderr() -> Iterator[None]:
    """schemachange writes its log to the standard output, which is for the result."""
    output = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(output, 1)
        os.close(output)


def _check(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    database = values.database(options.vars)
    applied = _applied(target, database)
    found = [{"kind": "migration", "name": "", "difference": problem} for problem in applied.problems(scripts)]
    found += [
        {"kind": "migration", "name": each.name, "difference": f"The migration {each.name} is not applied."}
        for each in applied.pending(scripts)
    ]
    if applied.newest:
        code = declared(scripts, _derived(options.root), options.vars)
        with target.connect(database=database) as connection:
            there = read_state(Questions(connection), database, {grant.to for grant in code.grants}, _say)
        found += [difference.json() for difference in differences(code, there, target.account)]
    if options.json:
        print(json.dumps({"differences": found}, indent=2))
    else:
        for difference in found:
            print(difference["difference"])
        print(f"{len(found)} differences." if found else "The warehouse is as the code says.")
    return 1 if found else 0


def _pipe_change(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    database = values.database(options.vars)
    code = declared(scripts, _derived(options.root), options.vars)
    with target.connect(database=database) as connection:
        change = PipeChange(
            Questions(connection), code, f"{database}.RAW.{options.pipe.upper()}", _say, time.monotonic, time.sleep
        )
        if not options.yes:
            steps = change.steps()
            print(json.dumps([step.json() for step in steps], indent=2) if options.json else change.text(steps))
            return 0
        result: dict[str, Any] = change.run(options.patience)
    print(json.dumps(result, indent=2) if options.json else result["sentence"])
    return 0


def _trust(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    database = values.database(options.vars)
    topic = options.vars["topic_arn"]
    with target.connect() as connection:
        questions = Questions(connection)
        files = _described(questions, f"{database}_FILES")
        errors = _described(questions, f"{database}_LOAD_ERRORS")
        [policy] = questions.ask(f"select system$get_aws_sns_iam_policy('{topic}') as policy")
    subscriber = json.loads(policy["policy"])["Statement"][0]["Principal"]["AWS"]
    said = {
        "files": files
        and {
            "iam_user_arn": files["STORAGE_AWS_IAM_USER_ARN"],
            "external_id": files["STORAGE_AWS_EXTERNAL_ID"],
            "role_arn": files["STORAGE_AWS_ROLE_ARN"],
        },
        "load_errors": errors
        and {
            "iam_user_arn": errors["SF_AWS_IAM_USER_ARN"],
            "external_id": errors["SF_AWS_EXTERNAL_ID"],
            "role_arn": errors["AWS_SNS_ROLE_ARN"],
            "topic_arn": errors["AWS_SNS_TOPIC_ARN"],
        },
        "subscriber_arn": subscriber,
    }
    print(json.dumps(said))
    return 0


def _described(questions: Questions, integration: str) -> dict[str, str] | None:
    """Its properties; None when there is no such integration."""
    if not any(row["name"] == integration for row in questions.ask(f"show integrations like '{integration}'")):
        return None
    return {row["property"]: row["property_value"] for row in questions.ask(f"desc integration {integration}")}


def _verify(options: argparse.Namespace, target: Target, scripts: list[Script]) -> int:
    database = values.database(options.vars)
    code = declared(scripts, _derived(options.root), options.vars)
    with target.connect(database=database) as connection:
        verification = Verification(
            Questions(connection), code, database, options.vars["topic_arn"], read_golden(options.golden)
        )
        if options.step != "compare":
            {"prepare": verification.prepare, "clean": verification.clean}[options.step]()
            return 0
        found = verification.compare(options.patience, _say, time.monotonic, time.sleep)
    if options.json:
        print(json.dumps({"differences": found}, indent=2))
    else:
        print("\n".join(found) or "Every value was loaded as it was written.")
    return 1 if found else 0


def _derived(root: Path) -> Path:
    return root.parent / "derived"


COMMANDS = {
    "plan": _plan,
    "apply": _apply,
    "check": _check,
    "pipe-change": _pipe_change,
    "trust": _trust,
    "verify": _verify,
}
