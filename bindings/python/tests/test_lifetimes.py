"""What outlives what, and many threads at once."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import KHOI, add_small

import dangbo


def test_views_outlive_their_registry() -> None:
    registry = dangbo.Registry()
    change = registry.change()
    add_small(change)
    registry.commit(change)
    snapshot = registry.snapshot()
    view = registry.on("2018-01-01")
    table = view.rollup(by="sex")
    registry.close()
    del registry, change
    gc.collect()
    assert view.total("K") == 3
    assert snapshot.on("2018-01-01").rollup().column("count") == [3]
    view.close()
    snapshot.close()
    assert table.column("count") == [1, 1, 1]


def test_a_change_outlives_its_registry(small: dangbo.Registry) -> None:
    change = small.change()
    change.add_table("units", {"unit_id": ["C"], "kind": ["CB"], "parent_id": ["nobody"]})
    small.close()
    assert len(change.check()) == 1
    change.close()


def test_problems_outlive_their_error() -> None:
    try:
        dangbo.load("no_such_folder")
    except dangbo.Refused as error:
        problems = error.problems
        gone = weakref.ref(error)
    gc.collect()
    assert gone() is None and problems is not None
    assert problems.column("file") == ["no_such_folder"]


def test_readers_beside_a_writer(small: dangbo.Registry) -> None:
    """Every reader sees whole commits only: each adds one member with one membership."""
    commits, stop = 40, threading.Event()

    def read() -> int:
        seen, rounds = 0, 0
        while not stop.is_set() or rounds == 0:
            snapshot = small.snapshot()
            view = snapshot.on("2018-01-01")
            members = view.total("K")
            assert members == 3 + snapshot.commit - 1
            assert view.rollup(by="sex").to_numpy("count").sum() == members
            assert members >= seen
            seen, rounds = members, rounds + 1
        return rounds

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        try:
            for i in range(commits):
                change = small.change()
                change.add_table("members", {"member_id": [f"n{i}"], "sex": ["nam"]})
                change.add_table(
                    "memberships",
                    {
                        "member_id": [f"n{i}"],
                        "unit_id": ["A"],
                        "kind": ["CHINHTHUC"],
                        "from": ["2016-01-01"],
                    },
                )
                assert small.commit(change) == i + 2
        finally:
            stop.set()
        assert all(reader.result() > 0 for reader in readers)
    assert small.on("2018-01-01").total("K") == 3 + commits


def test_one_view_for_many_threads(view: dangbo.View) -> None:
    def ask(i: int) -> tuple[int, list[object]]:
        return view.total("K"), list(view.rollup(by="sex").column("count"))

    with ThreadPoolExecutor(8) as pool:
        assert set(map(repr, pool.map(ask, range(64)))) == {"(2712, [1056, 1656])"}


def test_a_change_is_for_one_thread_at_a_time() -> None:
    registry = dangbo.Registry()
    change = registry.change()
    inside, go_on = threading.Event(), threading.Event()

    def progress(what: str, done: int, total: int) -> bool:
        inside.set()
        return go_on.wait(30)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(change.add_path, KHOI, progress)
        assert inside.wait(30)
        try:
            with pytest.raises(dangbo.Argument):
                change.check()
            # Closing lets go here; the other thread finishes what it does.
            change.close()
            # Snapshots do not wait for a change that is being read.
            assert registry.snapshot().commit == 0
        finally:
            go_on.set()
        reading.result()


def test_other_threads_run_while_files_are_read() -> None:
    """The interpreter's lock is let go: this thread goes on while another is in the library."""
    registry = dangbo.Registry()
    ticks = 0
    done = threading.Event()

    def load() -> None:
        try:
            change = registry.change()
            for _ in range(3):
                change.add_path(KHOI)
        finally:
            done.set()

    thread = threading.Thread(target=load)
    thread.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0.0005)
    thread.join()
    assert ticks > 3
