"""One class of exceptions for each status of the C library."""

from __future__ import annotations

from collections.abc import Mapping

from dangbo import _core
from dangbo._language import Language, is_english
from dangbo._table import Table

_SHOWN = 5


class Error(Exception):
    """Anything the library could not or would not do.

    ``str(error)`` is the message in the language chosen (:func:`dangbo.set_language`) with the
    first problems, each with its place and its remedy.
    """

    def __init__(
        self,
        code: int,
        message_vi: str,
        message_en: str,
        problem_count: int = 0,
        problems: Table | None = None,
    ) -> None:
        super().__init__(message_en)
        #: The status of the C library, ``DANGBO_E_…``.
        self.code = code
        #: One line in Vietnamese.
        self.message_vi = message_vi
        #: The same in English.
        self.message_en = message_en
        #: How many problems there are in all; the table keeps the first million.
        self.problem_count = problem_count
        #: Every problem: code, file, row, column, value, reason_vi, reason_en, fix_vi, fix_en.
        #: None when the error is not about rows or a query.
        self.problems = problems

    def message(self, lang: Language | None = None) -> str:
        """The message and the first problems, in a language (None: the one chosen).

        >>> try:
        ...     dangbo.load("examples/khoi_2020").on("2020-11-30").rollup(by=["sexx"])
        ... except dangbo.QueryError as error:
        ...     print(error.problems.column("column"))
        ['/by/0']
        """
        english = is_english(lang)
        message = self.message_en if english else self.message_vi
        if self.problems is None or self.problem_count < 2:
            return message
        lines = [f"{self.problem_count} problems:" if english else f"{self.problem_count} chỗ sai:"]
        lines += [_line(row, english) for row in self.problems.head(_SHOWN)]
        if self.problem_count > _SHOWN:
            more = self.problem_count - _SHOWN
            lines.append(f"… and {more} more" if english else f"… và {more} chỗ nữa")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.message()

    def __repr__(self) -> str:
        # No message: it may quote a value of a row.
        return f"<dangbo.{type(self).__name__}, code {self.code}, {self.problem_count} problems>"


class Argument(Error, ValueError):
    """An argument that cannot be: a closed object, text that is not UTF-8, a day out of range."""


class Refused(Error):
    """Rows or a file that do not fit. Nothing was changed; :attr:`problems` names every one."""


class QueryError(Error):
    """A query that does not fit; ``column`` of :attr:`problems` points into the document."""


class NotFound(Error, LookupError):
    """No unit ever had this key or id."""


class OutOfMemory(Error, MemoryError):
    """Not enough memory; nothing was changed."""


class Cancelled(Error):
    """A progress function returned False; nothing was added."""


class Internal(Error, RuntimeError):
    """A fault of the library. Please report it."""


class FileFault(Error, OSError):
    """A registry's file that cannot be opened, written or trusted; ``code`` of :attr:`problems`
    says which."""


_CLASSES: dict[int, type[Error]] = {
    1: Argument,
    2: Refused,
    3: QueryError,
    4: NotFound,
    5: OutOfMemory,
    6: Cancelled,
    7: Internal,
    8: FileFault,
}


def make_error(
    code: int, vi: str, en: str, problem_count: int, problems: _core.Table | None
) -> Error:
    """Called by the extension."""
    table = None if problems is None else Table(problems)
    return _CLASSES.get(code, Internal)(code, vi, en, problem_count, table)


def _line(row: Mapping[str, object], english: bool) -> str:
    """A problem as the library itself would say it."""
    place = [str(row["file"])] if row["file"] else []
    if row["row"] is not None:
        place.append(f"row {row['row']}" if english else f"dòng {row['row']}")
    if row["column"]:
        place.append(f"column {row['column']}" if english else f"cột {row['column']}")
    line = ", ".join(place) + ": " if place else ""
    if row["value"]:
        line += f"«{row['value']}»: "
    line += str(row["reason_en" if english else "reason_vi"])
    fix = row["fix_en" if english else "fix_vi"]
    if fix:
        if not line.endswith("."):
            line += "."
        line += f" Fix: {fix}" if english else f" Cách sửa: {fix}"
    return line
