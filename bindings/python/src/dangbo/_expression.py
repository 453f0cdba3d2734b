"""Conditions and values over rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from dangbo import _core as compiled
from dangbo._table import Table
from dangbo._text import checked


class Expression:
    """A condition or a value over rows (docs/expressions.md), checked against their names and types.

    fields: the type of each name, "text", "date", "int", "bool" or "real", or the words of a closed
    vocabulary. Any value may be missing. Raises :class:`dangbo.QueryError` with the line and the
    character of every mistake. :meth:`dangbo.Snapshot.expression` takes the fields of a table.

    >>> adult = dangbo.Expression("age >= 18 && grade == 'good'", {"age": "int", "grade": ["good", "weak"]})
    >>> adult.evaluate_row({"age": 20, "grade": "good"})
    {'value': True}
    >>> adult.evaluate_row({"grade": "good"})["error"]["en"]
    'no value is known'
    """

    __slots__ = ("_core",)

    _core: compiled.Expression

    def __init__(self, text: str, fields: Mapping[str, str | Sequence[str]]) -> None:
        described: list[dict[str, object]] = [
            {"name": name, "type": kind}
            if isinstance(kind, str)
            else {"name": name, "type": "code", "words": list(kind)}
            for name, kind in fields.items()
        ]
        schema = checked(json.dumps({"fields": described}, ensure_ascii=False), "a schema")
        self._core = compiled.Expression(checked(text, "an expression"), schema)

    @classmethod
    def _of(cls, core: compiled.Expression) -> Expression:
        made = cls.__new__(cls)
        made._core = core
        return made

    def evaluate(self, rows: Table) -> Table:
        """The value for every row, by column: value, and error_vi, error_en, why a row has none.

        >>> snapshot = registry.snapshot()
        >>> women = snapshot.expression("members", "sex == 'female'")
        >>> sum(women.evaluate(snapshot.rows("members")).column("value"))
        1144
        """
        return Table(self._core.evaluate(rows._core))

    def evaluate_row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The value for one row: {"value": …}, or {"error": …} with the bytes of what failed.

        Names that are absent or None are missing; days may be given as dates.
        """
        return dict(json.loads(self._core.evaluate_row(json.dumps(row, default=_day))))

    def explain(self) -> Table:
        """How it is computed by column: kernel, text, uses, depth, a row a part.

        >>> dangbo.Expression("a < b", {"a": "int", "b": "int"}).explain().column("kernel")
        ['load int64', 'load int64', 'compare int64 <']
        """
        return Table(self._core.explain())


def _day(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    raise TypeError(f"a value of a row is no {type(value).__name__}")
