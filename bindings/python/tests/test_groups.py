"""Declared groupings against what a query of the same day counts, and against the rows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from conftest import DAY, KHOI

import dangbo


def words(values: Sequence[object]) -> list[object]:
    """Flags are the words true and false in groups."""
    return [str(value).lower() if isinstance(value, bool) else value for value in values]


def test_groups_are_what_a_query_counts() -> None:
    registry = dangbo.load(KHOI)
    registry.declare_grouping({"name": "both", "by": ["sex", "youth_union"]})
    registry.declare_grouping('{"grouping":1,"name":"by sex","by":["sex"]}')
    registry.advance(DAY)
    view = registry.on(DAY)
    units = ["K", *map(str, view.rollup(unit="K", each="children").column("unit_id")[:20])]
    for day in (DAY, "2019-12-31"):
        view = registry.on(day)
        for unit in units:
            for name, fields in (("by sex", ["sex"]), ("both", ["sex", "youth_union"])):
                frame = view.rollup(unit=unit, by=fields)
                asked = dict(
                    zip(
                        zip(*(words(frame.column(field)) for field in fields), strict=True),
                        frame.column("count"),
                        strict=True,
                    )
                )
                groups = view.groups(unit, name)
                assert {key: n for key, n in groups.items() if n} == {
                    key: n for key, n in asked.items() if n
                }


def test_groups_count_what_is_missing(small: dangbo.Registry) -> None:
    small.declare_grouping({"name": "by sex", "by": ["sex"]})
    view = small.on("2018-01-01")
    assert view.groups("K", "by sex") == {("female",): 1, ("male",): 1, (None,): 1}
    assert view.groups(view.find_unit("B"), "by sex", scope="own")[(None,)] == 1
    assert sum(view.groups("K", "by sex", scope="own").values()) == 0


def test_mistakes_are_said(small: dangbo.Registry) -> None:
    with pytest.raises(dangbo.QueryError):
        small.declare_grouping({"name": "by sex", "by": ["nothing"]})
    small.declare_grouping({"name": "by sex", "by": ["sex"]})
    view = small.on("2018-01-01")
    with pytest.raises(dangbo.NotFound):
        view.groups("K", "another")
    with pytest.raises(dangbo.NotFound):
        view.groups("NOBODY", "by sex")
    with pytest.raises(ValueError, match="no scope"):
        view.groups("K", "by sex", scope="above")  # type: ignore[arg-type]
