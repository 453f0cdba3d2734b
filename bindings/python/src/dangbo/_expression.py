"""Conditions and values over rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dangbo import _columns, _language
from dangbo import _core as compiled
from dangbo._table import Table
from dangbo._text import checked

if TYPE_CHECKING:
    import numpy

_DATE, _INT64, _BOOL, _REAL = 2, 3, 4, 5


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

    def evaluate_arrays(self, columns: Mapping[str, Any]) -> ArrayValues:
        """The value for every row of arrays of your own: NumPy arrays, pandas series or lists.

        Arrays of int64, float64 and bool are read where they lie. An int field takes whole numbers, a
        real one fractions (NaN is missing), a date ``datetime64`` or dates, a bool truth values, text
        and words of a vocabulary texts; None is missing. Columns that the expression does not read
        may be among them. Needs NumPy.

        >>> adult = dangbo.Expression("age >= 18 && grade == 'good'", {"age": "int", "grade": ["good", "weak"]})
        >>> found = adult.evaluate_arrays({"age": [20, 17, None], "grade": ["good", "weak", "good"]})
        >>> found.values.tolist(), found.valid.tolist(), found.reason(2)
        ([True, False, False], [True, True, False], 'thiếu giá trị')
        """
        given: list[tuple[Any, ...]] = []
        rows: int | None = None
        for name, values in columns.items():
            count, column = _columns.make_expression_column(name, values)
            if rows is not None and count != rows:
                raise ValueError(f"column {name!r} has {count} rows, those before it {rows}")
            rows = count
            given.append(column)
        return ArrayValues(self._core.run(given, rows or 0), rows or 0)

    def explain(self) -> Table:
        """How it is computed by column: kernel, text, uses, depth, a row a part.

        >>> dangbo.Expression("a < b", {"a": "int", "b": "int"}).explain().column("kernel")
        ['load int64', 'load int64', 'compare int64 <']
        """
        return Table(self._core.explain())


class ArrayValues:
    """What an expression gave for arrays: ``values``, and ``valid``, which rows have one.

    ``values`` has the type of the expression: bool, int64, float64, ``datetime64[D]`` or objects (str,
    None where there is none); other rows without a value hold 0.
    """

    __slots__ = ("_core", "_valid", "_values")

    def __init__(self, core: compiled.ExpressionValues, rows: int) -> None:
        import numpy

        values, valid = core.take()
        self._core = core
        self._valid = numpy.frombuffer(valid, dtype=bool)
        kind = {_BOOL: "?", _INT64: "i8", _REAL: "f8"}.get(core.type, "i4")
        array = numpy.frombuffer(values, dtype=kind)
        if core.type == _DATE:
            array = array.astype("datetime64[D]")
        elif kind == "i4":
            words = {int(number): core.word(int(number)) for number in numpy.unique(array)}
            texts = [words[number] for number in array.tolist()]
            made = numpy.empty(rows, dtype=object)
            made[:] = texts
            made[~self._valid] = None
            array = made
        self._values = array

    @property
    def values(self) -> numpy.ndarray[Any, Any]:
        """The values, an array of one a row."""
        return self._values

    @property
    def valid(self) -> numpy.ndarray[Any, Any]:
        """Which rows have a value, an array of bool."""
        return self._valid

    def reason(self, row: int) -> str | None:
        """Why a row has no value, in the language chosen; None when it has one."""
        return self._core.reason(row, _language.number_of(_language.get_language())) or None


def _day(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    raise TypeError(f"a value of a row is no {type(value).__name__}")
