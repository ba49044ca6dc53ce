"""Choices from a keyed hash: the same seed makes the same choices in the same order."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_LOW = 1 << 64


class Draw:
    """Draws without end from one seed. The bias of each is below 2**-50."""

    def __init__(self, seed: bytes) -> None:
        self._seed, self._round = seed, 0
        self._pool = 0

    def below(self, count: int) -> int:
        """A number from 0 to ``count - 1``."""
        if self._pool < _LOW:
            salt = self._round.to_bytes(8, "big")
            fresh = blake2b(self._seed, digest_size=64, person=b"surrogate", salt=salt).digest()
            self._pool, self._round = int.from_bytes(fresh, "big") | 1 << 512, self._round + 1
        self._pool, chosen = divmod(self._pool, count)
        return chosen

    def of(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.below(len(items))]
