"""Reading: the facts of one commit, and the organisation of one day."""

from __future__ import annotations

import datetime
import html
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from dangbo import _core
from dangbo._closing import Closing
from dangbo._days import Day, Time, from_day, to_day, to_microseconds
from dangbo._expression import Expression
from dangbo._frozen import Comparison, Frozen
from dangbo._language import Language, number_of
from dangbo._query import report_document, rollup_document, to_json
from dangbo._rules import Pack, WhatIf, options_text, query_text
from dangbo._table import Table
from dangbo._text import checked

if TYPE_CHECKING:
    from dangbo._registry import Registry

Scope = Literal["below", "own"]
#: Days [from, until); None is an open end.
Period = tuple[Day | None, Day | None]

_SCOPES: Final[dict[str, int]] = {"below": 0, "own": 1}


class View(Closing[_core.View]):
    """The organisation and its people on one day. Immutable; for any number of threads.

    Comes from :meth:`dangbo.Registry.on` and stays good after the registry is closed.

    >>> view = registry.on("2020-11-30")
    >>> view.total("K")
    2712
    """

    __slots__ = ()

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

    def find_entity(self, scheme: str, key: str) -> tuple[Literal["unit", "member"], str]:
        """What a key of another system (table cross_references) stands for on the day.

        Schemes are words of your own: national database, HR, card, organisation code. Returns what
        it is and its key here. Raises :class:`dangbo.NotFound` when nobody has it on the day.

        >>> body = dangbo.Registry()
        >>> change = body.change()
        >>> change.add_table("members", {"member_id": ["m1"]})
        >>> change.add_table("cross_references", {"scheme": ["card"], "key": ["007"],
        ...     "subject_type": ["member"], "subject_id": ["m1"]})
        >>> body.commit(change)
        1
        >>> body.on("2020-01-01").find_entity("card", "007")
        ('member', 'm1')
        """
        is_unit, found = self._core.find_entity(
            checked(scheme, "a scheme"), checked(key, "a key")
        )
        return ("unit" if is_unit else "member"), found

    def total(
        self, unit: str | int, scope: Scope = "below", measure: str | None = None
    ) -> int:
        """Members of a unit (key or id) with all below it, or of its own roll (``scope="own"``).

        measure: another figure, declared with :meth:`dangbo.Registry.declare_measure`. 0 for a
        unit not in force on the day. A look-up for what is declared (docs/totals.md); else the
        first call on a view counts all units. Raises :class:`dangbo.NotFound` for a unit that
        never was, and for a measure not declared.

        >>> view.total("K", scope="own")
        0
        """
        if scope not in _SCOPES:
            raise ValueError(f"no scope {scope!r}; there are: 'below', 'own'")
        number = self.find_unit(unit) if isinstance(unit, str) else unit
        figure = 0 if measure is None else self._core.find_measure(checked(measure, "a measure"))
        return self._core.total(number, _SCOPES[scope], figure)

    def groups(
        self, unit: str | int, grouping: str, scope: Scope = "below"
    ) -> dict[tuple[str | None, ...], int]:
        """Members of a unit (key or id) by a declared grouping: words of the fields -> count.

        Every combination of words is there, also with 0; None is missing, a flag is "true". Raises
        :class:`dangbo.NotFound` for a unit that never was, and for a grouping not declared.

        >>> registry = dangbo.load("examples/khoi_2020")
        >>> registry.declare_grouping({"name": "by sex", "by": ["sex"]})
        >>> view = registry.on("2020-11-30")
        >>> sum(view.groups("K", "by sex").values()) == view.total("K")
        True
        """
        if scope not in _SCOPES:
            raise ValueError(f"no scope {scope!r}; there are: 'below', 'own'")
        number = self.find_unit(unit) if isinstance(unit, str) else unit
        found = self._core.find_grouping(checked(grouping, "a grouping"))
        words = Table(self._core.group_words(found))
        counts = self._core.group_counts(number, found, _SCOPES[scope])
        return dict(zip(zip(*(words.column(name) for name in words.columns)), counts))

    def trend(
        self,
        unit: str,
        measures: Sequence[str],
        start: Day,
        until: Day,
        *,
        step: Literal["month", "quarter", "year"] = "month",
        scope: Scope = "below",
    ) -> Table:
        """How declared measures of a unit went: a row for each last day of a step, a column each.

        >>> registry = dangbo.load("examples/khoi_2020")
        >>> registry.declare_measure(
        ...     {"name": "women", "of": "members", "where": {"sex": "female"}, "timeline": True}
        ... )
        >>> view = registry.on("2020-11-30")
        >>> view.trend("K", ["women"], "2020-09-01", "2020-12-01").columns
        ['day', 'women']
        """
        document = {
            "trend": 1,
            "unit": unit,
            "measures": list(measures),
            "from": from_day(to_day(start)).isoformat(),
            "until": from_day(to_day(until)).isoformat(),
            "step": step,
            "scope": scope,
        }
        return Table(self._core.trend(to_json(document)))

    def query(
        self,
        document: Mapping[str, Any] | str,
        *,
        threads: int = 1,
        counts_only: bool = False,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """Answers a query document (docs/query.md), a mapping or JSON text; "on" may be left out.

        threads: that count beside each other, at most 16; the answer is the same. counts_only:
        whoever asks may see counts, so ``"rows"`` is answered by their number. progress: called
        with the part that is done, 0 to 1; what returns False raises :class:`dangbo.Cancelled`.
        Raises :class:`dangbo.QueryError` with the place of every mistake.

        >>> view.query({"query": 1, "of": "members", "where": {"sex": "female"}}).column("count")
        [1056]
        >>> view.query({"query": 1, "of": "members", "by": ["sex"], "rows": {"sex": "female"}},
        ...     counts_only=True).column("count")
        [1056]
        """
        text = to_json(document)
        return Table(self._core.query_run(text, threads, counts_only, progress))

    def count(
        self,
        of: str = "members",
        *,
        where: Mapping[str, Any] | str | None = None,
        unit: str | None = None,
        scope: Scope = "below",
    ) -> int:
        """How many rows there are; ``where`` as for :meth:`rollup`.

        >>> view.count("members", where="sex == 'female'")
        1056
        """
        count = self.rollup(of, where=where, unit=unit, scope=scope).column("count")[0]
        assert isinstance(count, int)
        return count

    def freeze(self, document: Mapping[str, Any] | str) -> Frozen:
        """Answers a query as :meth:`query` does, and keeps the figures with their question.

        >>> june = view.freeze(view.rollup(by="sex").query)
        >>> june.table.column("count")
        [1056, 1656]
        """
        return Frozen(self._core.freeze(to_json(document)))

    def check(
        self,
        pack: Pack,
        *,
        rules: Sequence[str] = (),
        about_persons: bool = False,
        unit: str | None = None,
    ) -> Table:
        """The findings of a pack on the day (docs/rules.md): what does not hold, and by which article.

        rules: only these; about_persons: rules about members too; unit: only it and all below.

        >>> pack = dangbo.Pack.load("packs/charter/charter.yaml")
        >>> found = view.check(pack, rules=["cell-min-full"])
        >>> set(found.column("outcome")) <= {"violated", "undecidable"}
        True
        """
        return Table(pack._core.check(self._core, options_text(rules, about_persons, unit)))

    def due(
        self,
        pack: Pack,
        days: int,
        *,
        rules: Sequence[str] = (),
        unit: str | None = None,
    ) -> Table:
        """What becomes a finding within so many days if nothing is done. Never about persons."""
        return Table(pack._core.due(self._core, days, options_text(rules, False, unit)))

    def explain(
        self,
        pack: Pack,
        rule: str,
        subject: str,
        *,
        html: bool = False,
        language: Language | None = None,
        about_persons: bool = False,
    ) -> str:
        """Why a rule says what it says about a subject, as in columns rule and subject.

        >>> pack = dangbo.Pack.load("packs/charter/charter.yaml")
        >>> text = view.explain(pack, "grassroots-committee-size", "unit:K01", language="en")
        >>> "article 21/4" in text
        True
        """
        return pack._core.explain(
            self._core,
            checked(rule, "a rule"),
            checked(subject, "a subject"),
            html,
            number_of(language),
            about_persons,
        )

    def what_if(
        self,
        pack: Pack,
        script: str,
        *,
        query: Mapping[str, Any] | str | None = None,
        rules: Sequence[str] = (),
        about_persons: bool = False,
        unit: str | None = None,
    ) -> WhatIf:
        """What a change script (docs/scripts.md), as text, would mend and break; nothing is written."""
        findings, figures = pack._core.what_if(
            self._core,
            checked(script, "a script"),
            query_text(query),
            options_text(rules, about_persons, unit),
        )
        return WhatIf(Table(findings), Table(figures))

    def rollup(
        self,
        of: str = "members",
        *,
        by: str | list[str] | tuple[str, ...] = (),
        where: Mapping[str, Any] | str | None = None,
        unit: str | None = None,
        each: str | Mapping[str, Any] | None = None,
        scope: Scope = "below",
        sum: str | None = None,
        period: str | Mapping[str, Any] | tuple[Any, Any] | None = None,
        dated_by: str | None = None,
        share: str | Mapping[str, Any] | None = None,
        having: Mapping[str, Any] | None = None,
        structure: Day | None = None,
    ) -> Table:
        """Counts or sums rows, by columns and by units. Makes the query document for you.

        of: what is counted, "members" or another table. by: columns to group by. where: column ->
        value, list of values, None for missing, or a condition of the document; or an expression. unit: the key of
        the unit asked about (None: all). each: a row for each of its units, "children", "all" or
        {"level": 2}, {"class": …}, {"kind": …}. scope: with all units below, or "own". sum: a
        column to add up instead of counting. period: "2020", "2020Q3" … or (from, until), until not
        included. share: what the count is a share of. having: of units, a condition on their rows.
        structure: members of this view's day under the tree of that one.

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
            structure=structure,
        )
        return self.query(document)

    def tree(self, unit: str | None = None, depth: int = 0) -> Table:
        """The units of the day in pre-order, under one unit (a key) or all; depth 0 has no limit.

        Columns: unit_id, name, kind, class, parent_id, level, members_own, members_below.

        >>> view.tree("K", depth=1).column("members_below")
        [2712]
        """
        return Table(self._core.tree(checked(unit or "", "a unit's key"), depth))

    def lineage(self, unit: str) -> Table:
        """What became of a unit (a key) and where it came from (docs/lineage.md).

        Columns: part (itself, event, became, came_from, on_day), level, unit_id, name, from, until,
        event, date, decision_id, in_force. The rows ``on_day`` say which units it is on the day of
        the view. Raises :class:`dangbo.QueryError` for a unit that never was.

        >>> [row["unit_id"] for row in view.lineage("K69").to_pylist() if row["part"] == "on_day"]
        ['K68']
        """
        return Table(self._core.lineage(checked(unit, "a unit's key")))

    def report(
        self,
        unit: str | None = None,
        *,
        language: Literal["vi", "en"] = "vi",
        audience: Literal["public", "internal"] = "public",
        trend: Day | None = None,
        movements: str | Mapping[str, Any] | tuple[Any, Any] | None = None,
        reorganisation: Day | None = None,
        published: Sequence[Mapping[str, Any]] = (),
        parts: Sequence[str] | None = None,
    ) -> str:
        """One self-contained HTML page about a unit (a key; None: all data) on this day.

        trend: members at the end of each month from this day on. movements: who came and who left
        in a period, "2020", "2020Q3" … or (from, until). reorganisation: before and after this
        day. published: figures to set beside computed ones, mappings with the keys of
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
            movements=movements,
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

    def __repr__(self) -> str:
        return "<dangbo.View, closed>" if self._core.closed else f"<dangbo.View of {self.day}>"


class Snapshot(Closing[_core.Snapshot]):
    """The facts as one commit left them. Immutable; for any number of threads.

    Comes from :meth:`dangbo.Registry.snapshot`, costs nothing, and stays good after the registry
    is closed.

    >>> registry.snapshot().commit
    1
    """

    __slots__ = ()

    @property
    def commit(self) -> int:
        """The number of the commit; 0 before the first."""
        return self._core.commit

    @property
    def current_day(self) -> datetime.date | None:
        """The registry's day (:meth:`dangbo.Registry.advance`); None before it had one."""
        day = self._core.current_day
        return None if day is None else from_day(day)

    @property
    def is_synthetic(self) -> bool:
        """Whether some of the people and bodies are invented.

        >>> registry.snapshot().is_synthetic
        True
        """
        return self._core.is_synthetic

    def commit_at(self, time: Time) -> int:
        """The last commit at or before a time; 0 when all are later.

        time: a datetime with a time zone, or microseconds since 1970-01-01 UTC.

        >>> registry.snapshot().commit_at(-1)
        0
        """
        return self._core.commit_at_time(to_microseconds(time))

    def as_of(self, commit: int | datetime.datetime) -> Snapshot:
        """The same registry as known at an earlier commit, or at a time.

        >>> registry.snapshot().as_of(1).commit
        1
        """
        return Snapshot(self._core.as_of(self._number_of(commit)))

    def on(self, day: Day, known_at: int | datetime.datetime | None = None) -> View:
        """The view of a day (a date, or text like "2020-11-30").

        ``known_at``: what was known at that commit, or at a time (a datetime with a time zone);
        None is all that the snapshot knows.
        """
        number = 0 if known_at is None else self._number_of(known_at)
        return View(self._core.view(to_day(day), number))

    def log(self) -> Table:
        """What was done: commit, time, source_version, current_day, added, corrected, withdrawn.

        >>> registry.snapshot().log().column("commit")
        [1]
        """
        return Table(self._core.log())

    def changes(
        self,
        after: int | datetime.datetime = 0,
        period: Period = (None, None),
        table: str | None = None,
    ) -> Table:
        """What became known after a commit (or a time) about the days of a period, field by field.

        Columns: commit, table, row_id, change (added, corrected, withdrawn), unit_id, member_id,
        field, before, after. period: (from, until), until not included, None for an open end.

        >>> len(registry.snapshot().changes(after=1))
        0
        """
        number = self.commit_at(after) if isinstance(after, datetime.datetime) else after
        first, end = (None if day is None else to_day(day) for day in period)
        return Table(self._core.changes(number, first, end, checked(table or "", "a table's name")))

    def agenda(self, start: Day, until: Day) -> Table:
        """What begins or ceases to hold on the days [start, until).

        Columns: day, table, row_id, due (begins, ends), unit_id, member_id.

        >>> sorted(set(registry.snapshot().agenda("2020-11-01", "2020-12-01").column("table")))
        ['members', 'memberships']
        """
        return Table(self._core.agenda(to_day(start), to_day(until)))

    def code_mapping(self, first: Day, later: Day, *, all: bool = False) -> Table:
        """Which units of one day are which on a later one, a row a pair (docs/lineage.md).

        Columns: from_unit, from_name, to_unit, to_name (None: it is none), event (None: itself),
        date, decision_id, members, placed. all: also the units that are themselves on both days.
        Raises :class:`dangbo.QueryError` when ``later`` is before ``first``.

        >>> mapping = registry.snapshot().code_mapping("2020-06-30", "2020-07-01")
        >>> list(zip(mapping.column("from_unit"), mapping.column("to_unit")))
        [('K69', 'K68'), ('K70', 'K68')]
        """
        return Table(self._core.code_mapping(to_day(first), to_day(later), all))

    def expression(self, table: str, text: str) -> Expression:
        """A condition or a value over the rows of a table (docs/expressions.md).

        Raises :class:`dangbo.NotFound` for a table that is none, :class:`dangbo.QueryError` with the
        line and the character of every mistake.
        """
        return Expression._of(self._core.expression(checked(table, "a table's name"), checked(text, "an expression")))

    def rows(self, table: str, first: int = 0, count: int = 0) -> Table:
        """The rows of a table that are known: row_id, then every field.

        first, count: among these row numbers only, for tables too large to be had at once (count
        0: all). Raises :class:`dangbo.Refused` for a table that is none.

        >>> registry.snapshot().rows("units").head(1)[0]["unit_id"]
        'K'
        """
        if first < 0 or count < 0:
            raise ValueError("first and count are not negative")
        return Table(self._core.rows(checked(table, "a table's name"), first, count))

    def fork(self) -> Registry:
        """A registry of its own that begins with what this snapshot knows, for what-if work.

        Change it, query it, drop it; :meth:`dangbo.Registry.commit_fork` brings it home.

        >>> fork = registry.snapshot().fork()
        >>> fork.advance("2021-01-01")
        2
        >>> registry.snapshot().commit
        1
        """
        from dangbo._registry import Registry

        return Registry._of(self._core.fork())

    def query(self, document: Mapping[str, Any] | str) -> Table:
        """Answers a query document that gives its own "on".

        >>> document = {"query": 1, "of": "members", "on": "2020-11-30"}
        >>> registry.snapshot().query(document).column("count")
        [2712]
        """
        return Table(self._core.query(to_json(document)))

    def compare(self, frozen: Frozen, *, all: bool = False) -> Comparison:
        """Asks a frozen question again with all that this snapshot knows: what differs, and why.

        all: also the figures that do not differ. A registry that does not have the commit that was
        frozen gives the figures, and "unknown" for causes.

        >>> june = view.freeze({"query": 1, "of": "members"})
        >>> registry.snapshot().compare(june).differing
        0
        """
        cells, causes, differing = self._core.compare(frozen.text, all)
        return Comparison(Table(cells), Table(causes), differing)

    def _number_of(self, known: int | datetime.datetime) -> int:
        """The commit meant; there is none before the first."""
        if not isinstance(known, datetime.datetime):
            return known
        number = self.commit_at(known)
        if number == 0:
            raise ValueError(f"nothing was known at {known.isoformat()}: the first commit is later")
        return number

    def __repr__(self) -> str:
        if self._core.closed:
            return "<dangbo.Snapshot, closed>"
        return f"<dangbo.Snapshot of commit {self.commit}>"
