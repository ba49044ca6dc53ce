"""What all Chinese finders ask of a block: where its Han characters are, and what words begin at a place."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from governance.names.block import HAN, Block
from governance.names.chinese_lists import Codes, Words, lists
from governance.names.lexicon import Ints

Weights = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


class Reading:
    """A block as a reader of Chinese sees it. Places count as in the block; what lies beyond it is no word."""

    def __init__(self, block: Block) -> None:
        self.codes: Codes = block.codes
        self.han: Bools = (block.kinds & np.uint8(HAN)).astype(bool)

    @cached_property
    def _whole(self) -> tuple[Bools, Bools, Bools]:
        """Whether two, three, four Han characters begin at each place."""
        two = self.han[:-1] & self.han[1:]
        three = two[:-1] & self.han[2:]
        return two, three, three[:-1] & self.han[3:]

    def words(self, at: Ints, size: int | Ints, sums: Codes | None = None) -> Weights:
        """The weight of the word of ``size`` Han characters at each of some places: two, three or four.

        ``size``: of all, or of each. ``sums``: `sums` of the same, where they are known.
        """
        weight = lists().words.weigh(self.sums(at, size) if sums is None else sums, size)
        if isinstance(size, int):
            whole = self._whole[size - 2].take(at)
        else:
            whole = self._whole[0].take(at)
            for k in range(2, min(int(size.max(initial=0)), 4)):
                whole &= self.han.take(at + k) | (size <= k)
        weight *= whole.view(np.uint8)
        return weight

    def get(self, table: Words, at: Ints, size: int | Ints) -> Weights:
        """What a table has for the ``size`` characters at each place, one to six; they need not be Han."""
        return table.weigh(self.sums(at, size), size)

    def sums(self, at: Ints, size: int | Ints, shorter: Codes | None = None) -> Codes:
        """What tables look up the ``size`` characters at each place by; ``shorter``: the same for one character less."""
        codes, factors = self.codes, Words.FACTORS
        if isinstance(size, int):
            if shorter is not None:
                return shorter + codes.take(at + (size - 1)) * factors[size - 1]
            sums = codes.take(at) * factors[0]
            for k in range(1, size):
                sums += codes.take(at + k) * factors[k]
            return sums
        sums = codes.take(at) * factors[0]
        for k in range(1, int(size.max(initial=0))):
            more = codes.take(at + k) * factors[k]
            more *= size > k
            sums += more
        return sums


def reading(block: Block) -> Reading:
    """The reading of a block, the same at each call."""
    known: Reading | None = block.__dict__.get("_reading")
    if known is None:
        known = block.__dict__["_reading"] = Reading(block)
    return known
