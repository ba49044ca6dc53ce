"""The order of reading as arithmetic: every row once, any stretch by itself, the same for ever."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearinghouse.reader_mixing import LANES, Weave
from clearinghouse.reader_order import SHUFFLES, Order, Part, Permutation, derive, lanes_for


def parts(sizes: list[int], rows_per_group: int) -> tuple[Part, ...]:
    made, row, group = [], 0, 0
    for stage, rows in enumerate(sizes):
        made.append(Part("train", stage, row, rows, group, rows_per_group, 10 * rows))
        row, group = row + rows, group + made[-1].groups
    return tuple(made)


orders = st.builds(
    lambda sizes, size, seed, epoch, shuffle, lanes: Order("m", parts(sizes, size), seed, epoch, shuffle, lanes),
    st.lists(st.integers(0, 500), min_size=1, max_size=3),
    st.integers(1, 9),
    st.integers(-5, 5),
    st.integers(0, 3),
    st.sampled_from(SHUFFLES),
    st.sampled_from([1, 2, 8, 64]),
)


@given(st.integers(1, 3000), st.integers(0, 9))
def test_a_permutation_takes_each_place_once(size: int, seed: int) -> None:
    permuted = Permutation(derive(seed=seed), size)
    assert sorted(map(permuted, range(size))) == list(range(size))


@given(orders)
def test_every_row_stands_at_one_position_and_stages_come_in_order(order: Order) -> None:
    found = [order.at(position) for position in range(order.rows)]
    every = [
        (group, k)
        for part in order.parts
        for group in range(part.first_group, part.first_group + part.groups)
        for k in range(part.rows_of(group))
    ]
    assert sorted(found) == every
    stages = [order.part_of(group).stage for group, _ in found]
    assert stages == sorted(stages)
    if order.shuffle == "none":
        assert found == every


@given(orders, st.data())
@settings(max_examples=150)
def test_any_stretch_is_found_without_what_comes_before(order: Order, data: st.DataObject) -> None:
    if not order.rows:
        return
    first = data.draw(st.integers(0, order.rows - 1))
    positions = range(first, data.draw(st.integers(first, order.rows)), data.draw(st.integers(1, 200)))
    found: list[tuple[int, int] | None] = [None] * len(positions)
    for piece in order.pieces(positions):
        for k, out in zip(piece.ks, piece.out, strict=True):
            assert found[out] is None
            found[out] = (piece.group, k)
    assert found == [order.at(position) for position in positions]


def test_seeds_epochs_and_names_have_orders_of_their_own() -> None:
    def head(name: str, seed: int, epoch: int, shuffle: str) -> tuple:
        order = Order(name, parts([4000], 8), seed, epoch, shuffle, 16)
        return tuple(order.at(p) for p in range(50))

    heads = {
        head(name, seed, epoch, shuffle)
        for name in ("a", "b")
        for seed in range(3)
        for epoch in range(3)  # seed 1, epoch 0 is not seed 0, epoch 1
        for shuffle in ("window", "full")
    }
    assert len(heads) == 2 * 3 * 3 * 2


def test_golden_vectors() -> None:
    """These may never change: a training job that resumes under a newer program must read on where it was."""
    assert derive(seed=7, epoch=2).hex()[:32] == "2983cad6a3c3a2cf0429751b104c29f3"
    assert [Permutation(derive(seed=7), 1000)(n) for n in range(8)] == [628, 620, 216, 572, 800, 72, 793, 655]
    window = Order("pretrain", parts([10_000, 777], 64), 7, 2, "window", 8)
    assert [window.at(p) for p in (0, 1, 2, 500, 9999, 10_000, 10_776)] == [
        (76, 0),
        (62, 8),
        (136, 16),
        (4, 30),
        (73, 63),
        (165, 0),
        (166, 63),
    ]
    full = Order("pretrain", parts([10_000, 777], 64), 7, 2, "full", 8)
    assert [full.at(p) for p in (0, 1, 2, 500, 9999, 10_000, 10_776)] == [
        (114, 27),
        (103, 38),
        (141, 3),
        (6, 28),
        (119, 43),
        (167, 27),
        (163, 41),
    ]
    weave = Weave([60, 25, 10, 4, 1])
    assert [weave.at(p) for p in (0, 1, 2, 63, 64, 12_345)] == [(4, 0), (0, 1), (1, 2), (0, 63), (3, 0), (2, 1273)]


def test_any_size_costs_the_same() -> None:
    """A simulated release of 10¹² rows: its positions are found by arithmetic, and nothing is held of it."""
    part = Part("train", 0, 0, 10**12, 0, 1024, 10**15)
    order = Order("m", (part,), 0, 0, "window", 64)
    groups = {order.at(p)[0] for p in range(0, 10**12, 10**9)}
    assert len(groups) > 990
    pieces = list(order.pieces(range(10**11, 10**11 + 4096)))
    assert sum(len(piece.ks) for piece in pieces) == 4096
    assert len({piece.group for piece in pieces}) <= 2 * 64


def test_lanes_follow_what_row_groups_weigh() -> None:
    def lanes(group_bytes: int) -> int:
        return lanes_for([Part("train", 0, 0, 1024 * 1000, 0, 1024, group_bytes * 1000)])

    assert [lanes(size) for size in (1, 100_000, 500_000, 2 << 20, 50 << 20)] == [64, 64, 16, 4, 1]
    assert lanes_for([]) == 64


def test_neighbours_in_a_batch_come_from_many_row_groups() -> None:
    """The quality of the window shuffle: a batch has rows of as many row groups as there are lanes, and from epoch to
    epoch other rows share a batch."""
    orders = [Order("m", parts([64 * 1024], 64), 0, epoch, "window", 64) for epoch in range(2)]
    batches = [[{order.at(64 * b + n) for n in range(64)} for b in range(1024)] for order in orders]
    assert all(len({group for group, _ in batch}) == 64 for batch in batches[0])
    home = {row: number for number, batch in enumerate(batches[1]) for row in batch}
    together = [max(list(map(home.get, batch)).count(one) for one in set(map(home.get, batch))) for batch in batches[0]]
    assert sum(together) / len(together) < 8, "rows of one batch stay together in the next epoch"


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6), st.integers(0, 5000))
@settings(max_examples=60)
def test_a_weave_takes_each_sample_of_each_source_once_and_keeps_to_its_weights(weights: list[int], seed: int) -> None:
    weave, total = Weave(weights), sum(weights)
    counts = [0] * len(weights)
    seen = set()
    for position in range(3000):
        found = weave.at(position)
        assert found not in seen
        seen.add(found)
        counts[found[0]] += 1
        worst = max(abs(n - w * (position + 1) / total) for n, w in zip(counts, weights, strict=True))
        assert worst <= 14, "a handful of samples, not hundreds"
    source = random.Random(seed).randrange(len(weights))
    limit = random.Random(seed + 1).randrange(200)
    beyond = [p for p in range(3000) if (at := weave.at(p))[0] == source and at[1] >= limit]
    if beyond:
        assert weave.first_beyond(source, limit) == beyond[0]


@pytest.mark.parametrize("weights", [[60, 25, 10, 4, 1], [37, 33, 30], [997, 3]])
def test_weights_hold_at_every_prefix(weights: list[int]) -> None:
    weave, total = Weave(weights), sum(weights)
    counts, worst = [0] * len(weights), 0.0
    for position in range(50_000):
        counts[weave.at(position)[0]] += 1
        if position % 7 == 0:
            worst = max(worst, *(abs(n - w * (position + 1) / total) for n, w in zip(counts, weights, strict=True)))
    assert worst < 8
    assert sum(weave.had(0, 100)) == 100
    assert LANES == 64
