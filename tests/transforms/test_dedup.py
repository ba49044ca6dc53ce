from __future__ import annotations

import unicodedata
from hashlib import blake2b

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.release_builders import PATIENT
from transforms import dedup
from transforms.dedup import canonical_order, digests, duplicates, hex_ids, winners
from transforms.documents import identity


def test_equal_after_normalisation_is_equal() -> None:
    found = digests(
        pa.array(["a  b", " a\u3000b\n", "a b", "a c", "cafe\u0301", "caf\u00e9", None, " "], pa.large_string())
    )
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()
    assert (found[0] != found[3]).any()
    assert (found[4] == found[5]).all()
    assert (found[6] == found[7]).all()


@given(st.text(), st.text())
@PATIENT
def test_digests_agree_exactly_when_the_rule_says_so(one: str, other: str) -> None:
    def plain(text: str) -> str:
        # Python's split takes four control characters for space that Unicode's White_Space does not have.
        return " ".join(unicodedata.normalize("NFC", text.translate(dict.fromkeys(range(0x1C, 0x20), "x"))).split())

    found = digests(pa.array([one, other], pa.large_string()))
    if any(ord(c) in range(0x1C, 0x20) for c in one + other):
        return
    assert (found[0] == found[1]).all() == (plain(one) == plain(other))


def by_sets(digest: list[int]) -> list[int]:
    first: dict[int, int] = {}
    return [first.setdefault(value, place) for place, value in enumerate(digest)]


@given(st.lists(st.integers(0, 9), max_size=60))
@PATIENT
def test_the_first_of_equals_wins_and_each_group_keeps_one(values: list[int]) -> None:
    words = np.array([[value % 3, value // 3] for value in values], np.uint64).reshape(-1, 2)
    assert winners(words).tolist() == by_sets(values)


@PATIENT
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 99), st.integers(0, 4)),
        max_size=50,
        unique_by=lambda row: (row[0], row[2]),
    ),
    st.randoms(use_true_random=False),
)
def test_the_outcome_does_not_depend_on_the_order_of_arrival(
    rows: list[tuple[int, int, int, int]], random: object
) -> None:
    """Rows are (partition, position, id, content); whatever order workers hand them in, the same ids lose."""

    def losers(arrived: list[tuple[int, int, int, int]]) -> set[tuple[int, int]]:
        table = np.array(arrived, np.int64).reshape(-1, 4)
        ids = np.stack([table[:, 2], table[:, 2]], axis=1).astype(np.uint64)
        order = canonical_order(table[:, 0], table[:, 1], ids)
        digest = np.stack([table[order, 3]] * 2, axis=1).astype(np.uint64)
        found = winners(digest)
        ranked = table[order]
        return {(int(ranked[place, 2]), int(ranked[win, 2])) for place, win in enumerate(found) if place != win}

    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert losers(rows) == losers(shuffled)


def test_ids_go_to_words_and_back() -> None:
    names = ["00" * 16, "ff" * 16, "0123456789abcdef" * 2]
    assert hex_ids(identity(pa.array(names))).to_pylist() == names
    with pytest.raises(ValueError, match="32"):
        identity(pa.array(["abc"]))


def test_the_table_names_loser_and_winner() -> None:
    ids = np.array([[0, 1], [0, 2], [0, 3]], np.uint64)
    found = duplicates(np.array([0, 1, 0]), ids, np.array([0, 0, 1], np.int16), ["a.b", "c.d"]).to_pylist()
    assert found == [
        {
            "id": f"{3:032x}",
            "dataset": "c.d",
            "winner": f"{1:032x}",
            "winner_dataset": "a.b",
            "kind": "exact",
            "similarity": 1.0,
        }
    ]


def lost(*rows: tuple[str, str, str, float]) -> pa.Table:
    """Losers of one data set: id, winner, kind, similarity."""
    return pa.Table.from_pylist(
        [
            {"id": one, "dataset": "a.b", "winner": two, "winner_dataset": "a.b", "kind": kind, "similarity": alike}
            for one, two, kind, alike in rows
        ],
        dedup.DUPLICATES,
    )


def test_the_winner_is_the_one_that_stays_in_the_end() -> None:
    found = dedup.settled(lost(("1", "2", "exact", 1), ("2", "3", "near", 0.75), ("3", "4", "exact", 1)))
    assert [(row["id"], row["winner"], row["kind"], row["similarity"]) for row in found.to_pylist()] == [
        ("1", "4", "exact", 0.75),
        ("2", "4", "near", 0.75),
        ("3", "4", "exact", 1),
    ]
    assert dedup.settled(lost()).num_rows == 0


def test_losses_and_largest_clusters() -> None:
    table = lost(("1", "9", "exact", 1), ("2", "9", "near", 0.8), ("3", "8", "near", 0.8), ("4", "7", "exact", 1))
    assert dedup.losses(table) == {"a.b": {"exact": 2, "near": 2}}
    assert dedup.largest(table, 2) == [
        {"id": "9", "dataset": "a.b", "documents": 3, "near": 1},
        {"id": "7", "dataset": "a.b", "documents": 2, "near": 0},
    ]
    assert dedup.losses(lost()) == {}
    assert dedup.largest(lost()) == []


def test_signs_that_are_not_normalised_need_it_neither_alone_nor_beside_others() -> None:
    odd = pl.Series([chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000])
    plain = odd.filter(~odd.str.contains(dedup._ODD)).to_list()
    pairs = (unicodedata.decomposition(chr(code)).split() for code in range(0x110000))
    follow = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and not pair[0].startswith("<")}
    assert len(plain) > 38_000
    assert [sign for sign in plain if unicodedata.normalize("NFC", sign) != sign or unicodedata.combining(sign)] == []
    assert follow.isdisjoint(plain)
    assert unicodedata.normalize("NFC", "".join(plain)) == "".join(plain)


@PATIENT
@given(
    st.lists(
        st.text("aé\u0301\u3099か한\u1161ᄀ 中，。\u302a\u212b \n\t\u00a0\u2000\U0001f44d", max_size=12), max_size=6
    )
)
def test_digests_are_of_the_whole_rule(texts: list[str]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    whole = series.str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()
    found = [blake2b(text.encode(), digest_size=16).digest() for text in whole]
    assert [row.astype(">u8").tobytes() for row in digests(pa.array(texts, pa.large_string()))] == found
