"""Packs of rules: what does not hold, by which article, and why."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dangbo import _core as compiled
from dangbo._closing import Closing
from dangbo._query import to_json
from dangbo._table import Table
from dangbo._text import checked, checked_path

if TYPE_CHECKING:
    from dangbo._registry import Registry
    from dangbo._view import View


def options_text(rules: Sequence[str], about_persons: bool, unit: str | None) -> str:
    """The document that the C library takes."""
    wanted = [rules] if isinstance(rules, str) else list(rules)
    document: dict[str, Any] = {"about_persons": about_persons}
    if wanted:
        document["rules"] = wanted
    if unit is not None:
        document["unit"] = unit
    return checked(json.dumps(document, ensure_ascii=False), "options")


class Pack:
    """Rules as data, with every pack that this one extends (docs/packs.md). Immutable.

    texts: YAML, or what :meth:`compile` gave, each under the name that problems call it by.
    registry: its host's own tables may be spoken of. Raises :class:`dangbo.Refused` with the line
    and column of everything that is wrong.

    >>> pack = dangbo.Pack.load("packs/charter/charter.yaml")
    >>> pack.rules.column("rule")[0]
    'cell-min-full'
    >>> dangbo.Pack({"compiled": pack.compile()}).compile() == pack.compile()
    True
    """

    __slots__ = ("_core",)

    _core: compiled.Pack

    def __init__(self, texts: Mapping[str, str], registry: Registry | None = None) -> None:
        named = [
            (checked(name, "the name of a pack"), checked(text, "a pack")) for name, text in texts.items()
        ]
        self._core = compiled.Pack(named, None if registry is None else registry._core)

    @classmethod
    def load(cls, *paths: str | os.PathLike[str], registry: Registry | None = None) -> Pack:
        """Reads files: a pack and those that it extends, in any order."""
        return cls(
            {checked_path(path): pathlib.Path(path).read_bytes().decode("utf-8", "replace") for path in paths},
            registry,
        )

    @property
    def rules(self) -> Table:
        """The rules: rule, title_vi, title_en, severity, on_by_default, about_person, cite, …"""
        return Table(self._core.rules())

    def compile(self) -> str:
        """The pack as one canonical text with its digest: the same rules give the same bytes."""
        return self._core.compile()

    def __repr__(self) -> str:
        return f"<dangbo.Pack of {len(self.rules)} rules>"


@dataclasses.dataclass(frozen=True)
class WhatIf:
    """What a change script would do on the view's day.

    findings: change (broken, mended, changed), outcome_before, then as :meth:`dangbo.View.check`.
    figures: what differs in the answers of the query; no rows without one.
    """

    findings: Table
    figures: Table


@dataclasses.dataclass(frozen=True)
class Step:
    """What an update did: keys of findings, and how many subjects were asked again."""

    evaluated: int
    appeared: list[str]
    changed: list[str]
    gone: list[str]


class Checker(Closing[compiled.Checker]):
    """Findings that keep up with a registry: only what could have changed is asked again.

    >>> pack = dangbo.Pack.load("packs/charter/charter.yaml")
    >>> checker = dangbo.Checker(registry.on("2020-11-30"), pack, rules=["cell-min-full"])
    >>> checker.update(registry.on("2020-11-30")).evaluated
    0
    """

    __slots__ = ()

    def __init__(
        self,
        view: View,
        pack: Pack,
        *,
        rules: Sequence[str] = (),
        about_persons: bool = False,
        unit: str | None = None,
    ) -> None:
        options = options_text(rules, about_persons, unit)
        super().__init__(compiled.Checker(view._core, pack._core, options))

    def update(self, view: View) -> Step:
        """Goes to a later view of the same registry, or to another day."""
        changes, evaluated = self._core.update(view._core)
        keys: dict[str, list[str]] = {"appeared": [], "changed": [], "gone": []}
        table = Table(changes)
        for change, key in zip(table.column("change"), table.column("key"), strict=True):
            keys[str(change)].append(str(key))
        return Step(evaluated, **keys)

    def findings(self) -> Table:
        """As :meth:`dangbo.View.check` gives them."""
        return Table(self._core.findings())


def query_text(query: Mapping[str, Any] | str | None) -> str:
    return "" if query is None else to_json(query)
