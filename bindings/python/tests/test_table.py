"""Tables: lists, NumPy views, pandas, text."""

from __future__ import annotations

import csv
import datetime
import gc
import io
import json
import math
from typing import Any

import numpy
import pandas
import pytest

import dangbo
from dangbo._table import Table


def test_shape(view: dangbo.View) -> None:
    table = view.rollup(by="sex", share="stock")
    assert len(table) == 2
    assert table.columns == ["sex", "count", "base", "percent"]
    assert table.types == {"sex": "code", "count": "int64", "base": "int64", "percent": "real"}
    assert table.column("percent") == [38.94, 61.06]
    assert table.head(1) == table.to_pylist()[:1]
    assert table.head(0) == [] and len(table.head(99)) == 2
    with pytest.raises(KeyError, match="sex, count, base, percent"):
        table.column("per cent")


def test_repr_and_errors_have_no_names(small: dangbo.Registry) -> None:
    view = small.on("2018-01-01")
    change = small.change()
    objects = [small, change, view, small.snapshot(), view.tree(), small.tables()]
    change.add_table("members", {"member_id": ["m1"], "full_name": ["Lò Thị Mây"]})
    objects.append(change.check())
    with pytest.raises(dangbo.Refused) as caught:
        small.commit(change)
    shown = " ".join(map(repr, [*objects, caught.value, caught.value.problems]))
    for name in ("Lò Thị Mây", "Mây", "Sở", "Khối"):
        assert name not in shown
    assert repr(view.tree()) == (
        "<dangbo.Table of 3 rows: unit_id, name, kind, class, parent_id, level, "
        "members_own, members_below>"
    )
    assert repr(view) == "<dangbo.View of 2018-01-01>"
    assert repr(small) == "<dangbo.Registry at commit 1>"


def test_numpy_views_are_the_table_itself(view: dangbo.View) -> None:
    table = view.rollup(by="sex", share="stock")
    counts = table.to_numpy("count")
    assert counts.dtype == numpy.int64 and counts.tolist() == [1056, 1656]
    assert not counts.flags.writeable and not counts.flags.owndata
    again = table.to_numpy("count")
    assert counts.ctypes.data == again.ctypes.data
    percent = table.to_numpy("percent")
    assert percent.dtype == numpy.float64 and percent.tolist() == [38.94, 61.06]
    with pytest.raises(ValueError):
        counts[0] = 1
    assert table.to_numpy("sex").tolist() == ["female", "male"]


def test_numpy_view_outlives_everything(view: dangbo.View) -> None:
    table: Any = view.rollup(by="sex")
    counts = table.to_numpy("count")
    frame = table.to_pandas()
    del table
    gc.collect()
    junk = [bytearray(1024) for _ in range(100)]
    assert counts.tolist() == [1056, 1656] and frame["count"].tolist() == [1056, 1656] and junk


def test_buffers_need_no_numpy(view: dangbo.View) -> None:
    values: Any = view.rollup(by="sex")._core.values(1)
    lent = memoryview(values)
    assert lent.readonly and lent.format == "q" and lent.tolist() == [1056, 1656]


def test_no_rows(small: dangbo.Registry) -> None:
    table = dangbo.Registry().on("2018-01-01").tree()
    assert len(table) == 0
    assert table.to_numpy("level").tolist() == []
    assert table.to_pylist() == [] and len(table.to_pandas()) == 0
    assert table.column("name") == []
    values: Any = table._core.values(5)
    assert memoryview(values).tolist() == []


def test_missing_values_stay_missing(small: dangbo.Registry) -> None:
    # Nobody is in B in 2021: the share of nothing is no number.
    view = small.on("2021-01-01")
    table = view.rollup(each="all", unit="K", share="stock", where={"sex": "male"})
    rows = {row["unit_id"]: row["percent"] for row in table.to_pylist()}
    assert rows["B"] is None and rows["A"] == 50.0
    values = table.to_numpy("percent")
    assert [math.isnan(value) for value in values] == [
        value is None for value in table.column("percent")
    ]
    series = table.to_pandas()["percent"]
    assert series.isna().sum() == 1

    change = small.change()
    change.add_table("members", {"member_id": [None, "x"], "birth_date": ["1980", "hôm qua"]})
    change.add_file("members", "no_such_file.csv")
    problems = change.check()
    assert None in problems.column("row")
    masked: Any = problems.to_numpy("row")
    assert isinstance(masked, numpy.ma.MaskedArray)
    assert masked.tolist() == problems.column("row")  # type: ignore[no-untyped-call]
    frame = problems.to_pandas()
    assert str(frame["row"].dtype) == "Int64"
    assert frame["row"].isna().sum() == problems.column("row").count(None)


def test_pandas_types(small: dangbo.Registry) -> None:
    frame = small.on("2018-01-01").rollup(by="sex", share="stock").to_pandas()
    assert [str(type_) for type_ in frame.dtypes] == ["category", "int64", "int64", "float64"]
    assert frame["sex"].isna().tolist() == [False, False, True]
    tables = small.tables().to_pandas()
    assert str(tables["required"].dtype) == "bool" and str(tables["table"].dtype) == "object"
    assert small.tables().to_numpy("required").dtype == bool


class FakeCore:
    """Stands for a table of the extension: no question is answered with dates yet."""

    def __init__(self, type_: int, values: list[Any]) -> None:
        self.values_, self.type_ = values, type_
        self.row_count, self.column_count = len(values), 1

    def column_name(self, column: int) -> str:
        return "x"

    def column_type(self, column: int) -> int:
        return self.type_

    def column(self, column: int, rows: int) -> list[Any]:
        return self.values_[:rows]


def test_dates_are_dates() -> None:
    fake: Any = FakeCore(2, ["2020-02-29", None, "1985-03", "1985"])
    table = Table(fake)
    assert table.column("x") == [datetime.date(2020, 2, 29), None, "1985-03", "1985"]
    assert str(table.to_pandas()["x"].dtype) == "object"
    exact: Any = FakeCore(2, ["2020-02-29", None])
    series = Table(exact).to_pandas()["x"]
    assert str(series.dtype) == "datetime64[ns]"
    assert series[0] == pandas.Timestamp(2020, 2, 29) and series.isna().tolist() == [False, True]
    old: Any = FakeCore(2, ["1400-01-01", "9999-12-31"])
    assert Table(old).to_pandas()["x"].tolist() == [
        datetime.date(1400, 1, 1),
        datetime.date(9999, 12, 31),
    ]
    flags: Any = FakeCore(4, [True, None])
    assert str(Table(flags).to_pandas()["x"].dtype) == "boolean"
    assert Table(flags).to_numpy("x").tolist() == [True, None]


def test_csv_and_json_lines(view: dangbo.View) -> None:
    table = view.tree("K", depth=2)
    rows = list(csv.DictReader(io.StringIO(table.to_csv(), newline="")))
    assert [row["unit_id"] for row in rows] == table.column("unit_id")
    assert [int(row["members_below"]) for row in rows] == table.column("members_below")
    assert table.to_csv(excel=True) == "\ufeff" + table.to_csv()
    lines = [json.loads(line) for line in table.to_jsonl().splitlines()]
    assert lines == table.to_pylist()


def test_text_in_the_language_chosen(small: dangbo.Registry) -> None:
    table = small.on("2018-01-01").rollup(by="sex")
    assert str(table) == table.to_text() == table.to_text("vi")
    dangbo.set_language(dangbo.EN)
    assert str(table) == table.to_text(dangbo.EN)
    assert table.to_text("en") != table.to_text("vi")
    wrong: Any = "fr"
    calls: list[Any] = [dangbo.set_language, table.to_text, table.notes]
    for call in calls:
        with pytest.raises(ValueError, match="'fr'"):
            call(wrong)
    assert dangbo.get_language() == "en"


def test_provenance_and_notes(small: dangbo.Registry) -> None:
    table = small.on("2018-01-01").rollup("persons", by="sex", unit="K")
    assert table.provenance["on"] == "2018-01-01"
    assert table.provenance["unit"] == "K"
    assert table.query == '{"query":1,"of":"persons","unit":"K","by":["sex"]}'
    assert len(table.notes("vi")) == len(table.notes("en")) >= 1
    assert table.notes("vi") != table.notes("en")
    assert small.tables().query is None and small.tables().provenance == {}
