"""Rows of a release as an audit looks at them: what stood in each, and its text in parts for people to read.

Redacted values are known by what stands in their place: ``<PHONE_NUMBER>``, ``<PERSON:k7f3q2ab>``, masks. What was replaced by
something that looks like text (surrogates, coarse and encrypted values) is known by the evidence of the snapshot, and so
are finds of low score: both by the ids of the rows that a document is made of.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.reader_holes import KEPT
from governance.audit.design import LOW, Kind
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest, Shard, ShardList

if TYPE_CHECKING:
    from infra.store import Store

Ints = NDArray[np.int64]
#: Finds below this score are of low score.
LOW_SCORE = 0.6
#: Actions that leave nothing in the text by which they can be told.
_UNMARKED = ("surrogate", "generalise", "encrypt", "operator")
_MASKED, _DROPPED = "MASKED", "DROPPED"
_MARKS = {_MASKED: r"<[*•●█#]{3}[^<>\s]{0,4}>", _DROPPED: "<>"}
#: Entities that have a bit of their own; 64 bits hold them and the marks.
_MOST = 60


@dataclass(frozen=True)
class Part:
    """A piece of a document's text: where it stands (``text``, ``messages[2].content``), who says it, and what."""

    place: str
    role: str
    text: str


@dataclass(frozen=True)
class Document:
    """One row of a release, as it is shown to a reader. ``repr`` shows no text."""

    row: int
    id: str
    source: str
    language: str
    parts: tuple[Part, ...] = field(repr=False)


@dataclass(frozen=True)
class Population:
    """All rows that may be drawn: the number, kind and tokens of each; ``kinds`` are named by ``kind``."""

    rows: Ints
    kind: NDArray[np.int32]
    tokens: Ints
    kinds: tuple[Kind, ...]


def frozen(store: Store, ref: ReleaseRef) -> frozenset[int]:
    """Rows that are held back because a person is being erased. Raises `IntegrityError` for a listing that is none."""
    found: set[int] = set()
    for entry in store.list(f"{ref.folder}/frozen/"):
        try:
            found.update(int(row) for row in json.loads(store.read(entry.key))["rows"])
        except (ValueError, KeyError, TypeError):
            raise IntegrityError(
                f"{entry.key} does not say which rows are frozen", fix=f"clearinghouse verify {ref}"
            ) from None
    return frozenset(found)


def population(store: Store, manifest: ReleaseManifest) -> Population:
    """Every row but the erased and frozen. Holds about 20 bytes a row; texts are read by row group."""
    ref = ReleaseRef(manifest.mix, manifest.version)
    gone = np.array(sorted(frozen(store, ref)), np.int64)
    entities = sorted({name.split("|")[2] for name in manifest.redactions})[:_MOST]
    patterns = {**{name: f"<{name}(?:>|:)" for name in entities}, **_MARKS}
    low, unmarked = _evidence(store, manifest)
    names = [*patterns, LOW]
    codes: dict[tuple[str, str, int, frozenset[str]], int] = {}
    found: list[tuple[Ints, NDArray[np.int32], Ints]] = []
    for first, table in groups(store, manifest):
        rows = first + np.arange(len(table), dtype=np.int64)
        marks = _marks(table, patterns)
        units = table.column("provenance").combine_chunks()
        hidden = [frozenset[str]()] * len(table)
        if low or unmarked:
            made = _made_of(table.column("id"), units)
            if unmarked:
                hidden = [frozenset[str]().union(*(unmarked.get(one, ()) for one in own)) for own in made]
            marks |= np.array([not low.isdisjoint(own) for own in made], np.uint64) << np.uint64(len(patterns))
        unit = pc.struct_field(units, "unit").to_pylist() if len(table) else []
        keys = zip(unit, table.column("language").to_pylist(), marks.tolist(), hidden, strict=True)
        kind = np.array([codes.setdefault(key, len(codes)) for key in keys], np.int32)
        there = ~table.column("erased").to_numpy().astype(bool) & ~np.isin(rows, gone)
        tokens = table.column("n_tokens").to_numpy().astype(np.int64)
        found.append((rows[there], kind[there], tokens[there]))
    kinds = tuple(
        Kind(
            unit or "",
            language or "",
            tuple(sorted({n for i, n in enumerate(names[:-1]) if marks >> i & 1} | more)),
            LOW if marks >> len(patterns) & 1 else "",
        )
        for unit, language, marks, more in codes
    )
    if not found:
        return Population(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64), ())
    rows, kind, tokens = (np.concatenate(column) for column in zip(*found, strict=True))
    return Population(rows, kind, tokens, kinds)


def _made_of(ids: pa.ChunkedArray, provenance: pa.StructArray) -> list[list[str]]:
    """Ids of the rows that each document is made of: those that it names, else its own."""
    own = [[one] for one in ids.to_pylist()]
    if provenance.type.get_field_index("row_ids") < 0:
        return own  # of a release that was built before documents named their rows
    named = pc.struct_field(provenance, "row_ids").to_pylist()
    return [rows or one for rows, one in zip(named, own, strict=True)]


def groups(store: Store, manifest: ReleaseManifest) -> Iterator[tuple[int, pa.Table]]:
    """Row groups in order, each with the number of its first row."""
    for shard in manifest.shards:
        with store.open(manifest.shard_key(shard)) as source, pq.ParquetFile(source) as file:
            first = shard.first_row
            for number in range(file.num_row_groups):
                table = file.read_row_group(number, use_threads=False)
                yield first, table
                first += len(table)


def holding(manifest: ReleaseManifest, rows: Iterable[int]) -> Iterator[tuple[Shard, list[int]]]:
    """The shards that hold some rows, each with those it holds, ascending. Shards that hold none are not looked at."""
    shards = manifest.shards
    firsts = shards.columns.first_row if isinstance(shards, ShardList) else [one.first_row for one in shards]
    for number, mine in groupby(sorted(rows), key=lambda row: bisect_right(firsts, row) - 1):
        yield shards[number], list(mine)


def column(store: Store, manifest: ReleaseManifest, rows: Iterable[int], name: str) -> dict[int, Any]:
    """One column of some rows, by row; no other is read."""
    found: dict[int, Any] = {}
    for shard, mine in holding(manifest, rows):
        with store.open(manifest.shard_key(shard)) as source:
            values = pq.read_table(source, columns=[name], use_threads=False).column(name)
        found |= {row: values[row - shard.first_row].as_py() for row in mine}
    return found


def documents(store: Store, manifest: ReleaseManifest, wanted: Mapping[int, str]) -> Iterator[Document]:
    """Rows by number, each with the id that it should have, ascending. Reads the row groups that hold them.

    Raises `IntegrityError` where another document stands there: the shards are not those that the sample was drawn from.
    """
    for shard, mine in holding(manifest, wanted):
        with store.open(manifest.shard_key(shard)) as source, pq.ParquetFile(source) as file:
            first = shard.first_row
            for number in range(file.num_row_groups):
                rows = file.metadata.row_group(number).num_rows
                here = [row for row in mine if first <= row < first + rows]
                if here:
                    table = file.read_row_group(number, use_threads=False).take([row - first for row in here])
                    yield from _documents(manifest, here, table, wanted)
                first += rows


def _documents(
    manifest: ReleaseManifest, rows: list[int], table: pa.Table, wanted: Mapping[int, str]
) -> Iterator[Document]:
    content = [name for name in table.column_names if name not in KEPT]
    for row, values in zip(rows, table.to_pylist(), strict=True):
        if values["id"] != wanted[row]:
            name = f"{manifest.mix}@{manifest.version}"
            raise IntegrityError(
                f"row {row} of {name} is not the document that was drawn",
                state="no verdict was written",
                fix=f"clearinghouse verify {name}",
            )
        parts = tuple(part for name in content for part in _parts(name, values[name], ""))
        yield Document(row, values["id"], values["source"], values["language"], parts)


def _parts(place: str, value: Any, role: str) -> Iterator[Part]:
    if isinstance(value, str):
        yield Part(place, role, value)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _parts(f"{place}[{number}]", item, role)
    elif isinstance(value, dict):
        said = value.get("role")
        for name, item in value.items():
            if name != "role":
                yield from _parts(f"{place}.{name}", item, said if isinstance(said, str) else role)


def texts(table: pa.Table) -> Iterator[tuple[Ints, pa.Array]]:
    """All text of a table's content: arrays of strings, each with the rows that they are of."""
    for name in table.column_names:
        if name not in KEPT:
            column = table.column(name).combine_chunks()
            yield from _strings(column, np.arange(len(column), dtype=np.int64))


def _strings(array: pa.Array, rows: Ints) -> Iterator[tuple[Ints, pa.Array]]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _strings(array.dictionary_decode(), rows)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield rows, array
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy()
        yield from _strings(pc.list_flatten(array), np.repeat(rows, lengths))
    elif pa.types.is_struct(kind):
        for number, child in enumerate(array.flatten()):
            if kind.field(number).name != "role":
                yield from _strings(child, rows)


def _marks(table: pa.Table, patterns: Mapping[str, str]) -> NDArray[np.uint64]:
    """A bit for each pattern that stands somewhere in a row's text."""
    found = np.zeros(len(table), np.uint64)
    for rows, text in texts(table):
        # Most texts have none of them: one look for a sign that all have spares the rest.
        some = np.flatnonzero(pc.fill_null(pc.match_substring(text, "<"), False).to_numpy(zero_copy_only=False))
        if not len(some):
            continue
        part = text.take(pa.array(some))
        for bit, pattern in enumerate(patterns.values()):
            hit = pc.match_substring_regex(part, pattern).to_numpy(zero_copy_only=False)
            np.bitwise_or.at(found, rows[some[hit]], np.uint64(1 << bit))
    return found


def _evidence(store: Store, manifest: ReleaseManifest) -> tuple[set[str], dict[str, frozenset[str]]]:
    """Ids of rows with a find of low score, and the entities that were replaced in a row without a mark."""
    low: set[str] = set()
    hidden: dict[str, set[str]] = {}
    for source in manifest.sources:
        number = source.get("snapshot", {}).get("ordinal")
        try:
            snapshot = catalog.find_snapshot(store, f"{source['dataset']}@{number}")
        except NotFoundByName:
            continue
        for receipt in snapshot.receipts:
            for entry in receipt.evidence:
                if store.stat(entry.key) is None:
                    continue
                with store.open(entry.key) as opened, pq.ParquetFile(opened) as file:
                    for batch in file.iter_batches(1 << 16, columns=["id", "entity", "score", "action"]):
                        _read(pa.Table.from_batches([batch]), low, hidden)
    return low, {one: frozenset(entities) for one, entities in hidden.items()}


def _read(rows: pa.Table, low: set[str], hidden: dict[str, set[str]]) -> None:
    action = pc.cast(rows.column("action"), pa.string())
    changed = pc.invert(pc.is_in(action, pa.array(["keep", "not_scanned"])))
    faint = pc.and_(pc.fill_null(pc.less(rows.column("score"), LOW_SCORE), False), changed)
    low.update(rows.column("id").filter(faint).to_pylist())
    unmarked = pc.is_in(action, pa.array(_UNMARKED))
    entity = pc.cast(rows.column("entity"), pa.string())
    for one, name in zip(
        rows.column("id").filter(unmarked).to_pylist(), entity.filter(unmarked).to_pylist(), strict=True
    ):
        hidden.setdefault(one, set()).add(name)
