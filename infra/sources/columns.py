"""From a source's columns to the contract's: which is which, what is missing, and batches of an even size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infra.sources.model import Drift, Reject, SourceBatch, SourceUnreadable
from infra.sources.paths import SPECIALS, getter, to_text
from schemas.contract import Field

BATCH_BYTES = 4 * 1024 * 1024
"""A batch is handed on once it holds this much, however few its rows."""
_MOST_NAMES = 20


@dataclass
class Part:
    """Some rows as a reader made them: one array a field in the contract's order, positions, and rejects."""

    arrays: list[pa.Array]
    positions: np.ndarray[Any, np.dtype[np.int64]]
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True)
class Binding:
    """How one field is filled: from a column of the source, and then along a path inside its value."""

    field: Field
    column: str | None
    path: str | None = None


@dataclass(frozen=True)
class Projection:
    """Which of a source's columns are read (``needed``, in the source's order) and how they fill the fields."""

    bindings: tuple[Binding, ...]
    needed: tuple[str, ...]
    drift: tuple[Drift, ...]

    def arrays(
        self,
        columns: Mapping[str, pa.Array],
        positions: np.ndarray[Any, np.dtype[np.int64]],
        specials: Mapping[str, str | None],
        *,
        positions_as_text: bool = True,
    ) -> list[pa.Array]:
        """One array a field, from the needed columns of one batch."""
        out = []
        for binding in self.bindings:
            if binding.column is None:
                out.append(_special(binding.field.path, positions, specials, positions_as_text))
            elif binding.path is None:
                out.append(columns[binding.column])
            else:
                out.append(_along(columns[binding.column], binding.path))
        return out


def _special(
    path: str, positions: np.ndarray[Any, np.dtype[np.int64]], specials: Mapping[str, str | None], as_text: bool
) -> pa.Array:
    rows = len(positions)
    if path in ("$line", "$index"):
        numbers = pa.array(positions - (path == "$index"), pa.int64())
        return numbers.cast(pa.string()) if as_text else numbers
    return pa.repeat(pa.scalar(specials.get(path), pa.string()), rows)


def _along(array: pa.Array, path: str) -> pa.Array:
    get = getter(path)
    return pa.array([to_text(get(value)) for value in array.to_pylist()], pa.string())


def projection(fields: Sequence[Field], names: Sequence[str], label: str, *, structs: bool = False) -> Projection:
    """Match the contract's fields to a source's column names, exactly, then but for space around a name.

    A path may go on inside a column: ``payload|json.user.name``, and with ``structs`` ``address.city``.

    Raises:
        SourceUnreadable: A field that must not drift has no column, or a name that is read occurs twice.
    """
    by_name: dict[str, str] = {}
    for name in reversed(names):
        by_name.setdefault(name.strip(), name)
    for name in names:
        by_name[name] = name
    bindings = [_bind(f, by_name, structs) for f in fields]
    missing = [b.field for b in bindings if b.column is None and b.field.path not in SPECIALS]
    used = {b.column for b in bindings if b.column is not None}
    counts = Counter(names)
    if twice := sorted(name for name in used if counts[name] > 1):
        raise SourceUnreadable(
            f"{label}: {_listed(twice)} stands more than once among the columns, so it is not clear which is meant",
            fix="have the unit rename one, or name the columns by position with `columns` in the contract",
        )
    if fatal := [f for f in missing if f.on_drift == "fail"]:
        known = (
            f"{len(used)} of the contract's other columns were found" if used else "no column of the contract is there"
        )
        raise SourceUnreadable(
            f"{label}: column {_listed([f.path for f in fatal])} is missing (of {len(names)} in the source; {known})",
            fix="have the unit restore it, or change the contract: rename its physicalName or set onDrift: quarantine",
        )
    if missing and names and not used:
        # Every name is strange: more likely a row of data, a wrong separator or another file than a renamed column.
        raise SourceUnreadable(
            f"{label}: none of the contract's columns {_listed([f.path for f in missing])} is there",
            fix="check `header`, `delimiter`, `quote` and `columns` in the contract",
        )
    drift = [Drift("missing", f.path) for f in missing]
    drift += [Drift("duplicate", name) for name, count in counts.items() if count > 1 and name not in used]
    drift += _unknown([name for name in dict.fromkeys(names) if name not in used])
    return Projection(tuple(bindings), tuple(name for name in names if name in used), tuple(sorted(drift)))


def _unknown(names: Sequence[str]) -> list[Drift]:
    return [Drift("unknown", name) for name in safe_names(names)]


def safe_names(names: Iterable[str]) -> list[str]:
    """Column names fit for a report: at most `_MOST_NAMES`; one that looks like a value is named by its length."""
    listed = sorted(names)
    out = [
        name
        if len(name) <= 64 and "@" not in name[1:] and not re.search(r"\d{5}", name)
        else f"({len(name)} characters)"
        for name in listed[:_MOST_NAMES]
    ]
    if len(listed) > _MOST_NAMES:
        out.append(f"(and {len(listed) - _MOST_NAMES} more)")
    return out


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _bind(f: Field, by_name: Mapping[str, str], structs: bool) -> Binding:
    if f.path in by_name:
        return Binding(f, by_name[f.path])
    if f.path in SPECIALS:
        return Binding(f, None)
    if f.path.strip() in by_name:
        return Binding(f, by_name[f.path.strip()])
    head, mark, rest = f.path.partition("|json")
    if mark and head in by_name:
        return Binding(f, by_name[head], "|json" + rest)
    if structs:
        parts = head.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            name = ".".join(parts[:cut])
            if name in by_name:
                return Binding(f, by_name[name], f.path[len(name) + 1 :])
    return Binding(f, None)


def with_nulls(array: pa.Array, values: Sequence[str]) -> pa.Array:
    """The array with null where a string is one of ``values``."""
    if not values or not pa.types.is_string(array.type):
        return array
    hit = pc.is_in(array, value_set=pa.array(list(values), pa.string()))
    return pc.if_else(hit, pa.scalar(None, pa.string()), array) if pc.any(hit).as_py() else array


class Batcher:
    """Collects parts and gives batches of ``rows`` rows, or fewer once they hold `BATCH_BYTES` or many rejects.

    What it gives depends on the parts alone.
    """

    def __init__(self, fields: Sequence[Field], rows: int) -> None:
        self._names, self._rows = [f.name for f in fields], rows
        self._parts: list[Part] = []
        self._held = self._bytes = 0
        self._rejects: list[Reject] = []
        self._drift: tuple[Drift, ...] = ()
        self._types: list[pa.DataType] | None = None
        self._given = False

    def drift(self, found: Iterable[Drift]) -> None:
        """Columns that differ; goes out with the next batch."""
        self._drift = tuple(sorted({*self._drift, *found}))

    def add(self, part: Part) -> Iterator[SourceBatch]:
        """Take a part and give the batches that are full."""
        self._types = self._types or [array.type for array in part.arrays]
        self._rejects += part.rejects
        if len(part.positions):
            self._parts.append(part)
            self._held += len(part.positions)
            self._bytes += sum(array.nbytes for array in part.arrays)
        while self._held >= self._rows:
            yield self._take(self._rows)
        if self._bytes >= BATCH_BYTES or len(self._rejects) >= self._rows:
            yield self._take(self._held)

    def end(self, types: Sequence[pa.DataType] | None = None) -> Iterator[SourceBatch]:
        """Give what is left; a source without rows gives one batch of none, with ``types`` for its columns."""
        if self._held or self._rejects or self._drift or not self._given:
            self._types = self._types or list(types or [pa.string()] * len(self._names))
            yield self._take(self._held)

    def _take(self, count: int) -> SourceBatch:
        assert self._types is not None
        chosen: list[Part] = []
        left, split = count, False
        while left:
            part = self._parts.pop(0)
            size = len(part.positions)
            if size > left:
                self._parts.insert(0, Part([a.slice(left) for a in part.arrays], part.positions[left:]))
                part = Part([a.slice(0, left) for a in part.arrays], part.positions[:left])
                size, split = left, True
            chosen.append(part)
            left -= size
        self._held -= count
        self._bytes = sum(array.nbytes for part in self._parts for array in part.arrays)
        if len(chosen) == 1 and not split and not any(array.offset for array in chosen[0].arrays):
            # One record can be larger than a batch: it is not copied.
            arrays = list(chosen[0].arrays)
        else:
            arrays = [
                pa.concat_arrays([one.arrays[i] for one in chosen]) if chosen else pa.array([], kind)
                for i, kind in enumerate(self._types)
            ]
        positions = np.concatenate([part.positions for part in chosen]) if chosen else np.array([], np.int64)
        batch = pa.RecordBatch.from_arrays(arrays, names=self._names)
        rejects, self._rejects = self._rejects, []
        drift, self._drift = self._drift, ()
        self._given = True
        return SourceBatch(batch, pa.array(positions, pa.int64()), rejects, drift)
