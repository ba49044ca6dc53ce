"""Near duplicates: sketches, candidates and clusters, against the plain definition."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import near
from transforms.shingles import SKETCH, Sketches, jaccard, sketches
from transforms.words import PASS, Ints

VOCABULARY = [f"w{i}" for i in range(4000)]
HAN = [chr(0x4E00 + i) for i in range(3000)]


def made(texts: list[str]) -> Sketches:
    return sketches(pa.array(texts, pa.large_string()))


def clustered(texts: list[str], threshold: float = near.THRESHOLD) -> near.Clusters:
    found = made(texts)
    keys, counts = near.keys_of(found, threshold)
    groups = near.groups(keys, np.repeat(np.arange(len(texts)), counts))
    return near.clusters(len(texts), groups, lambda a, b: jaccard(found, a, b), threshold)


def plain_jaccard(one: list[str], two: list[str], run: int) -> float:
    a, b = ({tuple(x[i : i + run]) for i in range(len(x) - run + 1)} for x in (one, two))
    return len(a & b) / len(a | b) if a | b else 0.0


def edited(random: Random, words: list[str], share: float, alphabet: list[str]) -> list[str]:
    words = list(words)
    for _ in range(max(1, int(share * len(words)))):
        at = random.randrange(len(words))
        kind = random.random()
        if kind < 0.5:
            words[at] = random.choice(alphabet)
        elif kind < 0.75:
            del words[at]
        else:
            words.insert(at, random.choice(alphabet))
    return words


@pytest.mark.parametrize(("alphabet", "join", "run"), [(VOCABULARY, " ", 3), (HAN, "", 5)])
def test_similarity_is_the_plain_definition(alphabet: list[str], join: str, run: int) -> None:
    random = Random(5)
    ones = [[random.choice(alphabet) for _ in range(random.choice([3, 6, 20, 120, 700]))] for _ in range(60)]
    twos = [edited(random, words, 0.03, alphabet) for words in ones]
    one, two = made([join.join(words) for words in ones]), made([join.join(words) for words in twos])
    places = np.arange(60)
    expected = [plain_jaccard(a, b, run) for a, b in zip(ones, twos, strict=True)]
    assert jaccard(one, places, places, two) == pytest.approx(expected, abs=1e-6)


def test_similarity_of_long_texts_is_sampled_closely() -> None:
    random = Random(6)
    ones = [[random.choice(VOCABULARY) for _ in range(6 * SKETCH)] for _ in range(12)]
    twos = [edited(random, words, 0.01 * k, VOCABULARY) for k, words in enumerate(ones)]
    one, two = made([" ".join(words) for words in ones]), made([" ".join(words) for words in twos])
    assert one.length.max() == SKETCH
    found = jaccard(one, np.arange(12), np.arange(12), two)
    expected = [plain_jaccard(a, b, 3) for a, b in zip(ones, twos, strict=True)]
    assert found == pytest.approx(expected, abs=0.06)


def test_similarity_of_a_long_text_and_short_ones() -> None:
    """Of a long text little is kept, and of a short one perhaps nothing lies where both are whole."""
    random = Random(16)
    long = [random.choice(VOCABULARY) for _ in range(40 * SKETCH)]
    shorts = [long[at : at + size] for at, size in zip(range(0, 40_000, 400), [3, 4, 9, 40] * 25, strict=True)]
    shorts += [[random.choice(VOCABULARY) for _ in range(size)] for size in (3, 4, 9, 40)]
    found = made([" ".join(words) for words in [long, *shorts]])
    places = np.arange(1, len(found))
    for left, right in ((places, np.zeros_like(places)), (np.zeros_like(places), places)):
        assert jaccard(found, left, right) == pytest.approx(
            [plain_jaccard(long, words, 3) for words in shorts], abs=0.01
        )
    assert jaccard(found, places, places) == pytest.approx(1)


def test_a_text_that_repeats_itself_is_compared_exactly() -> None:
    line = " ".join(VOCABULARY[:60])
    found = made([line * 90, " ".join(VOCABULARY[:60] * 70), " ".join(VOCABULARY[40:100] * 70)])
    assert (found.size[1:] > SKETCH).all()
    expected = [plain_jaccard(VOCABULARY[:60] * 70, VOCABULARY[40:100] * 70, 3)]
    assert jaccard(found, np.array([1]), np.array([2])) == pytest.approx(expected, abs=1e-6)


def test_a_text_of_several_passes_that_repeats_itself_is_compared_exactly() -> None:
    """What is kept of each pass is put together to what would be kept of the whole."""
    random = Random(17)
    one, two = ([random.choice(VOCABULARY) for _ in range(700)] for _ in range(2))
    shared = [random.choice(VOCABULARY) for _ in range(100)]
    times = 1 + 2 * PASS // (5 * len(one))
    ones, twos = (one + shared) * times, (two + shared) * times
    found = made([" ".join(ones), " ".join(twos)])
    assert found.length.max() < SKETCH < found.size.min()
    assert jaccard(found, np.array([0]), np.array([1])) == pytest.approx([plain_jaccard(ones, twos, 3)], abs=0.002)


def test_memory_bound_does_not_change_similarity() -> None:
    random = Random(7)
    texts = [" ".join(random.choices(VOCABULARY, k=50)) for _ in range(30)]
    found = made(texts + texts[::-1])
    left, right = np.arange(30), np.arange(30, 60)
    assert (jaccard(found, left, right) == jaccard(found, left, right, memory=1)).all()


@pytest.mark.parametrize(("alphabet", "join"), [(VOCABULARY, " "), (HAN, "")])
def test_all_planted_near_duplicates_are_found_and_nothing_else(alphabet: list[str], join: str) -> None:
    random = Random(8)
    lengths = [5, 8, 12, 20, 30, 45, 80, 200, 500]
    originals = [[random.choice(alphabet) for _ in range(random.choice(lengths))] for _ in range(250)]
    copies = [edited(random, random.choice(originals), 0.02, alphabet) for _ in range(200)]
    texts = [join.join(words) for words in originals + copies]
    found = made(texts)
    result = clustered(texts)
    # Every pair above the threshold, by comparing all.
    everything = np.arange(len(texts))
    similar = {
        (a, b)
        for b in range(len(originals), len(texts))
        for a, value in zip(everything[:b].tolist(), jaccard(found, everything[:b], np.full(b, b)), strict=True)
        if value >= near.THRESHOLD
    }
    gone = {text for text, winner in enumerate(_by_definition(len(texts), similar)) if winner != text}
    assert len(gone) > 50
    missed = [text for text in gone if result.winner[text] == text]
    assert len(missed) <= 0.005 * len(gone)
    assert {text for text, winner in enumerate(result.winner.tolist()) if winner != text} <= gone


def test_short_texts_are_never_missed() -> None:
    random = Random(9)
    for _ in range(300):
        size = random.randrange(4, 24)
        words = random.sample(VOCABULARY, size + 2)
        texts = [" ".join(words), " ".join([*words, "more"]), " ".join(words[1:])]
        expected = [plain_jaccard(words, other.split(), 3) >= near.THRESHOLD for other in texts[1:]]
        assert (clustered(texts).winner[1:] == 0).tolist() == expected


def _by_definition(count: int, similar: set[tuple[int, int]]) -> list[int]:
    winner = list(range(count))
    for text in range(count):
        better = [other for other in range(text) if winner[other] == other and (other, text) in similar]
        if better:
            winner[text] = better[0]
    return winner


@settings(max_examples=200)
@given(st.integers(2, 14), st.data())
def test_what_stays_is_the_first_maximal_independent_set(count: int, data: st.DataObject) -> None:
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] < pair[1])
    similar = data.draw(st.sets(pairs, max_size=30))
    extra = data.draw(st.lists(st.sets(st.integers(0, count - 1), min_size=2), max_size=4))
    sets = [sorted(pair) for pair in similar] + [sorted(one) for one in extra]
    groups = near.Groups(
        np.array([text for one in sets for text in one], np.int64), np.cumsum([0, *map(len, sets)]).astype(np.int64)
    )

    def similarity(left: Ints, right: Ints) -> np.ndarray:
        return np.array([(a, b) in similar for a, b in zip(left.tolist(), right.tolist(), strict=True)], float)

    result = near.clusters(count, groups, similarity)
    expected = _by_definition(count, similar)
    assert [w == i for i, w in enumerate(result.winner.tolist())] == [w == i for i, w in enumerate(expected)]
    for text, winner in enumerate(result.winner.tolist()):
        assert winner == text or ((winner, text) in similar and result.winner[winner] == winner)


def test_a_chain_does_not_swallow_what_is_not_similar() -> None:
    words = [f"x{i}" for i in range(40)]
    texts = [" ".join(words[start : start + 30]) for start in (0, 3, 6, 9)]
    found = made(texts)
    assert (
        jaccard(found, np.array([0]), np.array([1]))[0]
        >= near.THRESHOLD
        > jaccard(found, np.array([0]), np.array([2]))[0]
    )
    assert clustered(texts).winner.tolist() == [0, 0, 2, 2]


def test_many_texts_of_one_phrase_cost_little_and_are_told() -> None:
    """A key that very many dissimilar texts share is not compared to the end."""
    count = 30_000
    groups = near.Groups(np.arange(count), np.array([0, count]))
    asked = []

    def similarity(left: Ints, right: Ints) -> np.ndarray:
        asked.append(len(left))
        return np.zeros(len(left))

    result = near.clusters(count, groups, similarity)
    assert (result.winner == np.arange(count)).all()
    assert result.cut == 1
    assert sum(asked) <= near.LEADERS * count


def test_one_cluster_of_all() -> None:
    texts = [" ".join(VOCABULARY[:60])] * 2000
    result = clustered(texts)
    assert (result.winner == 0).all()
    assert result.compared == 1999


def test_nothing_to_compare() -> None:
    assert clustered([]).winner.tolist() == []
    assert clustered(["", "a", "!", "好"]).winner.tolist() == [0, 1, 2, 3]
