"""What the tests share: the repository, the example body, a small body that a test may spoil."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

import dangbo

ROOT = pathlib.Path(__file__).resolve().parents[3]
KHOI = ROOT / "examples" / "khoi_2020"
DAY = "2020-11-30"

UNITS: dict[str, list[Any]] = {
    "unit_id": ["K", "A", "B"],
    "from": ["2010-01-01", "2010-01-01", "2012-01-01"],
    "parent_id": [None, "K", "K"],
    "kind": ["KHOI", "CBCS", "CBCS"],
    "name": ["Đảng bộ Khối tỉnh Sông Lam", "Chi bộ Sở Mây", "Chi bộ Sở Gió"],
}
MEMBERS: dict[str, list[Any]] = {
    "member_id": ["m1", "m2", "m3"],
    "full_name": ["Lò Thị Mây", "Vàng A Gió", "Hà Văn Suối"],
    "sex": ["nữ", "nam", None],
    "birth_date": ["1980-02-29", "1975", None],
}
MEMBERSHIPS: dict[str, list[Any]] = {
    "member_id": ["m1", "m2", "m3"],
    "unit_id": ["A", "A", "B"],
    "kind": ["CHINHTHUC"] * 3,
    "from": ["2011-03-01", "2012-05-01", "2015-01-01"],
    "until": [None, None, "2020-01-01"],
}


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Examples name their files from the top of the repository; the language is given back."""
    monkeypatch.chdir(ROOT)
    yield
    dangbo.set_language(dangbo.VI)


@pytest.fixture(scope="session")
def khoi() -> dangbo.Registry:
    assert os.path.isdir(KHOI), f"{KHOI} is part of the repository"
    return dangbo.load(KHOI)


@pytest.fixture
def view(khoi: dangbo.Registry) -> dangbo.View:
    return khoi.on(DAY)


@pytest.fixture
def small() -> dangbo.Registry:
    registry = dangbo.Registry()
    change = registry.change()
    add_small(change)
    registry.commit(change)
    return registry


def add_small(change: dangbo.Change) -> None:
    change.add_table("units", UNITS)
    change.add_table("members", MEMBERS)
    change.add_table("memberships", MEMBERSHIPS)
