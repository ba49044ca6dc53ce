"""Fit the model of Chinese names on generated text: ``python -m governance.names.train``.

Logistic regression over the candidates of `chinese.candidates`, features hashed into one table of weights, averaged
stochastic gradient, weights kept as eight-bit numbers. The same seed gives the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from governance.names import chinese, chinese_weigh, latin, translit
from governance.names.block import Block
from governance.names.chinese_lists import lists
from governance.names.extract import DATA, save
from governance.names.generate import Writer
from governance.names.lexicon import Flag, load, unpacked
from governance.names.simplify import simplified

SEED = 20240229


class Part(NamedTuple):
    """Candidates of one finder: hashed features, numbers, and whether each is a name."""

    sparse: np.ndarray
    dense: np.ndarray
    labels: np.ndarray


def part(columns: list[np.ndarray], numbers: list[np.ndarray], labels: np.ndarray) -> Part:
    """A part of features as the finders have them, a column for each kind."""
    return Part(np.stack(columns, axis=1), np.stack(numbers, axis=1), labels)


class Gate(NamedTuple):
    """Which candidates are looked at: weights of `chinese_weigh.gate`, and what single characters beside a name tell."""

    weights: np.ndarray
    sides: np.ndarray


def texts(seed: int, sentences: int, size: int = 4000) -> Iterator[tuple[Block, np.ndarray]]:
    """Blocks of generated sentences, and where names are in them (start times 64 plus length)."""
    writer = Writer(seed)
    for number in range(sentences // size):
        if number % 5 == 0:
            # Each fifth of the text forgets other words.
            lists.cache_clear()
            known = lists()
            known.words.hide(seed + number, 0.3, 0.02)
            for table in (known.people, known.places, known.foreign):
                table.hide(seed + number, 0.35, 0.35)
        made = [writer.sentence() for _ in range(size)]
        block = simplified(Block(pa.array([s.text for s in made], pa.large_string())))
        gold = sorted(
            (int(base) + a) * 64 + min(b - a, 63)
            for base, sentence in zip(block.starts[:-1], made, strict=True)
            for a, b in sentence.names
        )
        yield block, np.array(gold)
    lists.cache_clear()


def batches(seed: int, sentences: int, door: Gate) -> Iterator[tuple[Part, Part]]:
    """Candidates of generated sentences: those with a surname that pass the gate, and those written by sound."""
    for block, gold in texts(seed, sentences):
        found = chinese.candidates(block)
        found = found.only(chinese_weigh.passed(block, found, door.weights, door.sides))
        labels = np.isin(found.start * 64 + found.end - found.start, gold)
        own = part(*chinese_weigh.features(block, found), labels)
        start, end = translit.candidates(block)
        yield own, part(*translit.features(block, start, end), np.isin(start * 64 + end - start, gold))


def fit_gate(seed: int, sentences: int, share: float) -> Gate:
    """A quick logistic model of a few numbers that lets through all but ``share`` of the names."""
    parts = []
    for block, gold in texts(seed, sentences):
        found = chinese.candidates(block)
        parts.append((block, found, np.isin(found.start * 64 + found.end - found.start, gold)))
    labels = np.concatenate([label for _, _, label in parts])
    # How much likelier each character stands beside a name than beside another candidate.
    sides = np.empty((2, 0x10000), dtype=np.float32)
    for side, places in enumerate(
        (
            [block.codes[found.start - 1] for block, found, _ in parts],
            [block.codes[found.end] for block, found, _ in parts],
        )
    ):
        codes = np.concatenate(places)
        with_name, all_of_it = np.bincount(codes[labels], minlength=0x10000), np.bincount(codes, minlength=0x10000)
        share_of = labels.mean()
        sides[side] = np.log((with_name + 20 * share_of) / (all_of_it + 20) / share_of)
    sides = sides.round(2)
    numbers = np.concatenate(
        [np.stack(chinese_weigh.gate(block, found, sides), axis=1) for block, found, _ in parts]
    ).astype(np.float64)
    weights = np.zeros(numbers.shape[1])
    for _ in range(12):  # Newton's method
        guess = 1 / (1 + np.exp(-numbers @ weights))
        slope = numbers.T @ (numbers * (guess * (1 - guess))[:, None]) + 1e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(slope, numbers.T @ (guess - labels))
    weights[0] -= np.quantile((numbers @ weights)[labels], share)
    print(f"gate: {(numbers @ weights > 0).mean():.3f} pass")
    return Gate(weights.astype(np.float32).round(3), sides)


def fit(parts: list[Part], bits: int, seed: int, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the hashed features and of the numbers."""
    sparse = np.concatenate([p.sparse for p in parts])
    dense = np.concatenate([p.dense for p in parts])
    labels = np.concatenate([p.labels for p in parts]).astype(np.float32)
    sparse_weights = np.zeros(1 << bits, dtype=np.float64)
    dense_weights = np.zeros(dense.shape[1], dtype=np.float64)
    seen_sparse, seen_dense = np.full_like(sparse_weights, 1.0), np.full_like(dense_weights, 1.0)
    random = np.random.default_rng(seed)
    print(f"{len(labels)} candidates, {labels.mean():.3f} names")
    for epoch in range(epochs):
        order = random.permutation(len(labels))
        loss = 0.0
        for i in range(0, len(order), 2048):
            rows = order[i : i + 2048]
            value = sparse_weights[sparse[rows]].sum(axis=1) + dense[rows] @ dense_weights
            guess = 1 / (1 + np.exp(-value))
            error = guess - labels[rows]
            loss -= float(np.log(np.where(labels[rows] > 0, guess, 1 - guess) + 1e-9).sum())
            pull: np.ndarray = np.bincount(
                sparse[rows].ravel(), np.repeat(error, sparse.shape[1]), minlength=len(sparse_weights)
            )
            pull = pull / len(rows) + 1e-6 * sparse_weights
            seen_sparse += pull**2 * 1e4
            sparse_weights -= 25.0 * pull / np.sqrt(seen_sparse)
            push = error @ dense[rows] / len(rows)
            seen_dense += push**2 * 1e2
            dense_weights -= 1.5 * push / np.sqrt(seen_dense)
        print(f"epoch {epoch}: loss {loss / len(order):.4f}")
    return sparse_weights, dense_weights


def fit_sounds(seed: int, epochs: int = 6) -> np.ndarray:
    """Weights of letter sequences: names of all languages against words and places."""
    data = load("latin")
    words, flags = unpacked(data["words"]), data["flags"].astype(int)
    name = (flags & (Flag.GIVEN | Flag.FAMILY)) > 0
    rare = (flags & Flag.RARE) > 0
    other = (flags & (Flag.WORD | Flag.PROPER | Flag.PLACE)) > 0
    random = np.random.default_rng(seed)
    use = np.flatnonzero((name != other) & (~rare | (random.random(len(words)) < 0.15)))
    chosen = [words[i] for i in use]
    codes = np.frombuffer("\0".join([*chosen, ""]).encode("utf-32-le"), dtype=np.uint32)
    end = np.flatnonzero(codes == 0)
    start = np.concatenate([[0], end[:-1] + 1])
    labels = name[use].astype(np.float64)
    which, owner = latin.grams(codes, start, end)
    order = np.argsort(owner, kind="stable")
    which, edges = which[order], np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(use)))])
    weights, seen = np.zeros(1 << latin.BITS), np.full(1 << latin.BITS, 1.0)
    held = random.random(len(use)) < 0.05
    for epoch in range(epochs):
        turn = random.permutation(np.flatnonzero(~held))
        for i in range(0, len(turn), 512):
            rows = turn[i : i + 512]
            parts = np.concatenate([which[edges[r] : edges[r + 1]] for r in rows])
            own = np.repeat(np.arange(len(rows)), edges[rows + 1] - edges[rows])
            guess = 1 / (1 + np.exp(-np.bincount(own, weights[parts], minlength=len(rows))))
            error = guess - labels[rows]
            pull = np.bincount(parts, error[own], minlength=len(weights)) / len(rows) + 1e-6 * weights
            seen += (pull * 100) ** 2
            weights -= 0.5 * 30 * pull / np.sqrt(seen)
        value = latin_value(which, edges, weights, np.flatnonzero(held))
        print(f"sounds, epoch {epoch}: held-out accuracy {((value > 0) == labels[held]).mean():.3f}")
    return weights


def latin_value(which: np.ndarray, edges: np.ndarray, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.array([weights[which[edges[r] : edges[r + 1]]].sum() for r in rows])


def quantised(weights: np.ndarray, name: str, steps: int = 127) -> dict[str, np.ndarray]:
    """Weights as whole numbers of at most ``steps``, and the size of a step."""
    scale = max(1e-6, float(np.abs(weights).max()) / steps)
    kind = np.int8 if steps < 128 else np.int16
    return {name: np.round(weights / scale).astype(kind), "scale": np.array([scale], dtype=np.float32)}


def fit_chinese(seed: int, sentences: int, epochs: int) -> dict[str, np.ndarray]:
    """Both Chinese models as arrays of one file."""
    door = fit_gate(seed + 1, min(sentences, 40_000), 0.025)
    own, sound = zip(*batches(seed, sentences, door), strict=True)
    sparse, dense = fit(list(own), chinese_weigh.BITS, seed, epochs)
    foreign_sparse, foreign_dense = fit(list(sound), translit.BITS, seed, epochs)
    print("dense", dict(zip(chinese_weigh.DENSE_NAMES, np.round(dense, 2).tolist(), strict=True)))
    return {
        **quantised(sparse, "sparse", 1023),
        "dense": dense.astype(np.float32),
        "gate": door.weights,
        "sides": door.sides.astype(np.float16),
        **{"foreign_" + key: value for key, value in quantised(foreign_sparse, "sparse", 1023).items()},
        "foreign_dense": foreign_dense.astype(np.float32),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=240_000)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only-sounds", action="store_true")
    given = parser.parse_args()
    save(DATA / "latin_model.npz", quantised(fit_sounds(given.seed), "weights"))
    if given.only_sounds:
        return
    save(DATA / "chinese_model.npz", fit_chinese(given.seed, given.sentences, given.epochs))


if __name__ == "__main__":
    main()
