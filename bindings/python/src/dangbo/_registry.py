"""Writing: the registry of dated facts, and changes on their way into it."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from types import TracebackType
from typing import Final, NamedTuple

from dangbo import _core
from dangbo._columns import make_columns
from dangbo._days import Day, to_microseconds
from dangbo._table import Table
from dangbo._text import checked, checked_path
from dangbo._view import Snapshot, View

#: Told what is being read, how much is done and of how much (0: not known); False cancels.
Progress = Callable[[str, int, int], object]
Path = str | os.PathLike[str]

_SINGLE_ROOT: Final = 1


class Memory(NamedTuple):
    """Bytes a registry holds."""

    #: Codes, dates and indexes.
    hot_bytes: int
    #: Names and other text.
    cold_bytes: int


class Change:
    """Rows on their way into a registry. For one thread at a time.

    Comes from :meth:`Registry.change`. Wrong rows are not refused here but by
    :meth:`Registry.commit`, all at once; :meth:`check` tells them before.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Change) -> None:
        self._core = core

    def add_path(self, path: Path, progress: Progress | None = None) -> None:
        """Reads a file, or every table file of a folder (CSV; schema.yaml declares own tables).

        ``progress(what, done, total)`` is called now and then and may return False to cancel, which
        raises :class:`dangbo.Cancelled` and adds nothing; it may not use the registry.
        """
        self._core.add_path(checked_path(path), progress)

    def add_file(self, table: str, path: Path) -> None:
        """Reads one file into the table named."""
        self._core.add_file(checked(table, "a table's name"), checked_path(path))

    def add_table(self, name: str, data: object, source: str = "") -> None:
        """Takes rows for the table ``name``.

        data: anything with ``__arrow_c_stream__`` (pyarrow, polars, DuckDB …), or a mapping from
        column names to lists, NumPy arrays or pandas series of one length; a DataFrame is one.
        Columns are matched by name or alias, as in a file. Missing: None, NaN, NaT, pandas.NA.
        Raises :class:`TypeError` or :class:`ValueError`, naming column and row, for values that
        can be in no table. ``source`` names the rows in messages (default: the table's name); they
        are numbered from 1.

        >>> change = dangbo.Registry().change()
        >>> change.add_table("units", {"unit_id": ["A"], "kind": ["CB"], "from": ["2010-01-01"]})
        >>> len(change.check())
        0
        """
        checked(name, "a table's name")
        checked(source, "a source")
        stream = getattr(data, "__arrow_c_stream__", None)
        if stream is not None:
            self._core.add_stream(name, stream(), source or name)
            return
        if not (hasattr(data, "keys") and hasattr(data, "__getitem__")):
            raise TypeError(
                "a table is an object with __arrow_c_stream__ or a mapping from column names to "
                f"sequences, not {type(data).__name__}"
            )
        rows, columns = make_columns(data)
        self._core.add_columns(name, rows, source or name, [tuple(column) for column in columns])

    def check(self) -> Table:
        """What a commit would refuse, as a table of problems; without rows: nothing.

        Columns: code, file, row, column, value, reason_vi, reason_en, fix_vi, fix_en. At most a
        million problems are kept.
        """
        problems, _ = self._core.check()
        return Table(problems)

    def close(self) -> None:
        """Drops the rows; other calls raise :class:`dangbo.Argument` from then on."""
        self._core.close()

    def __enter__(self) -> Change:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<dangbo.Change, closed>" if self._core.closed else "<dangbo.Change>"


class Registry:
    """A registry of dated facts in memory, with the standard tables (docs/tables.md).

    single_root: refuse a forest; on no day may there be two units without a superior.

    Threads: reading never waits; changes of one registry wait for one another.

    >>> registry = dangbo.Registry()
    >>> change = registry.change()
    >>> change.add_path("examples/khoi_2020")
    >>> registry.commit(change)
    1
    >>> registry.on("2020-11-30").total("K")
    2712
    """

    __slots__ = ("_core",)

    def __init__(self, *, single_root: bool = False) -> None:
        self._core = _core.Registry(_SINGLE_ROOT if single_root else 0)

    def declare_file(self, path: Path) -> None:
        """Declares tables of your own from a YAML file (docs/tables.md), all of them or none."""
        self._core.declare_file(checked_path(path))

    def tables(self) -> Table:
        """All tables and their fields: table, field, type, required, role, title_vi, title_en.

        >>> dangbo.Registry().tables().head(1)[0]["field"]
        'unit_id'
        """
        return Table(self._core.tables())

    def change(self) -> Change:
        """An empty change. There may be any number of them at once."""
        return Change(self._core.change())

    def commit(
        self, change: Change, time: datetime.datetime | int = 0, source_version: str = ""
    ) -> int:
        """Commits a change whole or not at all and empties it; the number of the commit, from 1.

        time: your clock, with a time zone, or microseconds since 1970-01-01 UTC; never going
        backwards. source_version: your own mark of the data. Raises :class:`dangbo.Refused`, whose
        ``problems`` name every offending row; change and registry are then as they were.
        """
        mark = checked(source_version, "source_version")
        return self._core.commit(change._core, to_microseconds(time), mark)

    def snapshot(self) -> Snapshot:
        """The facts of the latest commit; never waits."""
        return Snapshot(self._core.snapshot())

    def on(self, day: Day, known_at: int | None = None) -> View:
        """The view of a day (a date, or text like "2020-11-30"), as known now or at a commit."""
        return self.snapshot().on(day, known_at)

    def memory(self) -> Memory:
        """Bytes held.

        >>> dangbo.Registry().memory().hot_bytes >= 0
        True
        """
        return Memory(*self._core.memory())

    def close(self) -> None:
        """Lets go of the facts; other calls raise :class:`dangbo.Argument` from then on.

        Snapshots, views and tables taken before stay good; they, and changes, keep what they need.
        """
        self._core.close()

    def __enter__(self) -> Registry:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._core.closed:
            return "<dangbo.Registry, closed>"
        return f"<dangbo.Registry at commit {self.snapshot().commit}>"


def load(*paths: Path, progress: Progress | None = None, single_root: bool = False) -> Registry:
    """A registry of what files and folders say, committed as one change.

    Raises :class:`dangbo.Refused` when they do not fit together; ``error.problems`` names every
    row, ``print(error)`` shows the first of them with their remedies.

    >>> registry = dangbo.load("examples/khoi_2020")
    >>> registry
    <dangbo.Registry at commit 1>
    """
    if not paths:
        raise TypeError("load needs at least one file or folder")
    registry = Registry(single_root=single_root)
    with registry.change() as change:
        for path in paths:
            change.add_path(path, progress)
        registry.commit(change)
    return registry
