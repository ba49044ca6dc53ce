"""What the readers read: documents of many lengths in three kinds of text, and token sequences, in plain files.

``write(folder, megabytes)`` leaves ``texts.jsonl`` (a document a line: ``text``, ``kind``) and ``tokens.bin`` (sequences
of `SEQUENCE` little-endian uint16). Lengths of documents are log-normal; half are English, three in ten Chinese, two in ten
code. Words are drawn by Zipf's law from invented vocabularies, so that the text compresses about as prose does
and no sentence comes twice. The same size gives the same bytes, and a smaller one is the beginning of a larger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import _words

SEQUENCE = 2048
VOCABULARY = 32_000
KINDS = ("en", "zh", "code")
_SHARES = (0.5, 0.3, 0.2)
#: Documents that are drawn together: a corpus ends with whole blocks.
_BLOCK = 1024
#: Bytes of UTF-8 a document: e ** (mean + sigma² / 2) is 2.7 kB.
_MEAN, _SIGMA = 7.4, 1.0
_WORD_BYTES = {"en": 7.4, "zh": 6.1, "code": 8.5}
_CODE = (
    "def return if else for in while with import from class self None True False try except raise not and or is lambda "
    "const let function async await public static void int string new null this struct impl match fn mut use"
).split()
_SIGNS = (" = ", "(", ")", ", ", ".", ":\n    ", "\n", " + ", " == ", "[", "]", "\n        ", "{\n", "}\n", ";\n", '"')


def write(folder: Path, megabytes: float) -> Path:
    """Write about so many MB of text and a third as many bytes of tokens; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written, sequences = 0, 0
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as texts, (folder / "tokens.bin").open("wb") as tokens:
        for block in blocks():
            for kind, text in block:
                texts.write(json.dumps({"text": text, "kind": kind}, ensure_ascii=False) + "\n")
                written += len(text.encode())
            while sequences * SEQUENCE * 2 < written / 3.5:
                tokens.write(_sequence(sequences).tobytes())
                sequences += 1
            if written >= megabytes * 1e6:
                break
    return folder


def blocks() -> Iterator[list[tuple[str, str]]]:
    """Documents without end, by blocks: kind and text."""
    number = 0
    while True:
        yield _block(number)
        number += 1


def _block(number: int) -> list[tuple[str, str]]:
    draw = np.random.Generator(np.random.PCG64([1, number]))
    kinds = draw.choice(len(KINDS), _BLOCK, p=_SHARES)
    sizes = np.clip(draw.lognormal(_MEAN, _SIGMA, _BLOCK), 60, 60_000)
    found: list[tuple[str, str]] = []
    for kind, size in zip(kinds.tolist(), sizes.tolist(), strict=True):
        name = KINDS[kind]
        words, cumulative = _vocabulary(name)
        count = max(4, int(size / _WORD_BYTES[name]))
        picked = [words[i] for i in np.searchsorted(cumulative, draw.random(count)).tolist()]
        found.append((name, _text(name, picked, draw)))
    return found


def _text(kind: str, words: list[str], draw: np.random.Generator) -> str:
    if kind == "code":
        signs = draw.integers(0, len(_SIGNS), len(words)).tolist()
        return "".join(word + _SIGNS[sign] for word, sign in zip(words, signs, strict=True))
    # A sentence is some fifteen words; paragraphs are some six sentences.
    ends = np.cumsum(draw.integers(6, 24, len(words) // 6 + 2))
    joint, stop = (" ", ". ") if kind == "en" else ("", "。")
    parts, first = [], 0
    for number, end in enumerate(ends.tolist()):
        if first >= len(words):
            break
        parts.append(joint.join(words[first:end]) + (stop if number % 6 else stop.strip() + "\n"))
        first = end
    return "".join(parts)


@lru_cache(maxsize=3)
def _vocabulary(kind: str) -> tuple[list[str], NDArray[np.float64]]:
    if kind == "code":
        roots = _words("en")[0][:4000]
        words = _CODE + [a + "_" + b for a, b in zip(roots[:2000], roots[2000:], strict=True)] + roots
    else:
        words = list(_words("en" if kind == "en" else "zh")[0])
    weights = np.array(list(accumulate(1 / (rank + 12) for rank in range(len(words)))))
    return words, weights / weights[-1]


def _sequence(number: int) -> NDArray[np.uint16]:
    draw = np.random.Generator(np.random.PCG64([2, number]))
    # Zipf-like: small ids are frequent, as tokenizers number them.
    return (VOCABULARY ** draw.random(SEQUENCE) - 1).astype("<u2")


__all__ = ["KINDS", "SEQUENCE", "VOCABULARY", "blocks", "write"]
