"""Tables: what questions are answered with, and what a refusal lists."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Final

from dangbo import _core
from dangbo._days import from_text
from dangbo._language import Language, number_of

if TYPE_CHECKING:
    import numpy
    import pandas

_TEXT, _CODE, _DATE, _INT64, _BOOL, _REAL = range(6)
_TYPE_NAMES: Final = ("text", "code", "date", "int64", "bool", "real")
_FORMAT_TEXT, _FORMAT_CSV, _FORMAT_CSV_EXCEL, _FORMAT_JSONL = range(4)

#: A value of a table. Dates known only by year or month are text ("1985", "1985-03").
Value = str | int | float | bool | datetime.date | None


class Table:
    """Rows and typed columns. Immutable; may be used from any number of threads.

    Any library that speaks Arrow takes a table as it is (``pyarrow.table(t)``,
    ``polars.DataFrame(t)``, DuckDB): it implements the Arrow PyCapsule interface.

    >>> table = view.rollup(by="sex")
    >>> len(table), table.columns
    (2, ['sex', 'count'])
    >>> table.to_dict()
    {'sex': ['female', 'male'], 'count': [1056, 1656]}
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Table) -> None:
        self._core = core

    # ---- shape

    def __len__(self) -> int:
        """The number of rows."""
        return self._core.row_count

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [self._core.column_name(i) for i in range(self._core.column_count)]

    @property
    def types(self) -> dict[str, str]:
        """The type of each column: text, code, date, int64, bool or real.

        >>> view.rollup(by="sex").types
        {'sex': 'code', 'count': 'int64'}
        """
        core = self._core
        return {
            core.column_name(i): _TYPE_NAMES[core.column_type(i)] for i in range(core.column_count)
        }

    def __repr__(self) -> str:
        return f"<dangbo.Table of {len(self)} rows: {', '.join(self.columns)}>"

    # ---- values

    def column(self, name: str) -> list[Value]:
        """The values of a column, None where missing. Raises :class:`KeyError` for another name.

        >>> view.rollup(by="sex").column("count")
        [1056, 1656]
        """
        return self._list(self._find(name))

    def to_dict(self) -> dict[str, list[Value]]:
        """All columns: ``{name: values}``."""
        return {name: self._list(i) for i, name in enumerate(self.columns)}

    def to_pylist(self) -> list[dict[str, Value]]:
        """All rows, each as ``{name: value}``.

        >>> view.rollup(by="sex").to_pylist()[0]
        {'sex': 'female', 'count': 1056}
        """
        return self.head(len(self))

    def head(self, rows: int = 5) -> list[dict[str, Value]]:
        """The first rows, each as ``{name: value}``."""
        names = self.columns
        lists = [self._list(i, rows) for i in range(len(names))]
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]

    def to_numpy(self, name: str) -> numpy.ndarray[Any, Any]:
        """A column as a NumPy array of shape ``(len(self),)``.

        Columns of int64 and real without missing values are read-only views of the table's own
        memory, which they keep alive. Reals with missing values are a copy with NaN, integers a
        masked array over the view, other types an array of Python values.

        >>> counts = view.rollup(by="sex").to_numpy("count")
        >>> int(counts.sum()), counts.dtype.name, counts.flags.writeable
        (2712, 'int64', False)
        """
        import numpy

        at = self._find(name)
        type_ = self._core.column_type(at)
        if type_ == _BOOL and None not in (flags := self._list(at)):
            return numpy.array(flags, dtype=bool)
        if type_ not in (_INT64, _REAL):
            made = numpy.empty(len(self), dtype=object)
            made[:] = self._list(at)
            return made
        # An array over a buffer of no bytes has no owner, nor needs one.
        values: numpy.ndarray[Any, Any] = numpy.asarray(self._core.values(at))
        missing = numpy.frombuffer(self._core.missing(at), dtype=bool)
        if not missing.any():
            return values
        if type_ == _REAL:
            return numpy.where(missing, numpy.nan, values)
        masked: numpy.ndarray[Any, Any] = numpy.ma.MaskedArray(  # type: ignore[no-untyped-call]
            values, mask=missing
        )
        return masked

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a DataFrame.

        int64 and real columns are views where nothing is missing (``Int64`` and NaN otherwise),
        codes become categories, dates ``datetime64`` where pandas can hold them all.

        >>> view.rollup(by="sex").to_pandas()["count"].sum()
        2712
        """
        import pandas

        columns = {name: self._series(i) for i, name in enumerate(self.columns)}
        return pandas.DataFrame(columns, columns=list(columns), copy=False)

    # ---- text

    def to_csv(self, excel: bool = False) -> str:
        """RFC 4180 with CRLF line ends; ``excel`` puts a byte order mark in front.

        Write it with ``newline=""``: ``open(path, "w", encoding="utf-8", newline="")``.

        >>> view.rollup(by="sex").to_csv()
        'sex,count\\r\\nfemale,1056\\r\\nmale,1656\\r\\n'
        """
        return self._core.format(_FORMAT_CSV_EXCEL if excel else _FORMAT_CSV, number_of(None))

    def to_jsonl(self) -> str:
        """One JSON object a line, missing values null.

        >>> print(view.rollup(by="sex").to_jsonl(), end="")
        {"sex":"female","count":1056}
        {"sex":"male","count":1656}
        """
        return self._core.format(_FORMAT_JSONL, number_of(None))

    def to_text(self, lang: Language | None = None) -> str:
        """Aligned columns with what the figures rest on below, for a terminal or a letter."""
        return self._core.format(_FORMAT_TEXT, number_of(lang))

    def __str__(self) -> str:
        return self.to_text()

    # ---- what the figures rest on

    @property
    def provenance(self) -> dict[str, str]:
        """What the figures rest on: query, on, known_at, period, unit, scope, base …

        >>> view.rollup(by="sex").provenance["on"]
        '2020-11-30'
        """
        return {key: value for key, value in self._facts() if key not in ("note_vi", "note_en")}

    def notes(self, lang: Language | None = None) -> list[str]:
        """What a reader has to know beside the figures: approximations, rows left out."""
        wanted = ("note_vi", "note_en")[number_of(lang)]
        return [value for key, value in self._facts() if key == wanted]

    @property
    def query(self) -> str | None:
        """The question as a document in canonical form; None when no query was asked.

        >>> view.rollup(by="sex").query
        '{"query":1,"of":"members","by":["sex"]}'
        """
        return self.provenance.get("query")

    # ---- Arrow

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table as an Arrow stream in a capsule; batches of at most 65,536 rows.

        ``requested_schema`` is a wish that the protocol allows to leave unheard: types stay as they
        are. Raises :class:`ValueError` when it has another number of columns.
        """
        if requested_schema is not None:
            wanted = _core.column_count_of(requested_schema)
            if wanted != self._core.column_count:
                has = self._core.column_count
                raise ValueError(f"the schema asked for has {wanted} columns, the table {has}")
        return self._core.export_stream()

    def __arrow_c_schema__(self) -> object:
        """The names and types of the columns as an Arrow schema in a capsule."""
        return self._core.export_schema()

    # ---- inside

    def _find(self, name: str) -> int:
        names = self.columns
        if name not in names:
            raise KeyError(f"no column {name!r}; there are: {', '.join(names)}")
        return names.index(name)

    def _list(self, at: int, rows: int | None = None) -> list[Value]:
        count = len(self) if rows is None else min(max(rows, 0), len(self))
        values: list[Value] = self._core.column(at, count)
        if self._core.column_type(at) == _DATE:
            return [from_text(value) if isinstance(value, str) else value for value in values]
        return values

    def _facts(self) -> list[tuple[str, str]]:
        facts = self._core.provenance()
        keys = facts.column(0, facts.row_count)
        values = facts.column(1, facts.row_count)
        return [(str(key), str(value)) for key, value in zip(keys, values, strict=True)]

    def _series(self, at: int) -> Any:
        import numpy
        import pandas

        type_ = self._core.column_type(at)
        name = self._core.column_name(at)
        if type_ == _INT64:
            values = self.to_numpy(name)
            if isinstance(values, numpy.ma.MaskedArray):
                # The mask of NumPy and that of pandas mean the same: True is missing.
                return pandas.arrays.IntegerArray(values.data.copy(), values.mask.copy())
            return values
        if type_ == _REAL:
            return self.to_numpy(name)
        listed = self._list(at)
        if type_ == _CODE:
            return pandas.Categorical(listed)
        if type_ == _BOOL:
            return pandas.array(listed, dtype="boolean" if None in listed else "bool")
        if type_ == _DATE and all(map(_fits_pandas, listed)):
            return pandas.to_datetime(pandas.Series(listed, dtype="datetime64[ns]"))
        return pandas.Series(listed, dtype=object)


def _fits_pandas(value: Value) -> bool:
    """Nanoseconds in 64 bits reach from 1677 to 2262."""
    return value is None or (isinstance(value, datetime.date) and 1678 <= value.year <= 2261)
