"""Streams for training: one order for any ranks, batches and resumes; states; holes; mixes; packing."""

from __future__ import annotations

import json
import multiprocessing
import pickle
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise, permutations
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clearinghouse
from clearinghouse import reader_stream
from clearinghouse.adapters.positions import Positions
from clearinghouse.reader import BadSetting, Release, RunsDry, StateRefused, Stream, UnknownId, open_release
from clearinghouse.reader_packing import block_for, cu_seqlens, fit, split
from clearinghouse.reader_quality import least_prefix_error, worst_prefix_error
from clearinghouse.reader_tokens import WrongTokenizer
from clearinghouse.reader_window import STRETCHES
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest
from schemas.shard_numbers import KEY
from tests.builders import make_release, release_table
from transforms.tokens_columns import IDS, as_bytes
from transforms.tokens_columns import MASK as MASK_TYPE

pytestmark = pytest.mark.fork

ROWS = 203


def opened(root: Path, mix: str = "demo", version: str = "1.0.0") -> Release:
    return open_release(root, mix, version, allow_unsigned=True)


def staged(manifest: ReleaseManifest) -> dict:
    """The last shard as validation, the one before as stage 1."""
    *first, stage, validation = manifest.shards
    return {"shards": (*first, replace(stage, stage=1), replace(validation, split="validation"))}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``demo``: 203 rows, groups of 8, shards of 40; ``staged``: the same rows in two stages and a validation split."""
    folder = tmp_path_factory.mktemp("stream")
    made = make_release(folder, rows=ROWS)
    make_release(folder, "staged", rows=ROWS, **staged(made))
    return folder


@pytest.fixture(scope="module")
def release(root: Path) -> Release:
    return opened(root)


def ids(batches) -> list[str]:
    return [one for batch in batches for one in batch.column("id").to_pylist()]


def together(streams: list[Stream]) -> list[str]:
    """The samples of all ranks in the order of their positions; every rank makes the same steps."""
    made = [[batch.column("id").to_pylist() for batch in stream.read()] for stream in streams]
    assert {len(batches) for batches in made} == {len(streams[0])}
    return [
        batches[rank][place]
        for batches in zip(*made, strict=True)
        for place in range(max(map(len, batches)))
        for rank in range(len(streams))
        if place < len(batches[rank])
    ]


def ranks(release: Release, world: int, **settings) -> list[Stream]:
    return [release.stream(columns=["id"], rank=rank, world=world, **settings) for rank in range(world)]


@given(
    st.sampled_from(["window", "full", "none"]),
    st.integers(1, 9),
    st.integers(1, 90),
    st.sampled_from(["drop", "pad", "short"]),
    st.integers(0, 2),
)
@settings(max_examples=25)
def test_ranks_and_batches_change_no_order(
    release: Release, shuffle: str, world: int, batch: int, remainder: str, epoch: int
) -> None:
    settings = {"seed": 3, "shuffle": shuffle, "epoch": epoch}
    expected = ids(release.stream(columns=["id"], batch=ROWS, **settings))
    assert sorted(expected) == sorted(release_table(ROWS).column("id").to_pylist())
    plan = release.stream(batch=batch, world=world, remainder=remainder, **settings).plan()
    found = together(ranks(release, world, batch=batch, remainder=remainder, **settings))
    whole = ROWS // (world * batch) * world * batch
    if remainder == "drop":
        assert found == expected[:whole]
        assert plan.tail == ROWS - whole
    elif remainder == "short":
        assert found == expected
    else:
        assert found == [expected[place % ROWS] for place in range(plan.steps * world * batch)]
        assert plan.padded == len(found) - ROWS
        assert (plan.first_repeat is None) == (plan.padded == 0)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 20), st.integers(0, 3)), min_size=1, max_size=4), st.data())
@settings(max_examples=20)
def test_a_run_goes_on_with_other_ranks_batches_and_workers(release: Release, legs: list, data: st.DataObject) -> None:
    """Some steps on so many ranks with such a batch, then others, then the rest: every sample once, in one order."""
    shuffle = data.draw(st.sampled_from(["window", "full"]))
    expected = ids(release.stream(columns=["id"], batch=ROWS, seed=1, shuffle=shuffle))
    state, found = None, []
    for world, batch, steps in legs:
        streams = ranks(release, world, batch=batch, seed=1, shuffle=shuffle)
        walks = []
        for stream in streams:
            if state:
                stream.load_state_dict(state)
            walks.append(iter(stream))
        for _ in range(min(steps, len(streams[0]))):
            made = [next(walk).column("id").to_pylist() for walk in walks]
            found += [part[place] for place in range(batch) for part in made]
        states = {json.dumps(stream.state_dict()) for stream in streams}
        assert len(states) == 1, "the same on every rank"
        state = states.pop()
        assert len(state) < 400
        for walk in walks:
            walk.close()
    last = release.stream(columns=["id"], batch=7, seed=1, shuffle=shuffle, remainder="short")
    last.load_state_dict(state)
    workers = data.draw(st.integers(1, 3))
    parts = [[batch.column("id").to_pylist() for batch in last.read(worker, workers)] for worker in range(workers)]
    found += [one for step in range(len(last)) for one in parts[step % workers][step // workers]]
    assert found == expected


def test_iterating_again_reads_the_next_epoch(release: Release) -> None:
    stream = release.stream(columns=["id"], batch=50, remainder="short")
    first, second = ids(stream), ids(stream)
    assert (stream.epoch, stream.position) == (2, 0)
    assert first != second
    assert second == ids(release.stream(columns=["id"], batch=50, remainder="short", epoch=1))
    assert sorted(first) == sorted(second)
    assert len(stream) == 5


def test_a_row_group_is_read_in_a_few_stretches(release: Release) -> None:
    """What was woven together when the release was written stays so, but for a few cuts."""
    every = release_table(ROWS).column("id").to_pylist()
    moved = 0
    for group in range(ROWS // 8):
        written = every[8 * group : 8 * group + 8]
        read = release.stream(columns=["id"]).course.load((0, group)).column("id").to_pylist()
        assert sorted(read) == sorted(written)
        places = [written.index(one) for one in read]
        assert sum((a + 1) % 8 != b for a, b in pairwise(places)) < STRETCHES
        moved += read != written
    assert moved > 15


def test_shares_hold_at_every_prefix(tmp_path: Path) -> None:
    """In tokens, in samples of mean size: near what the release was written with, far below rows shuffled alone."""
    table = release_table(8000)
    make_release(tmp_path, rows=table, rows_per_group=32, shard_rows=1600)
    release = opened(tmp_path)

    def error(shuffle: str) -> float:
        columns = ["source", "n_tokens"]
        return worst_prefix_error(release.stream(columns=columns, shuffle=shuffle, batch=500, remainder="short"))

    assert error("none") < 3
    assert error("window") < 16 < error("full")
    assert worst_prefix_error([]) == least_prefix_error([]) == 0
    least = least_prefix_error(release.batches(["source", "n_tokens"]))
    assert least <= error("none") < 2 * least


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), min_size=1, max_size=6))
def test_no_order_does_better_than_the_least_error(documents: list[tuple[str, int]]) -> None:
    def batch(order) -> list[pa.RecordBatch]:
        return [pa.RecordBatch.from_pydict({"source": [a for a, _ in order], "n_tokens": [n for _, n in order]})]

    best = min(worst_prefix_error(batch(order)) for order in permutations(documents))
    assert best >= least_prefix_error(batch(documents)) - 1e-9


def test_stages_come_in_order_and_splits_apart(root: Path) -> None:
    release = opened(root, "staged")
    every = release_table(ROWS).column("id").to_pylist()
    assert [(part.split, part.stage) for part in release.layout.sections] == [
        ("train", 0), ("train", 1), ("validation", 0)
    ]  # fmt: skip
    train, validation = sorted(every[:200]), sorted(every[200:])
    for shuffle in ("window", "full", "none"):
        found = ids(release.stream(columns=["id"], shuffle=shuffle, remainder="short"))
        assert sorted(found) == train
        assert sorted(found[:160]) == sorted(every[:160]), "stage 0 first"
        held_out = release.stream(columns=["id"], shuffle=shuffle, split="validation", remainder="short")
        assert sorted(ids(held_out)) == validation
    assert release.plan(split="validation", batch=2).rows == 3
    with pytest.raises(BadSetting, match=r"no split 'test'; it has: train, validation"):
        release.stream(split="test")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rank": 4, "world": 4}, "rank 4 is out of range: there are 4 ranks, 0 to 3"),
        ({"rank": -1}, "out of range"),
        ({"world": 0}, "world is a whole number from 1"),
        ({"batch": 0}, "batch is a whole number from 1"),
        ({"batch": 1.5}, "batch is a whole number"),
        ({"epoch": -1}, "epoch is a whole number from 0"),
        ({"seed": "7"}, "a seed is a whole number"),
        ({"shuffle": "some"}, "no shuffle 'some'"),
        ({"remainder": "keep"}, "no remainder 'keep'"),
        ({"holes": "zero"}, "no way 'zero' with holes"),
        ({"columns": []}, "no columns"),
    ],
)
def test_settings_that_cannot_be_are_told(release: Release, changes: dict, told: str) -> None:
    with pytest.raises(BadSetting, match=told) as caught:
        release.stream(**changes)
    assert caught.value.fix


def test_an_empty_release_has_nothing_to_stream(tmp_path: Path) -> None:
    make_release(tmp_path, rows=0)
    with pytest.raises(BadSetting, match="no rows at all"):
        opened(tmp_path).stream()


def test_a_state_of_something_else_is_refused_and_says_what_differs(root: Path, release: Release) -> None:
    state = release.stream(seed=1, columns=["id"]).state_dict()
    fresh = release.stream(seed=2, shuffle="none", columns=["id"])
    with pytest.raises(StateRefused, match=r"seed: the state has 1, this stream has 2\n.*shuffle: .*window.*none"):
        fresh.load_state_dict(state)
    with pytest.raises(StateRefused, match=r"release: the state has 'demo@1\.0\.0', this stream has 'staged@1\.0\.0'"):
        opened(root, "staged").stream(seed=1).load_state_dict(state)
    same = release.stream(seed=1, columns=["text"])
    for wrong, told in (
        ("{", "not JSON"),
        ({}, "no state"),
        ([], "no state"),
        ({**state, "format": 99}, "newer"),
        ({**state, "kind": "mix"}, "kind 'mix'"),
        ({**state, "position": ROWS + 1}, f"position {ROWS + 1}"),
        ({**state, "position": -1}, "position -1"),
        ({**state, "lanes": 3}, "lanes"),
    ):
        with pytest.raises(StateRefused, match=told):
            same.load_state_dict(wrong)
    same.load_state_dict(json.dumps({**state, "position": 64}))
    assert same.position == 64
    same.load_state_dict({**state, "lanes": 2})
    assert same.course.lanes == 2, "a state is read on in the lanes that it was saved in"


def erase(root: Path, rows: set[int], version: str) -> ReleaseManifest:
    """A version after 1.0.0 in which some rows are holes: same rows, same places, content gone."""
    first = opened(root).manifest
    table = release_table(ROWS)
    gone = pa.array([n in rows for n in range(ROWS)])
    import pyarrow.compute as pc

    text = pc.if_else(gone, pa.scalar(None, pa.large_string()), table.column("text").combine_chunks())
    table = table.set_column(table.schema.get_field_index("text"), "text", text)
    table = table.set_column(table.schema.get_field_index("erased"), table.schema.field("erased"), gone)
    made = make_release(root, rows=table, version=f"{version}-draft")
    shards = tuple(
        replace(shard, erased=sum(shard.first_row <= row < shard.first_row + shard.rows for row in rows))
        for shard in made.shards
    )
    return make_release(root, rows=table, version=version, parent=first.digest, shards=shards)


def test_erased_rows_keep_their_place_and_an_old_state_goes_on(tmp_path: Path) -> None:
    make_release(tmp_path, rows=ROWS)
    every = release_table(ROWS).column("id").to_pylist()
    gone = {3, 4, 50, 120}
    erase(tmp_path, gone, "1.0.1")
    before, after = opened(tmp_path), opened(tmp_path, version="1.0.1")
    names = {every[row] for row in gone}

    def stream(release: Release, **changes):
        return release.stream(**{"seed": 5, "columns": ["id", "text"], "batch": 10, "remainder": "short", **changes})

    expected = [batch.column("id").to_pylist() for batch in stream(before)]
    left = stream(after)
    found = [batch.column("id").to_pylist() for batch in left]
    assert found == [[one for one in batch if one not in names] for batch in expected]
    assert left.left_out == left.plan().holes == 4
    refill = list(stream(after, holes="refill"))
    assert [len(batch) for batch in refill] == [len(batch) for batch in expected]
    assert not names & set(ids(refill))
    assert all(text is not None for batch in refill for text in batch.column("text").to_pylist())
    assert together(ranks(after, 3, seed=5, batch=7, holes="refill", remainder="short")) == ids(refill)
    walk = stream(before)
    for _, _ in zip(range(8), walk, strict=False):
        pass
    later = stream(after)
    later.load_state_dict(walk.state_dict())
    assert later.notes == ("demo@1.0.1 is demo@1.0.0 after an erasure: 4 rows less since",)
    assert ids(later) == [one for batch in found[8:] for one in batch]
    # Not the other way, and not another release of as many rows.
    with pytest.raises(StateRefused, match="manifest"):
        stream(before).load_state_dict(later.state_dict())
    make_release(tmp_path, rows=release_table(ROWS, 7), version="1.1.0", parent=before.manifest.digest)
    with pytest.raises(StateRefused, match="manifest"):
        stream(opened(tmp_path, version="1.1.0")).load_state_dict(walk.state_dict())


def test_frozen_rows_are_holes_for_every_way_of_reading(tmp_path: Path) -> None:
    make_release(tmp_path, rows=ROWS)
    folder = tmp_path / "releases/demo/1.0.0/frozen"
    folder.mkdir()
    (folder / "e1.json").write_text('{"erasure":"e1","rows":[0,39,40]}')
    (folder / "e2.json").write_text('{"erasure":"e2","rows":[40,202]}')
    release, plain = opened(tmp_path), release_table(ROWS).to_pylist()
    gone = {0, 39, 40, 202}
    expected = [{**row, "text": None, "erased": True} if n in gone else row for n, row in enumerate(plain)]
    assert list(release) == release.table().to_pylist() == expected
    assert [release[n] for n in (0, 1, 39, 40, -1)] == [expected[n] for n in (0, 1, 39, 40, -1)]
    stream = release.stream(columns=["id"], remainder="short")
    assert set(ids(stream)) == {row["id"] for n, row in enumerate(plain) if n not in gone}
    assert (stream.left_out, stream.plan().holes, len(release.frozen)) == (4, 4, 4)
    (folder / "e3.json").write_text('{"rows":[203]}')
    with pytest.raises(IntegrityError, match=r"e3\.json is damaged"):
        opened(tmp_path)


def test_a_row_is_found_by_its_id(release: Release) -> None:
    table = release_table(ROWS).to_pylist()
    for number in (0, 77, ROWS - 1):
        assert release.find(table[number]["id"]) == number
        assert release.by_id(table[number]["id"]) == table[number]
    assert list(release.by_id(table[5]["id"], columns=["text"])) == ["text"]
    with pytest.raises(UnknownId, match="in epoch 1, not in 2"):
        release.find(table[0]["id"], epoch=2)
    for wrong in ("0" * 32, "no id at all", ""):
        with pytest.raises(UnknownId, match=r"no document of demo@1\.0\.0"):
            release.find(wrong)


def first_ids(stream: Stream) -> list[str]:
    return next(iter(stream)).column("id").to_pylist()


def test_a_stream_travels_and_stops_early(release: Release) -> None:
    stream = release.stream(columns=["id"], batch=9)
    expected = first_ids(release.stream(columns=["id"], batch=9))
    walk = iter(stream)
    assert next(walk).column("id").to_pylist() == expected
    assert stream.position == 9
    for method in ("fork", "spawn"):  # with a thread of the parent at work
        with multiprocessing.get_context(method).Pool(1) as pool:
            fresh = release.stream(columns=["id"], batch=9)
            assert pool.apply_async(first_ids, (fresh,)).get(timeout=120) == expected
    walk.close()
    moved = pickle.loads(pickle.dumps(stream))
    assert ids(moved) == ids(stream)


def test_a_damaged_shard_stops_the_stream(tmp_path: Path) -> None:
    made = make_release(tmp_path, rows=ROWS)
    path = tmp_path / made.shard_key(2)
    data = bytearray(path.read_bytes())
    for place in range(100, 1000, 50):
        data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(IntegrityError, match=r"demo@1\.0\.0"):
        list(opened(tmp_path).stream())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Release]:
    folder = tmp_path_factory.mktemp("two")
    make_release(folder, "a", rows=503)
    make_release(folder, "b", rows=release_table(150, 5000))
    return {"a": opened(folder, "a"), "b": opened(folder, "b")}


def mixed(two: dict[str, Release], **changes) -> Stream:
    chosen = {"weights": {"a": "0.7", "b": "0.3"}, "max_epochs": {"b": 2}, "seed": 2, "columns": ["id"], **changes}
    return clearinghouse.mix(two, chosen.pop("weights"), **chosen)


def test_a_mix_keeps_its_weights_and_goes_on_anywhere(two: dict[str, Release]) -> None:
    whole = mixed(two, batch=1, remainder="short")
    expected = ids(whole)
    mine = set(two["a"].table(["id"]).column("id").to_pylist())
    drawn = 0
    for place, one in enumerate(expected, start=1):
        drawn += one in mine
        assert abs(drawn - 0.7 * place) < 15
    assert whole.course.taken(len(expected)) == {"a": drawn, "b": len(expected) - drawn}
    assert max(Counter(expected).values()) == 2
    assert {n for one, n in Counter(expected).items() if one in mine} == {1}
    for world, batch in ((3, 7), (5, 64)):
        streams = [mixed(two, rank=rank, world=world, batch=batch, remainder="short") for rank in range(world)]
        assert together(streams) == expected
    walk = mixed(two, batch=10)
    for _, _ in zip(range(20), walk, strict=False):
        pass
    state = json.dumps(walk.state_dict(), sort_keys=True)
    assert len(state) < 600
    later = clearinghouse.mix(
        dict(reversed(two.items())), {"b": 3, "a": 7}, max_epochs={"b": "2"}, seed=2, columns=["id"], batch=13,
        remainder="short",
    )  # fmt: skip
    later.load_state_dict(state)
    assert ids(later) == expected[200:]
    with pytest.raises(StateRefused, match=r"weight of a: the state has '7', this stream has '1'"):
        mixed(two, weights={"a": 1, "b": 1}).load_state_dict(state)


def test_mixes_that_cannot_be_are_told(two: dict[str, Release]) -> None:
    for changes, told in (
        ({"weights": {"a": 0, "b": 0}}, "sum to zero"),
        ({"weights": {"a": 1}}, "differ in b"),
        ({"weights": {"a": 1, "b": -1}}, "weight of b is a number from 0"),
        ({"weights": {"a": 1, "b": "x"}}, "weight of b is a number from 0"),
        ({"max_epochs": {"c": 1}}, "not in the mix: c"),
        ({"shuffle": "full"}, "in windows or as written"),
        ({"split": "validation"}, "no split 'validation'"),
    ):
        with pytest.raises(BadSetting, match=told):
            mixed(two, **changes)
    with pytest.raises(BadSetting, match="no releases"):
        clearinghouse.mix({}, {})
    dry = len(ids(mixed(two, batch=1)))
    with pytest.raises(RunsDry, match=rf"a can give its part up to sample {dry:,} only"):
        mixed(two, samples=dry + 1)
    assert len(ids(mixed(two, samples=dry, batch=1))) == dry
    by_tokens = mixed(two, by="tokens", batch=1)
    assert by_tokens.course.taken(300)["a"] == pytest.approx(210, abs=15)
    only = mixed(two, weights={"a": 1, "b": 0}, max_epochs=1, batch=1)
    assert sorted(ids(only)) == sorted(two["a"].table(["id"]).column("id").to_pylist())


lengths = st.lists(st.integers(0, 70), max_size=40)


@given(lengths, st.integers(2, 33), st.sampled_from([fit, split]))
def test_packing_places_every_token_once(counts: list[int], length: int, method) -> None:
    found = method(counts, length)
    pieces = list(zip(*(part.tolist() for part in found), strict=True))
    seen = sorted((document, start + n) for document, start, size, _ in pieces for n in range(size))
    assert seen == [(document, n) for document, count in enumerate(counts) for n in range(count)]
    assert [(sequence, document, start) for document, start, _, sequence in pieces] == sorted(
        (sequence, document, start) for document, start, _, sequence in pieces
    )
    filled = Counter()
    for _, _, size, sequence in pieces:
        filled[sequence] += size
    assert sorted(filled) == list(range(found.sequences))
    assert all(0 < size <= length for size in filled.values())
    if method is split:
        assert all(filled[sequence] == length for sequence in range(found.sequences - 1))
    else:
        whole = {document for document, count in enumerate(counts) if 0 < count <= length}
        assert all(start == 0 for document, start, _, _ in pieces if document in whole)


def tokens_release(folder: Path) -> tuple[Release, dict[str, list[int]]]:
    """A release with the column ``input_ids``, and the tokens of each document."""
    table = release_table(ROWS)
    tokens = [[1000 * n + k for k in range(1 + (n * n) % 23)] for n in range(ROWS)]
    table = table.append_column("input_ids", pa.array(tokens, pa.list_(pa.int32())))
    place = table.schema.get_field_index("n_tokens")
    counts = pa.array(list(map(len, tokens)), pa.int32())
    table = table.set_column(place, table.schema.field("n_tokens"), counts)
    make_release(folder, rows=table)
    return opened(folder), dict(zip(table.column("id").to_pylist(), tokens, strict=True))


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Release]:
    """One release with its tokens and marks as lists, and as bytes of either width; row 3 is a hole."""
    folder, found = tmp_path_factory.mktemp("twins"), {}
    tokens = [None if n == 3 else [(1000 * n + k) % 65536 for k in range((n * n) % 23)] for n in range(ROWS)]
    marks = [None if row is None else [token % 3 == 0 for token in row] for row in tokens]
    for name in ("lists", "uint16", "uint32"):
        table = release_table(ROWS)
        counts = pa.array([len(row or ()) for row in tokens], pa.int32())
        table = table.set_column(table.schema.get_field_index("n_tokens"), table.schema.field("n_tokens"), counts)
        erased = pa.array([row is None for row in tokens])
        table = table.set_column(table.schema.get_field_index("erased"), table.schema.field("erased"), erased)
        ids, mask = pa.array(tokens, IDS), pa.array(marks, MASK_TYPE)
        if name == "lists":
            table = table.append_column("input_ids", ids).append_column("loss_mask", mask)
        else:
            for column, values, numbers in (("input_ids", ids, name), ("loss_mask", mask, "uint8")):
                field = pa.field(column, pa.binary(), metadata={KEY: numbers})
                table = table.append_column(field, as_bytes(values, numbers))
        made = make_release(folder, name, rows=table)
        holes = {"shards": (replace(made.shards[0], erased=1), *made.shards[1:])}
        make_release(folder, name, rows=table, version="1.0.1", **holes)
        found[name] = opened(folder, name, "1.0.1")
    return found


@pytest.mark.parametrize("numbers", ["uint16", "uint32"])
def test_tokens_as_bytes_read_as_lists(twins: dict[str, Release], numbers: str) -> None:
    lists, packed = twins["lists"], twins[numbers]
    columns = ["id", "input_ids"]
    assert str(packed.schema.field("input_ids").type.value_type) == numbers
    every = list(lists.rows(columns))
    assert list(packed.rows(columns)) == every
    assert packed.table(columns).to_pylist() == every
    assert packed.table(["input_ids"]).schema.field("input_ids") == packed.schema.field("input_ids")
    assert [packed[n]["input_ids"] for n in (0, 3, 77, -1)] == [every[n]["input_ids"] for n in (0, 3, 77, -1)]
    assert {
        row["loss_mask"][1] for row in packed.rows(["loss_mask"]) if row["loss_mask"] and len(row["loss_mask"]) > 1
    } == {0, 1}
    for settings_ in ({}, {"shuffle": "full"}, {"holes": "refill"}, {"world": 3, "rank": 1, "batch": 7}):
        one, other = (sequences(release.stream(columns=columns, seed=2, **settings_)) for release in (lists, packed))
        # The two mixes have names, and so orders, of their own.
        assert len(one) == len(other)
        by_id = {row["id"]: row["input_ids"] for row in every}
        assert all(by_id[row["id"]] == row["input_ids"] for row in other)
    assert packed.dataset().to_table(columns=["input_ids"]).column("input_ids").type == pa.binary()
    source = Positions(packed.stream(shuffle="none", columns=["input_ids"]))
    assert source[7]["input_ids"].tolist() == every[7]["input_ids"]
    assert source[7]["input_ids"].dtype == numbers
    assert source[3] is None


@pytest.mark.parametrize("method", ["fit", "split"])
@pytest.mark.parametrize("around", [{}, {"begin": 70_000, "end": 9}])
@pytest.mark.parametrize("columns", [None, ["input_ids"], ["input_ids", "segments"]])
def test_packing_bytes_gives_what_packing_lists_gives(twins, method: str, around: dict, columns) -> None:
    def packed(name: str, **changes):
        stream = twins[name].stream(columns=["id", "input_ids", "loss_mask"], shuffle="none", batch=3, remainder="pad")
        return stream.pack(7, method=method, columns=columns, **{"block": 32, "pad": 5, **around, **changes})

    expected = sequences(packed("lists"))
    for name in ("uint16", "uint32"):
        assert sequences(packed(name)) == expected
        kind = packed(name).schema.field("input_ids").type.value_type
        assert str(kind) == ("int32" if around else name)
        # What pads must fit.
        assert packed(name, pad=-9).schema.field("input_ids").type.value_type == pa.int32()


def test_tokens_that_are_merely_checked_need_no_threads_to_decode_them(
    twins: dict[str, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed, light = twins["uint16"], ["input_ids"]
    assert packed.light(light)
    assert not packed.light(["id", "input_ids"])
    assert not packed.light(["loss_mask"]), "marks are compressed"
    assert not twins["lists"].light(light)
    both = {"weights": {"a": 1, "b": 2}, "columns": light, "batch": 5, "max_epochs": 2}
    assert clearinghouse.mix({"a": packed, "b": packed}, **both).course.light

    every = {}
    for threads in (True, False):
        if not threads:
            monkeypatch.setattr(reader_stream, "ThreadPoolExecutor", None)
        for shuffle in ("window", "full", "none"):
            stream = packed.stream(seed=5, shuffle=shuffle, batch=7, columns=light, remainder="short")
            stream.course.light = not threads
            rows = sequences(stream)
            assert every.setdefault(shuffle, rows) == rows
            assert len(rows) == ROWS - 1

    made = make_release(tmp_path, rows=_with_bytes(release_table(ROWS)))
    path = tmp_path / made.shard_key(2)
    data = bytearray(path.read_bytes())
    for place in range(100, len(data) // 2, 50):
        data[place] ^= 1
    path.write_bytes(data)
    broken = opened(tmp_path)
    assert broken.light(light)
    with pytest.raises(IntegrityError, match=r"demo@1\.0\.0"):
        list(broken.stream(columns=light))


def _with_bytes(table: pa.Table) -> pa.Table:
    values = as_bytes(pa.array([list(range(100))] * len(table), IDS), "uint16")
    return table.append_column(pa.field("input_ids", pa.binary(), metadata={KEY: "uint16"}), values)


@pytest.mark.parametrize("around", [{}, {"end": 9}])
def test_tokens_alone_are_those_of_all_columns_for_any_rank_and_worker(twins: dict[str, Release], around: dict) -> None:
    """Tokens alone, cut end to end, are made without looking at documents."""
    for name, changes in (("uint16", {}), ("lists", {"split": "train", "world": 3, "batch": 2})):
        for rank in range(changes.get("world", 1)):
            stream = {"columns": ["id", "input_ids"], "seed": 3, "rank": rank, "remainder": "short", **changes}

            def made(stream: dict, columns: list[str] | None, name: str = name):
                return twins[name].stream(**stream).pack(7, method="split", columns=columns, block=32, **around)

            every = [batch.column("input_ids").to_pylist() for batch in made(stream, None)]
            assert [batch.column("input_ids").to_pylist() for batch in made(stream, ["input_ids"])] == every
            for worker in range(2):
                some = made(stream, ["input_ids"]).read(worker, 2, skip=1)
                assert [batch.column("input_ids").to_pylist() for batch in some] == every[worker + 2 :: 2]


def test_releases_of_different_numbers_are_not_mixed_unseen(twins: dict[str, Release]) -> None:
    with pytest.raises(BadSetting, match=r"different columns: a: input_ids \(list<element: uint16 .*int32"):
        clearinghouse.mix({"a": twins["uint16"], "b": twins["lists"]}, {"a": 1, "b": 1}, columns=["input_ids"])


def test_an_empty_source_is_named(root: Path, release: Release) -> None:
    make_release(root, "nothing", rows=0)
    empty = opened(root, "nothing")
    with pytest.raises(BadSetting, match=r"nothing@1\.0\.0 has no rows at all"):
        clearinghouse.mix({"demo": release, "nothing": empty}, {"demo": 1, "nothing": 1}, columns=["id"])
    with pytest.raises(BadSetting, match="has no rows at all"):
        empty.stream()


def test_blocks_are_as_large_as_documents_are_small(root: Path) -> None:
    class Some:
        def __init__(self, tokens: int, rows: int) -> None:
            self.tokens, self._rows = tokens, rows

        def rows(self, _epoch: int) -> int:
            return self._rows

    blocks = [block_for(Some(mean * 1000, 1000), 2048) for mean in (0, 10, 545, 5000, 100_000)]
    assert blocks == [4096, 4096, 2048, 256, 64]
    assert block_for(Some(5000 * 1000, 1000), 131_072) == 1024, "long sequences want more documents"
    release, _ = tokens_release(root / "blocks")
    stream = {"columns": ["id", "input_ids"], "seed": 1, "batch": 2}
    first = release.stream(**stream).pack(16, block=32)
    batches = first.read()
    expected = [row for batch in batches for row in batch.to_pylist()]
    later = release.stream(**stream).pack(16)
    later.load_state_dict(first.state_after(10))
    assert later.block == 32, "a block that nobody chose gives way to the state's"
    assert sequences(later.read()) == expected[20:]
    with pytest.raises(StateRefused, match="block: the state has 32, this stream has 64"):
        release.stream(**stream).pack(16, block=64).load_state_dict(first.state_dict())


def sequences(batches) -> list[dict]:
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize("method", ["fit", "split"])
def test_packed_sequences_give_the_documents_back(tmp_path: Path, method: str) -> None:
    release, tokens = tokens_release(tmp_path)

    def packed(**changes):
        chosen = {"columns": ["id", "input_ids"], "seed": 4, "remainder": "short", **changes}
        return release.stream(**chosen).pack(16, method=method, block=50, end=-7)

    expected = sequences(packed(batch=1))
    found: dict[str, dict[int, list[int]]] = {}
    for row in expected:
        at = 0
        for number, piece in enumerate(row["documents"], start=1):
            stop = at + piece["length"]
            found.setdefault(piece["id"], {})[piece["start"]] = row["input_ids"][at:stop]
            assert row["positions"][at:stop] == list(range(piece["length"]))
            assert row["segments"][at:stop] == [number] * piece["length"]
            assert row["loss_mask"][at:stop] == [0] + [1] * (piece["length"] - 1), "no loss over a boundary"
            assert row["cu_seqlens"][number] == stop
            at = stop
        assert row["cu_seqlens"][0] == 0
        assert row["cu_seqlens"][-1] == 16
        assert not any(row["loss_mask"][at:])
        assert not any(row["segments"][at:])
    whole = {one: [token for start in sorted(parts) for token in parts[start]] for one, parts in found.items()}
    assert whole == {one: [*mine, -7] for one, mine in tokens.items()}
    for world, batch in ((3, 4), (2, 40)):
        made = [[batch.to_pylist() for batch in packed(world=world, rank=r, batch=batch)] for r in range(world)]
        assert len({len(one) for one in made}) == 1
        assert [
            parts[rank][place]
            for parts in zip(*made, strict=True)
            for place in range(batch)
            for rank in range(world)
            if place < len(parts[rank])
        ] == expected
    walk = packed(batch=3, world=2)
    for _, _ in zip(range(9), walk, strict=False):
        pass
    state = json.dumps(walk.state_dict())
    assert len(state) < 500
    later = packed(batch=5)
    later.load_state_dict(state)
    assert sequences(later) == expected[54:]
    with pytest.raises(StateRefused, match="length: the state has 16, this stream has 17"):
        release.stream(columns=["id", "input_ids"], seed=4).pack(17, method=method, block=50).load_state_dict(state)
    padded = list(packed(batch=40, remainder="pad"))
    assert {len(batch) for batch in padded} == {40}
    assert sum(any(row["segments"]) for row in sequences(padded)) == len(expected)
    dropped = sequences(packed(batch=40, remainder="drop"))
    assert dropped == expected[: len(expected) // 40 * 40]
    ends = list(cu_seqlens(next(iter(packed(batch=2)))))
    assert ends == [*expected[0]["cu_seqlens"], *(16 + end for end in expected[1]["cu_seqlens"][1:])]
    assert packed().least_sequences <= len(expected)


@pytest.mark.parametrize("method", ["fit", "split"])
@pytest.mark.parametrize("around", [(None, None), (-1, None), (None, -2), (-1, -2)])
def test_packed_columns_are_what_one_document_after_the_other_gives(tmp_path: Path, method: str, around) -> None:
    begin, end = around
    table = release_table(90)
    tokens = [[100 * n + k for k in range((n * n) % 11 if n % 5 else 0)] for n in range(90)]
    marks = [[(n + k) % 3 != 0 for k in range(len(one))] for n, one in enumerate(tokens)]
    element = pa.field("element", pa.int32(), nullable=False)
    table = table.append_column("input_ids", pa.array(tokens, pa.list_(element)))
    table = table.append_column("loss_mask", pa.array(marks, pa.list_(pa.bool_())))
    make_release(tmp_path, rows=table)
    ends = [end] * (end is not None)
    expected = {
        one: (
            [begin] * (begin is not None) + mine + ends,
            [0] * (begin is not None) + [*map(int, mask)] + [int(mask[-1])] * len(ends),
        )
        for one, mine, mask in zip(table.column("id").to_pylist(), tokens, marks, strict=True)
        if mine
    }
    stream = opened(tmp_path).stream(columns=["id", "input_ids", "loss_mask"], batch=3, remainder="pad")
    rows = sequences(stream.pack(7, method=method, begin=begin, end=end, block=32, pad=-9))
    seen: dict[str, int] = {}
    for row in rows:
        at = 0
        for piece in row["documents"]:
            ids, mask = expected[piece["id"]]
            low, high = piece["start"], piece["start"] + piece["length"]
            assert row["input_ids"][at : at + piece["length"]] == ids[low:high]
            assert row["loss_mask"][at : at + piece["length"]] == [0, *mask[low + 1 : high]]
            seen[piece["id"]] = seen.get(piece["id"], 0) + piece["length"]
            at += piece["length"]
        assert row["input_ids"][at:] == [-9] * (7 - at)
        assert not any(row["loss_mask"][at:] + row["positions"][at:] + row["segments"][at:])
    assert seen == {one: len(ids) for one, (ids, _) in expected.items()}
    for names in (["input_ids"], ["cu_seqlens", "input_ids"]):
        some = opened(tmp_path).stream(columns=["input_ids"], batch=3, remainder="pad")
        few = sequences(some.pack(7, method=method, begin=begin, end=end, block=32, pad=-9, columns=names))
        assert few == [{name: row[name] for name in names} for row in rows]
    with pytest.raises(BadSetting, match="packing makes no column 'text'"):
        stream.pack(7, columns=["text"])


def test_packing_on_the_fly_knows_its_tokenizer_and_keeps_the_mask_of_turns(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    words = {word: number for number, word in enumerate(("?", "hello", "how", "are", "you", "fine"))}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="?"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    definition = made.to_str().encode()
    turns = [
        {"role": "user", "content": "hello how are you", "train": False},
        {"role": "assistant", "content": "fine you", "train": True},
    ]
    table = release_table(20).drop_columns(["text"])
    table = table.append_column(
        "messages",
        pa.array(
            [turns] * 20,
            pa.list_(pa.struct([("role", pa.string()), ("content", pa.large_string()), ("train", pa.bool_())])),
        ),
    )
    place = table.schema.get_field_index("n_tokens")
    table = table.set_column(place, table.schema.field("n_tokens"), pa.array([6] * 20, pa.int32()))
    facts = {"name": "words", "sha256": sha256(definition).hexdigest()}
    make_release(tmp_path, rows=table, tokenizer=facts)
    release = opened(tmp_path)
    stream = release.stream(columns=["id", "n_tokens", "messages"], batch=1)
    path = tmp_path / "tokenizer.json"
    path.write_bytes(definition)
    first = sequences(stream.pack(7, tokenizer=path, end=0))[0]
    assert first["input_ids"] == [1, 2, 3, 4, 5, 4, 0]
    assert first["loss_mask"] == [0, 0, 0, 0, 1, 1, 1]
    with pytest.raises(WrongTokenizer, match="not the tokenizer 'words'"):
        stream.pack(7, tokenizer=definition + b" ")
    with pytest.raises(WrongTokenizer, match="cannot be read"):
        stream.pack(7, tokenizer=tmp_path / "nothing.json")
    for wrong, told in (
        ({"length": 1}, "2 tokens or more"),
        ({"length": 8, "method": "best"}, "no packing 'best'"),
        ({"length": 8, "tokenizer": 5}, "path or the bytes"),
        ({"length": 8}, "has no column input_ids"),
    ):
        with pytest.raises(BadSetting, match=told):
            stream.pack(**wrong)
    with pytest.raises(BadSetting, match="columns id, n_tokens"):
        release.stream(columns=["messages"]).pack(8, tokenizer=path)


def test_a_tokenizer_that_counts_otherwise_is_told(tmp_path: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel({"?": 0}, unk_token="?"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    definition = made.to_str().encode()
    make_release(tmp_path, tokenizer={"name": "words", "sha256": sha256(definition).hexdigest()})
    stream = opened(tmp_path).stream(columns=["id", "n_tokens", "text"])
    with pytest.raises(IntegrityError, match="tokens, its release says"):
        list(stream.pack(8, tokenizer=definition))
