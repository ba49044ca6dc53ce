"""Merkle trees as RFC 6962 §2.1 hashes them (RFC 9162 §2.1 is the same): one digest over many things, and short proofs
that one of them is among these. Standard library only: the manifest imports this.

Leaves and inner nodes begin with different bytes, so that none can pass for the other. Digests are lower-case hex.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from schemas.canonical import canonical_json

_BYTES = 32


def _leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that leaves are added to one by one; it holds one digest for each bit of their number."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, data: bytes) -> None:
        """One more leaf."""
        found, size = _leaf(data), self.size
        while size & 1:
            found, size = _node(self._peaks.pop(), found), size >> 1
        self._peaks.append(found)
        self.size += 1

    @property
    def root(self) -> str:
        """The digest over all leaves so far; of nothing, the SHA-256 of nothing."""
        if not self._peaks:
            return sha256().hexdigest()
        *rest, found = self._peaks
        for peak in reversed(rest):
            found = _node(peak, found)
        return found.hex()


def root(leaves: Iterable[bytes]) -> str:
    """The digest over leaves, in their order."""
    tree = Tree()
    for data in leaves:
        tree.add(data)
    return tree.root


class Level(Tree):
    """A tree that proofs can be asked of: it keeps 32 bytes a leaf."""

    def __init__(self) -> None:
        super().__init__()
        self._leaves = bytearray()

    def add(self, data: bytes) -> None:
        self._leaves += _leaf(data)
        super().add(data)

    def proof(self, index: int) -> list[str]:
        """What has to be known besides leaf ``index`` (from 0) to come to the root: from the leaf upwards.

        Raises ``IndexError`` where there is no such leaf.
        """
        if not 0 <= index < self.size:
            raise IndexError(index)
        level, path = self._leaves, list[str]()
        while len(level) > _BYTES:
            beside = (index ^ 1) * _BYTES
            if beside < len(level):
                path.append(level[beside : beside + _BYTES].hex())
            above, pairs = bytearray(), len(level) // (2 * _BYTES)
            for at in range(0, pairs * 2 * _BYTES, 2 * _BYTES):
                above += _node(bytes(level[at : at + _BYTES]), bytes(level[at + _BYTES : at + 2 * _BYTES]))
            # The last of an odd number goes up as it is.
            level = above + level[pairs * 2 * _BYTES :]
            index >>= 1
        return path


def proof(leaves: Iterable[bytes], index: int) -> list[str]:
    """`Level.proof` of leaves in their order. Raises ``IndexError``."""
    tree = Level()
    for data in leaves:
        tree.add(data)
    return tree.proof(index)


def included(data: bytes, index: int, size: int, path: Sequence[str], found: str) -> bool:
    """Whether the proof shows that ``data`` is leaf ``index`` of the ``size`` leaves below the root ``found``."""
    if not 0 <= index < size:
        return False
    try:
        steps = [bytes.fromhex(step) for step in path]
    except ValueError:
        return False
    here, last, rest = index, size - 1, _leaf(data)
    for step in steps:
        if len(step) != _BYTES or not last:
            return False
        if here & 1 or here == last:
            rest = _node(step, rest)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            rest = _node(rest, step)
        here, last = here >> 1, last >> 1
    return not last and rest.hex() == found


def file_leaf(key: str, sha256_hex: str, size: int | None = None) -> bytes:
    """A file as a leaf: canonical JSON of key, SHA-256 and, where it is known, size in bytes."""
    return canonical_json({"key": key, "sha256": sha256_hex, **({} if size is None else {"bytes": size})})


def files_root(files: Iterable[tuple[str, str, int | None]]) -> str:
    """The root over files, given as key, SHA-256 and size (``None``: not known), in their order."""
    return root(file_leaf(*file) for file in files)
