"""From files to answers: the published figures of the example, and every way of asking."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from typing import Any

import pandas
import pytest
from conftest import DAY, KHOI, MEMBERS, MEMBERSHIPS, UNITS, add_small

import dangbo


def test_published_figures(view: dangbo.View) -> None:
    assert view.total("K") == 2712
    frame = view.rollup(by="sex").to_pandas()
    assert dict(zip(frame["sex"], frame["count"], strict=True)) == {"female": 1056, "male": 1656}
    assert frame["count"].sum() == 2712


def test_a_query_reports_and_stops(view: dangbo.View) -> None:
    document = {"query": 1, "of": "members", "by": ["sex"]}
    parts: list[float] = []
    whole = view.query(document, threads=2, progress=parts.append)
    assert whole.column("count") == [1056, 1656]
    assert parts and all(0 <= part <= 1 for part in parts)
    with pytest.raises(dangbo.Cancelled):
        view.query(document, progress=lambda done: False)
    with pytest.raises(ZeroDivisionError):
        view.query(document, progress=lambda done: 1 / 0)


def test_rows_behind_a_figure(view: dangbo.View) -> None:
    document = {
        "query": 1,
        "of": "members",
        "each": "all",
        "by": ["sex"],
        "rows": {"unit_id": "K", "sex": "female"},
    }
    rows = view.query(document)
    assert len(set(rows.column("member_id"))) == 1056
    assert view.query(document, counts_only=True).to_pylist() == [{"count": 1056}]
    assert view.count(where="sex == 'female'", unit="K") == 1056


def test_each_child_adds_up(view: dangbo.View) -> None:
    frame = view.rollup(unit="K", each="children").to_pandas()
    assert list(frame.columns) == ["unit_id", "name", "count"]
    assert frame["count"].sum() == 2712
    for key, count in zip(frame["unit_id"], frame["count"], strict=True):
        assert view.total(key) == count
        assert view.total(view.find_unit(key)) == count


def test_tree_agrees_with_totals(view: dangbo.View) -> None:
    tree = view.tree()
    assert tree.column("unit_id")[0] == "K"
    own = tree.to_numpy("members_own")
    below = tree.to_numpy("members_below")
    assert below[0] == own.sum() == 2712
    for key, mine, all_ in zip(tree.column("unit_id"), own, below, strict=True):
        assert isinstance(key, str)
        assert (view.total(key, scope="own"), view.total(key)) == (mine, all_)
    assert len(view.tree("K", depth=1)) == 1
    assert len(view.tree(depth=2)) == 1 + len(view.rollup(unit="K", each="children"))


def test_rollup_makes_the_document(view: dangbo.View) -> None:
    table = view.rollup(
        by=["sex", "status"],
        where={"sex": ("female", "male"), "religion": {"not": "Không"}},
        unit="K",
        each={"level": 1},
        share="stock",
    )
    assert table.query is not None
    assert json.loads(table.query) == {
        "query": 1,
        "of": "members",
        "unit": "K",
        "each": {"level": 1},
        "by": ["sex", "status"],
        "where": {"religion": {"not": "Không"}, "sex": ["female", "male"]},
        "share": "stock",
    }
    # The canonical text gives the same answer, in either of its two forms.
    assert view.query(table.query).to_csv() == table.to_csv()
    assert view.query(json.loads(table.query)).to_csv() == table.to_csv()
    assert table.column("base")[0] == view.total(str(table.column("unit_id")[0]))


def test_rollup_of_a_period(view: dangbo.View) -> None:
    from_, until = datetime.date(2020, 1, 1), datetime.datetime(2021, 1, 1, 12)
    by_pair = view.rollup("admissions", period=(from_, until), dated_by="decision")
    by_text = view.query(
        {
            "query": 1,
            "of": "admissions",
            "period": {"from": "2020-01-01", "until": "2021-01-01"},
            "dated_by": "decision",
        }
    )
    assert by_pair.query == by_text.query
    assert by_pair.column("count") == by_text.column("count")
    open_end = view.rollup("admissions", period=(from_, None))
    assert json.loads(open_end.query or "")["period"] == {"from": "2020-01-01"}
    with pytest.raises(ValueError, match="from, until"):
        three: Any = ("2020", "2021", "2022")
        view.rollup("admissions", period=three)


def test_movements_of_a_period(small: dangbo.Registry) -> None:
    with small.on("2020-12-31") as view:
        balance = view.rollup("movements", period="2020", each="all")
        again = view.query(balance.query or "")
        assert balance.to_csv() == again.to_csv()
    document = {"query": 1, "of": "movements", "period": "2020", "each": "all"}
    assert small.snapshot().query(document).to_csv() == balance.to_csv()
    figures: Any = balance.to_dict()
    assert len(balance) > 0
    for row in range(len(balance)):
        came = sum(column[row] for name, column in figures.items() if name.startswith("in_"))
        left = sum(column[row] for name, column in figures.items() if name.startswith("out_"))
        assert figures["opening"][row] + came - left == figures["closing"][row]
    whole: Any = small.snapshot().query({"query": 1, "of": "movements", "period": "2020"})
    assert whole.column("opening") == small.on("2019-12-31").rollup().column("count")
    assert whole.column("closing") == small.on("2020-12-31").rollup().column("count")
    with small.on("2020-11-30") as other, pytest.raises(dangbo.QueryError):
        other.rollup("movements", period="2020")


def test_missing_is_asked_for_by_none(small: dangbo.Registry) -> None:
    with small.on("2018-01-01") as view:
        assert view.rollup().column("count") == [3]
        assert view.rollup(where={"sex": None}).column("count") == [1]
        by_sex = view.rollup(by="sex")
        assert by_sex.to_dict() == {"sex": ["female", "male", None], "count": [1, 1, 1]}


def test_sets_are_asked_in_one_order(view: dangbo.View) -> None:
    one = view.rollup(where={"sex": {"male", "female"}}).query
    other = view.rollup(where={"sex": {"female", "male"}}).query
    assert one == other and one is not None and '["female","male"]' in one


def test_snapshot_and_day(small: dangbo.Registry) -> None:
    snapshot = small.snapshot()
    assert snapshot.commit == 1
    view = snapshot.on(datetime.date(2018, 1, 1))
    assert view.day == datetime.date(2018, 1, 1)
    assert view.total("K") == 3
    document = {"query": 1, "of": "members", "on": "2020-06-01"}
    assert snapshot.query(document).column("count") == [2]
    # The first day that the third is gone, and the last that he is there.
    assert small.on("2019-12-31").total("B") == 1
    assert small.on("2020-01-01").total("B") == 0
    with pytest.raises(dangbo.QueryError):
        snapshot.query({"query": 1, "of": "members"})


def test_known_at(small: dangbo.Registry) -> None:
    change = small.change()
    change.add_table("members", {"member_id": ["m4"], "sex": ["nữ"]})
    change.add_table(
        "memberships",
        {
            "member_id": ["m4"],
            "unit_id": ["B"],
            "kind": ["CHINHTHUC"],
            "from": [datetime.date(2016, 1, 1)],
        },
    )
    assert small.commit(change, time=1_600_000_000_000_000, source_version="đợt 2") == 2
    assert small.on("2018-01-01").total("K") == 4
    assert small.on("2018-01-01", known_at=1).total("K") == 3
    assert small.on("2018-01-01", known_at=99).total("K") == 4
    assert small.on("2018-01-01").rollup().provenance["known_at"] == "2"
    # Emptied by the commit, and good for more.
    assert len(change.check()) == 0
    with pytest.raises(dangbo.Error):
        late = small.change()
        late.add_table("members", {"member_id": ["m5"]})
        small.commit(late, time=1)


def test_time_of_a_commit(small: dangbo.Registry) -> None:
    change = small.change()
    change.add_table("members", {"member_id": ["m7"]})
    with pytest.raises(ValueError, match="time zone"):
        small.commit(change, time=datetime.datetime(2020, 1, 1))
    hanoi = datetime.timezone(datetime.timedelta(hours=7))
    assert small.commit(change, time=datetime.datetime(2020, 1, 1, 7, tzinfo=hanoi)) == 2
    # The very same instant is not backwards; one microsecond before it is.
    change.add_table("members", {"member_id": ["m8"]})
    instant = 1_577_836_800_000_000
    with pytest.raises(dangbo.Error):
        small.commit(change, time=instant - 1)
    assert small.commit(change, time=instant) == 3


def test_files_one_by_one() -> None:
    registry = dangbo.Registry(single_root=True)
    with registry.change() as change:
        change.add_file("units", KHOI / "units.csv")
        change.add_file("đảng viên", str(KHOI / "members.csv"))
        change.add_path(KHOI / "memberships.csv")
        assert len(change.check()) == 0
        assert registry.commit(change) == 1
    assert registry.on(DAY).total("K") == 2712
    assert "closed" in repr(change)


def test_single_root() -> None:
    two = {"unit_id": ["A", "B"], "kind": ["CB", "CB"], "from": ["2010-01-01"] * 2}
    for single_root in (False, True):
        registry = dangbo.Registry(single_root=single_root)
        change = registry.change()
        change.add_table("units", two)
        assert bool(len(change.check())) == single_root


def test_tables_and_own_tables(tmp_path: object, small: dangbo.Registry) -> None:
    tables = small.tables()
    fields = {(row["table"], row["field"]): row for row in tables.to_pylist()}
    assert fields["units", "unit_id"]["required"] is True
    assert fields["units", "name"]["required"] is False
    assert fields["members", "full_name"]["title_vi"]
    assert ("absences", "reason") in fields


def test_declare_file_refuses_what_is_no_schema(small: dangbo.Registry) -> None:
    before = len(small.tables())
    with pytest.raises(dangbo.Refused) as caught:
        small.declare_file(KHOI / "no_such_schema.yaml")
    assert caught.value.problem_count == 1
    assert len(small.tables()) == before


def test_memory_grows(small: dangbo.Registry) -> None:
    empty, full = dangbo.Registry().memory(), small.memory()
    assert full.hot_bytes > empty.hot_bytes
    assert full.cold_bytes > empty.cold_bytes


def test_versions() -> None:
    assert dangbo.__version__ == ".".join(map(str, dangbo.version_info))
    assert dangbo.abi_version >= (0, 1)
    assert dangbo.build_info


def test_import_asks_for_nothing_else() -> None:
    script = "import sys, dangbo; print(sorted({'numpy', 'pandas', 'pyarrow'} & set(sys.modules)))"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_same_facts_by_lists_by_pandas_and_by_files(tmp_path: object) -> None:
    answers = []
    for convert in (dict, pandas.DataFrame):
        registry = dangbo.Registry()
        change = registry.change()
        for name, rows in (("units", UNITS), ("members", MEMBERS), ("memberships", MEMBERSHIPS)):
            change.add_table(name, convert(rows))
        registry.commit(change)
        answers.append(registry.on("2018-01-01").tree().to_csv())
    registry = dangbo.Registry()
    change = registry.change()
    add_small(change)
    registry.commit(change)
    answers.append(registry.on("2018-01-01").tree().to_csv())
    assert len(set(answers)) == 1
