"""What a warehouse has against what the code says: a sentence for each difference, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.objects.effects import Granted
from warehouse.objects.sql import squeezed
from warehouse.objects.state import State

COMPARED = {
    "WAREHOUSE": ("AUTO_SUSPEND", "RESOURCE_MONITOR"),
    "ROLE": (),
    "USER": ("TYPE", "DEFAULT_ROLE"),
    "RESOURCE MONITOR": ("CREDIT_QUOTA",),
    "STORAGE INTEGRATION": (
        "ENABLED",
        "STORAGE_AWS_ROLE_ARN",
        "STORAGE_AWS_EXTERNAL_ID",
        "STORAGE_ALLOWED_LOCATIONS",
    ),
    "NOTIFICATION INTEGRATION": ("ENABLED", "AWS_SNS_TOPIC_ARN", "AWS_SNS_ROLE_ARN"),
    "NETWORK POLICY": ("ALLOWED_IP_LIST",),
    "MASKING POLICY": ("BODY",),
    "SNOWFLAKE.CORE.BUDGET": ("SPENDING_LIMIT",),
    "TAG": (),
    "ALERT": ("SCHEDULE", "STATE", "CONDITION", "ACTION"),
    "TASK": ("SCHEDULE", "STATE"),
    "PIPE": ("DEFINITION", "AWS_SNS_TOPIC", "ERROR_INTEGRATION", "STATE"),
    "STAGE": ("URL", "STORAGE_INTEGRATION"),
    "FILE FORMAT": None,
    "SCHEMA": (),
    "VIEW": (),
    "TABLE": None,
}
"""Options by kind; None: all that the code says. Kinds that are not here cannot be asked for."""

BY_PIPE_CHANGE = {"DEFINITION", "AWS_SNS_TOPIC"}
ONLY_IN_AN_ACCOUNT = {"STORAGE_INTEGRATION"}
"""Nothing else shows them."""
STATEMENTS = {"CONDITION", "ACTION", "DEFINITION", "BODY"}


@dataclass(frozen=True)
class Difference:
    kind: str
    name: str
    sentence: str

    def json(self) -> dict[str, str]:
        return {"kind": self.kind.lower(), "name": self.name, "difference": self.sentence}


def differences(code: State, warehouse: State, account: bool) -> list[Difference]:
    """In the order of kinds and names. What the warehouse has besides is nobody's business here: dbt makes tables too."""
    found = []
    for kind, options in COMPARED.items():
        for name, said in code.of(kind).items():
            if name.endswith(".INFORMATION_SCHEMA"):
                continue
            there = warehouse.objects.get((kind, name))
            if there is None:
                found.append(Difference(kind, name, f"The {_word(kind)} {name} is missing."))
                continue
            wanted = said | ({"STATE": "RUNNING"} if kind == "PIPE" else {})
            found += [
                Difference(kind, name, _sentence(kind, name, option, wanted.get(option), there.get(option)))
                for option in (wanted if options is None else options)
                if option != "COMMENT"
                and (account or option not in ONLY_IN_AN_ACCOUNT)
                and not _same(option, wanted.get(option), there.get(option))
            ]
            if kind == "TABLE":
                found += [
                    Difference(kind, name, f"The table {name} has a column {option[7:]} that no migration made.")
                    for option in sorted(there.keys() - said.keys())
                ]
    return found + [
        Difference("GRANT", grant.to, _missing(grant)) for grant in sorted(code.grants - warehouse.grants, key=str)
    ]


def _same(option: str, wanted: str | None, there: str | None) -> bool:
    if wanted is None or there is None:
        return wanted is there
    if option in STATEMENTS:
        return squeezed(wanted) == squeezed(there)
    return _plain(wanted) == _plain(there)


def _plain(value: str) -> str:
    """Lists and truths as either side writes them."""
    if value.startswith("(") or "," in value:
        return ",".join(sorted(part.strip().strip("'") for part in value.strip("()").split(",")))
    return value.lower() if value.upper() in ("TRUE", "FALSE") else value


def _sentence(kind: str, name: str, option: str, wanted: str | None, there: str | None) -> str:
    if option.startswith("COLUMN "):
        column = option[7:]
        return (
            f"The table {name} lacks the column {column} ({wanted})."
            if there is None
            else f"The column {name}.{column} is {there}; the migrations make it {wanted}."
        )
    what = f"The {_word(kind)} {name}"
    if option in STATEMENTS:
        sentence = f"{what} has another {option.lower()} than the code."
    elif wanted is None:
        sentence = f"{what} has {option.lower()} {there}; the code sets none."
    else:
        sentence = f"{what} has {option.lower()} {there or '(none)'}; the code says {wanted}."
    if kind == "PIPE" and option in BY_PIPE_CHANGE:
        sentence += f" ./millrace snowflake pipe-change {name.rsplit('.', 1)[1]} makes it again and loses nothing."
    return sentence


def _word(kind: str) -> str:
    return kind.lower().rsplit(".", 1)[-1]


def _missing(grant: Granted) -> str:
    on = f"{grant.on.lower()} in {grant.name}" if grant.on.startswith("FUTURE ") else f"{grant.on.lower()} {grant.name}"
    kind, _, name = grant.to.partition(" ")
    return f"The {kind.lower()} {name} lacks {grant.privilege.lower()} on {on}."
