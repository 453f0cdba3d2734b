"""Each status has its class, and a refusal names every row in both languages."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest
from conftest import KHOI, UNITS

import dangbo
from dangbo._errors import make_error


def test_refused_names_every_row(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "danh sách"
    folder.mkdir()
    rows = "".join(f"A{i},CB,K{i}\n" for i in range(8))
    (folder / "units.csv").write_text(f"unit_id,kind,parent_id\n{rows}", encoding="utf-8")
    with pytest.raises(dangbo.Refused) as caught:
        dangbo.load(folder)
    error = caught.value
    assert error.code == 2 and error.problem_count == 8 and error.problems is not None
    assert error.problems.column("row") == list(range(2, 10))
    assert set(error.problems.columns) == {
        *("code", "file", "row", "column", "value"),
        *("reason_vi", "reason_en", "fix_vi", "fix_en"),
    }
    assert str(error).splitlines()[0] == "8 chỗ sai:"
    assert str(error).splitlines()[-1] == "… và 3 chỗ nữa"
    assert "dòng 2, cột parent_id: «K0»: " in str(error) and " Cách sửa: " in str(error)
    dangbo.set_language(dangbo.EN)
    assert str(error).splitlines()[0] == "8 problems:"
    assert "row 2, column parent_id: «K0»: " in str(error) and " Fix: " in str(error)
    assert error.message("vi").startswith("8 chỗ sai:")
    assert repr(error) == "<dangbo.Refused, code 2, 8 problems>"


def test_one_problem_is_the_message_of_the_library() -> None:
    with pytest.raises(dangbo.Refused) as caught:
        dangbo.load("no_such_folder")
    error = caught.value
    assert error.problem_count == 1
    assert str(error) == error.message_vi != error.message_en
    assert "no_such_folder" in error.message_vi
    dangbo.set_language(dangbo.EN)
    assert str(error) == error.message_en


def test_a_line_is_said_as_the_library_says_it(tmp_path: pathlib.Path) -> None:
    """With several problems Python makes the lines; they must read like the library's own."""
    file = tmp_path / "units.csv"
    file.write_text("unit_id,kind,parent_id\nA,CB,K1\nB,CB,K2\n", encoding="utf-8")
    with pytest.raises(dangbo.Refused) as caught:
        dangbo.load(file)
    error = caught.value
    assert error.message_vi.endswith(error.message(dangbo.VI).splitlines()[1])
    assert error.message_en.endswith(error.message(dangbo.EN).splitlines()[1])


def test_refused_commit_changes_nothing(small: dangbo.Registry) -> None:
    before = small.on("2018-01-01").tree().to_csv()
    change = small.change()
    change.add_table("units", {"unit_id": ["C"], "kind": ["CB"], "parent_id": ["nobody"]})
    for _ in range(2):
        with pytest.raises(dangbo.Refused):
            small.commit(change)
    assert len(change.check()) == 1
    assert small.snapshot().commit == 1
    assert small.on("2018-01-01").tree().to_csv() == before


def test_query_errors_point_into_the_document(small: dangbo.Registry) -> None:
    view = small.on("2018-01-01")
    with pytest.raises(dangbo.QueryError) as caught:
        view.query({"query": 1, "of": "members", "by": ["sexx"], "unit": "nobody"})
    assert caught.value.code == 3 and caught.value.problems is not None
    assert set(caught.value.problems.column("column")) == {"/by/0", "/unit"}
    for wrong in ("", "{", "[]", '{"query": 2, "of": "members"}'):
        with pytest.raises(dangbo.QueryError):
            view.query(wrong)
    with pytest.raises(dangbo.QueryError):
        view.tree("nobody")
    with pytest.raises(TypeError):
        view.query({"query": 1, "of": object()})


def test_not_found(small: dangbo.Registry) -> None:
    view = small.on("2018-01-01")
    calls: list[Any] = [view.find_unit, view.total]
    for call in calls:
        with pytest.raises(dangbo.NotFound) as caught:
            call("nobody")
        assert isinstance(caught.value, LookupError) and caught.value.code == 4
        assert caught.value.problems is None and caught.value.problem_count == 0
    with pytest.raises(dangbo.NotFound):
        view.total(2**40)


def test_arguments(small: dangbo.Registry) -> None:
    view = small.on("2018-01-01")
    wrong: Any = "above"
    with pytest.raises(ValueError, match="above"):
        view.total("K", scope=wrong)
    for day in ("30/11/2020", "", "2020-02-30"):
        with pytest.raises(ValueError, match="2020-11-30"):
            small.on(day)
    with pytest.raises(dangbo.Argument) as caught:
        small.on("1399-12-31")
    assert isinstance(caught.value, ValueError) and "1400" in str(caught.value)
    none: Any = None
    with pytest.raises(TypeError):
        small.on(none)
    with pytest.raises(TypeError):
        dangbo.load()
    other = dangbo.Registry().change()
    other.add_table("units", UNITS)
    with pytest.raises(dangbo.Argument):
        small.commit(other)
    with pytest.raises(dangbo.Argument):
        dangbo.load("")


def test_texts_that_are_none_are_not_repeated(small: dangbo.Registry) -> None:
    """What stands in a text may be a name: the message says where it goes wrong, not what it is."""
    view, change = small.on("2018-01-01"), small.change()
    wrong = "Mây\udcff"
    calls: list[Any] = [
        lambda: dangbo.load(wrong),
        lambda: small.declare_file(wrong),
        lambda: change.add_file(wrong, "units.csv"),
        lambda: change.add_table(wrong, UNITS),
        lambda: change.add_table("units", UNITS, source=wrong),
        lambda: change.add_table("units", {wrong: ["A"]}),
        lambda: small.commit(change, source_version=wrong),
        lambda: view.find_unit(wrong),
        lambda: view.total(wrong),
        lambda: view.tree(wrong),
        lambda: view.query(wrong),
        lambda: view.rollup(unit=wrong),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="not a text of Unicode from character") as caught:
            call()
        assert "Mây" not in str(caught.value)
    key: Any = 7
    with pytest.raises(TypeError, match="a unit's key is a text, not int"):
        view.find_unit(key)


def test_every_status_has_a_class() -> None:
    classes = [type(make_error(code, "vi", "en", 0, None)) for code in range(1, 8)]
    assert classes == [
        dangbo.Argument,
        dangbo.Refused,
        dangbo.QueryError,
        dangbo.NotFound,
        dangbo.OutOfMemory,
        dangbo.Cancelled,
        dangbo.Internal,
    ]
    assert type(make_error(99, "vi", "en", 0, None)) is dangbo.Internal
    assert all(issubclass(class_, dangbo.Error) for class_ in classes)
    assert issubclass(dangbo.OutOfMemory, MemoryError)


def test_progress_is_told_and_may_cancel() -> None:
    told: list[Any] = []
    dangbo.load(KHOI, progress=lambda *what: told.append(what))
    assert told and all(isinstance(what, str) and done >= 0 for what, done, _ in told)

    registry = dangbo.Registry()
    change = registry.change()
    with pytest.raises(dangbo.Cancelled):
        change.add_path(KHOI, progress=lambda *_: False)
    assert registry.commit(change) == 1
    assert registry.on("2020-11-30").rollup("units").column("count") == [0]


def test_progress_that_raises_comes_out_as_it_is() -> None:
    class Mine(Exception):
        pass

    def progress(what: str, done: int, total: int) -> None:
        raise Mine(what)

    with pytest.raises(Mine):
        dangbo.load(KHOI, progress=progress)


def test_progress_may_not_use_its_registry() -> None:
    registry = dangbo.Registry()
    change = registry.change()
    other = dangbo.Registry()
    asked: list[Any] = [
        registry.tables,
        registry.memory,
        registry.change,
        change.check,
        lambda: registry.commit(change),
        lambda: change.add_path(KHOI),
    ]

    def progress(what: str, done: int, total: int) -> bool:
        for ask in asked:
            with pytest.raises(dangbo.Argument):
                ask()
        # Others, and what was committed, are free to use.
        return len(other.tables()) > 0 and registry.snapshot().commit == 0

    change.add_path(KHOI, progress)
    assert registry.commit(change) == 1


def test_closed_objects_say_so(small: dangbo.Registry) -> None:
    view, snapshot, change = small.on("2018-01-01"), small.snapshot(), small.change()
    with small, view, snapshot, change:
        pass
    calls: list[Any] = [
        lambda: view.total("K"),
        lambda: view.day,
        lambda: view.rollup(),
        lambda: snapshot.commit,
        lambda: snapshot.on("2018-01-01"),
        change.check,
        lambda: change.add_table("units", UNITS),
        small.tables,
        small.change,
        small.snapshot,
        lambda: small.commit(change),
    ]
    for call in calls:
        with pytest.raises(dangbo.Argument, match="closed"):
            dangbo.set_language(dangbo.EN)
            call()
    objects: list[Any] = [small, view, snapshot, change]
    for closed in objects:
        assert repr(closed).endswith(", closed>")
        closed.close()
