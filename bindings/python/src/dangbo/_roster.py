"""The differences of a host's roster, night after night (docs/roster.md)."""

from __future__ import annotations

from dangbo import _core
from dangbo._closing import Closing
from dangbo._table import Table


class Difference(Closing[_core.Difference]):
    """What differs between a complete extract and a registry. Immutable.

    Comes from :meth:`dangbo.Registry.difference`; nothing is written until
    :meth:`dangbo.Registry.commit_difference`.
    """

    __slots__ = ()

    @property
    def rows(self) -> int:
        """Rows that a commit would write."""
        return self._core.counts()[0]

    @property
    def questions(self) -> int:
        """What only a person can say; it stands in :attr:`script` as comments."""
        return self._core.counts()[1]

    @property
    def rows_set_aside(self) -> int:
        """Rows of the extract at fault, with ``quarantine=True``."""
        return self._core.counts()[2]

    @property
    def script(self) -> str:
        """The difference as a change script (docs/scripts.md), with what was found as comments."""
        return self._core.script()

    def findings(self) -> Table:
        """One row a finding.

        Columns: finding, table, key, field, before, after, day, observed, note_vi, note_en.
        """
        return Table(self._core.findings())

    def reasons(self) -> Table:
        """Why rows were set aside, as :meth:`dangbo.Change.check` tells problems."""
        return Table(self._core.set_aside())

    def __repr__(self) -> str:
        if self._core.closed:
            return "<dangbo.Difference, closed>"
        return f"<dangbo.Difference, {self.rows} rows, {self.questions} questions>"
