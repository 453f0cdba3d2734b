"""Packs: findings, why, what is to come, what if, and findings that keep up."""

from __future__ import annotations

import datetime
import pathlib

import pytest

import dangbo

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHARTER = ROOT / "packs" / "charter" / "charter.yaml"


@pytest.fixture
def registry() -> dangbo.Registry:
    made = dangbo.Registry()
    change = made.change()
    change.add_table(
        "units",
        {
            "unit_id": ["K", "C1", "C2"],
            "parent_id": [None, "K", "K"],
            "kind": ["bloc", "cell", "cell"],
            "name": ["Đảng bộ Khối Ví dụ", "Chi bộ Một", "Chi bộ Hai"],
        },
    )
    change.add_table(
        "members",
        {"member_id": ["A1", "A2", "B1", "B2", "B3"], "full_date": ["2012-01-01"] * 5},
    )
    change.add_table(
        "memberships",
        {
            "member_id": ["A1", "A2", "B1", "B2", "B3"],
            "unit_id": ["C1", "C1", "C2", "C2", "C2"],
            "kind": ["home"] * 5,
            "until": [None, None, None, None, "2026-08-01"],
        },
    )
    made.commit(change)
    return made


@pytest.fixture
def pack() -> dangbo.Pack:
    return dangbo.Pack.load(CHARTER)


RULES = ["cell-min-full"]


def test_findings(registry: dangbo.Registry, pack: dangbo.Pack) -> None:
    found = registry.on("2026-06-30").check(pack, rules=RULES)
    assert found.column("key") == ["cell-min-full|unit:C1"]
    assert found.column("outcome") == ["violated"]
    assert found.column("next_change") == [None]
    assert dict(found.provenance)["evaluated"] == "2"
    assert len(registry.on("2026-06-30").check(pack, rules=RULES, unit="C2")) == 0
    with pytest.raises(dangbo.QueryError):
        registry.on("2026-06-30").check(pack, rules=["no-such-rule"])


def test_what_is_to_come(registry: dangbo.Registry, pack: dangbo.Pack) -> None:
    due = registry.on("2026-06-30").due(pack, 60, rules=RULES)
    assert due.column("day") == [datetime.date(2026, 8, 1)]
    assert due.column("subject") == ["unit:C2"]
    assert len(registry.on("2026-06-30").due(pack, 31, rules=RULES)) == 0
    with pytest.raises(dangbo.QueryError):
        registry.on("2026-06-30").due(pack, 0)


def test_why(registry: dangbo.Registry, pack: dangbo.Pack) -> None:
    view = registry.on("2026-06-30")
    text = view.explain(pack, "cell-min-full", "unit:C1", language="en")
    assert "outcome: violated, violation" in text
    assert "article 24/1" in text
    html = view.explain(pack, "cell-min-full", "unit:C1", html=True)
    assert html.startswith("<section")
    assert "không đạt" in html
    with pytest.raises(dangbo.QueryError):
        view.explain(pack, "cell-min-full", "unit:K")


def test_what_if(registry: dangbo.Registry, pack: dangbo.Pack) -> None:
    script = "script: 1\nchanges:\n  - withdraw: {table: memberships, key: {member_id: B1}}\n"
    made = registry.on("2026-06-30").what_if(
        pack, script, query={"query": 1, "of": "members", "each": "all", "unit": "C2"}, rules=RULES
    )
    assert made.findings.column("change") == ["broken"]
    assert made.findings.column("subject") == ["unit:C2"]
    assert made.figures.column("count_difference") == [-1]
    with pytest.raises(dangbo.Refused):
        registry.on("2026-06-30").what_if(pack, "nonsense")


def test_findings_keep_up(registry: dangbo.Registry, pack: dangbo.Pack) -> None:
    checker = dangbo.Checker(registry.on("2026-06-30"), pack, rules=RULES)
    change = registry.change()
    change.add_table("members", {"member_id": ["A3"], "full_date": ["2013-01-01"]})
    change.add_table("memberships", {"member_id": ["A3"], "unit_id": ["C1"], "kind": ["home"]})
    registry.commit(change)
    step = checker.update(registry.on("2026-06-30"))
    assert step == dangbo.Step(1, [], [], ["cell-min-full|unit:C1"])
    step = checker.update(registry.on("2026-08-01"))
    assert step.appeared == ["cell-min-full|unit:C2"]
    assert checker.findings().column("subject") == ["unit:C2"]
    checker.close()
    with pytest.raises(dangbo.Argument):
        checker.findings()


def test_packs(pack: dangbo.Pack) -> None:
    assert "cell-monthly-meeting" in pack.rules.column("rule")
    again = dangbo.Pack({"compiled.json": pack.compile()})
    assert again.compile() == pack.compile()
    assert repr(again) == f"<dangbo.Pack of {len(pack.rules)} rules>"
    with pytest.raises(dangbo.Refused) as refused:
        dangbo.Pack({"bad.yaml": "format: dangbo.pack/1\n"})
    problems = refused.value.problems
    assert problems is not None and len(problems) > 0
