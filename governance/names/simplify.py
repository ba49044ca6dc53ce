"""Traditional and Japanese characters as simplified ones, so that one set of lists serves all three."""

from __future__ import annotations

import copy
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from governance.names.block import Block
from governance.names.lexicon import load, unpacked


@lru_cache(maxsize=1)
def _table() -> npt.NDArray[np.uint32]:
    table = np.arange(0x10000, dtype=np.uint32)
    for pair in unpacked(load("chinese")["traditional"]):
        table[ord(pair[0])] = ord(pair[1])
    return table


@lru_cache(maxsize=1)
def _others() -> npt.NDArray[np.bool_]:
    """Which characters have a simplified one."""
    return _table() != np.arange(0x10000, dtype=np.uint32)


def simplified(block: Block) -> Block:
    """The block with simplified characters in the same places; itself where there are no others.

    Characters beyond the Basic Multilingual Plane become U+FFFF in the text of a changed block: finders only look
    for what is in that plane, and positions stay.
    """
    if "_simplified" not in block.__dict__:
        known = None
        others = np.flatnonzero(_others().take(block.codes))
        if len(others):
            codes = block.codes.copy()
            codes[others] = _table().take(codes.take(others))
            known = copy.copy(block)
            known.codes = codes
            known.text = codes.tobytes().decode("utf-32-le", "surrogatepass")
        block.__dict__["_simplified"] = known
    found: Block | None = block.__dict__["_simplified"]
    return block if found is None else found
