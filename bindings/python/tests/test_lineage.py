"""What units became, the mapping of codes, figures under another day's structure."""

from __future__ import annotations

import datetime

import pytest

import dangbo


def reorganised(registry: dangbo.Registry) -> dangbo.Registry:
    """From 2021 on, unit B (members gone by then) and A are one: N."""
    change = registry.change()
    change.correct("units", key={"unit_id": ["A", "B"]}, set={"until": "2021-01-01"})
    change.correct("memberships", key={"member_id": ["m1", "m2"]}, set={"until": "2021-01-01"})
    change.add_table(
        "units", {"unit_id": ["N"], "kind": ["CBCS"], "parent_id": ["K"], "from": ["2021-01-01"], "name": ["Chi bộ N"]}
    )
    change.add_table("memberships", {"member_id": ["m1"], "unit_id": ["N"], "kind": ["CHINHTHUC"], "from": ["2021-01-01"]})
    change.add_table(
        "unit_events",
        {
            "event_id": ["1", "1"],
            "date": ["2021-01-01"] * 2,
            "event": ["HOPNHAT"] * 2,
            "from_unit": ["A", "B"],
            "to_unit": ["N", "N"],
            "decision_id": ["QĐ-1"] * 2,
        },
    )
    change.add_table("decisions", {"decision_id": ["QĐ-1"], "kind": ["merge"], "date": ["2020-12-01"]})
    registry.commit(change)
    return registry


def test_lineage_of_a_unit(small: dangbo.Registry) -> None:
    view = reorganised(small).on("2021-06-01")
    rows = view.lineage("A").to_pylist()
    assert [row["part"] for row in rows] == ["itself", "became", "on_day"]
    assert rows[1]["unit_id"] == "N"
    assert rows[1]["event"] == "merge"
    assert rows[1]["date"] == datetime.date(2021, 1, 1)
    assert rows[2]["in_force"] is True
    came = small.on("2020-06-01").lineage("N").to_pylist()
    assert [row["unit_id"] for row in came if row["part"] == "on_day"] == ["A", "B"]
    with pytest.raises(dangbo.QueryError):
        view.lineage("không có")


def test_mapping_of_codes(small: dangbo.Registry) -> None:
    snapshot = reorganised(small).snapshot()
    mapping = snapshot.code_mapping("2020-12-31", datetime.date(2021, 1, 1))
    assert mapping.column("from_unit") == ["A", "B"]
    assert mapping.column("to_unit") == ["N", "N"]
    assert mapping.column("decision_id") == ["QĐ-1", "QĐ-1"]
    assert mapping.column("members") == [2, 0]
    assert mapping.column("placed") == [1, 0]
    everything = snapshot.code_mapping("2020-12-31", "2021-01-01", all=True)
    assert everything.column("from_unit") == ["A", "B", "K"]
    assert everything.column("event")[2] is None
    with pytest.raises(dangbo.QueryError):
        snapshot.code_mapping("2021-01-01", "2020-12-31")


def test_figures_under_another_structure(small: dangbo.Registry) -> None:
    view = reorganised(small).on("2020-12-31")
    assert view.rollup(each="all", scope="own").to_dict()["unit_id"] == ["A", "B", "K"]
    restated = view.rollup(each="all", scope="own", structure=datetime.date(2021, 1, 1))
    assert restated.column("unit_id") == ["K", "N"]
    assert restated.column("count") == [0, 2]
    assert restated.provenance["structure"] == "2021-01-01"
    with pytest.raises(dangbo.QueryError) as refused:
        view.rollup("units", structure="2021-01-01")
    assert refused.value.problems is not None
    assert refused.value.problems.column("column") == ["/structure"]
