"""The migrations of a folder, rendered as schemachange renders them, and which of them a warehouse still lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import snowflake.connector
from schemachange.JinjaTemplateProcessor import JinjaTemplateProcessor
from schemachange.session.Script import get_all_scripts_recursively
from schemachange.version import get_alphanum_key as key_of
from schemachange.version import sorted_alphanumeric

from warehouse.objects.sql import split
from warehouse.objects.state import State


@dataclass(frozen=True)
class Script:
    name: str
    version: str | None
    """None for one that is applied again whenever its text changes."""
    text: str
    """Rendered."""

    @property
    def checksum(self) -> str:
        return hashlib.sha224(self.text.encode()).hexdigest()

    def statements(self) -> list[str]:
        return split(self.text)


@dataclass(frozen=True)
class Applied:
    """What the change history of a warehouse says: checksum by name, of the newest application."""

    checksums: dict[str, str]
    newest: str | None
    """Greatest version."""

    def pending(self, scripts: list[Script]) -> list[Script]:
        return [script for script in scripts if self._lacks(script)]

    def _lacks(self, script: Script) -> bool:
        if script.version is None:
            return self.checksums.get(script.name) != script.checksum
        return script.name not in self.checksums and not self._too_late(script)

    def _too_late(self, script: Script) -> bool:
        return self.newest is not None and key_of(script.version) <= key_of(self.newest)

    def problems(self, scripts: list[Script]) -> list[str]:
        """A sentence for each script that will never be applied, and for each that is not what was applied."""
        found = []
        names = {script.name for script in scripts}
        for script in scripts:
            if script.version is None:
                continue
            if script.name in self.checksums and self.checksums[script.name] != script.checksum:
                found.append(
                    f"{script.name} is not what was applied: its text or a variable in it has changed, and a versioned"
                    " migration runs once."
                )
            elif script.name not in self.checksums and self._too_late(script):
                found.append(f"{script.name} will never be applied: the warehouse is at version {self.newest} already.")
        found += [
            f"{name} was applied, and this checkout does not have it: the warehouse is newer than the code."
            for name in sorted(self.checksums.keys() - names)
            if name.startswith("V")
        ]
        return found


def read_scripts(root: Path, variables: Mapping[str, str]) -> list[Script]:
    """In the order in which they are applied. Raises jinja2.UndefinedError for a variable without a value."""
    found = get_all_scripts_recursively(root_directory=root)
    names = sorted_alphanumeric([name for name in found if name[0] == "v"]) + sorted_alphanumeric(
        [name for name in found if name[0] == "r"]
    )
    processor = JinjaTemplateProcessor(project_root=root, modules_folder=None)
    return [
        Script(
            found[name].name,
            getattr(found[name], "version", None),
            processor.render(processor.relpath(found[name].file_path), dict(variables)),
        )
        for name in names
    ]


def read_applied(connection: snowflake.connector.SnowflakeConnection, database: str) -> Applied:
    """Nothing is applied where there is no history yet."""
    cursor = connection.cursor()
    exists = cursor.execute(
        f"select count(*) from {database}.information_schema.tables"
        " where table_schema = 'AUDIT' and table_name = 'CHANGE_HISTORY'"
    ).fetchone()
    if not exists[0]:
        return Applied({}, None)
    rows = cursor.execute(
        f"select script, checksum, version from {database}.audit.change_history where status = 'Success' order by installed_on"
    ).fetchall()
    versions = sorted_alphanumeric([version for _, _, version in rows if version])
    return Applied({script: checksum for script, checksum, _ in rows}, versions[-1] if versions else None)


def declared(scripts: list[Script], derived: Path, variables: Mapping[str, str]) -> State:
    """What the code says there is: the migrations one after the other, and the pipes as they follow from the contracts now.

    A pipe cannot be altered into another one, so no migration says what it became: `snowflake/derived` does.
    """
    state = State()
    for script in scripts:
        for statement in script.statements():
            state.run(statement)
    processor = JinjaTemplateProcessor(project_root=derived, modules_folder=None)
    for path in sorted(derived.glob("*.sql")):
        now = State()
        for statement in split(processor.render(path.name, dict(variables))):
            now.run(statement)
        for key, options in now.objects.items():
            if key[0] == "PIPE" and key in state.objects:
                errors = {k: v for k, v in state.objects[key].items() if k == "ERROR_INTEGRATION"}
                state.objects[key] = options | errors
    return state
