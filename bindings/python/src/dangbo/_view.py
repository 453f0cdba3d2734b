"""Reading: the facts of one commit, and the organisation of one day."""

from __future__ import annotations

import datetime
import html
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Literal

from dangbo import _core
from dangbo._days import Day, from_day, to_day
from dangbo._query import report_document, rollup_document, to_json
from dangbo._table import Table
from dangbo._text import checked

Scope = Literal["below", "own"]

_SCOPES: Final[dict[str, int]] = {"below": 0, "own": 1}


class View:
    """The organisation and its people on one day. Immutable; for any number of threads.

    Comes from :meth:`dangbo.Registry.on` and stays good after the registry is closed.

    >>> view = registry.on("2020-11-30")
    >>> view.total("K")
    2712
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.View) -> None:
        self._core = core

    @property
    def day(self) -> datetime.date:
        """The day of the view."""
        return from_day(self._core.day)

    def find_unit(self, key: str) -> int:
        """The id of a unit by its key. Raises :class:`dangbo.NotFound` when none ever had it.

        >>> view.find_unit("K") > 0
        True
        """
        return self._core.find_unit(checked(key, "a unit's key"))

    def total(self, unit: str | int, scope: Scope = "below") -> int:
        """Members of a unit (key or id) with all below it, or of its own roll (``scope="own"``).

        0 for a unit not in force on the day. The first call on a view counts all units, every
        later one is a look-up. Raises :class:`dangbo.NotFound` for a unit that never was.

        >>> view.total("K", scope="own")
        0
        """
        if scope not in _SCOPES:
            raise ValueError(f"no scope {scope!r}; there are: 'below', 'own'")
        number = self.find_unit(unit) if isinstance(unit, str) else unit
        return self._core.total(number, _SCOPES[scope])

    def query(self, document: Mapping[str, Any] | str) -> Table:
        """Answers a query document (docs/query.md), a mapping or JSON text; "on" may be left out.

        Raises :class:`dangbo.QueryError` with the place of every mistake.

        >>> view.query({"query": 1, "of": "members", "where": {"sex": "female"}}).column("count")
        [1056]
        """
        return Table(self._core.query(to_json(document)))

    def rollup(
        self,
        of: str = "members",
        *,
        by: str | list[str] | tuple[str, ...] = (),
        where: Mapping[str, Any] | None = None,
        unit: str | None = None,
        each: str | Mapping[str, Any] | None = None,
        scope: Scope = "below",
        sum: str | None = None,
        period: str | Mapping[str, Any] | tuple[Any, Any] | None = None,
        dated_by: str | None = None,
        share: str | Mapping[str, Any] | None = None,
        having: Mapping[str, Any] | None = None,
    ) -> Table:
        """Counts or sums rows, by columns and by units. Makes the query document for you.

        of: what is counted, "members" or another table. by: columns to group by. where: column ->
        value, list of values, None for missing, or a condition of the document. unit: the key of
        the unit asked about (None: all). each: a row for each of its units, "children", "all" or
        {"level": 2}, {"class": …}, {"kind": …}. scope: with all units below, or "own". sum: a
        column to add up instead of counting. period: "2020", "2020Q3" … or (from, until), until not
        included. share: what the count is a share of. having: of units, a condition on their rows.

        Columns of the result: unit_id and name (with ``each``), the columns of ``by``, count or
        sum, base and percent (with ``share``). ``result.query`` is the document as text.

        >>> view.rollup(by="sex", share="stock").to_pylist()[0]
        {'sex': 'female', 'count': 1056, 'base': 2712, 'percent': 38.94}
        >>> view.rollup("units", each={"level": 0}).column("unit_id")
        ['K']
        """
        document = rollup_document(
            of,
            by=by,
            where=where,
            unit=unit,
            each=each,
            scope=scope,
            sum=sum,
            period=period,
            dated_by=dated_by,
            share=share,
            having=having,
        )
        return self.query(document)

    def tree(self, unit: str | None = None, depth: int = 0) -> Table:
        """The units of the day in pre-order, under one unit (a key) or all; depth 0 has no limit.

        Columns: unit_id, name, kind, class, parent_id, level, members_own, members_below.

        >>> view.tree("K", depth=1).column("members_below")
        [2712]
        """
        return Table(self._core.tree(checked(unit or "", "a unit's key"), depth))

    def report(
        self,
        unit: str | None = None,
        *,
        language: Literal["vi", "en"] = "vi",
        audience: Literal["public", "internal"] = "public",
        trend: Day | None = None,
        reorganisation: Day | None = None,
        published: Sequence[Mapping[str, Any]] = (),
        parts: Sequence[str] | None = None,
    ) -> str:
        """One self-contained HTML page about a unit (a key; None: all data) on this day.

        trend: members at the end of each month from this day on. reorganisation: before and after
        this day. published: figures to set beside computed ones, mappings with the keys of
        docs/page.md. parts: only these sections, like ["overview", "composition"]. A page for the
        public withholds small counts of ethnicity and religion; an internal one shows all.
        Raises :class:`dangbo.QueryError` with the place of every mistake.

        >>> page = view.report("K", trend="2020-01-01")
        >>> page.startswith("<!DOCTYPE html>")
        True
        """
        document = report_document(
            unit,
            language=language,
            audience=audience,
            trend=trend,
            reorganisation=reorganisation,
            published=published,
            parts=parts,
        )
        return self._core.report(to_json(document))

    def _repr_html_(self) -> str:
        """A small page for a notebook, in a frame of its own."""
        page = self.report(parts=["overview", "composition", "notes"])
        return (
            '<iframe sandbox="allow-scripts" style="width:100%;height:720px;border:0" '
            f'title="dangbo, {self.day}" srcdoc="{html.escape(page)}"></iframe>'
        )

    def close(self) -> None:
        """Lets go of the memory; other calls raise :class:`dangbo.Argument` from then on."""
        self._core.close()

    def __enter__(self) -> View:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<dangbo.View, closed>" if self._core.closed else f"<dangbo.View of {self.day}>"


class Snapshot:
    """The facts as one commit left them. Immutable; for any number of threads.

    Comes from :meth:`dangbo.Registry.snapshot`, costs nothing, and stays good after the registry
    is closed.

    >>> registry.snapshot().commit
    1
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Snapshot) -> None:
        self._core = core

    @property
    def commit(self) -> int:
        """The number of the commit; 0 before the first."""
        return self._core.commit

    def on(self, day: Day, known_at: int | None = None) -> View:
        """The view of a day (a date, or text like "2020-11-30").

        ``known_at``: what was known at that commit; None is all that the snapshot knows.
        """
        return View(self._core.view(to_day(day), known_at or 0))

    def query(self, document: Mapping[str, Any] | str) -> Table:
        """Answers a query document that gives its own "on".

        >>> document = {"query": 1, "of": "members", "on": "2020-11-30"}
        >>> registry.snapshot().query(document).column("count")
        [2712]
        """
        return Table(self._core.query(to_json(document)))

    def close(self) -> None:
        """Lets go of the memory; other calls raise :class:`dangbo.Argument` from then on."""
        self._core.close()

    def __enter__(self) -> Snapshot:
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
            return "<dangbo.Snapshot, closed>"
        return f"<dangbo.Snapshot of commit {self.commit}>"
