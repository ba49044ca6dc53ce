"""Tables that are worked out of word lists, kept between processes: to make them takes each process half a CPU second
and, for a moment, some thirty megabytes more than they have in the end."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from governance.recognisers.remembered import DIGEST, digest, leave, used
from schemas.caches import cache_folder

Arrays = Mapping[str, npt.NDArray[Any]]

_HERE = Path(__file__).parent
_BEGAN = time.time()
#: Files of tables that stay in the cache, at up to twenty megabytes each.
_STAY = 8


def kept(kind: str, make: Callable[[], Arrays]) -> Arrays:
    """What ``make`` gives, arrays of one dimension by name, from the cache where an earlier process left it.

    ``make`` depends on the modules and the data of this folder alone: of other ones, of another Python or NumPy, it is
    called anew. What the cache gives is the file itself, mapped: read-only, and shared by all processes of a machine.
    A cache that cannot be read or written, or is damaged, is passed over in silence: it only costs time.
    """
    if _changed():
        return make()
    file = cache_folder() / f"{kind}-{_version()}.tables"
    with contextlib.suppress(OSError, ValueError, KeyError, pa.ArrowException):
        told = _read(pa.memory_map(str(file)).read_buffer())
        used(file)
        return told
    made = make()
    if not _changed():  # nor in the meantime
        leave(file, _written(made), _STAY)
    return made


def _written(arrays: Arrays) -> bytes:
    """The digest of all behind it, and one row that holds each array as bytes, with its type in the schema."""
    fields = [pa.field(name, pa.large_binary(), metadata={"dtype": array.dtype.str}) for name, array in arrays.items()]
    row = [pa.array([array.tobytes()], pa.large_binary()) for array in arrays.values()]
    schema = pa.schema(fields)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch(row, schema=schema))
    body = sink.getvalue()
    # A digest is as long as a multiple of what Arrow aligns the arrays behind it to.
    return digest(body) + body.to_pybytes()


def _read(buffer: pa.Buffer) -> Arrays:
    """Raises ``ValueError`` where the digest is of something else, ``ArrowException`` where no table is there."""
    body = buffer.slice(DIGEST)
    if buffer.slice(0, DIGEST).to_pybytes() != digest(body):
        raise ValueError("damaged")
    batch = pa.ipc.open_file(body).get_batch(0)
    told = {}
    for field, column in zip(batch.schema, batch.columns, strict=True):
        content = column.buffers()[2]
        told[field.name] = np.frombuffer(content, dtype=np.dtype((field.metadata or {})[b"dtype"].decode()))
    return told


def _sources() -> Iterator[Path]:
    for pattern in ("*.py", "data/*.npz"):
        yield from sorted(_HERE.glob(pattern))


@lru_cache(maxsize=1)
def _version() -> str:
    told = hashlib.sha256(f"{sys.version}\0{sys.byteorder}\0{np.__version__}\0{pa.__version__}".encode())
    for source in _sources():
        content = source.read_bytes()
        told.update(f"\0{source.name}\0{len(content)}\0".encode())
        told.update(content)
    return told.hexdigest()


def _changed() -> bool:
    """Whether a source may be another one than what this process runs, as when a package is put in place of an older
    one beneath it: what it makes is then none of the new version's, nor the other way round."""
    return any(source.stat().st_ctime >= _BEGAN for source in _sources())
