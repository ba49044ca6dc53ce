"""Fit the model of Chinese names on generated text: ``python -m governance.names.train``.

Logistic regression over the candidates of `chinese.candidates`, features hashed into one table of weights, averaged
stochastic gradient, weights kept as eight-bit numbers. The same seed gives the same file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from governance.names import chinese, latin
from governance.names.block import Block
from governance.names.extract import DATA, save
from governance.names.generate import Writer
from governance.names.lexicon import Flag, load, unpacked

SEED = 20240229


def batches(seed: int, sentences: int, size: int = 4000) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Hashed features, numbers and labels of the candidates of generated sentences."""
    writer = Writer(seed)
    for _ in range(sentences // size):
        made = [writer.sentence() for _ in range(size)]
        block = Block(pa.array([s.text for s in made], pa.large_string()))
        gold = {
            (int(base) + a, b - a)
            for base, sentence in zip(block.starts[:-1], made, strict=True)
            for a, b in sentence.names
        }
        found = chinese.candidates(block)
        sparse, dense = chinese.features(block, found)
        lengths = found.family + found.given
        labels = np.array(
            [(s, n) in gold for s, n in zip(found.start.tolist(), lengths.tolist(), strict=True)], dtype=np.float32
        )
        yield sparse, dense, labels


def fit(seed: int, sentences: int, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    sparse_weights = np.zeros(1 << chinese.BITS, dtype=np.float64)
    dense_weights = np.zeros(chinese.DENSE, dtype=np.float64)
    seen_sparse, seen_dense = np.full_like(sparse_weights, 1.0), np.full_like(dense_weights, 1.0)
    random = np.random.default_rng(seed)
    parts = list(batches(seed, sentences))
    sparse = np.concatenate([p[0] for p in parts])
    dense = np.concatenate([p[1] for p in parts])
    labels = np.concatenate([p[2] for p in parts])
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


def quantised(weights: np.ndarray, name: str) -> dict[str, np.ndarray]:
    scale = max(1e-6, float(np.abs(weights).max()) / 127)
    return {name: np.round(weights / scale).astype(np.int8), "scale": np.array([scale], dtype=np.float32)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=120_000)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only-sounds", action="store_true")
    given = parser.parse_args()
    save(DATA / "latin_model.npz", quantised(fit_sounds(given.seed), "weights"))
    if given.only_sounds:
        return
    sparse, dense = fit(given.seed, given.sentences, given.epochs)
    save(DATA / "chinese_model.npz", {**quantised(sparse, "sparse"), "dense": dense.astype(np.float32)})
    print("dense", dict(zip(chinese.DENSE_NAMES, np.round(dense, 2).tolist(), strict=True)))


if __name__ == "__main__":
    main()
