"""Today's roster, and its differences night after night."""

from __future__ import annotations

from typing import Any

import pytest

import dangbo

HOMES = {f"m{i}": ("A" if i < 5 else "B") for i in range(1, 9)}


def roster(registry: dangbo.Registry, homes: dict[str, str]) -> dangbo.Change:
    change = registry.change()
    change.add_table("units", {"unit_id": ["K", "A", "B"], "parent_id": [None, "K", "K"], "kind": ["KHOI", "CB", "CB"]})
    change.add_table("members", {"member_id": list(homes)})
    change.add_table(
        "memberships", {"member_id": list(homes), "unit_id": list(homes.values()), "kind": ["home"] * len(homes)}
    )
    return change


def night(registry: dangbo.Registry, homes: dict[str, str], day: str, **options: Any) -> dangbo.Difference:
    with roster(registry, homes) as rows, registry.difference(rows, day, **options) as found:
        registry.commit_difference(found, source_version=day)
        return found


@pytest.fixture
def registry() -> dangbo.Registry:
    made = dangbo.Registry()
    night(made, HOMES, "2024-03-01")
    return made


def test_a_night(registry: dangbo.Registry) -> None:
    homes = {**HOMES, "m2": "B", "m9": "A"}
    del homes["m1"]
    with roster(registry, homes) as rows, registry.difference(rows, "2024-03-02") as found:
        assert (found.rows, found.questions, found.rows_set_aside) == (5, 0, 0)
        assert "2024-03-02" in found.script and "5 rows" in repr(found)
        assert set(found.findings().column("finding")) == {"new", "moved", "vanished"}
        assert len(found.reasons()) == 0
        assert registry.on("2024-03-02").total("K", scope="below") == 8
        assert registry.commit_difference(found, source_version="n2") == 2
    assert "closed" in repr(found)
    view = registry.on("2024-03-02")
    assert (view.total("A"), view.total("B")) == (3, 5)
    with roster(registry, homes) as rows, registry.difference(rows, "2024-03-02") as again:
        assert again.rows == 0 and registry.commit_difference(again, source_version="n2") == 2


def test_before_the_roster_there_is_no_number(registry: dangbo.Registry) -> None:
    with pytest.raises(dangbo.QueryError, match="2024-03-01"):
        registry.on("2024-02-29").total("K")
    registry.declare_measure({"name": "all", "of": "memberships", "timeline": True})
    table = registry.on("2024-03-01").trend("K", ["all"], "2024-01-01", "2024-04-01")
    assert table.column("all") == [None, None, 8]


def test_refusals(registry: dangbo.Registry) -> None:
    half = dict(list(HOMES.items())[:4])
    with roster(registry, half) as rows:
        with pytest.raises(dangbo.Refused, match="4/8"):
            registry.difference(rows, "2024-03-02")
        with pytest.raises(dangbo.Refused):
            registry.difference(rows, "2024-02-01")
        with pytest.raises(dangbo.Refused):
            registry.difference(rows, "2024-03-02", partial=["no table"])
        wrong: Any = "perhaps"
        with pytest.raises(dangbo.QueryError):
            registry.difference(rows, "2024-03-02", policies={"members.full_name": wrong})
        with registry.difference(rows, "2024-03-02", max_vanished=50.0) as found:
            assert found.rows == 4
        with registry.difference(rows, "2024-03-02", partial=["members", "memberships"]) as found:
            assert found.rows == 0


def test_rows_set_aside(registry: dangbo.Registry) -> None:
    found = {**HOMES, "m3": "NOWHERE"}
    with roster(registry, found) as rows:
        with registry.difference(rows, "2024-03-02", quarantine=True) as difference:
            assert difference.rows_set_aside == 1
            assert difference.reasons().column("value") == ["NOWHERE"]
            registry.commit_difference(difference)
    assert registry.on("2024-03-02").total("A") == 4
    assert registry.rows("quarantine").column("table_name") == ["memberships"]
    night(registry, HOMES, "2024-03-03", quarantine=True)
    assert len(registry.rows("quarantine")) == 0


def test_keys_of_other_systems(registry: dangbo.Registry) -> None:
    change = registry.change()
    change.add_table(
        "cross_references",
        {"scheme": ["card", "org"], "key": ["007", "007"], "subject_type": ["member", "unit"], "subject_id": ["m2", "A"]},
    )
    registry.commit(change)
    view = registry.on("2024-03-01")
    assert view.find_entity("card", "007") == ("member", "m2")
    assert view.find_entity("org", "007") == ("unit", "A")
    with pytest.raises(dangbo.NotFound):
        view.find_entity("card", "7")
