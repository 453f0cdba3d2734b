"""Arrow streams, read and written with nothing but ctypes: what any other library relies on."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pytest
from arrow_structs import (
    ArrowArray,
    ArrowSchema,
    ArrowStream,
    Producer,
    new_capsule,
    open_capsule,
    read_stream,
)

import dangbo


def test_stream_reads_as_the_lists_do(view: dangbo.View) -> None:
    by_two = view.rollup(by=["sex", "status"], share="stock")
    for table in (by_two, view.tree(), view.tree(depth=1)):
        names, batches = read_stream(table.__arrow_c_stream__())
        assert names == table.columns
        assert sum(batch["rows"] for batch in batches) == len(table)
        for name in names:
            values = [value for batch in batches for value in batch[name]]
            assert values == table.column(name)


def test_missing_values_and_booleans(small: dangbo.Registry) -> None:
    tables = [small.tables(), small.on("2018-01-01").rollup(by="sex")]
    change = small.change()
    change.add_file("members", "no_such_file.csv")
    tables.append(change.check())
    for table in tables:
        names, batches = read_stream(table.__arrow_c_stream__())
        for name in names:
            assert [value for batch in batches for value in batch[name]] == table.column(name)


def test_many_rows_come_in_batches() -> None:
    registry = dangbo.Registry()
    change = registry.change()
    count = 70_000
    keys = [f"{i:05d}" for i in range(count)]
    change.add_table("units", {"unit_id": keys, "kind": ["CB"] * count})
    registry.commit(change)
    table = registry.on("2020-01-01").tree()
    _, batches = read_stream(table.__arrow_c_stream__())
    assert [batch["rows"] for batch in batches] == [65_536, count - 65_536]
    assert [key for batch in batches for key in batch["unit_id"]] == keys


def test_stream_outlives_table_and_registry(small: dangbo.Registry) -> None:
    table: Any = small.on("2018-01-01").rollup(by="sex")
    expected = table.column("count")
    capsule = table.__arrow_c_stream__()
    del table
    small.close()
    _, batches = read_stream(capsule)
    assert batches[0]["count"] == expected


def test_a_capsule_is_new_each_time_and_used_once(view: dangbo.View) -> None:
    table = view.rollup(by="sex")
    first, second = table.__arrow_c_stream__(), table.__arrow_c_stream__()
    assert open_capsule(first, "arrow_array_stream") != open_capsule(second, "arrow_array_stream")
    read_stream(first)
    used = dangbo.Registry().change()

    class Used:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return first

    with pytest.raises(dangbo.Argument):
        used.add_table("units", Used())
    # Never read: the capsule itself lets go.
    del second


def test_schema(view: dangbo.View) -> None:
    capsule = view.rollup(by="sex", share="stock").__arrow_c_schema__()
    schema = ArrowSchema.from_address(open_capsule(capsule, "arrow_schema"))
    assert schema.format == b"+s" and schema.n_children == 4
    children = [schema.children[i].contents for i in range(4)]
    assert [child.name for child in children] == [b"sex", b"count", b"base", b"percent"]
    assert [child.format for child in children] == [b"i", b"l", b"l", b"g"]
    assert children[0].dictionary.contents.format == b"u"


def test_requested_schema(view: dangbo.View) -> None:
    table = view.rollup(by="sex")
    read_stream(table.__arrow_c_stream__(table.__arrow_c_schema__()))
    other = view.tree().__arrow_c_schema__()
    with pytest.raises(ValueError, match="8 columns, the table 2"):
        table.__arrow_c_stream__(other)
    with pytest.raises((TypeError, ValueError)):
        table.__arrow_c_stream__("schema")


def test_what_goes_out_comes_in_again(view: dangbo.View) -> None:
    """Our own stream into our own registry: dictionaries, missing values, two batches' worth."""
    tree = view.tree()
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", tree)
    registry.commit(change)
    again = registry.on("2020-01-01").tree()
    for name in ("unit_id", "name", "kind", "class", "parent_id", "level"):
        assert again.column(name) == tree.column(name)


def test_foreign_stream() -> None:
    producer = Producer(
        [{"unit_id": ["A", "B"], "kind": ["CB", "CB"]}, {"unit_id": ["C"], "kind": ["CB"]}]
    )
    registry = dangbo.Registry()
    change = registry.change()
    change.add_table("units", producer)
    registry.commit(change)
    assert registry.on("2020-01-01").tree().column("unit_id") == ["A", "B", "C"]
    assert producer.alive == 0 and producer.released


def test_rows_of_a_stream_are_numbered_through_its_batches() -> None:
    producer = Producer([{"unit_id": ["A"], "kind": ["CB"]}, {"unit_id": ["A"], "kind": ["XX"]}])
    change = dangbo.Registry().change()
    change.add_table("units", producer, source="hệ thống nhân sự")
    rows = change.check().to_pylist()
    assert {row["row"] for row in rows} == {2}
    assert {row["file"] for row in rows} == {"hệ thống nhân sự"}
    assert producer.alive == 0 and producer.released


def test_broken_streams_are_refused_and_let_go() -> None:
    for broken in (
        Producer([{"unit_id": ["A"]}], fail_after=0),
        Producer([{"unit_id": ["A"]}], format_=b"vu"),
        Producer([{"unit_id": ["A\xff"]}], encoding="latin-1"),
    ):
        change = dangbo.Registry().change()
        with pytest.raises(dangbo.Refused):
            change.add_table("units", broken)
        assert broken.alive == 0 and broken.released
        # Nothing of it was added.
        assert len(change.check()) == 0


def test_streams_that_are_none() -> None:
    class Wrong:
        def __init__(self, made: object) -> None:
            self.made = made

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.made

    change = dangbo.Registry().change()
    inside = ArrowStream()
    for made in (None, "capsule", new_capsule(inside, b"another name")):
        with pytest.raises((TypeError, ValueError)):
            change.add_table("units", Wrong(made))
    assert len(change.check()) == 0


@pytest.fixture(autouse=True)
def sizes_of_the_published_interface() -> Iterator[None]:
    pointer = ctypes.sizeof(ctypes.c_void_p)
    assert ctypes.sizeof(ArrowSchema) == 9 * pointer
    assert ctypes.sizeof(ArrowArray) == 10 * pointer
    assert ctypes.sizeof(ArrowStream) == 5 * pointer
    yield
