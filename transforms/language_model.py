"""py3langid's model, read so that next to nothing of it is in memory for long, and unpacked once a machine.

The model is NumPy arrays, 68 MB, in a zip archive within LZMA. The package unpacks them in every process, which takes half
a CPU second, and reads them whole. Here they are unpacked into the user's cache folder under the digest of the packed file
and mapped from there, so that the processes of a machine share what they touch of it; `let_go` gives back what a process
holds. A folder that cannot be written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import lzma
import mmap
import os
import shutil
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from schemas.caches import cache_folder

#: Bytes of a local header in a zip archive before its name, and where the lengths of name and extra field stand in it.
_HEADER, _LENGTHS = 30, 26
_maps: list[mmap.mmap] = []


class Rows:
    """A table (features × languages) in a file, of which the rows that are asked for are read, once each, and the columns
    that were chosen are kept: of the 28 MB a language's text wants a tenth."""

    def __init__(self, file: int, place: int, shape: tuple[int, int], kind: np.dtype[Any], columns: Any = None) -> None:
        """``file`` is a descriptor, open for good; ``place`` is where the table begins, row by row."""
        self._file, self._place, self._shape, self._kind = file, place, shape, kind
        self._columns = np.arange(shape[1]) if columns is None else np.asarray(columns)
        #: Of each row, where it is among those that were read, -1 for none; and those, languages × rows.
        self._slots = np.full(shape[0], -1, np.int32)
        self._held = np.empty((len(self._columns), 1024), kind)
        self._count = 0

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            return Rows(self._file, self._place, self._shape, self._kind, self._columns[key[1]])
        slots = self._slots[key]
        if (slots < 0).any():
            self._read(np.unique(key[slots < 0]).tolist())
            slots = self._slots[key]
        return self._held[:, slots].T

    def _read(self, rows: list[int]) -> None:
        size = self._shape[1] * self._kind.itemsize
        data = b"".join([os.pread(self._file, size, self._place + row * size) for row in rows])
        found = np.frombuffer(data, self._kind).reshape(len(rows), -1)
        end = self._count + len(rows)
        if end > self._held.shape[1]:
            more = np.empty((len(self._columns), max(end, self._held.shape[1] * 3 // 2)), self._kind)
            more[:, : self._count] = self._held[:, : self._count]
            self._held = more
        self._held[:, self._count : end] = found[:, self._columns].T
        self._slots[rows] = np.arange(self._count, end)
        self._count = end


def load() -> Any:
    """The identifier with all languages of the package's own model."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    found = _arrays(MODEL_DIR / MODEL_FILE)
    return LanguageIdentifier(
        found["ptc"],
        np.array(found["pc"]),
        found["classes"].tolist(),
        _items(found["nextmove"]),
        _items(found["out_feat"]),
        norm_probs=True,
        tk_row=_items(found["nextmove_row"]),
    )


def _items(array: NDArray[Any]) -> memoryview:
    """A flat array as a sequence of Python's own numbers, wherever in the file it begins."""
    kind: Any = array.dtype.char
    found: memoryview = array.view(np.uint8).data.cast(kind)
    return found


def let_go() -> None:
    """Give back the pages of the model that this process holds; they are there again when they are wanted."""
    for one in _maps:
        if hasattr(mmap, "MADV_DONTNEED"):
            one.madvise(mmap.MADV_DONTNEED)


def _arrays(path: Path) -> dict[str, Any]:
    with _unpacked(path) as file:
        with ZipFile(file) as archive:
            places = {one.filename: one.header_offset for one in archive.infolist()}
            if any(one.compress_type != ZIP_STORED for one in archive.infolist()):
                raise ValueError(f"{path.name}: its arrays are compressed one by one")
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _maps.append(whole)
        return {name.removesuffix(".npy"): _array(file, whole, place) for name, place in places.items()}


def _unpacked(path: Path) -> IO[bytes]:
    """The archive, from the cache folder if it is whole there; put there if that can be, else in a file without a name."""
    kept = cache_folder() / f"{blake2b(path.read_bytes(), digest_size=16).hexdigest()}.langid"
    with contextlib.suppress(OSError, BadZipFile):
        # The list of what is in it stands at its very end: a file that was cut off is made again.
        ZipFile(kept).close()
        return kept.open("rb")
    made: IO[bytes] = TemporaryFile(suffix=".npz")  # noqa: SIM115 - the caller closes it
    _unpack(path, made)
    with contextlib.suppress(OSError):
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept.parent) as folder:
            copied = Path(folder) / kept.name
            with copied.open("wb") as copy:
                made.seek(0)
                shutil.copyfileobj(made, copy, length=1 << 20)
            copied.replace(kept)
    return made


def _unpack(path: Path, file: Any) -> None:
    with lzma.open(path) as packed:
        shutil.copyfileobj(packed, file, length=1 << 20)


def _array(file: IO[bytes], whole: mmap.mmap, place: int) -> NDArray[Any] | Rows:
    """The array (NPY format 1.0) that stands in the archive at this place: a table row by row, anything else mapped. The
    map outlives the file."""
    file.seek(place + _LENGTHS)
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(place + _HEADER + name + extra)
    np.lib.format.read_magic(file)
    shape, column_major, kind = np.lib.format.read_array_header_1_0(file)
    if len(shape) == 2 and not column_major:
        return Rows(os.dup(file.fileno()), file.tell(), (shape[0], shape[1]), kind)
    count = int(np.prod(shape, dtype=np.int64))
    flat = np.frombuffer(whole, kind, count, file.tell())
    return flat.reshape(shape, order="F" if column_major else "C")


__all__ = ["Rows", "let_go", "load"]
