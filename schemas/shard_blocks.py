"""Digests inside a shard, so that a part of it can be checked without reading the rest. Standard library only.

The manifest is signed and names the SHA-256 of every shard's footer (`Shard.footer`). The footer, in its key-value
metadata, holds a digest of each block of the bytes before it, in which the rows lie. So the way from what was signed
to any row is two short hashes: the footer once, and the blocks that the row's columns lie in when they are first
touched. The first sample of a shard costs the same whether the shard has one megabyte or a thousand, and a reader of
a remote store fetches, and trusts, only the ranges that it needs.

``footer`` here is the end of the file: Parquet's footer, its length and the closing magic number. The page index lies
between the blocks and the footer: only other tools read it, and the SHA-256 of the whole file covers it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

KEY = "clearinghouse.blocks"
"""Name of the entry in the footer's key-value metadata."""
BLOCK = 1 << 16
"""Bytes a block that shards are written with. A row group is some twenty of them."""
WIDTH = 16
"""Bytes kept of a block's SHA-256: half, which leaves 128 bits against a forged block."""
TAIL = 8
"""Bytes at the end of a Parquet file: the footer's length, four bytes little-endian, and ``PAR1``."""


@dataclass(frozen=True)
class Blocks:
    """Digests of the first ``end`` bytes of a file, one for each ``size`` bytes and one for what is left."""

    size: int
    end: int
    digests: bytes

    def entry(self) -> str:
        """As the footer's metadata hold it."""
        return json.dumps(
            {"bytes": self.end, "block": self.size, "sha256-128": base64.b64encode(self.digests).decode()},
            sort_keys=True,
        )

    @classmethod
    def of(cls, metadata: Mapping[bytes, bytes] | None) -> Blocks | None:
        """What a footer says; ``None`` of a shard written without. Raises ``ValueError`` where it contradicts itself."""
        entry = (metadata or {}).get(KEY.encode())
        if entry is None:
            return None
        try:
            raw = json.loads(entry)
            found = cls(int(raw["block"]), int(raw["bytes"]), base64.b64decode(raw["sha256-128"], validate=True))
        except (KeyError, TypeError, binascii.Error) as error:
            raise ValueError(f"digests of blocks that cannot be read: {error}") from None
        if found.size < 1 or found.end < 0 or len(found.digests) != -(-found.end // found.size) * WIDTH:
            raise ValueError("digests of blocks that do not cover the file")
        return found

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The least range of whole blocks that holds bytes ``start`` up to ``end``."""
        return start // self.size * self.size, min(self.end, -(-end // self.size) * self.size)

    def wrong(self, data: Any, start: int) -> Wrong | None:
        """The first block of ``data`` that is not what was written, or ``None``.

        ``data`` (anything with a buffer) begins at byte ``start`` of the file, where a block begins, and ends where one
        ends. Hashing lets other threads run.
        """
        with memoryview(data).cast("B") as view:
            for at in range(0, len(view), self.size):
                number = (start + at) // self.size
                expected = self.digests[number * WIDTH : (number + 1) * WIDTH]
                found = sha256(view[at : at + self.size]).digest()[:WIDTH]
                if found != expected:
                    return Wrong(start + at, expected.hex(), found.hex())
        return None


@dataclass(frozen=True)
class Wrong:
    """A block that differs: its offset in the file, and the digests (halves of a SHA-256, hexadecimal)."""

    offset: int
    expected: str
    found: str


class BlockSink:
    """A file to write a shard through: passes bytes on to ``sink`` and digests them block by block."""

    closed = False

    def __init__(self, sink: Any, size: int = BLOCK) -> None:
        self._sink, self._size = sink, size
        self._at, self._hash, self._digests = 0, sha256(), bytearray()

    def write(self, data: Any) -> int:
        with memoryview(data).cast("B") as view:
            at, count = 0, len(view)
            while at < count:
                take = min(count - at, self._size - self._at % self._size)
                self._hash.update(view[at : at + take])
                at += take
                self._at += take
                if self._at % self._size == 0:
                    self._cut()
        self._sink.write(data)
        return count

    def blocks(self) -> Blocks:
        """Digests of what was written so far; to be asked for once, when all rows are written."""
        if self._at % self._size:
            self._cut()
        return Blocks(self._size, self._at, bytes(self._digests))

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Who opened the sink flushes it."""

    def close(self) -> None:
        """Who opened the sink closes it."""

    def _cut(self) -> None:
        self._digests += self._hash.digest()[:WIDTH]
        self._hash = sha256()


def footer_bytes(tail: bytes) -> int:
    """Bytes of the footer, its length and magic number included, by the last `TAIL` bytes of a Parquet file.

    Raises ``ValueError`` where these are not the end of one.
    """
    if len(tail) != TAIL or tail[4:] != b"PAR1":
        raise ValueError("no Parquet file ends like this")
    return int.from_bytes(tail[:4], "little") + TAIL


def footer_digest(data: Any) -> str:
    """What `Shard.footer` holds for a whole shard in memory (anything with a buffer): SHA-256, hexadecimal."""
    with memoryview(data).cast("B") as view:
        return sha256(view[len(view) - footer_bytes(bytes(view[-TAIL:])) :]).hexdigest()


__all__ = ["BLOCK", "KEY", "TAIL", "WIDTH", "BlockSink", "Blocks", "Wrong", "footer_bytes", "footer_digest"]
