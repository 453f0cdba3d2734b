"""Expressions over rows: as mappings and as tables."""

from __future__ import annotations

import datetime
from typing import Any

import numpy
import pytest

import dangbo

FIELDS = {"age": "int", "grade": ["good", "weak"], "joined": "date", "name": "text", "rate": "real", "full": "bool"}


@pytest.mark.parametrize(
    ("text", "row", "value"),
    [
        ("age + 1", {"age": 41}, 42),
        ("grade == 'weak'", {"grade": "weak"}, True),
        ("joined.plus(period('P1Y'), 'clamp')", {"joined": datetime.date(2024, 2, 29)}, "2025-02-28"),
        ("name + '!'", {"name": "đảng"}, "đảng!"),
        ("full ? rate : 0.5", {"full": True, "rate": 2.5}, 2.5),
        ("age == null || age > 1", {"age": None}, True),
    ],
)
def test_a_row(text: str, row: dict[str, object], value: object) -> None:
    assert dangbo.Expression(text, FIELDS).evaluate_row(row) == {"value": value}


def test_what_has_no_value_says_why() -> None:
    error = dangbo.Expression("1 + 10 / age", FIELDS).evaluate_row({"age": 0})["error"]
    assert error["en"] == "division by zero"
    assert (error["begin"], error["end"]) == (4, 12)


def test_mistakes_have_a_place() -> None:
    with pytest.raises(dangbo.QueryError) as caught:
        dangbo.Expression("ages > 1", FIELDS)
    assert "ages" in str(caught.value)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("1", {"a": "int", "b": "float"}),
        ("a", {"a": ["x", "x"]}),
        ("[1]", {}),
    ]
    for text, fields in wrong:
        with pytest.raises(dangbo.QueryError):
            dangbo.Expression(text, fields)
    with pytest.raises(TypeError):
        dangbo.Expression("age", FIELDS).evaluate_row({"age": object()})
    with pytest.raises(dangbo.QueryError):
        dangbo.Expression("age", FIELDS).evaluate_row({"age": "x"})


def given(text: str, **columns: Any) -> dangbo.ArrayValues:
    return dangbo.Expression(text, FIELDS).evaluate_arrays(columns)


def test_arrays() -> None:
    ages = numpy.arange(1000)
    found = given("age >= 18 && age < 30", age=ages)
    assert found.values.dtype == bool and found.valid.all()
    assert (found.values == ((ages >= 18) & (ages < 30))).all()
    numbers = given("age * 2", age=ages)
    assert numbers.values.dtype == numpy.int64 and (numbers.values == ages * 2).all()
    reals = given("rate + 0.5", rate=numpy.array([0.5, numpy.nan]))
    assert reals.values[0] == 1.0 and reals.valid.tolist() == [True, False]
    assert given("rate > 1.0", rate=[2, 0.5, None]).valid.tolist() == [True, True, False]
    days = given("joined.plus(period('P1D'))", joined=numpy.array(["2026-03-31", "NaT"], "datetime64[D]"))
    assert days.values[0] == numpy.datetime64("2026-04-01") and days.valid.tolist() == [True, False]
    texts = given("full ? name : 'x' + name", name=["Lan", None, "Hoa"], full=[True, True, False])
    assert texts.values.tolist() == ["Lan", None, "xHoa"]
    assert given("grade", grade=["weak", "no such word", "good"]).values.tolist() == ["weak", None, "good"]
    assert given("age > 1", age=[]).values.tolist() == []
    assert given("age > 1", age=[None, None]).valid.tolist() == [False, False]


def test_rows_of_arrays_without_a_value_say_why() -> None:
    found = given("10 / age", age=[5, 0, None])
    assert found.values.tolist()[0] == 2 and found.valid.tolist() == [True, False, False]
    assert [found.reason(row) for row in range(3)] == [None, "chia cho 0", "thiếu giá trị"]


def test_arrays_that_do_not_fit() -> None:
    with pytest.raises(dangbo.QueryError):
        given("age > 1", age=["x"])
    with pytest.raises(dangbo.QueryError):
        given("age > 1", ages=[1])
    with pytest.raises(dangbo.QueryError):
        given("age > 1")
    with pytest.raises(dangbo.QueryError):
        given("period('P1M')")
    with pytest.raises(ValueError):
        given("age > 1", age=[1, 2], name=["a"])
    with pytest.raises(TypeError):
        given("age > 1", age=3)
    with pytest.raises(TypeError):
        given("rate > 1.0", rate=numpy.zeros((2, 2)))
    # A column that is not read may be there, and every second number of an array.
    assert given("age == 2", age=numpy.arange(6)[::2], name=["a", "b", "c"]).values.tolist() == [False, True, False]


def test_a_table(small: dangbo.Registry) -> None:
    snapshot = small.snapshot()
    rows = snapshot.rows("members")
    values = snapshot.expression("members", "sex == 'female'").evaluate(rows)
    wanted = [None if sex is None else sex == "female" for sex in rows.column("sex")]
    assert values.column("value") == wanted
    assert [why is None for why in values.column("error_vi")] == [value is not None for value in wanted]
    with pytest.raises(dangbo.NotFound):
        snapshot.expression("nowhere", "true")
    with pytest.raises(dangbo.QueryError):
        snapshot.expression("members", "sex == 'female'").evaluate(snapshot.rows("units"))
