"""Objects and grants after a row of statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from warehouse.objects.effects import Changed, Dropped, Effect, Granted, Made, effects

Key = tuple[str, str]
"""Kind and full name."""


@dataclass
class State:
    objects: dict[Key, dict[str, str]] = field(default_factory=dict)
    """Options by kind and name."""
    grants: set[Granted] = field(default_factory=set)

    def run(self, statement: str, database: str | None = None, schema: str | None = None) -> None:
        for effect in effects(statement, database, schema):
            self.apply(effect)

    def apply(self, effect: Effect) -> None:
        if isinstance(effect, Granted):
            self.grants.add(effect)
            return
        key = (effect.kind, effect.name)
        if isinstance(effect, Dropped):
            self.objects.pop(key, None)
        elif isinstance(effect, Made):
            # Everything is made "if not exists": what is there stays as it is.
            self.objects.setdefault(key, dict(effect.options))
        elif isinstance(effect, Changed) and key in self.objects:
            self.objects[key] = changed(self.objects[key], effect)

    def names(self, kind: str) -> list[str]:
        return sorted(name for of, name in self.objects if of == kind)

    def of(self, kind: str) -> dict[str, dict[str, str]]:
        return {name: options for (of, name), options in sorted(self.objects.items()) if of == kind}


def changed(options: dict[str, str], effect: Changed) -> dict[str, str]:
    merged = options | {name: value for name, value in effect.options.items() if value is not None}
    return {name: value for name, value in merged.items() if effect.options.get(name, "") is not None}
