"""Reads typed values from a TOML table and remembers everything that is wrong with it, so that all of it is said at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from croniter import croniter

_NO_DEFAULT = object()
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Table:
    """One table of the file. Each reader returns its value, or a harmless one after noting what is wrong.

    `done` is called last: whatever was not asked for by then is unknown.
    """

    def __init__(self, values: Any, path: str, problems: list[str]) -> None:
        self._problems = problems
        self._path = path
        self._values: dict[str, Any] = {}
        self._asked: list[str] = []
        if isinstance(values, dict):
            self._values = values
        else:
            problems.append(f"{path} is {values!r}; it must be a table.")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, key: str, what: str) -> None:
        self._problems.append(f"{self._named(key)} {what}")

    def text(self, key: str, default: Any = _NO_DEFAULT) -> str:
        """A text that is not empty."""
        return self._read(key, default, lambda it: isinstance(it, str) and it.strip() != "", "a text", "")

    def choice(self, key: str, choices: Iterable[str], default: Any = _NO_DEFAULT) -> str:
        choices = tuple(choices)
        value = self._read(key, default, lambda it: isinstance(it, str), f"one of {', '.join(choices)}", choices[0])
        if value not in choices:
            near = difflib.get_close_matches(value, choices, 1)
            self.wrong(key, f"is {value!r}; it must be one of {', '.join(choices)}" + _meant(near))
            return choices[0]
        return value

    def number(self, key: str, default: Any, least: int, most: int) -> int:
        return self._read(
            key,
            default,
            lambda it: isinstance(it, int) and not isinstance(it, bool) and least <= it <= most,
            f"a whole number from {least} to {most}",
            least,
        )

    def minutes(self, key: str, default: Any, least: int = 1, most: int = 24 * 60) -> timedelta:
        return timedelta(minutes=self.number(key, default, least, most))

    def cron(self, key: str, default: Any = _NO_DEFAULT) -> str:
        return self._read(
            key,
            default,
            lambda it: isinstance(it, str) and len(it.split()) == 5 and croniter.is_valid(it),
            "a cron expression of five fields in UTC, such as '17 * * * *'",
            "0 0 * * *",
        )

    def name(self, key: str) -> str:
        return self._read(
            key,
            _NO_DEFAULT,
            lambda it: isinstance(it, str) and _NAME.fullmatch(it) is not None,
            "a name of lower-case letters, digits and underscores",
            "unnamed",
        )

    def texts(self, key: str, default: Any = _NO_DEFAULT, at_least_one: bool = True) -> tuple[str, ...]:
        """A list of texts, none of them empty."""
        value = self._read(
            key,
            default,
            lambda it: (
                isinstance(it, list | tuple)
                and all(isinstance(each, str) and each for each in it)
                and (len(it) > 0 or not at_least_one)
            ),
            "a list of texts" + (", with one at least" if at_least_one else ""),
            (),
        )
        return tuple(value)

    def addresses(self, key: str, default: Any = _NO_DEFAULT) -> tuple[str, ...]:
        """Mail addresses, one at least."""
        found = self.texts(key, default)
        for each in found:
            if not _MAIL.fullmatch(each):
                self.wrong(key, f"has {each!r}, which is no mail address.")
        return found

    def address(self, key: str) -> str:
        """One mail address."""
        return self._read(
            key, _NO_DEFAULT, lambda it: isinstance(it, str) and _MAIL.fullmatch(it) is not None, "a mail address", ""
        )

    def variable_names(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Names of environment variables, never their values: a value here would be a secret in a file."""
        found = self.texts(key, default, at_least_one=False)
        for each in found:
            if not _VARIABLE.fullmatch(each):
                # What is wrong here may well be a value, so it is not repeated.
                self.wrong(
                    key, "has an entry that is no name of an environment variable; names belong here, not values."
                )
        return found

    def scalars(self, key: str) -> dict[str, str | int | bool]:
        """A table of texts, whole numbers and booleans; empty when it is not there."""
        value = self._read(key, {}, lambda it: isinstance(it, dict), "a table", {})
        for name, each in value.items():
            if not isinstance(each, str | int | bool):
                self.wrong(f"{key}.{name}", f"is {each!r}; it must be a text, a whole number or a boolean.")
        return dict(value)

    def table(self, key: str) -> Table:
        """A table in this one; an absent one is read as empty, so that what it needs is asked for by name."""
        self._asked.append(key)
        return Table(self._values.get(key, {}), self._named(key), self._problems)

    def tables(self, key: str) -> list[Table]:
        self._asked.append(key)
        found = self._values.get(key, [])
        if not isinstance(found, list):
            self.wrong(key, f"is no list of tables: write [[{key}]].")
            return []
        return [Table(each, f"{self._named(key)}[{place}]", self._problems) for place, each in enumerate(found, 1)]

    def refuse(self, keys: Iterable[str], why: str) -> None:
        """Keys that are known and must not be there."""
        for key in keys:
            self._asked.append(key)
            if key in self._values:
                self.wrong(key, why)

    def done(self) -> None:
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, 1)
                self.wrong(key, "is unknown" + (_meant(near) or f"; known are {', '.join(sorted(self._asked))}."))

    def _read(self, key: str, default: Any, fits: Callable[[Any], bool], wanted: str, instead: Any) -> Any:
        self._asked.append(key)
        if key not in self._values:
            if default is _NO_DEFAULT:
                self.wrong(key, f"is missing; it must be {wanted}.")
                return instead
            return default
        value = self._values[key]
        if not fits(value):
            self.wrong(key, f"is {value!r}; it must be {wanted}.")
            return instead
        return value

    def _named(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def _meant(near: list[str]) -> str:
    return f"; did you mean {near[0]}?" if near else ""
