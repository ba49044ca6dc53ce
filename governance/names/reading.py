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

    def words(self, at: Ints, size: int, sums: Codes | None = None) -> Weights:
        """The weight of the word of ``size`` Han characters at each of some places: two, three or four.

        ``sums``: `sums` of the same, where they are known.
        """
        weight = lists().words.weigh(self.sums(at, size) if sums is None else sums, size)
        weight *= self._whole[size - 2].take(at).view(np.uint8)
        return weight

    def get(self, table: Words, at: Ints, size: int) -> Weights:
        """What a table has for the ``size`` characters at each place, one to six; they need not be Han."""
        return table.weigh(self.sums(at, size), size)

    def sums(self, at: Ints, size: int, shorter: Codes | None = None) -> Codes:
        """What tables look up the ``size`` characters at each place by; ``shorter``: the same for one character less."""
        factors = Words.FACTORS
        if shorter is not None:
            return shorter + self.codes.take(at + (size - 1)) * factors[size - 1]
        sums = self.codes.take(at) * factors[0]
        for k in range(1, size):
            sums += self.codes.take(at + k) * factors[k]
        return sums


def reading(block: Block) -> Reading:
    """The reading of a block, the same at each call."""
    known: Reading | None = block.__dict__.get("_reading")
    if known is None:
        known = block.__dict__["_reading"] = Reading(block)
    return known
