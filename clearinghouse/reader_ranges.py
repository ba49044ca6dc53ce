"""A shard as a file whose bytes are fetched and checked as they are touched, not before.

The footer is checked against the manifest when the shard is opened, and every read against the digests of blocks that
the footer holds (`schemas.shard_blocks`). So the first sample waits for its own row group alone, local or remote, and
no byte is decoded that was not checked. Local files are mapped; remote ones are fetched in pieces of `PIECE` bytes,
several at once, ahead of a reader that goes forward, and kept in the cache if there is one (`clearinghouse.reader_cache`),
else in memory until `HELD` bytes are held.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.reader_cache import Cache
from clearinghouse.reader_fetch import Broken, Remote
from schemas.errors import IntegrityError
from schemas.shard_blocks import TAIL, Blocks, footer_bytes

PIECE = 1 << 19
"""Bytes that are kept together: a multiple of the blocks that are checked. A row group is some three of them."""
RUN = 8
"""Pieces in one request at most."""
AT_ONCE = 8
"""Requests under way at a time, over all readers of a process."""
AHEAD = 32
"""Pieces that are fetched ahead of a reader that goes forward."""
HELD = 64 << 20
"""Bytes of fetched pieces that a process keeps in memory."""
FOOTER = -1
"""Number of the piece that is the footer."""
#: Of a remote shard's end, what is fetched first: the footer of most shards.
_END = 256 << 10


class Mismatch(Exception):
    """A file that is not what the manifest names: what was expected, what was found."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected, self.found = expected, found

    def told(self, what: str, fix: str) -> IntegrityError:
        return IntegrityError(
            f"{what} is not what its manifest names: expected {self.expected}, found {self.found}",
            state="nothing of it was given out",
            fix=fix,
        )


class Pieces:
    """Pieces of remote shards: fetched once however many threads want them, kept for a while."""

    def __init__(self, remote: Remote, cache: Cache | None) -> None:
        self._remote, self.cache = remote, cache
        self._afresh()

    def _afresh(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, int], pa.Buffer] = OrderedDict()
        self._bytes = 0
        self._coming: dict[tuple[str, int], Future[pa.Buffer]] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._seen = Seen()

    def __getstate__(self) -> dict[str, Any]:
        return {"_remote": self._remote, "cache": self.cache}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._afresh()

    def soon(self, some: Iterable[Piece]) -> list[Future[pa.Buffer]]:
        """Begin to fetch pieces that are neither held nor on their way; all of them, checked, as they come."""
        if self._process != os.getpid():
            # Threads and locks of the parent do not live on in a forked child.
            self._afresh()
        found: list[Future[pa.Buffer]] = []
        runs: list[list[tuple[Piece, Future[pa.Buffer]]]] = []
        with self._lock:
            for one in some:
                coming, held = self._coming.get(one.key), self._held.get(one.key)
                if coming is None:
                    coming = Future()
                    if held is not None:
                        self._held.move_to_end(one.key)
                        coming.set_result(held)
                    else:
                        self._coming[one.key] = coming
                        last = runs[-1][-1][0] if runs else None
                        if last is None or last.key != (one.shard, one.number - 1) or len(runs[-1]) == RUN:
                            runs.append([])
                        runs[-1].append((one, coming))
                found.append(coming)
            for run in runs:
                self._threads().submit(self._fetch, run)
        return found

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="clearinghouse-fetch")
        return self._pool

    def _fetch(self, run: list[tuple[Piece, Future[pa.Buffer]]]) -> None:
        """Pieces that follow each other: what the cache has not comes in one request."""
        missing = []
        for one, coming in run:
            found = self._cached(one)
            if found is None:
                missing.append((one, coming))
            else:
                self._came(one, coming, found)
        try:
            if not threading.main_thread().is_alive():
                raise Broken("the process is ending")
            for some in _runs(missing):
                first, last = some[0][0], some[-1][0]
                data = self._remote.read(first.path, first.name, first.start, last.end)
                for one, coming in some:
                    found = self._checked(one, data.slice(one.start - first.start, one.end - one.start))
                    if self.cache is not None:
                        self.cache.put(one.shard, one.number, found)
                    self._came(one, coming, found)
        except BaseException as error:
            with self._lock:
                left = [coming for one, coming in missing if self._coming.pop(one.key, None) is not None]
            for coming in left:
                coming.set_exception(error)

    def _came(self, one: Piece, coming: Future[pa.Buffer], found: pa.Buffer) -> None:
        with self._lock:
            self._held[one.key] = found
            self._bytes += found.size
            while self._bytes > HELD and len(self._held) > 1:
                self._bytes -= self._held.popitem(last=False)[1].size
            self._coming.pop(one.key, None)
        coming.set_result(found)

    def _cached(self, one: Piece) -> pa.Buffer | None:
        found = self.cache.get(one.shard, one.number) if self.cache is not None else None
        if found is None:
            return None
        if found.size == one.end - one.start:
            # What this process has found right on this disk is not hashed again epoch by epoch, as with local files.
            if self._seen.all(one.shard, one.number, one.number + 1):
                return found
            if one.wrong(found) is None:
                self._seen.add(one.shard, one.number, one.number + 1)
                return found
        if self.cache is not None:
            self.cache.drop(one.shard, one.number)
        return None

    def _checked(self, one: Piece, data: pa.Buffer) -> pa.Buffer:
        if one.wrong(data) is None:
            return data
        # What was damaged on its way is right the second time.
        self._remote.drop(one.path)
        data = self._remote.read(one.path, one.name, one.start, one.end)
        wrong = one.wrong(data)
        if wrong is not None:
            raise wrong
        return data


def _runs(some: list[tuple[Piece, Future[pa.Buffer]]]) -> Iterator[list[tuple[Piece, Future[pa.Buffer]]]]:
    """Pieces that follow each other, together."""
    run: list[tuple[Piece, Future[pa.Buffer]]] = []
    for one in some:
        if run and run[-1][0].number + 1 != one[0].number:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


class Piece:
    """A range of a shard, and how it is checked."""

    __slots__ = ("_blocks", "end", "name", "number", "path", "shard", "start")

    def __init__(self, shard: str, path: str, name: str, number: int, end: int, blocks: Blocks | None) -> None:
        self.shard, self.path, self.name, self.number = shard, path, name, number
        self.start, self.end, self._blocks = number * PIECE, end, blocks

    @property
    def key(self) -> tuple[str, int]:
        return self.shard, self.number

    def wrong(self, data: pa.Buffer) -> Mismatch | None:
        return _checked(self._blocks, data, self.start) if self._blocks is not None else None


def _checked(blocks: Blocks, data: Any, start: int) -> Mismatch | None:
    wrong = blocks.wrong(data, start)
    if wrong is None:
        return None
    end = min(wrong.offset + blocks.size, blocks.end)
    where = f"bytes {wrong.offset} to {end} with SHA-256 beginning"
    return Mismatch(f"{where} {wrong.expected}", wrong.found)


class ShardFile:
    """A shard to be read by Arrow (through `pyarrow.PythonFile`): `read_buffer`, `seek`, `tell`.

    ``told`` makes of a `Mismatch` the error to be raised. Made by `local` and `remote`. Not for several threads at
    once, as files are not.
    """

    closed = False

    def __init__(
        self,
        size: int,
        footer: pa.Buffer,
        metadata: pq.FileMetaData,
        get: Callable[[int, int], pa.Buffer],
        told: Callable[[Mismatch], Exception],
        *,
        together: bool,
    ) -> None:
        """``together``: columns are asked for at once, which pays where each is a request and costs threads elsewhere."""
        self._together = together
        self._size, self._footer, self._get, self._told = size, footer, get, told
        self.metadata = metadata
        self._at = 0

    def parquet(self) -> pq.ParquetFile:
        """The shard for Arrow to read, one thread at a time."""
        return pq.ParquetFile(pa.PythonFile(self, "r"), metadata=self.metadata, pre_buffer=self._together)

    def read_buffer(self, count: int | None = None) -> pa.Buffer:
        start, edge = self._at, self._size - self._footer.size
        end = self._size if count is None or count < 0 else min(start + count, self._size)
        self._at = max(start, end)
        if end <= start:
            return pa.py_buffer(b"")
        if start >= edge:
            return self._footer.slice(start - edge, end - start)
        try:
            if end <= edge:
                return self._get(start, end)
            return _joined([self._get(start, edge), self._footer.slice(0, end - edge)])
        except Mismatch as found:
            raise self._told(found) from None
        except FileNotFoundError:
            raise self._told(Mismatch("a file", "none")) from None

    def read(self, count: int | None = None) -> bytes:
        return self.read_buffer(count).to_pybytes()

    def seek(self, place: int, whence: int = 0) -> int:
        self._at = place + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def size(self) -> int:
        return self._size

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False


class Seen:
    """Blocks of local files, or pieces of cached ones, that this process has checked, by the file's digest; a bit each."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def __getstate__(self) -> dict[str, Any]:
        # Another process checks for itself.
        return {"_bits": {}}

    def all(self, shard: str, first: int, last: int) -> bool:
        mask = (1 << last) - (1 << first)
        return self._bits.get(shard, 0) & mask == mask

    def add(self, shard: str, first: int, last: int) -> None:
        # Two threads at once may lose one's bits: its blocks are checked once more.
        self._bits[shard] = self._bits.get(shard, 0) | ((1 << last) - (1 << first))


def local(
    file: pa.MemoryMappedFile, size: int, shard: str, digest: str, seen: Seen, told: Callable[[Mismatch], Exception]
) -> ShardFile:
    """A mapped file. Raises `Mismatch` for a footer that is not what the manifest names."""
    whole = file.read_buffer(size)
    footer = _footer(whole, size, digest)
    assert isinstance(footer, pa.Buffer)
    metadata, blocks = _parsed(footer)

    def get(start: int, end: int) -> pa.Buffer:
        first, last = blocks.around(start, end)
        numbers = first // blocks.size, -(-last // blocks.size)
        if not seen.all(shard, *numbers):
            wrong = _checked(blocks, whole.slice(first, last - first), first)
            if wrong is not None:
                raise wrong
            seen.add(shard, *numbers)
        return whole.slice(start, end - start)

    return ShardFile(size, footer, metadata, get, told, together=False)


def remote(
    pieces: Pieces, store: Remote, path: str, name: str, size: int, shard: str, digest: str,
    told: Callable[[Mismatch], Exception],
) -> ShardFile:  # fmt: skip
    """A remote file. Fetches its footer, from the cache if it is there. Raises `Mismatch`, ``FileNotFoundError`` or
    `StoreError`."""
    footer = _remote_footer(pieces, store, path, name, size, shard, digest)
    metadata, blocks = _parsed(footer)
    last_piece = -1

    def piece(number: int) -> Piece:
        return Piece(shard, path, name, number, min((number + 1) * PIECE, blocks.end), blocks)

    def get(start: int, end: int) -> pa.Buffer:
        nonlocal last_piece
        if end > blocks.end:
            raise Mismatch(f"rows before byte {blocks.end}", f"rows up to byte {end}")
        first, last = start // PIECE, -(-end // PIECE)
        wanted = [piece(number) for number in range(first, last)]
        coming = pieces.soon(wanted)
        if first - 1 <= last_piece < last:
            pieces.soon(map(piece, range(last, min(last + AHEAD, -(-blocks.end // PIECE)))))
        last_piece = last - 1
        found = [one.result() for one in coming]
        return _joined([data.slice(*_within(one, data, start, end)) for one, data in zip(wanted, found, strict=True)])

    return ShardFile(size, footer, metadata, get, told, together=True)


def _within(one: Piece, data: pa.Buffer, start: int, end: int) -> tuple[int, int]:
    first, last = max(start, one.start), min(end, one.start + data.size)
    return first - one.start, last - first


def _joined(parts: list[pa.Buffer]) -> pa.Buffer:
    if len(parts) == 1:
        return parts[0]
    sink = pa.BufferOutputStream()
    for part in parts:
        sink.write(part)
    return sink.getvalue()


def _footer(end: pa.Buffer, size: int, digest: str) -> pa.Buffer | int:
    """The footer in the last bytes of a file of ``size`` bytes, or how many bytes it takes where these are too few."""
    try:
        count = footer_bytes(end.slice(max(0, end.size - TAIL)).to_pybytes())
    except ValueError:
        raise Mismatch("the end of a Parquet file", "something else") from None
    if count > size:
        raise Mismatch("a footer", "one that is longer than the file")
    if count > end.size:
        return count
    footer = end.slice(end.size - count)
    found = sha256(footer).hexdigest()
    if found != digest:
        raise Mismatch(f"a footer ({count} bytes at {size - count}) with SHA-256 {digest}", found)
    return footer


def _remote_footer(
    pieces: Pieces, store: Remote, path: str, name: str, size: int, shard: str, digest: str
) -> pa.Buffer:
    cached = pieces.cache.get(shard, FOOTER) if pieces.cache is not None else None
    if cached is not None and sha256(cached).hexdigest() == digest:
        return cached
    count = min(_END, size)
    for last in (False, True):
        try:
            found = store.size(path, name)
            if found != size:
                raise Mismatch(f"{size} bytes", f"{found} bytes")
            footer = _footer(store.read(path, name, size - count, size), size, digest)
            if isinstance(footer, int):
                footer = _footer(store.read(path, name, size - footer, size), size, digest)
            break
        except Mismatch:
            if last:
                raise
            store.drop(path)
    assert isinstance(footer, pa.Buffer)
    if pieces.cache is not None:
        pieces.cache.put(shard, FOOTER, footer)
    return footer


def _parsed(footer: pa.Buffer) -> tuple[pq.FileMetaData, Blocks]:
    try:
        metadata = pq.read_metadata(pa.BufferReader(footer))
        blocks = Blocks.of(metadata.metadata)
    except (ValueError, OSError):
        raise Mismatch("a footer that can be read", "one that cannot") from None
    if blocks is None:
        raise Mismatch("digests of its blocks in the footer", "none")
    return metadata, blocks


__all__ = ["AHEAD", "AT_ONCE", "FOOTER", "HELD", "PIECE", "Mismatch", "Pieces", "Seen", "ShardFile", "local", "remote"]
