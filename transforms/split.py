"""The parts that a release falls into: its splits, and within each the stages of the curriculum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

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
