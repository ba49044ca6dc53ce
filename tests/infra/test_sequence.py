"""Numbered histories: every number has one writer, nothing is lost, gaps do no harm."""

from __future__ import annotations

import multiprocessing
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.store import Store, open_store, sequence
from infra.store.sequence import append, entries, newest
from schemas.errors import StoreError
from tests.infra.stores import KINDS, append_some, make_store


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return make_store(request.param, request, tmp_path)


def test_numbers_start_at_one_and_see_the_one_before(store: Store) -> None:
    assert newest(store, "ledger") is None
    seen: list[tuple[int, bytes | None]] = []

    def make(number: int, previous: bytes | None) -> bytes | None:
        seen.append((number, previous))
        return f"entry {number}".encode()

    assert [append(store, "ledger", make) for _ in range(3)] == [1, 2, 3]
    assert seen == [(1, None), (2, b"entry 1"), (3, b"entry 2")]
    assert newest(store, "ledger") == (3, "ledger/00000003.json")
    assert [number for number, _ in entries(store, "ledger")] == [1, 2, 3]
    assert [number for number, _ in entries(store, "ledger", after=2)] == [3]


def test_make_may_stop(store: Store) -> None:
    assert append(store, "p", lambda number, previous: None) == 0
    append(store, "p", lambda number, previous: b"x")
    assert append(store, "p", lambda number, previous: None) == 1
    assert newest(store, "p") == (1, "p/00000001.json")


def test_other_names_and_histories_are_passed_over(store: Store) -> None:
    for key in ("p/readme.txt", "p/7.json", "p/000000012.json", "p/00000009.json.bak", "p-2/00000008.json"):
        store.put(key, b"")
    store.put("p/00000003/00000005.json", b"")
    assert newest(store, "p") is None
    assert append(store, "p", lambda number, previous: b"x") == 1


def check(store: Store, prefix: str, told: list[list[int]]) -> None:
    numbers = [number for each in told for number in each]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), "a number went to two writers, or to none"
    for writer, each in enumerate(told):
        for number in each:
            assert store.read(sequence.key_of(prefix, number)).startswith(f"{writer}/{number}/".encode())


def test_threads_never_share_a_number(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda writer: append_some(store.uri, "race", writer, 4), range(6)))
    check(store, "race", told)


def test_processes_never_share_a_number(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        told = pool.starmap(append_some, [(store.uri, "race", writer, 25) for writer in range(4)])
    check(store, "race", told)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 200), max_size=60), st.integers(1, 7))
def test_the_newest_is_the_highest_whatever_is_missing(numbers: set[int], page: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequence, "_PAGE", page)
        for number in numbers:
            path = Path(folder, sequence.key_of("p", number))
            path.parent.mkdir(exist_ok=True)
            path.touch()
        found = newest(open_store(folder), "p")
        assert found == ((max(numbers), sequence.key_of("p", max(numbers))) if numbers else None)


def test_a_listing_that_never_catches_up_ends_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(str(tmp_path))
    store.put("p/00000001.json", b"x")
    monkeypatch.setattr(sequence, "newest", lambda store, prefix: None)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(StoreError, match="another writer") as caught:
        append(store, "p", lambda number, previous: b"y")
    assert caught.value.transient
    assert store.read("p/00000001.json") == b"x"
