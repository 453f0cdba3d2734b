"""Query documents made from Python values; docs/query.md is their manual."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from dangbo._text import checked


def to_json(document: Mapping[str, Any] | str) -> str:
    """The text of a query document."""
    if not isinstance(document, str):
        document = json.dumps(_plain(document), ensure_ascii=False)
    return checked(document, "a query")


def rollup_document(
    of: str,
    *,
    by: str | list[str] | tuple[str, ...] = (),
    where: Mapping[str, Any] | str | None = None,
    unit: str | None = None,
    each: str | Mapping[str, Any] | None = None,
    scope: str = "below",
    sum: str | None = None,
    period: Any = None,
    dated_by: str | None = None,
    share: str | Mapping[str, Any] | None = None,
    having: Mapping[str, Any] | None = None,
    structure: datetime.date | str | None = None,
) -> dict[str, Any]:
    """The document of a roll-up; what is left out of the call is left out of it."""
    document: dict[str, Any] = {"query": 1, "of": of}
    given = {
        "sum": sum,
        "period": _period(period),
        "dated_by": dated_by,
        "unit": unit,
        "each": each,
        "scope": None if scope == "below" else scope,
        "by": [by] if isinstance(by, str) else list(by) or None,
        "where": _where(where),
        "having": having,
        "share": share,
        "structure": structure,
    }
    document.update((key, _plain(value)) for key, value in given.items() if value is not None)
    return document


def report_document(
    unit: str | None = None,
    *,
    language: str = "vi",
    audience: str = "public",
    trend: Any = None,
    movements: Any = None,
    reorganisation: Any = None,
    published: Sequence[Mapping[str, Any]] = (),
    parts: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The request document of a page; what is left out of the call is left out of it."""
    document: dict[str, Any] = {"page": 1, "language": language, "audience": audience}
    given = {
        "unit": unit,
        "trend": None if trend is None else {"from": trend},
        "movements": _period(movements),
        "reorganisation": reorganisation,
        "published": list(published) or None,
        "parts": None if parts is None else list(parts),
    }
    document.update((key, _plain(value)) for key, value in given.items() if value is not None)
    return document


def _where(where: Mapping[str, Any] | str | None) -> Any:
    if where is None or isinstance(where, str):
        return where
    return {column: _condition(value) for column, value in where.items()} or None


def _condition(value: Any) -> Any:
    return {"missing": True} if value is None else value


def _period(period: Any) -> Any:
    if not isinstance(period, tuple):
        return period
    if len(period) != 2:
        raise ValueError("a period is (from, until)")
    bounds = zip(("from", "until"), period, strict=True)
    return {key: value for key, value in bounds if value is not None}


def _plain(value: Any) -> Any:
    """Dates as text, tuples and sets as lists; JSON has nothing else."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        # In a fixed order, so that equal questions are equal texts.
        plain = [_plain(inner) for inner in value]
        return sorted(plain, key=lambda inner: (str(type(inner)), inner))
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
