"""Expressions over rows: as mappings and as tables."""

from __future__ import annotations

import datetime
from typing import Any

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
