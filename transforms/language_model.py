"""py3langid's model, read so that little of it is in memory: 15 MB instead of 85.

The model is NumPy arrays in a zip archive within LZMA. The package unpacks them to a temporary file and reads that whole;
here the file is mapped, and a document touches few of its pages, which the system may take back at any time.
"""

from __future__ import annotations

import lzma
import shutil
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.typing import NDArray

#: Bytes of a local header in a zip archive before its name, and where the lengths of name and extra field stand in it.
_HEADER, _LENGTHS = 30, 26


class Rows:
    """A table (features × languages) of which the rows that are asked for are read, and the columns that were chosen."""

    def __init__(self, table: NDArray[Any], columns: Any = slice(None)) -> None:
        self.table, self.columns = table, columns

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, tuple):
            return Rows(self.table, key[1])
        return self.table[key][:, self.columns]


def load() -> Any:
    """The identifier with all languages of the package's own model."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    found = _arrays(MODEL_DIR / MODEL_FILE)
    return LanguageIdentifier(
        Rows(found["ptc"]),
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


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    with TemporaryFile(suffix=".npz") as file:
        with lzma.open(path) as packed:
            shutil.copyfileobj(packed, file, length=1 << 20)
        with ZipFile(file) as archive:
            places = {one.filename: one.header_offset for one in archive.infolist()}
            if any(one.compress_type != ZIP_STORED for one in archive.infolist()):
                raise ValueError(f"{path.name}: its arrays are compressed one by one")
        return {name.removesuffix(".npy"): _mapped(file, place) for name, place in places.items()}


def _mapped(file: IO[bytes], place: int) -> NDArray[Any]:
    """The array (NPY format 1.0) that stands in the archive at this place. The map outlives the file."""
    file.seek(place + _LENGTHS)
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(place + _HEADER + name + extra)
    np.lib.format.read_magic(file)
    shape, column_major, kind = np.lib.format.read_array_header_1_0(file)
    order = "F" if column_major else "C"
    return np.memmap(file, kind, "r", file.tell(), shape, order)  # type: ignore[call-overload,no-any-return]


__all__ = ["Rows", "load"]
