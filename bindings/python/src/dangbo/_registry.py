"""Writing: the registry of dated facts, and changes on their way into it."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, Self

from dangbo import _core
from dangbo._closing import Closing
from dangbo._columns import make_columns, make_rows
from dangbo._days import Day, Time, from_day, to_day, to_microseconds
from dangbo._query import to_json
from dangbo._roster import Difference
from dangbo._table import Table
from dangbo._text import checked, checked_path
from dangbo._view import Snapshot, View

#: Told what is being read, how much is done and of how much (0: not known); False cancels.
Progress = Callable[[str, int, int], object]
Path = str | os.PathLike[str]

Durability = Literal["full", "normal", "off"]

_SINGLE_ROOT: Final = 1
_READ, _WRITE, _CREATE = 0, 1, 2
_SYNC: Final[dict[str, int]] = {"full": 0, "normal": 2, "off": 4}


def _iso(value: object) -> str:
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"an operation takes texts, days, lists and mappings, not {type(value).__name__}")


class Redaction(NamedTuple):
    """What an erasure did."""

    #: Number of the commit that records it.
    commit: int
    #: Values erased.
    values: int


class Memory(NamedTuple):
    """Bytes a registry holds."""

    #: Codes, dates and indexes.
    hot_bytes: int
    #: Names and other text.
    cold_bytes: int


class Change(Closing[_core.Change]):
    """Rows on their way into a registry. For one thread at a time.

    Comes from :meth:`Registry.change`. Wrong rows are not refused here but by
    :meth:`Registry.commit`, all at once; :meth:`check` tells them before.
    """

    __slots__ = ()

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

    def correct(
        self, table: str, key: Mapping[str, Any], set: Mapping[str, Any], source: str = ""
    ) -> None:
        """Corrects stored rows: ``key`` names each, ``set`` says what its fields shall be.

        Values are single ones, for one row, or sequences of one length; a single value beside
        sequences stands for all rows. A row is named by ``row_id`` (:meth:`Snapshot.rows`), or by
        fields that together match one row known now, the key of its member or unit or the whole
        key of the table among them. None makes a field missing. Ending an interval is a correction
        of "until". The row as it was stays known to earlier commits.

        >>> change = registry.change()
        >>> change.correct("units", key={"unit_id": "K01"}, set={"name": "Đảng bộ Sở Nội vụ (mới)"})
        >>> len(change.check())
        0
        """
        checked(table, "a table's name")
        checked(source, "a source")
        rows, keys, values = make_rows(key, set)
        self._core.correct_columns(table, rows, source or table, keys, values)

    def withdraw(self, table: str, key: Mapping[str, Any], source: str = "") -> None:
        """Takes stored rows back that should never have been there; ``key`` as in :meth:`correct`.

        >>> change = registry.change()
        >>> change.withdraw("members", key={"member_id": "none such"})
        >>> change.check().column("code")
        [302]
        """
        checked(table, "a table's name")
        checked(source, "a source")
        rows, keys, _ = make_rows(key, None)
        self._core.withdraw_columns(table, rows, source or table, keys)

    def add_script(self, path: Path) -> None:
        """Reads a change script (docs/scripts.md): rows, corrections, withdrawals, operations."""
        self._core.add_script(checked_path(path))

    def operate(self, operation: str, /, **what: Any) -> None:
        """An operation on units, members or posts (docs/operations.md), after those before it.

        operation: its word, such as ``"merge"`` or ``"move"``.
        what: its keys; days as dates or ISO text, lists and mappings as they are; None is left out.

        What does not hold is a problem of :meth:`check` and refused at commit.

            change.operate("move", member="A1", to="CB2", day="2025-07-01", decision="QĐ 12")
        """
        said = {key: value for key, value in what.items() if value is not None}
        script = {"script": 1, "changes": [{operation: said}]}
        text = json.dumps(script, ensure_ascii=False, default=_iso)
        self._core.add_script_text(checked(text, "what"), "operate")

    def mark_synthetic(self) -> None:
        """Says that the people and bodies of the change are invented, as results then say too."""
        self._core.mark_synthetic()

    def set_aside(self) -> Table:
        """Takes rows at fault out, and those that stand on them, until the rest would be accepted.

        Each becomes rows of the table ``quarantine`` with its reason; results then say how many
        rows are outside them. The reasons, as :meth:`check` tells problems.

        >>> change = dangbo.Registry().change()
        >>> change.add_table("units", {"unit_id": ["A", "B"], "kind": ["CB", "not a kind"]})
        >>> change.set_aside().column("value")
        ['not a kind']
        >>> len(change.check())
        0
        """
        reasons, _ = self._core.set_aside()
        return Table(reasons)

    def check(self) -> Table:
        """What a commit would refuse, as a table of problems; without rows: nothing.

        Columns: code, file, row, column, value, reason_vi, reason_en, fix_vi, fix_en. At most a
        million problems are kept.
        """
        problems, _ = self._core.check()
        return Table(problems)

    def __repr__(self) -> str:
        return "<dangbo.Change, closed>" if self._core.closed else "<dangbo.Change>"


class Registry(Closing[_core.Registry]):
    """A registry of dated facts in memory, with the standard tables (docs/tables.md).

    Snapshots, views and tables taken from it stay good after :meth:`close`.

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

    __slots__ = ()

    def __init__(self, *, single_root: bool = False) -> None:
        super().__init__(_core.Registry(_SINGLE_ROOT if single_root else 0))

    @classmethod
    def _of(cls, core: _core.Registry) -> Self:
        made = cls.__new__(cls)
        made._core = core
        return made

    @classmethod
    def open(
        cls, path: Path, *, write: bool = False, durability: Durability = "full"
    ) -> Self:
        """The registry in a file (docs/file.md), to read, or as its one writer.

        Everything works from memory; each commit is one transaction of the file. durability: "full"
        (a commit is on the disk when it returns), "normal" (a power cut may take the last ones),
        "off" (it may take the file). Raises :class:`dangbo.FileFault` for a file that cannot be
        opened, written or trusted, :class:`dangbo.NotFound` when there is none.
        """
        mode = _WRITE if write else _READ
        return cls._of(_core.open_registry(checked_path(path), mode, _sync_flag(durability)))

    @classmethod
    def create(
        cls, path: Path, *, single_root: bool = False, durability: Durability = "full"
    ) -> Self:
        """A new registry in a new file; an existing file is refused.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/body.dangbo"
        ...     with dangbo.Registry.create(path) as registry:
        ...         registry.advance("2020-06-30")
        ...     with dangbo.Registry.open(path) as registry:
        ...         registry.snapshot().current_day
        1
        datetime.date(2020, 6, 30)
        """
        flags = _sync_flag(durability) | (_SINGLE_ROOT if single_root else 0)
        return cls._of(_core.open_registry(checked_path(path), _CREATE, flags))

    def declare_file(self, path: Path) -> None:
        """Declares tables of your own from a YAML file (docs/tables.md), all of them or none."""
        self._core.declare_file(checked_path(path))

    def declare_measure(self, document: Mapping[str, Any] | str) -> None:
        """Keeps a count or sum of every unit from now on (docs/totals.md).

        A mapping such as ``{"name": "women", "of": "members", "where": {"sex": "female"},
        "timeline": True}``, or its JSON text. Not kept in a file: declare again after opening.
        """
        text = document if isinstance(document, str) else to_json({"measure": 1, **document})
        self._core.declare_measure(text)

    def declare_grouping(self, document: Mapping[str, Any] | str) -> None:
        """Keeps members of every unit by coded fields from now on (docs/totals.md).

        A mapping such as ``{"name": "by sex", "by": ["sex", "status"]}``, or its JSON text. Read
        with :meth:`dangbo.View.groups`. Not kept in a file: declare again after opening.
        """
        text = document if isinstance(document, str) else to_json({"grouping": 1, **document})
        self._core.declare_grouping(text)

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
        self, change: Change, time: Time = 0, source_version: str = ""
    ) -> int:
        """Commits a change whole or not at all and empties it; the number of the commit, from 1.

        time: your clock, with a time zone, or microseconds since 1970-01-01 UTC; never going
        backwards. source_version: your own mark of the data. Raises :class:`dangbo.Refused`, whose
        ``problems`` name every offending row; change and registry are then as they were.
        """
        mark = checked(source_version, "source_version")
        return self._core.commit(change._core, to_microseconds(time), mark)

    def advance(self, day: Day, time: Time = 0, source_version: str = "") -> int:
        """Moves the registry's day (:attr:`Snapshot.current_day`) forward; the commit's number.

        What was dated ahead and falls due by then is in force. Raises :class:`dangbo.Refused` for a
        day before the current one. ``time`` and ``source_version`` as in :meth:`commit`.

        >>> registry = dangbo.Registry()
        >>> registry.advance("2020-06-30")
        1
        >>> registry.snapshot().current_day
        datetime.date(2020, 6, 30)
        """
        mark = checked(source_version, "source_version")
        return self._core.advance(to_day(day), to_microseconds(time), mark)

    def difference(
        self,
        extract: Change,
        day: Day,
        *,
        partial: Sequence[str] = (),
        subtree: str = "",
        policies: Mapping[str, Literal["happened", "correction", "ask"]] | None = None,
        max_vanished: float = 1.0,
        quarantine: bool = False,
    ) -> Difference:
        """Compares a complete extract of a roster with what is known (docs/roster.md).

        extract: a change that holds rows only; it stays as it is. day: whose roster it shows.
        partial: tables that may lack rows. subtree: the extract covers this unit and what is below
        it. policies: what a changed ``"table.field"`` means. max_vanished: percent of a table's
        keys that may have gone. quarantine: rows at fault are set aside instead of refused, and all
        about their member or unit left alone.

        The first roster of an empty registry is taken as it is. Raises :class:`dangbo.Refused` for
        half an extract, a day before the last one's, a key twice.

        >>> registry = dangbo.Registry()
        >>> def roster(home):
        ...     rows = registry.change()
        ...     rows.add_table("units", {"unit_id": ["A", "B"], "kind": ["CB", "CB"]})
        ...     rows.add_table("members", {"member_id": ["m1"]})
        ...     rows.add_table("memberships",
        ...         {"member_id": ["m1"], "unit_id": [home], "kind": ["home"]})
        ...     return rows
        >>> first = registry.difference(roster("A"), "2024-03-01")
        >>> registry.commit_difference(first, source_version="night 1")
        1
        >>> moved = registry.difference(roster("B"), "2024-03-02")
        >>> moved.findings().column("finding")
        ['new', 'moved']
        >>> registry.commit_difference(moved, source_version="night 2")
        2
        """
        options: dict[str, Any] = {
            "difference": 1,
            "day": from_day(to_day(day)).isoformat(),
            "max_vanished": round(max_vanished * 10),
            "partial": [checked(table, "a table's name") for table in partial],
            "quarantine": bool(quarantine),
            "policies": dict(policies or {}),
        }
        if subtree:
            options["subtree"] = checked(subtree, "a unit's key")
        return Difference(self._core.difference(extract._core, to_json(options)))

    def commit_difference(
        self, difference: Difference, time: Time = 0, source_version: str = ""
    ) -> int:
        """Commits a difference and moves the registry's day to the extract's, as one commit.

        Nothing to change and the day no later: nothing is written, the number is the latest one.
        Sent again under its mark after a crash, it is harmless.
        """
        mark = checked(source_version, "source_version")
        return self._core.commit_difference(difference._core, to_microseconds(time), mark)

    def commit_fork(self, fork: Registry, time: Time = 0, source_version: str = "") -> int:
        """Commits what a fork (:meth:`Snapshot.fork`) holds beyond its snapshot, as one commit.

        Raises :class:`dangbo.Refused`, naming rows that changed here since and that the fork wrote
        or rested on, and whatever else does not fit. The fork stays as it is.
        """
        mark = checked(source_version, "source_version")
        return self._core.commit_fork(fork._core, to_microseconds(time), mark)

    def redact(
        self,
        member: str,
        fields: Sequence[str] = (),
        time: Time = 0,
        source_version: str = "",
    ) -> Redaction:
        """Erases the personal data of a member in every version ever stored, as one commit.

        fields: only these; none: all personal ones. Keys, days and relations stay. It cannot be
        undone. Snapshots, views and forks must be closed, or :class:`dangbo.Argument` is raised.
        Call :meth:`compact` afterwards.

        >>> registry = dangbo.Registry()
        >>> change = registry.change()
        >>> change.add_table("members", {"member_id": ["m1"], "full_name": ["Lò Thị Mây"]})
        >>> registry.commit(change)
        1
        >>> registry.redact("m1")
        Redaction(commit=2, values=1)
        """
        names = ",".join(checked(name, "a field's name") for name in fields)
        mark = checked(source_version, "source_version")
        key = checked(member, "a member's key")
        return Redaction(*self._core.redact(key, names, to_microseconds(time), mark))

    def compact(self) -> None:
        """Rewrites the file without gaps, so that nothing erased stands in it any more."""
        self._core.compact()

    def snapshot(self) -> Snapshot:
        """The facts of the latest commit; never waits."""
        return Snapshot(self._core.snapshot())

    def on(self, day: Day, known_at: int | datetime.datetime | None = None) -> View:
        """The view of a day (a date, or text like "2020-11-30"), as known now or at a commit."""
        return self.snapshot().on(day, known_at)

    def log(self) -> Table:
        """What was done, a row a commit: see :meth:`Snapshot.log`."""
        return self.snapshot().log()

    def rows(self, table: str) -> Table:
        """The rows of a table as known now: see :meth:`Snapshot.rows`.

        >>> registry.rows("units").column("unit_id")[:2]
        ['K', 'K01']
        """
        return self.snapshot().rows(table)

    def memory(self) -> Memory:
        """Bytes held.

        >>> dangbo.Registry().memory().hot_bytes >= 0
        True
        """
        return Memory(*self._core.memory())

    def __repr__(self) -> str:
        if self._core.closed:
            return "<dangbo.Registry, closed>"
        return f"<dangbo.Registry at commit {self.snapshot().commit}>"


def _sync_flag(durability: str) -> int:
    if durability not in _SYNC:
        raise ValueError(f"no durability {durability!r}; there are: {', '.join(_SYNC)}")
    return _SYNC[durability]


def verify(path: Path) -> Table:
    """Whether a registry's file is what its writers committed: every digest recomputed.

    One row: commits, rows, redactions, erased_rows, head (the last digest: kept elsewhere it shows
    that nothing was cut off). Raises :class:`dangbo.FileFault` for a file that does not hold.
    """
    return Table(_core.verify_file(checked_path(path)))


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
