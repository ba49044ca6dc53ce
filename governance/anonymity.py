"""How many rows say the same of what points at a person only beside other facts: k-anonymity.

L. Sweeney, k-anonymity: a model for protecting privacy, Int. J. Uncertain. Fuzz. 10 (2002) 557. A class is the rows with
the same values of all quasi-identifiers; k is the size of the smallest. A missing value is a value of its own. It says
nothing of rows of one class that share a sensitive value as well, nor of free text.

Rows are counted by digests of 128 bits in files of a scratch folder: memory is that of one of `BUCKETS` parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.contract import Contract, Policy
from schemas.plans import redaction_plan

BUCKETS = 64
QUASI = "quasi."
_ID = np.dtype("S16")
_ROW = np.dtype([("id", "S16"), ("is", "S16")])
_CLASS = np.dtype([("is", "S16"), ("rows", "<i8")])


def quasi_identifiers(contract: Contract, policy: Policy, released: Sequence[str]) -> tuple[str, ...]:
    """Of the fields that documents say (``released``), those that could single out: classified as ``quasi.*``,
    coarsened by ``generalise``, or of a person's and kept."""
    plan = redaction_plan(contract, policy)
    return tuple(
        field.field
        for field in plan
        if field.field in released
        and (
            field.classification.startswith(QUASI)
            or field.action == "generalise"
            or (field.action == "keep" and field.classification.startswith("person.") and field.entity)
        )
    )


@dataclass(frozen=True)
class Smallest:
    """``k`` is the size of the smallest class (0 without rows) of ``rows`` in ``classes``; ``missing`` counts wanted rows that were
    not there, with which nothing is known of ``k``."""

    k: int
    rows: int
    classes: int
    missing: int


class Counting:
    """Counts released rows by class. Add in any order; then `smallest`, once."""

    def __init__(self, folder: Path) -> None:
        self._wanted, self._rows = (_Buckets(folder / name, kind) for name, kind in (("wanted", _ID), ("rows", _ROW)))
        self._classes = _Buckets(folder / "classes", _CLASS)

    def want(self, ids: Sequence[str]) -> None:
        """Rows that are released, by id (32 hex digits); some may be told several times."""
        self._wanted.add(np.unique(_ids(ids)))

    def see(self, ids: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
        """Rows with their quasi-identifiers, ``values`` by column. Of two of one id the later one counts."""
        rows = np.empty(len(ids), _ROW)
        rows["id"] = _ids(ids)
        known: dict[tuple[Any, ...], bytes] = {}
        rows["is"] = [known.get(row) or known.setdefault(row, _digest(row)) for row in zip(*values, strict=True)]
        self._rows.add(rows)

    def smallest(self) -> Smallest:
        missing = total = 0
        for wanted, rows in zip(self._wanted.read(), self._rows.read(), strict=True):
            wanted = np.unique(wanted)
            # Of equal ids np.unique gives the first: the rows are turned round for the last.
            ids, places = np.unique(rows["id"][::-1], return_index=True)
            there = np.isin(ids, wanted, assume_unique=True)
            missing += len(wanted) - int(there.sum())
            total += int(there.sum())
            kinds, counts = np.unique(rows["is"][::-1][places[there]], return_counts=True)
            found = np.empty(len(kinds), _CLASS)
            found["is"], found["rows"] = kinds, counts
            self._classes.add(found)
        k, classes = 0, 0
        for part in self._classes.read():
            if len(part):
                kinds, places = np.unique(part["is"], return_inverse=True)
                sizes = np.bincount(places, weights=part["rows"]).astype(np.int64)
                classes += len(kinds)
                k = min(k, int(sizes.min())) if k else int(sizes.min())
        return Smallest(k, total, classes, missing)


class _Buckets:
    """Records dealt into files by the first byte of their first digest."""

    def __init__(self, folder: Path, kind: np.dtype[Any]) -> None:
        folder.mkdir(parents=True)
        self.folder, self.kind = folder, kind

    def add(self, records: NDArray[Any]) -> None:
        if not len(records):
            return
        first = np.ascontiguousarray(records).view(np.uint8).reshape(len(records), -1)[:, 0] % BUCKETS
        order = np.argsort(first, kind="stable")
        bounds = np.searchsorted(first[order], np.arange(BUCKETS + 1))
        for number in range(BUCKETS):
            mine = records[order[bounds[number] : bounds[number + 1]]]
            if len(mine):
                with (self.folder / str(number)).open("ab") as file:
                    file.write(mine.tobytes())

    def read(self) -> Iterator[NDArray[Any]]:
        for number in range(BUCKETS):
            path = self.folder / str(number)
            yield np.fromfile(path, self.kind) if path.exists() else np.empty(0, self.kind)


def _ids(ids: Sequence[str]) -> NDArray[Any]:
    return np.frombuffer(bytes.fromhex("".join(ids)), _ID)


def _digest(row: tuple[Any, ...]) -> bytes:
    said = "".join("n" if value is None else f"{len(str(value))}:{value}" for value in row)
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()
