"""Frozen figures: kept, stored, read back, compared."""

from __future__ import annotations

import pathlib

import pytest

import dangbo

QUERY = {"query": 1, "of": "members", "each": "all"}


def learn(registry: dangbo.Registry) -> None:
    """The third member turns out to have sat in cell A until the end of 2020."""
    change = registry.change()
    change.add_table(
        "memberships",
        {
            "member_id": ["m3"],
            "unit_id": ["A"],
            "kind": ["CHINHTHUC"],
            "from": ["2020-01-01"],
            "until": ["2021-01-01"],
        },
    )
    registry.commit(change, time=7)


def test_differences_have_causes(small: dangbo.Registry) -> None:
    frozen = small.on("2020-06-30").freeze(QUERY)
    assert frozen.known_at == 1
    assert frozen.table.to_dict()["count"] == [2, 0, 2]
    same = small.snapshot().compare(frozen)
    assert (len(same.cells), len(same.causes), same.differing) == (0, 0, 0)
    learn(small)
    made = small.snapshot().compare(frozen)
    assert made.differing == 2
    assert made.cells.to_pylist()[0] == {
        "cell": 1,
        "unit_id": "A",
        "name": "Chi bộ Sở Mây",
        "frozen": 2,
        "now": 3,
        "difference": 1,
    }
    cause = made.causes.to_pylist()[0]
    assert (cause["cause"], cause["effect"], cause["commit"], cause["time"]) == ("late", 1, 2, 7)
    assert (cause["table"], cause["unit_id"], cause["member_id"]) == ("memberships", "A", "m3")
    assert len(small.snapshot().compare(frozen, all=True).cells) == 3


def test_a_document_is_stored_and_read_back(
    view: dangbo.View, tmp_path: pathlib.Path, khoi: dangbo.Registry
) -> None:
    query = view.rollup(by="sex", share="stock").query
    assert query is not None
    frozen = view.freeze(query)
    path = tmp_path / "tháng 11.json"
    frozen.save(path)
    read = dangbo.Frozen.load(path)
    assert read == frozen
    assert hash(read) == hash(frozen)
    assert read.text == frozen.text
    assert read.table.to_pylist() == view.query(read.query).to_pylist()
    assert read.digest in path.read_text(encoding="utf-8")
    assert repr(read) == "<dangbo.Frozen of 2 rows at commit 1>"
    assert khoi.snapshot().compare(read).differing == 0


def test_what_was_changed_is_refused(view: dangbo.View, tmp_path: pathlib.Path) -> None:
    text = view.freeze({"query": 1, "of": "members"}).text
    for bent, place in (
        (text.replace("[2712]", "[2713]"), "/digest"),
        (text.replace('"frozen":1', '"frozen":2'), "/frozen"),
        (text[:-4], ""),
        ("", ""),
    ):
        with pytest.raises(dangbo.QueryError) as caught:
            dangbo.Frozen(bent)
        problems = caught.value.problems
        assert problems is not None
        assert (problems.column("column")[0] or "") == place
    path = tmp_path / "bytes.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(dangbo.QueryError):
        dangbo.Frozen.load(path)


def test_another_registry_gives_figures_without_causes(
    view: dangbo.View, small: dangbo.Registry
) -> None:
    frozen = view.freeze({"query": 1, "of": "members"})
    made = small.snapshot().compare(frozen)
    assert made.differing == 1
    assert made.causes.column("cause") == ["unknown"]
    assert made.causes.column("effect") == made.cells.column("difference")
    assert made.cells.notes(dangbo.EN)


def test_mistakes_name_their_place(view: dangbo.View) -> None:
    with pytest.raises(dangbo.QueryError) as caught:
        view.freeze({"query": 1, "of": "members", "by": ["sexx"]})
    problems = caught.value.problems
    assert problems is not None
    assert problems.column("column") == ["/by/0"]
