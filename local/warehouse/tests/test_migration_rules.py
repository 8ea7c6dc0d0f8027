"""Rules that the migrations keep, read from their rendered text: Snowflake would accept what they forbid, and lose data."""

from __future__ import annotations

import re
from itertools import combinations

import jinja2
import pytest
from conftest import MIGRATIONS, VARIABLES
from warehouse.objects.effects import effects
from warehouse.objects.sql import split, without_comments
from warehouse.pipes.copy_statement import ObjectName, parse_copy
from warehouse.pipes.file_format import OPTIONS

METADATA_COLUMNS = {
    "_event_id varchar not null",
    "_id_origin varchar not null",
    "_source varchar not null",
    "_type varchar not null",
    "_occurred_at timestamp_ntz(6)",
    "_published_at timestamp_ntz(6)",
    "_received_at timestamp_ntz(6)",
    "_schema_version varchar",
    "_payload_hash varchar",
    "_batch_id varchar not null",
    "_batch_row number(10, 0) not null",
    "_unknown_fields varchar",
    "_traceparent varchar",
}
LOAD_COLUMNS = {"_file varchar not null", "_file_row number(19, 0)", "_loaded_at timestamp_ntz(6)"}
COLUMN_TYPES = re.compile(
    r"(varchar|number\((10|19|20), 0\)|float|boolean|binary|timestamp_ntz\(6\)|variant)( not null)?", re.IGNORECASE
)
CREATE = re.compile(
    r"create\s+(or\s+replace\s+)?(pipe|stage|storage integration|file format|masking policy|table)\s+if not exists\s+([\w.]+)"
)


ALL_CHOICES = {
    "budget_credits": "100",
    "loader_public_key": "MIIB" * 100,
    "transformer_public_key": "MIIB" * 100,
    "transformer_public_key_2": "MIIC" * 100,
    "reporter_public_key": "MIIB" * 100,
    "allowed_addresses": "198.51.100.0/24, 203.0.113.7",
    "alert_email": "data@example.org",
    "quiet_pipes": "cards_v1__card_catalog_deleted_pipe",
}


def rendered(event_format: str = "parquet", **choices: str) -> dict[str, str]:
    """Text of every migration by file name, without comments."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(MIGRATIONS))
    return {
        path.name: without_comments(
            environment.get_template(path.name).render(VARIABLES | choices | {"event_format": event_format})
        )
        for path in sorted(MIGRATIONS.glob("*.sql"))
    }


def statements(kind: str, event_format: str = "parquet") -> dict[str, str]:
    """Statement by name of every object of this kind."""
    found = {}
    for text in rendered(event_format).values():
        for statement in split(text):
            match = CREATE.match(statement)
            if match and match[2] == kind:
                found[match[3]] = statement
    return found


def columns(name: str) -> list[str]:
    """Name, type and not null of a table's columns, those added later too; policies, tags and comments left out."""
    body = re.search(r"\((.*)\n\)", statements("table")[name], re.DOTALL)
    assert body, name
    lines = body[1].strip().splitlines()
    for text in rendered().values():
        lines += re.findall(rf"alter table {name} add column if not exists ([^;]+)", text)
    own = [re.split(r" (?:with (?:masking|tag)|comment ')", line)[0] for line in lines]
    return [" ".join(line.strip().rstrip(",").split()) for line in own]


def test_the_rules_see_every_object() -> None:
    types = len(list((MIGRATIONS.parent / "derived").glob("*.sql")))
    assert types >= 3
    assert len(statements("pipe")) == types + 1
    assert len(statements("stage")) == 2
    assert len(statements("storage integration")) == 1
    assert len(statements("file format")) == 3
    assert len(statements("table")) == types + 4
    assert len(statements("masking policy")) == 13


def test_nothing_is_replaced_or_dropped() -> None:
    for name, text in rendered(**ALL_CHOICES).items():
        for statement in split(text):
            code = re.sub(r"'(?:[^']|'')*'", "''", statement)
            assert not re.search(r"\b(drop|truncate|delete)\b", code, re.IGNORECASE), name
            # A view holds nothing, and future grants are given again with it. What is versioned is never made twice.
            if name.startswith("V") or not code.startswith("create or replace view "):
                assert not re.search(r"\bor\s+(replace|alter)\b", code, re.IGNORECASE), (name, statement)


def test_every_object_is_created_only_if_it_is_not_there_and_changed_only_if_it_is() -> None:
    for name, text in rendered(**ALL_CHOICES).items():
        for statement in split(text):
            if statement.startswith("create") and not statement.startswith("create or replace view "):
                assert re.match(r"create\s+([\w.]+\s+){1,2}if not exists ", statement), (name, statement)
            if name.startswith("R") and re.match(r"alter (pipe|alert|user|warehouse|task|resource|network)", statement):
                assert " if exists " in statement, (name, statement)


def test_a_repeatable_migration_has_something_to_do_whatever_is_chosen() -> None:
    # schemachange refuses a script without a statement.
    for choices in ({}, ALL_CHOICES, *({name: value} for name, value in ALL_CHOICES.items())):
        for name, text in rendered(**choices).items():
            assert split(text), (name, choices)


def test_every_pipe_is_in_the_list_that_repeatable_migrations_go_through() -> None:
    listed = re.findall(r"\('(\w+)', '(\w+)', '(\w*)'\)", (MIGRATIONS / "lists" / "pipes.sql").read_text())
    assert {f"MILLRACE_DEV.RAW.{pipe}" for pipe, _, _ in listed} == statements("pipe").keys()


def test_without_choices_there_are_no_users_and_no_policies_and_nobody_gets_mail() -> None:
    text = "".join(rendered().values())
    for made in ("create user", "create network policy", "type = EMAIL", "create snowflake.core"):
        assert made not in text
        assert made in "".join(rendered(**ALL_CHOICES).values())


def test_every_pipe_tells_of_files_it_cannot_load_and_by_an_integration_that_comes_before() -> None:
    texts = rendered()
    name = "MILLRACE_DEV_LOAD_ERRORS"
    told = re.findall(rf"alter pipe if exists (\S+) set error_integration = {name}", texts["R__load_errors.sql"])
    assert sorted(told) == sorted(statements("pipe"))
    [made] = split(texts["R__error_integration.sql"])
    assert made.startswith(f"create notification integration if not exists {name}")
    assert f"aws_sns_topic_arn = '{VARIABLES['error_topic_arn']}'" in made
    assert f"aws_sns_role_arn = '{VARIABLES['error_role_arn']}'" in made
    # Repeatable migrations are applied in the order of their names.
    assert sorted(texts).index("R__error_integration.sql") < sorted(texts).index("R__load_errors.sql")


def test_a_service_logs_in_with_a_key_and_nothing_else() -> None:
    text = rendered(**ALL_CHOICES)["R__account_choices.sql"]
    users = [statement for statement in split(text) if statement.startswith("create user")]
    assert len(users) == 3
    for statement in users:
        assert "type = SERVICE" in statement
        assert "rsa_public_key = '" in statement
        assert "password" not in statement
    for name in ("LOADER", "TRANSFORMER", "REPORTER"):
        assert f"alter user if exists MILLRACE_DEV_{name} set network_policy = MILLRACE_DEV_SERVICES" in text


def test_every_warehouse_suspends_itself_within_a_minute_and_has_a_limit() -> None:
    texts = rendered()
    made = [s for text in texts.values() for s in split(text) if s.startswith("create warehouse")]
    assert len(made) == 3
    for statement in made:
        assert re.findall(r"auto_suspend = (\d+)", statement) == ["60"]
        name = re.search(r"MILLRACE_DEV_\w+", statement)[0]
        assert f"alter warehouse if exists {name} set resource_monitor" in texts["R__account_choices.sql"]


@pytest.mark.parametrize("event_format", ["parquet", "ndjson"])
def test_pipe_prefixes_end_with_a_slash_and_do_not_overlap(event_format: str) -> None:
    prefixes = []
    for name, statement in statements("pipe", event_format).items():
        copy = parse_copy(ObjectName(*name.split(".")), statement.split(" as ", 1)[1].strip())
        stage = next(s for n, s in statements("stage").items() if n == str(copy.stage))
        prefix = re.search(r"url = '([^']+)'", stage)[1] + copy.path
        assert prefix.endswith("/"), name
        prefixes.append(prefix)
    for one, other in combinations(prefixes, 2):
        assert not one.startswith(other) and not other.startswith(one), (one, other)


@pytest.mark.parametrize(("event_format", "expected"), [("parquet", "PARQUET"), ("ndjson", "NDJSON_ZSTD")])
def test_the_event_format_decides_prefix_and_file_format(event_format: str, expected: str) -> None:
    for name, statement in statements("pipe", event_format).items():
        copy = parse_copy(ObjectName(*name.split(".")), statement.split(" as ", 1)[1].strip())
        if copy.table.name == "FAILED_EVENTS":
            assert copy.file_format.name == "NDJSON_GZIP"
        else:
            assert copy.file_format.name == expected
            assert copy.path.startswith(f"format={event_format}/")


def pipe_name(table: str, path: str) -> str:
    """Schema-less JSON has one table and a pipe for each source."""
    source = re.search(r"/source=([^/]+)/type=json\.", path)
    return f"{table}_PIPE" if source is None else f"{table}__{source[1].upper()}_PIPE"


def test_every_pipe_is_named_like_its_table_and_listens_to_the_topic() -> None:
    for name, statement in statements("pipe").items():
        copy = parse_copy(ObjectName(*name.split(".")), statement.split(" as ", 1)[1].strip())
        assert name == pipe_name(str(copy.table), copy.path)
        assert "auto_ingest = TRUE" in statement
        assert f"aws_sns_topic = '{VARIABLES['topic_arn']}'" in statement


def test_every_file_format_sets_every_option_it_has() -> None:
    for name, statement in statements("file format").items():
        kind = re.search(r"type = (\w+)", statement)[1]
        said = {option.upper() for option in re.findall(r"^\s*(\w+) = ", statement, re.MULTILINE)}
        assert said == set(OPTIONS[kind]) | {"TYPE", "COMMENT"}, name


def test_every_raw_table_has_the_metadata_columns_and_known_types() -> None:
    for name in statements("table"):
        own = columns(name)
        assert all(COLUMN_TYPES.fullmatch(column.split(" ", 1)[1]) for column in own), name
        if name.endswith("EVENTS_BACKFILL") or ".AUDIT." in name:
            continue
        assert set(own) >= LOAD_COLUMNS, name
        if not name.endswith("FAILED_EVENTS"):
            assert set(own) >= METADATA_COLUMNS, name
            # The keys of an event are never null; a file without them is refused whole.
            assert [c for c in own if not c.startswith("_") and c.endswith("not null")] == [], name


def test_only_rows_can_be_read_through_the_storage_integration() -> None:
    [integration] = statements("storage integration").values()
    allowed = re.search(r"storage_allowed_locations = \(([^)]*)\)", integration)[1]
    bucket = VARIABLES["bucket"]
    assert re.findall(r"'([^']+)'", allowed) == [f"s3://{bucket}/events/", f"s3://{bucket}/failed/"]
    for stage in statements("stage").values():
        assert re.search(r"url = '([^']+)'", stage)[1] in allowed


def test_a_types_table_and_pipe_are_one_migration() -> None:
    for name, text in rendered().items():
        made = {match[2]: match[3] for match in CREATE.finditer(text)}
        if "pipe" in made:
            assert re.fullmatch(f"{made['table']}(__[A-Z0-9_]+)?_PIPE", made["pipe"]), name


def test_every_statement_is_read_or_is_known_to_leave_no_trace() -> None:
    # What cannot be read would be compared with nothing by `check`.
    traceless = re.compile(
        r"(alter account set timezone|alter tag \S+ set\s+masking policy|comment on table|call \S+!|grant [\w, ]+ on all tables in"
        r"|alter table \S+ modify column \S+ (comment|set tag|set masking policy)|create or replace view)",
    )
    for choices in ({}, ALL_CHOICES):
        for name, text in rendered(**choices).items():
            for statement in split(text):
                assert effects(statement) or traceless.match(statement), (name, statement)
