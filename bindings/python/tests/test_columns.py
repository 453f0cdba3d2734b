"""What add_table takes: every kind of column, missing values, and what it names when it cannot."""

from __future__ import annotations

import array
import datetime
import decimal
from typing import Any

import numpy
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dangbo
from dangbo._columns import BOOL, DATE, INT64, TEXT, make_columns


def read_back(column: Any) -> tuple[int, list[Any]]:
    """The type and the values of a column as the C library would read its buffers."""
    data = {"x": column}
    rows, columns = make_columns(data)
    (made,) = columns
    valid = [True] * rows
    if made.validity is not None:
        valid = [bool(flag) for flag in memoryview(made.validity)]
    if made.type == TEXT:
        bounds = list(made.offsets)
        assert bounds[0] == 0 and bounds[-1] == len(made.values) and len(bounds) == rows + 1
        pieces = [made.values[a:b].decode() for a, b in zip(bounds, bounds[1:], strict=False)]
        values: list[Any] = pieces
    elif made.type == DATE:
        epoch = datetime.date(1970, 1, 1).toordinal()
        days = list(memoryview(made.values))
        values = [datetime.date.fromordinal(day + epoch) for day in days]
    elif made.type == BOOL:
        values = [bool(flag) for flag in memoryview(made.values)]
    else:
        values = list(memoryview(made.values))
    return made.type, [value if ok else None for value, ok in zip(values, valid, strict=True)]


LEAP = datetime.date(2020, 2, 29)


@pytest.mark.parametrize(
    ("given_", "type_", "taken"),
    [
        (["a", None, "ộ", ""], TEXT, ["a", None, "ộ", ""]),
        (("a", "b"), TEXT, ["a", "b"]),
        ([1, None, -(2**63), 2**63 - 1], INT64, [1, None, -(2**63), 2**63 - 1]),
        ([1.0, float("nan"), -3.0], INT64, [1, None, -3]),
        ([decimal.Decimal(4), 2], INT64, [4, 2]),
        ([1.5, None, 2.0], TEXT, ["1.5", None, "2.0"]),
        ([float("inf")], TEXT, ["inf"]),
        ([True, None, False], BOOL, [True, None, False]),
        ([LEAP, None, datetime.datetime(2021, 1, 1, 23, 59)], DATE, [LEAP, None, None]),
        ([LEAP, "2020", True, 7, None], TEXT, ["2020-02-29", "2020", "true", "7", None]),
        ([datetime.datetime(2020, 2, 29, 1), "x"], TEXT, ["2020-02-29", "x"]),
        ([None, None], TEXT, [None, None]),
        ([], TEXT, []),
        (array.array("h", [3, -4]), INT64, [3, -4]),
        (numpy.array([1, 2], dtype="int8"), INT64, [1, 2]),
        (numpy.array([1, 2, 3, 4])[::2], INT64, [1, 3]),
        (numpy.array([2**63 - 1], dtype="uint64"), INT64, [2**63 - 1]),
        (numpy.array([1.0, numpy.nan]), INT64, [1, None]),
        (numpy.array([0.5, numpy.nan]), TEXT, ["0.5", None]),
        (numpy.array([2.0**53]), INT64, [2**53]),
        (numpy.array([True, False]), BOOL, [True, False]),
        (numpy.array(["a", "bb"]), TEXT, ["a", "bb"]),
        (numpy.array(["2020-02-29", "NaT"], dtype="datetime64[D]"), DATE, [LEAP, None]),
        (numpy.array(["1960-01-01T23"], dtype="datetime64[h]"), DATE, [datetime.date(1960, 1, 1)]),
        ([numpy.int32(5), None], INT64, [5, None]),
        ([numpy.bool_(True), numpy.str_("a")], TEXT, ["true", "a"]),
        (pandas.Series([1, None], dtype="Int64"), INT64, [1, None]),
        (pandas.Series(["a", None], dtype="string"), TEXT, ["a", None]),
        (pandas.Series(["a", None, "a"], dtype="category"), TEXT, ["a", None, "a"]),
        (pandas.Series([True, None], dtype="boolean"), BOOL, [True, None]),
        (pandas.Series([pandas.Timestamp(2020, 2, 29), None]), DATE, [LEAP, None]),
        (pandas.Series(pandas.to_datetime(["2020-02-29T23:00+07:00"])), DATE, [LEAP]),
        (pandas.Series([LEAP, pandas.NaT], dtype=object), DATE, [LEAP, None]),
    ],
)
def test_every_kind(given_: Any, type_: int, taken: list[Any]) -> None:
    got, values = read_back(given_)
    if type_ == DATE and None in taken and datetime.datetime in map(type, given_):
        taken = [LEAP, None, datetime.date(2021, 1, 1)]
    assert (got, values) == (type_, taken)


@pytest.mark.parametrize(
    ("column", "error", "says"),
    [
        ([b"a"], TypeError, "column 'x', row 1: cannot take bytes"),
        (["a", object()], TypeError, "column 'x', row 2: cannot take object"),
        ([2**63], ValueError, "column 'x', row 1: a number beyond 64 bits"),
        ([0, -(2**63) - 1], ValueError, "column 'x', row 2: a number beyond 64 bits"),
        (numpy.array([2**63], dtype="uint64"), ValueError, "column 'x': a number beyond"),
        (["a", "\ud800"], ValueError, "column 'x', row 2: not a text of Unicode"),
        ([datetime.date(1399, 12, 31)], ValueError, "column 'x', row 1: the day is outside"),
        (numpy.array(["1400-01-01", "1399-12-31"], "M8[D]"), ValueError, "'x', row 2: the day"),
        (numpy.array(["10000-01-01"], "M8[D]"), ValueError, "'x', row 1: the day"),
        (numpy.zeros((2, 2)), TypeError, "one dimension, has 2"),
        ("abc", TypeError, "column 'x': needs a sequence, not str"),
        (iter([1]), TypeError, "column 'x': needs a sequence"),
    ],
)
def test_what_cannot_be(column: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        make_columns({"x": column})
    assert says in str(caught.value)


def test_boundary_days_are_taken() -> None:
    first, last = datetime.date(1400, 1, 1), datetime.date(9999, 12, 31)
    assert read_back([first, last]) == (DATE, [first, last])
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", {"unit_id": ["A"], "kind": ["CB"], "from": [first], "until": [last]})
    registry.commit(change)
    assert registry.on(last - datetime.timedelta(1)).rollup("units").column("count") == [1]
    assert registry.on(last).rollup("units").column("count") == [0]


@pytest.mark.parametrize("data", [{}, {"": [1]}, {1: ["a"]}, {"a": [1], "b": [1, 2]}, [1], "units"])
def test_no_table(data: Any) -> None:
    change = dangbo.Registry().change()
    with pytest.raises((TypeError, ValueError)):
        change.add_table("units", data)
    # What was not begun need not be ended.
    change.add_table("units", {"unit_id": ["A"], "kind": ["CB"]})
    assert len(change.check()) == 0


def test_rows_are_numbered_and_named() -> None:
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", {"unit_id": ["A", None], "kind": ["CB", "CB"]}, source="trang 1")
    change.add_table("no such table", {"a": [1]})
    problems = change.check()
    row = problems.to_pylist()[-1]
    assert (row["file"], row["row"], row["column"]) == ("trang 1", 2, "unit_id")
    with pytest.raises(dangbo.Refused) as caught:
        registry.commit(change)
    assert caught.value.problem_count == len(problems) == 2


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.dates(datetime.date(1400, 1, 1)),
    st.floats(allow_infinity=False),
)


@settings(deadline=None, database=None, derandomize=True)
@given(st.lists(_CELLS, max_size=12))
def test_any_list_reads_back(cells: list[Any]) -> None:
    """Taken as one type, or refused for a text that is none or a number that is too large."""
    try:
        type_, values = read_back(cells)
    except ValueError as error:
        assert "row" in str(error)
        return
    gone = [cell is None or cell != cell for cell in cells]
    assert [value is None for value in values] == gone
    for cell, value in zip(cells, values, strict=True):
        if value is not None and type_ in (INT64, DATE, BOOL):
            assert value == cell
        elif value is not None and isinstance(cell, str):
            assert value == cell


@settings(deadline=None, database=None, derandomize=True, max_examples=50)
@given(
    st.lists(
        st.text(
            st.characters(blacklist_categories=("Cs", "Cc", "Z")), min_size=1, max_size=6
        ).filter(str.strip),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_keys_come_back(keys: list[str]) -> None:
    """The library brings keys to one form, never loses or invents one without saying so."""
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", {"unit_id": keys, "kind": ["CB"] * len(keys)})
    if len(change.check()) == 0:
        registry.commit(change)
        view = registry.on("2020-01-01")
        assert view.rollup("units").column("count") == [len(keys)]
        for key in keys:
            assert view.find_unit(key) > 0
