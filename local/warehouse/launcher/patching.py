"""Named, reversible patches of fakesnow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Patch:
    """One correction. Its docstring says which behaviour of fakesnow it corrects and why that matters here."""

    name: str
    apply: Callable[[Patcher], None]


class Patcher:
    """Replaces attributes of modules and classes, and can put the old ones back (last first)."""

    active: Patcher | None = None

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, Any]] = []

    def replace(self, owner: Any, attribute: str, value: Any) -> None:
        self._undo.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, value)

    def undo(self) -> None:
        while self._undo:
            owner, attribute, value = self._undo.pop()
            setattr(owner, attribute, value)
        if Patcher.active is self:
            Patcher.active = None


def apply_patches(patches: tuple[Patch, ...], without: str | None = None) -> Patcher:
    """Applies all patches in their order, but the one named by `without`."""
    names = [patch.name for patch in patches]
    if without is not None and without not in names:
        raise ValueError(f"no patch is named {without!r}; there are {', '.join(names)}")
    if Patcher.active is not None:
        raise RuntimeError(
            "the patches are already applied in this process, and applied twice they would wrap each other"
        )
    patcher = Patcher.active = Patcher()
    for patch in patches:
        if patch.name != without:
            patch.apply(patcher)
    return patcher
