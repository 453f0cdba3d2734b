"""Frozen figures: a result kept with its question, and what has become of it since."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
from typing import Any

from dangbo import _core
from dangbo._table import Table
from dangbo._text import checked


class Frozen:
    """Figures as they were known at one commit, with their question. Immutable.

    Comes from :meth:`dangbo.View.freeze`, :meth:`load`, or the text of a document. A document that
    is broken, or was changed since it was frozen, raises :class:`dangbo.QueryError`.

    >>> june = view.freeze({"query": 1, "of": "members", "by": ["sex"]})
    >>> june.table.to_dict()
    {'sex': ['female', 'male'], 'count': [1056, 1656]}
    >>> dangbo.Frozen(june.text) == june
    True
    """

    __slots__ = ("_document", "table", "text")

    #: The figures.
    table: Table
    #: The document: what :meth:`save` writes.
    text: str

    def __init__(self, text: str) -> None:
        self.text = checked(text, "a frozen document")
        self.table = Table(_core.frozen_table(self.text))
        self._document: dict[str, Any] = json.loads(self.text)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Frozen:
        """Reads what :meth:`save`, or ``dangbo freeze``, wrote."""
        return cls(pathlib.Path(path).read_bytes().decode("utf-8", "replace"))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the document to a file, the same bytes on every machine."""
        pathlib.Path(path).write_bytes(self.text.encode("utf-8"))

    @property
    def query(self) -> str:
        """The question, with its day, as a query document (docs/query.md)."""
        return json.dumps(self._document["query"], ensure_ascii=False, separators=(",", ":"))

    @property
    def known_at(self) -> int:
        """The number of the commit the figures rest on."""
        return int(self._document["known_at"]["commit"])

    @property
    def digest(self) -> str:
        """SHA-256 of everything else in the document, in hexadecimal: what a host signs."""
        return str(self._document["digest"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"<dangbo.Frozen of {len(self.table)} rows at commit {self.known_at}>"


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What has become of frozen figures; docs/freeze.md explains both tables.

    cells: the figures that differ: cell, the columns of the result, frozen, now, difference.
    causes: why, one row for everything that is counted differently; the effects of a cell add up
    to its difference. It names members: keep it from whom they do not concern.
    differing: how many figures differ.
    """

    cells: Table
    causes: Table
    differing: int
