"""Tables of names come from the cache where an earlier process left them, and are the same ones."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from governance.names import chinese_lists, kept, latin_words, lexicon

ARRAYS = {
    "flags": np.arange(1000, dtype=np.uint32),
    "odds": np.linspace(-3, 3, 7, dtype=np.float32),
    "told": np.array([True, False, True]),
    "none": np.zeros(0, dtype=np.uint16),
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, in a process whose sources are older than it."""
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path))
    monkeypatch.setattr(kept, "_BEGAN", float("inf"))
    return tmp_path / "clearinghouse"


def same(told: kept.Arrays, wanted: kept.Arrays) -> bool:
    return list(told) == list(wanted) and all(
        told[name].dtype == array.dtype and np.array_equal(told[name], array) for name, array in wanted.items()
    )


def never() -> kept.Arrays:
    raise AssertionError("made again")


def test_what_one_process_made_another_reads(cache: Path) -> None:
    assert same(kept.kept("some", lambda: ARRAYS), ARRAYS)
    told = kept.kept("some", never)
    assert same(told, ARRAYS)
    assert not told["flags"].flags.writeable
    with pytest.raises(AssertionError, match="made again"):
        kept.kept("other", never)


@pytest.mark.parametrize("harm", ["cut", "emptied", "other bytes", "other digest"])
def test_a_damaged_file_costs_time_only(cache: Path, harm: str) -> None:
    kept.kept("some", lambda: ARRAYS)
    (file,) = cache.glob("*.tables")
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    if harm == "other bytes":
        content[middle] ^= 1
    if harm == "other digest":
        content[0] ^= 1
    # Another file in its place, as a crash of the machine may leave it: nobody changes one that is mapped.
    file.unlink()
    file.write_bytes(content[: {"cut": middle, "emptied": 0}.get(harm, len(content))])
    assert same(kept.kept("some", lambda: ARRAYS), ARRAYS)
    assert same(kept.kept("some", never), ARRAYS)


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CLEARINGHOUSE_CACHE", str(tmp_path / "file"))
    assert same(kept.kept("some", lambda: ARRAYS), ARRAYS)


def test_a_process_that_runs_beside_its_sources_successors_leaves_and_takes_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as began:
        began.setattr(kept, "_BEGAN", 0.0)
        kept.kept("some", lambda: ARRAYS)
        assert not list(cache.glob("*.tables"))
    other = {"words": np.array([3], dtype=np.uint8)}
    kept.kept("some", lambda: other)
    assert list(cache.glob("*.tables"))
    monkeypatch.setattr(kept, "_BEGAN", 0.0)
    assert same(kept.kept("some", lambda: ARRAYS), ARRAYS)


def test_few_versions_stay(cache: Path) -> None:
    for number in range(12):
        kept.kept(f"version {number}", lambda: ARRAYS)
    assert len(list(cache.glob("*.tables"))) == kept._STAY
    assert same(kept.kept("version 11", never), ARRAYS)


def test_other_sources_other_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "lists.py").write_text("WORDS = 'a b'")
    (tmp_path / "data" / "some.npz").write_bytes(b"1")
    monkeypatch.setattr(kept, "_HERE", tmp_path)
    told = set()
    for name, content in (("lists.py", "WORDS = 'a b'"), ("lists.py", "WORDS = 'a c'"), ("data/some.npz", "2")):
        (tmp_path / name).write_text(content)
        kept._version.cache_clear()
        told.add(kept._version())
    kept._version.cache_clear()
    assert len(told) == 3


def test_tables_of_the_cache_are_those_that_are_made(cache: Path) -> None:
    made = chinese_lists._flat(chinese_lists._made())
    latin = latin_words._made()
    chinese_lists.lists.__wrapped__()
    latin_words.lexicon.__wrapped__()
    assert len(list(cache.glob("*.tables"))) == 2
    assert same(chinese_lists._flat(chinese_lists.lists.__wrapped__()), made)
    told = latin_words.lexicon.__wrapped__()
    assert same({"t": told.table.cells, "b": told.bits}, {"t": latin["table"], "b": latin["bits"]})
    words = ["maria", "garcia", "table", "nobodyiscalledthis", "singh"]
    flags = told.table.get(latin_words.hash_words(words))
    assert flags[0] & lexicon.Flag.GIVEN
    assert flags[2] & lexicon.Flag.WORD
    assert not flags[3]


def test_words_are_forgotten_in_training_alone(cache: Path) -> None:
    chinese_lists.lists.__wrapped__()
    known = chinese_lists.lists.__wrapped__()
    before = known.words.cells.copy()
    known.words.hide(1, 0.5, 0.5)
    assert (known.words.cells != before).any()
    assert np.array_equal(chinese_lists.lists.__wrapped__().words.cells, before)


def test_all_processes_make_the_same_tables(tmp_path: Path) -> None:
    code = (
        "import json, hashlib; from governance.names import chinese_lists, latin_words\n"
        "made = {**chinese_lists._flat(chinese_lists._made()), **latin_words._made()}\n"
        "print(json.dumps({name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in made.items()}))"
    )
    told = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed, "CLEARINGHOUSE_CACHE": str(tmp_path)},
                capture_output=True,
                check=True,
            ).stdout
        )
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
