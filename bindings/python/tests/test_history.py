"""Corrections, scripts, what was known when, forks, and registries that stand in a file."""

from __future__ import annotations

import datetime
import pathlib
import threading
from typing import Any

import pytest
from conftest import add_small

import dangbo

UTC = datetime.timezone.utc


def at(day: int, hour: int = 0) -> datetime.datetime:
    return datetime.datetime(2021, 7, day, hour, tzinfo=UTC)


def corrected(registry: dangbo.Registry, time: Any = 0, until: str = "2020-01-01") -> int:
    change = registry.change()
    change.correct("memberships", key={"member_id": "m1"}, set={"until": until})
    return registry.commit(change, time=time)


def total(registry: dangbo.Registry, known_at: Any = None) -> int:
    return registry.on("2021-01-01", known_at).total("K")


def test_one_row_and_many(small: dangbo.Registry) -> None:
    assert total(small) == 2
    change = small.change()
    change.correct("memberships", key={"member_id": "m1", "kind": "home"}, set={"until": "2020-01-01"})
    change.correct(
        "members",
        key={"member_id": ["m1", "m2"]},
        set={"sex": [None, "nữ"], "religion": "không"},
        source="nhân sự",
    )
    change.withdraw("memberships", key={"row_id": 1})
    assert len(change.check()) == 0
    assert small.commit(change) == 2
    assert total(small) == 0
    assert total(small, known_at=1) == 2
    rows = {row["member_id"]: row for row in small.rows("members").to_pylist()}
    assert rows["m1"]["sex"] is None and rows["m2"]["sex"] == "female"
    assert rows["m1"]["religion"] == rows["m2"]["religion"] == "không"
    assert rows["m1"]["full_name"] == "Lò Thị Mây"


def test_pandas_and_numpy_name_rows_too(small: dangbo.Registry) -> None:
    pandas = pytest.importorskip("pandas")
    frame = small.rows("memberships").to_pandas()
    change = small.change()
    change.withdraw("memberships", key=frame[["row_id"]])
    small.commit(change)
    assert len(small.rows("memberships")) == 0
    assert isinstance(frame, pandas.DataFrame)


def test_refusals_name_the_row(small: dangbo.Registry) -> None:
    change = small.change()
    change.correct("memberships", key={"member_id": ["m1", "m9"]}, set={"until": "2020-01-01"}, source="sửa")
    change.withdraw("members", key={"row_id": [77]})
    with pytest.raises(dangbo.Refused) as caught:
        small.commit(change)
    problems = caught.value.problems
    assert problems is not None
    assert problems.column("code") == [309, 302]
    assert problems.column("row") == [1, 2]
    assert problems.column("file") == ["members", "sửa"]


@pytest.mark.parametrize(
    ("key", "set_", "error"),
    [
        ({}, {"sex": "nam"}, ValueError),
        ({"member_id": "m1"}, {}, ValueError),
        ("m1", {"sex": "nam"}, TypeError),
        ({"member_id": "m1"}, ["sex"], TypeError),
        ({"member_id": ["m1", "m2"]}, {"sex": ["nam"]}, ValueError),
        ({"member_id": b"m1"}, {"sex": "nam"}, TypeError),
        ({"": "m1"}, {"sex": "nam"}, TypeError),
    ],
)
def test_what_can_be_no_correction(
    small: dangbo.Registry, key: Any, set_: Any, error: type[Exception]
) -> None:
    change = small.change()
    with pytest.raises(error):
        change.correct("members", key=key, set=set_)
    assert small.commit(change) == 2  # nothing of it is left


def test_unknown_fields_are_refused(small: dangbo.Registry) -> None:
    change = small.change()
    change.correct("members", key={"member_id": "m1"}, set={"sexx": "nam"})
    assert change.check().column("code") == [401]


def test_scripts(small: dangbo.Registry, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "sua.yaml"
    path.write_text(
        "script: 1\nchanges:\n"
        "- correct: {table: memberships, key: {member_id: m1}, set: {until: 2020-01-01}}\n"
        "- add: {table: memberships, row: {member_id: m1, unit_id: B, kind: home, from: 2020-01-01}}\n",
        encoding="utf-8",
    )
    change = small.change()
    change.add_script(path)
    small.commit(change)
    assert small.on("2021-01-01").total("B") == 1
    path.write_text("script: 1\nchanges:\n- drop: {}\n", encoding="utf-8")
    change.add_script(path)
    problems = change.check()
    assert problems.column("code") == [112] and problems.column("row") == [3]
    change.close()
    with pytest.raises(dangbo.Argument):
        change.add_script(path)


def test_operations(small: dangbo.Registry) -> None:
    change = small.change()
    change.operate("move", member="m1", to="B", day=datetime.date(2020, 1, 1), reason=None)
    small.commit(change)
    assert small.on("2021-01-01").total("B") == 1
    change = small.change()
    change.operate("close", unit="B", day="2022-01-01", decision="QĐ «7»")
    problems = change.check()
    assert problems.column("code") == [311] and problems.column("value") == ["m1"]
    with pytest.raises(TypeError):
        change.operate("close", unit=1.5j)


def test_what_was_known(small: dangbo.Registry) -> None:
    assert corrected(small, time=at(5, 10)) == 2
    snapshot = small.snapshot()
    assert snapshot.commit_at(at(5, 9)) == 1
    assert snapshot.commit_at(at(5, 10)) == 2
    assert snapshot.commit_at(-1) == 0
    assert total(small, known_at=at(5, 9)) == 2
    assert total(small, known_at=at(6)) == 1
    with pytest.raises(ValueError, match="time zone"):
        snapshot.commit_at(datetime.datetime(2021, 7, 5))
    with pytest.raises(ValueError, match="nothing was known"):
        small.on("2021-01-01", known_at=datetime.datetime(1960, 1, 1, tzinfo=UTC))
    changes = snapshot.changes(after=at(5, 9))
    assert changes.to_pylist() == [
        {
            "commit": 2,
            "table": "memberships",
            "row_id": 3,
            "change": "corrected",
            "unit_id": "A",
            "member_id": "m1",
            "field": "until",
            "before": None,
            "after": "2020-01-01",
        }
    ]
    assert len(snapshot.changes(after=1, period=("2000-01-01", "2011-01-01"))) == 0
    assert len(snapshot.changes(after=1, period=("2012-01-01", None), table="memberships")) == 1
    with pytest.raises(dangbo.Refused):
        snapshot.changes(table="none")
    early = snapshot.as_of(1)
    assert early.commit == 1 and len(early.changes()) == 9
    assert snapshot.as_of(at(5, 9)).commit == 1
    assert small.log().column("corrected") == [0, 1]
    assert small.log().column("time")[1] == 1625479200000000


def test_the_day_and_what_is_due(small: dangbo.Registry) -> None:
    assert small.snapshot().current_day is None
    assert small.advance("2019-12-31", source_version="đêm") == 2
    assert small.snapshot().current_day == datetime.date(2019, 12, 31)
    with pytest.raises(dangbo.Refused):
        small.advance("2019-12-30")
    due = small.snapshot().agenda("2020-01-01", "2020-01-02")
    assert [(row["due"], row["member_id"]) for row in due.to_pylist()] == [("ends", "m3")]


def test_rows_in_pieces(small: dangbo.Registry) -> None:
    snapshot = small.snapshot()
    assert snapshot.rows("members", first=1, count=1).column("member_id") == ["m2"]
    assert len(snapshot.rows("members", first=9)) == 0
    with pytest.raises(ValueError):
        snapshot.rows("members", first=-1)
    with pytest.raises(dangbo.Refused):
        snapshot.rows("membres")
    # What comes out goes in again.
    other = dangbo.Registry()
    change = other.change()
    for table in ("units", "members", "memberships"):
        change.add_table(table, snapshot.rows(table))
    other.commit(change)
    for table in ("units", "members", "memberships"):
        assert other.rows(table).to_pylist() == small.rows(table).to_pylist()


def test_invented_data_is_marked(small: dangbo.Registry) -> None:
    assert not small.snapshot().is_synthetic
    change = small.change()
    change.mark_synthetic()
    small.commit(change)
    assert small.snapshot().is_synthetic
    assert small.on("2021-01-01").rollup().provenance["data"] == "synthetic"


def test_forks(small: dangbo.Registry) -> None:
    first, second = small.snapshot().fork(), small.snapshot().fork()
    corrected(first)
    corrected(second, until="2020-06-01")
    assert total(first) == 1 and total(small) == 2
    assert small.commit_fork(first, source_version="nháp 1") == 2
    assert total(small) == 1
    with pytest.raises(dangbo.Refused) as caught:
        small.commit_fork(second)
    assert caught.value.problems is not None
    assert 501 in caught.value.problems.column("code")
    with pytest.raises(dangbo.Argument):
        small.commit_fork(dangbo.Registry())
    with pytest.raises(dangbo.Argument):
        small.commit_fork(small)
    small.close()
    assert total(second) == 1


def test_forks_come_home_from_several_threads(small: dangbo.Registry) -> None:
    forks = [small.snapshot().fork() for _ in range(8)]
    done = []

    def work(number: int) -> None:
        change = forks[number].change()
        change.add_table("members", {"member_id": [f"t{number}"]})
        forks[number].commit(change)
        done.append(small.commit_fork(forks[number]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(2, 10))
    assert len(small.rows("members")) == 11


def test_a_file_keeps_what_was_committed(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "khoi.dangbo"
    with dangbo.Registry.create(path, single_root=True) as registry:
        change = registry.change()
        add_small(change)
        registry.commit(change, time=at(1), source_version="đợt 1")
        change.close()
        with dangbo.Registry.open(path) as reader:
            assert total(reader) == 2
            with pytest.raises(dangbo.FileFault) as caught:
                reader.advance("2021-01-01", time=at(2))
            assert isinstance(caught.value, OSError)
            assert caught.value.code == 8 and "khoi.dangbo" in str(caught.value)
        with pytest.raises(dangbo.FileFault):
            dangbo.Registry.open(path, write=True)
    with dangbo.Registry.open(path, write=True, durability="normal") as registry:
        assert registry.log().column("source_version") == ["đợt 1"]
        assert corrected(registry, time=at(2)) == 2
    with dangbo.Registry.open(path) as registry:
        assert total(registry) == 1 and total(registry, known_at=1) == 2
    verified = dangbo.verify(path).to_pylist()[0]
    assert verified["commits"] == 2 and len(str(verified["head"])) == 64


def test_files_that_do_not_fit(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "a.dangbo"
    with pytest.raises(dangbo.NotFound):
        dangbo.Registry.open(path)
    path.write_text("member_id\n", encoding="utf-8")
    with pytest.raises(dangbo.FileFault):
        dangbo.Registry.open(path)
    with pytest.raises(dangbo.FileFault):
        dangbo.Registry.create(path)
    with pytest.raises(dangbo.FileFault):
        dangbo.verify(path)
    wrong: Any = "never"
    with pytest.raises(ValueError):
        dangbo.Registry.create(tmp_path / "b.dangbo", durability=wrong)


def test_erasing(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "khoi.dangbo"
    registry = dangbo.Registry.create(path)
    change = registry.change()
    add_small(change)
    registry.commit(change)
    snapshot = registry.snapshot()
    with pytest.raises(dangbo.Argument):
        registry.redact("m1")
    snapshot.close()
    done = registry.redact("m1", fields=["full_name", "birth_date"])
    assert done == dangbo.Redaction(commit=2, values=2)
    registry.compact()
    row = registry.rows("members").head(1)[0]
    assert row["full_name"] is None and row["sex"] == "female"
    with pytest.raises(dangbo.Refused):
        registry.redact("nobody")
    change.close()
    registry.close()
    assert "Lò Thị Mây".encode() not in path.read_bytes()
    assert dangbo.verify(path).column("redactions") == [1]
