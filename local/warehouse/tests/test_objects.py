"""plan, apply and check as commands, against a warehouse that answers on a port."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LOCAL, MIGRATIONS, VARIABLES, Client, serve_process
from test_migration_rules import ALL_CHOICES, rendered
from warehouse.launcher.account import SNOWFLAKES_USER
from warehouse.objects.effects import Granted, Made, effects
from warehouse.objects.sql import full_name, split, squeezed
from warehouse.objects.target import TargetError, in_account
from warehouse.objects.variables import problems


def command(
    name: str, client: Client, *options: str, root: Path = MIGRATIONS, **variables: str
) -> subprocess.CompletedProcess[str]:
    place = ["--port", str(client.port), "--vars", json.dumps(VARIABLES | variables), "--root", str(root)]
    return subprocess.run(
        [sys.executable, "-m", "warehouse", name, *place, *options],
        cwd=LOCAL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def client(migrated_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("objects") / "db"
    shutil.copytree(migrated_folder, folder)
    with serve_process(folder) as server:
        yield server.client


def found(client: Client, **variables: str) -> list[str]:
    result = command("check", client, "--json", **variables)
    assert result.returncode in (0, 1), result.stderr
    differences = [each["difference"] for each in json.loads(result.stdout)["differences"]]
    assert result.returncode == bool(differences)
    return differences


def test_a_migrated_warehouse_is_as_the_code_says_and_nothing_is_to_be_applied(client: Client) -> None:
    check = command("check", client)
    assert (check.returncode, check.stdout) == (0, "The warehouse is as the code says.\n"), check.stdout + check.stderr
    assert "reading grants" in check.stderr
    plan = command("plan", client)
    assert (plan.returncode, plan.stdout) == (0, "Nothing to apply.\n")


CHANGES = {
    "drop alert millrace_dev.audit.idle_pipe": "The alert MILLRACE_DEV.AUDIT.IDLE_PIPE is missing.",
    "alter alert millrace_dev.audit.stale_marts suspend": (
        "The alert MILLRACE_DEV.AUDIT.STALE_MARTS has state SUSPENDED; the code says STARTED."
    ),
    "alter alert millrace_dev.audit.load_failed modify condition exists (select 1 where false)": (
        "The alert MILLRACE_DEV.AUDIT.LOAD_FAILED has another condition than the code."
    ),
    "alter warehouse millrace_dev_report set auto_suspend = 6000": (
        "The warehouse MILLRACE_DEV_REPORT has auto_suspend 6000; the code says 60."
    ),
    "alter resource monitor millrace_dev_credits set credit_quota = 9999": (
        "The resource monitor MILLRACE_DEV_CREDITS has credit_quota 9999; the code says 50."
    ),
    "drop role millrace_dev_operator": "The role MILLRACE_DEV_OPERATOR is missing.",
    "alter storage integration millrace_dev_files set enabled = false": (
        "The storage integration MILLRACE_DEV_FILES has enabled FALSE; the code says TRUE."
    ),
    "alter pipe millrace_dev.raw.failed_events_pipe set pipe_execution_paused = true": (
        "The pipe MILLRACE_DEV.RAW.FAILED_EVENTS_PIPE has state PAUSED; the code says RUNNING."
    ),
    "drop pipe millrace_dev.raw.orders_v1__order_created_pipe": (
        "The pipe MILLRACE_DEV.RAW.ORDERS_V1__ORDER_CREATED_PIPE is missing."
    ),
    "alter table millrace_dev.raw.failed_events drop column reason": (
        "The table MILLRACE_DEV.RAW.FAILED_EVENTS lacks the column REASON (varchar)."
    ),
    "alter table millrace_dev.raw.failed_events add column surprise varchar": (
        "The table MILLRACE_DEV.RAW.FAILED_EVENTS has a column SURPRISE that no migration made."
    ),
    "drop view millrace_dev.audit.findings": "The view MILLRACE_DEV.AUDIT.FINDINGS is missing.",
    "alter pipe millrace_dev.raw.orders_v1__order_status_changed_pipe unset error_integration": (
        "The pipe MILLRACE_DEV.RAW.ORDERS_V1__ORDER_STATUS_CHANGED_PIPE has error_integration (none); the code says"
        " MILLRACE_DEV_LOAD_ERRORS."
    ),
    "alter notification integration millrace_dev_load_errors set enabled = false": (
        "The notification integration MILLRACE_DEV_LOAD_ERRORS has enabled FALSE; the code says TRUE."
    ),
    "alter task millrace_dev.audit.list_events suspend": (
        "The task MILLRACE_DEV.AUDIT.LIST_EVENTS has state SUSPENDED; the code says STARTED."
    ),
    "drop tag millrace_dev.raw.pii": "The tag MILLRACE_DEV.RAW.PII is missing.",
    "alter masking policy millrace_dev.raw.mask_varchar set body -> value": (
        "The masking policy MILLRACE_DEV.RAW.MASK_VARCHAR has another body than the code."
    ),
    "drop masking policy millrace_dev.raw.mask_date": "The masking policy MILLRACE_DEV.RAW.MASK_DATE is missing.",
}


def test_check_names_each_thing_that_is_not_as_the_code_says(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as server:
        with server.client.connect(database="MILLRACE_DEV") as connection:
            for statement in CHANGES:
                connection.cursor().execute(statement)
        sentences = found(server.client)
    # What was granted to a role that is gone is gone too.
    others = [sentence for sentence in sentences if "MILLRACE_DEV_OPERATOR lacks" not in sentence]
    assert sorted(others) == sorted(CHANGES.values())
    assert "The role MILLRACE_DEV_OPERATOR lacks usage on warehouse MILLRACE_DEV_OPERATE." in sentences


def test_another_format_is_found_as_a_change_of_every_pipe_that_follows_it(client: Client) -> None:
    sentences = found(client, event_format="ndjson")
    pipes = [sentence for sentence in sentences if sentence.startswith("The pipe ")]
    types = len(list((MIGRATIONS.parent / "derived").glob("*.sql")))
    assert len(pipes) == types
    assert all("./millrace snowflake pipe-change" in sentence for sentence in pipes)
    # The migrations that made them ran once, with the other format.
    assert any("V1.1.1__orders_v1__order_created.sql is not what was applied" in sentence for sentence in sentences)


def test_a_choice_that_is_made_later_is_planned_applied_and_then_there(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as server:
        plan = command("plan", server.client, "--json", **ALL_CHOICES)
        pending = {each["script"]: each["statements"] for each in json.loads(plan.stdout)["pending"]}
        assert pending.keys() == {"R__account_choices.sql", "R__alerts.sql"}
        assert any(
            statement.startswith("create user if not exists MILLRACE_DEV_LOADER")
            for statement in pending["R__account_choices.sql"]
        )
        applied = command("apply", server.client, "--json", **ALL_CHOICES)
        assert applied.returncode == 0, applied.stderr
        assert set(json.loads(applied.stdout)["applied"]) == pending.keys()
        assert found(server.client, **ALL_CHOICES) == []
        with server.client.connect(database="MILLRACE_DEV") as connection:
            for statement in (
                "alter network policy millrace_dev_services set allowed_ip_list = ('0.0.0.0/0')",
                "alter user millrace_dev_loader set default_role = accountadmin",
            ):
                connection.cursor().execute(statement)
            assert found(server.client, **ALL_CHOICES) == [
                "The user MILLRACE_DEV_LOADER has default_role ACCOUNTADMIN; the code says MILLRACE_DEV_LOADER.",
                "The network policy MILLRACE_DEV_SERVICES has allowed_ip_list 0.0.0.0/0; the code says"
                " ('198.51.100.0/24', '203.0.113.7').",
            ]
            connection.cursor().execute("alter user millrace_dev_loader set default_role = millrace_dev_loader")
            connection.cursor().execute(
                "alter network policy millrace_dev_services set allowed_ip_list = ('198.51.100.0/24', '203.0.113.7')"
            )
        # Somebody raises the limit of spending by hand, and somebody else takes the whole budget away.
        with server.client.connect(database="MILLRACE_DEV") as connection:
            connection.cursor().execute("call millrace_dev.audit.budget!set_spending_limit(5000)")
            [raised] = found(server.client, **ALL_CHOICES)
            connection.cursor().execute("drop snowflake.core.budget millrace_dev.audit.budget")
            [dropped] = found(server.client, **ALL_CHOICES)
        assert raised == "The budget MILLRACE_DEV.AUDIT.BUDGET has spending_limit 5000; the code says 100."
        assert dropped == "The budget MILLRACE_DEV.AUDIT.BUDGET is missing."
        with server.client.connect(database="MILLRACE_DEV") as connection:
            connection.cursor().execute("create snowflake.core.budget millrace_dev.audit.budget()")
            connection.cursor().execute("call millrace_dev.audit.budget!set_spending_limit(100)")
        # A key is exchanged by giving another one.
        exchanged = ALL_CHOICES | {"loader_public_key": "MIIX" * 100, "allowed_addresses": "203.0.113.9"}
        assert command("apply", server.client, **exchanged).stdout == "Applied: R__account_choices.sql.\n"
        assert found(server.client, **exchanged) == []


def test_the_integrations_are_made_before_anything_that_needs_them_and_say_whom_to_trust(tmp_path: Path) -> None:
    with serve_process(tmp_path / "db") as server:
        before = json.loads(command("trust", server.client).stdout)
        assert before == {"files": None, "load_errors": None, "subscriber_arn": SNOWFLAKES_USER}
        first = ["--until", "1.0.3", "--also", "R__error_integration.sql"]
        applied = command("apply", server.client, "--json", *first)
        names = json.loads(applied.stdout)["applied"]
        assert names[-2:] == ["V1.0.3__storage_integration_and_stages.sql", "R__error_integration.sql"]
        assert len(names) == 5
        assert server.client.rows("show pipes in account") == []
        assert json.loads(command("trust", server.client).stdout) == {
            "files": {
                "iam_user_arn": SNOWFLAKES_USER,
                "external_id": VARIABLES["external_id"],
                "role_arn": VARIABLES["storage_role_arn"],
            },
            "load_errors": {
                "iam_user_arn": SNOWFLAKES_USER,
                "external_id": "standin_MILLRACE_DEV_LOAD_ERRORS",
                "role_arn": VARIABLES["error_role_arn"],
                "topic_arn": VARIABLES["error_topic_arn"],
            },
            "subscriber_arn": SNOWFLAKES_USER,
        }
        assert json.loads(command("apply", server.client, "--json", *first).stdout) == {"applied": []}


def test_plan_shows_the_statements_of_a_migration_that_is_not_applied_and_apply_applies_it(
    migrated_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    root = tmp_path / "snowflake" / "migrations"
    shutil.copytree(MIGRATIONS.parent, root.parent)
    (root / "V9.0.0__new.sql").write_text(
        "alter table MILLRACE_{{ environment | upper }}.RAW.FAILED_EVENTS add column if not exists more varchar;\n"
    )
    with serve_process(tmp_path / "db") as server:
        plan = command("plan", server.client, root=root)
        assert plan.stdout == (
            "V9.0.0__new.sql\n"
            "    alter table MILLRACE_DEV.RAW.FAILED_EVENTS add column if not exists more varchar;\n"
            "\n"
            "1 migrations with 1 statements to apply.\n"
        )
        check = command("check", server.client, root=root)
        assert "The migration V9.0.0__new.sql is not applied." in check.stdout
        assert command("apply", server.client, root=root).stdout == "Applied: V9.0.0__new.sql.\n"
        assert command("check", server.client, root=root).returncode == 0
        (root / "V8.0.0__too_late.sql").write_text("select 1;\n")
        late = command("plan", server.client, root=root)
        assert late.returncode == 1
        assert "V8.0.0__too_late.sql will never be applied" in late.stdout
        assert command("apply", server.client, root=root).returncode == 1


def test_a_warehouse_that_does_not_answer_and_values_that_cannot_be_used_are_sentences() -> None:
    assert problems(VARIABLES) == []
    assert problems(VARIABLES | ALL_CHOICES) == []
    wrong = VARIABLES | {
        "alert_emial": "a@b",
        "credit_quota": "0; drop database x",
        "loader_public_key": "-----BEGIN",
        "event_format": "csv",
    }
    wrong.pop("bucket")
    wrong.pop("error_role_arn")
    assert problems(wrong) == [
        "the variable bucket is missing",
        "the variable error_role_arn is missing",
        "the variable alert_emial is unknown; is alert_email meant?",
        "the variable credit_quota has a quote, a semicolon or a line break in it",
        "loader_public_key must be the base64 of a public key on one line, without its BEGIN and END lines",
        "event_format is 'csv'; it must be one of parquet, ndjson",
    ]
    with pytest.raises(TargetError, match="SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_PRIVATE_KEY_PATH"):
        in_account({})


def test_an_account_is_reached_with_a_key_pair_and_never_with_a_password() -> None:
    target = in_account(
        {
            "SNOWFLAKE_ACCOUNT": "org-name",
            "SNOWFLAKE_USER": "deployer",
            "SNOWFLAKE_PRIVATE_KEY_PATH": "/keys/p8",
            "SNOWFLAKE_PASSWORD": "no",
            "SNOWFLAKE_ROLE": "R",
        }
    )
    assert target.account
    assert target.arguments["authenticator"] == "SNOWFLAKE_JWT"
    assert target.arguments["private_key_file"] == "/keys/p8"
    assert target.arguments["role"] == "R"
    assert "password" not in target.arguments


ALERTS = ("LOAD_FAILED", "MISSING_FILE", "STALE_MARTS")


def test_what_alerts_ask_is_right_where_only_an_account_has_what_they_ask(client: Client) -> None:
    """Their conditions run on tables that look like what an account has and this warehouse does not."""
    with client.connect(database="MILLRACE_DEV", schema="AUDIT") as connection:
        cursor = connection.cursor()
        for statement in (
            "create or replace table copied (file_name varchar, pipe_name varchar, status varchar, first_error_message varchar)",
            "insert into copied values ('events/good', 'P', 'Loaded', null), ('events/bad', 'P', 'Load failed', 'no parquet')",
            "create or replace table listed (relative_path varchar, last_modified timestamp_tz)",
            "insert into listed select 'f.r2.parquet', dateadd(hour, -5, current_timestamp())",
            "insert into listed select 'early.r2.parquet', dateadd(minute, -5, current_timestamp())",
            "insert into listed select 'old.r2.parquet', dateadd(day, -9, current_timestamp())",
            "create or replace table of_marts (table_schema varchar, last_altered timestamp_tz)",
        ):
            cursor.execute(statement)

        def subjects(alert: str) -> list[str]:
            text = rendered()["R__alerts.sql"]
            [made] = [
                s for s in split(text) if s.startswith(f"create alert if not exists MILLRACE_DEV.AUDIT.{alert}\n")
            ]
            [effect] = effects(made)
            condition = re.sub(
                r"table\(MILLRACE_DEV\.information_schema\.copy_history\([^()]*\([^()]*\([^()]*\)[^()]*\)\s*\)\)",
                "copied",
                effect.options["CONDITION"],
            )
            condition = re.sub(r"directory\(@\S+\)", "listed", condition).replace(
                "MILLRACE_DEV.information_schema.tables", "of_marts"
            )
            return sorted({row[1] for row in cursor.execute(condition).fetchall()})

        assert subjects("LOAD_FAILED") == ["events/bad"]
        assert subjects("MISSING_FILE") == ["events/f.r2.parquet", "failed/f.r2.parquet"]
        assert subjects("STALE_MARTS") == []
        cursor.execute(
            "insert into raw.failed_events (class, _file, _file_row, _loaded_at)"
            " select 'RULE', 'failed/f.r2.parquet', 1, dateadd(hour, -4, sysdate())"
        )
        assert subjects("STALE_MARTS") == ["MARTS"]
        assert subjects("MISSING_FILE") == ["events/f.r2.parquet"]
        assert subjects("MISSING_ROWS") == ["failed/f.r2.parquet"]
        cursor.execute("insert into of_marts select 'MARTS', dateadd(hour, -1, current_timestamp())")
        assert subjects("STALE_MARTS") == []
        idle = subjects("IDLE_PIPE")
        assert "ORDERS_V1__ORDER_CREATED_PIPE" in idle
        assert "FAILED_EVENTS_PIPE" not in idle
        # What was told today is not told again.
        cursor.execute("insert into alerts select 'IDLE_PIPE', 'ORDERS_V1__ORDER_CREATED_PIPE', 'told', sysdate()")
        assert "ORDERS_V1__ORDER_CREATED_PIPE" not in subjects("IDLE_PIPE")
        cursor.execute(
            "insert into raw.orders_v1__order_created (_event_id, _id_origin, _source, _type, _batch_id, _batch_row, _file, _loaded_at)"
            " select 'e', 'o', 'orders', 't', 'b', 0, 'events/x.r1.parquet', sysdate()"
        )
        cursor.execute("delete from alerts")
        assert "ORDERS_V1__ORDER_CREATED_PIPE" not in subjects("IDLE_PIPE")
        for table in ("copied", "listed", "of_marts"):
            cursor.execute(f"drop table {table}")


def test_statements_are_read_as_they_are_written() -> None:
    assert split("a; -- b;\n 'c;''d'; $$ e; f $$;") == ["a", "'c;''d'", "$$ e; f $$"]
    assert squeezed("Select  'A  b' ,\n c") == "SELECT 'A  b',C"
    assert full_name('raw."Odd.Name"', "D", None, 3) == "D.RAW.Odd.Name"
    assert effects("grant select, insert on future tables in schema d.raw to role r") == [
        Granted("SELECT", "FUTURE TABLES", "D.RAW", "ROLE R"),
        Granted("INSERT", "FUTURE TABLES", "D.RAW", "ROLE R"),
    ]
    assert effects(
        "create table t (a number(10, 0) not null comment 'x, (y)', b variant with tag (p = 'DROP, HASH'))", "D", "S"
    ) == [Made("TABLE", "D.S.T", {"COLUMN A": "number(10, 0) not null", "COLUMN B": "variant"})]
    assert effects("select 1") == []
