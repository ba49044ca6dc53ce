"""The parts that a release falls into: its splits, and within each the stages of the curriculum.

Whether a document is held out depends on its key (its own id, its conversation or a field's value), the salt and the
share alone: not on the seed, the mix or what else there is. So it stands on the same side in every release, a larger
share holds out all that a smaller one did, and mixes of one salt agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.canonical import digest
from transforms.sample import Words, keyed

_ID = re.compile(r"[0-9a-f]{32}")
SPLITS = ("train", "validation")
"""In the order in which they stand in a release; a row's split is its place here."""


@dataclass(frozen=True)
class Section:
    """Rows ``start`` to ``stop`` of a release: all of one ``split`` and ``stage``."""

    split: str
    stage: int
    start: int
    stop: int


def sections(split: NDArray[np.int8], stage: NDArray[np.int16]) -> Iterator[Section]:
    """The sections of rows that are sorted by split, then stage; none is empty.

    Args:
        split: of each row, a place in `SPLITS`.
        stage: of each row, from 0.

    Raises:
        ValueError: the rows are not sorted so.
    """
    if not len(split):
        return
    key = split.astype(np.int64) << 16 | stage.astype(np.int64)
    steps = np.diff(key)
    if (steps < 0).any():
        raise ValueError("rows are not sorted by split and stage")
    edges = [0, *(np.flatnonzero(steps) + 1).tolist(), len(key)]
    for start, stop in pairwise(edges):
        yield Section(SPLITS[split[start]], int(stage[start]), start, stop)


def keys_of(values: Sequence[str]) -> Words:
    """Values of a field or names of conversations as keys: BLAKE2b (RFC 7693) of their UTF-8, two words each.

    The id of a row is its own key, so that a row goes the same way whatever is made of it.
    """
    data = b"".join(
        bytes.fromhex(value) if _ID.fullmatch(value) else blake2b(value.encode(), digest_size=16).digest()
        for value in values
    )
    return np.frombuffer(data, ">u8").astype(np.uint64).reshape(-1, 2)


def held_out(keys: Words, salt: str, share: Decimal) -> NDArray[np.bool_]:
    """Whether each key is in the validation split: its hash under ``salt`` is in the lowest ``share`` of all hashes.

    Args:
        keys: two words each, shape (n, 2).
        salt: any text.
        share: from 0 to 1, exact.
    """
    bound = int(Fraction(share) * (1 << 64))
    if bound >= 1 << 64:
        return np.ones(len(keys), bool)
    return keyed(keys, digest({"split": salt})) < np.uint64(bound)
