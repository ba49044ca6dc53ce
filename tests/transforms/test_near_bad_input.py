"""Near duplicates of what nobody writes on purpose: a crowd of equal texts, one giant, nothing at all, the threshold."""

from __future__ import annotations

import resource
from itertools import islice
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from transforms import dedup, near
from transforms.shingles import SKETCH, Sketches, jaccard, sketches
from transforms.words import Ints


def winners(texts: list[str], threshold: float = near.THRESHOLD) -> list[int]:
    return found(sketches(pa.array(texts, pa.large_string())), threshold).winner.tolist()


def found(made: Sketches, threshold: float = near.THRESHOLD) -> near.Clusters:
    keys, counts = near.keys_of(made, threshold)
    met = near.groups(keys, np.repeat(np.arange(len(made)), counts))

    def similarity(left: Ints, right: Ints) -> np.ndarray:
        return jaccard(made, left, right)

    return near.clusters(len(made), met, similarity, threshold)


def test_ever_so_many_equal_rows_are_one_by_their_digests() -> None:
    text = pa.array(["the same words over and over again"], pa.large_string()).take(pa.array(np.zeros(200_000, int)))
    kept = dedup.winners(dedup.digests(text))
    assert not kept.any()


def test_a_crowd_in_one_cluster_is_compared_with_few() -> None:
    base = [f"word{number}" for number in range(40)]
    texts = [" ".join([*base, f"end{number}"]) for number in range(20_000)]
    made = found(sketches(pa.array(texts, pa.large_string())))
    assert not made.winner.any()
    assert made.compared < 25 * len(texts)


def test_one_giant_document() -> None:
    """Memory is bounded by a pass of words, not by the document."""
    random = Random(3)
    words = [f"w{number}" for number in range(50_000)]
    giant = " ".join(random.choices(words, k=4_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = sketches(pa.array([giant, giant + " end", "small text of a few words"], pa.large_string()))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert made.length.tolist() == [SKETCH, SKETCH, 4]
    # Two such texts as Arrow and one as Python's, and little more.
    assert grown < 8 * len(giant) // 1024
    assert found(made).winner.tolist() == [0, 0, 2]


@pytest.mark.parametrize("text", ["", " ", ".", "a", "好", "好好", "👍", "\u0301", "\ufffd", "\0"])
def test_next_to_nothing_is_compared_exactly(text: str) -> None:
    made = sketches(pa.array([text, text, "another text altogether here"], pa.large_string()))
    assert made.size.tolist()[:2] == [0, 0]
    assert made.digest[0] == made.digest[1]
    assert found(made).winner.tolist() == [0, 1, 2]


@pytest.mark.parametrize("size", [12, 40, 120, 400, 900])
@pytest.mark.parametrize("script", ["words", "characters"])
def test_just_above_and_just_below_the_threshold(size: int, script: str) -> None:
    """Of a text of n shingles the last k are others in the copy: the similarity is (n - k) / (n + k)."""
    run = 3 if script == "words" else 5
    signs = iter(range(10**6))
    unit = (lambda: f"w{next(signs)}") if script == "words" else (lambda: chr(0x4E00 + next(signs) % 20_000))
    join = " " if script == "words" else ""
    above = max(k for k in range(1, size) if (size - k) / (size + k) >= near.THRESHOLD)
    text = list(islice(iter(unit, None), size + run - 1))
    for changed, same in ((above, True), (above + 1, False)):
        other = text[:-changed] + list(islice(iter(unit, None), changed))
        assert (winners([join.join(text), join.join(other)]) == [0, 0]) == same


def test_a_source_that_copies_another_with_a_word_changed() -> None:
    random = Random(8)
    originals = [[f"v{random.randrange(3000)}" for _ in range(100)] for _ in range(300)]
    copies = [[*words[:50], "changed", *words[51:]] for words in originals]
    kept = winners([" ".join(words) for words in [*originals, *copies]])
    assert kept == [*range(300), *range(300)]
