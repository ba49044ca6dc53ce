"""The subject index: which rows lead to which person, as keyed hashes alone.

Ingest writes one beside every file of clean rows: an entry for each value of a row that leads to a person, found in a
column or in free text, and for what linked records declare. The hash is the one that evidence has
(`governance.pseudonyms.Key.value_hash` in the scope `HASH_SCOPE`), so that one hash finds a value in both. A column
that the policy drops is indexed before it goes; no value is written.

Entries are sorted by hash, so that a look-up reads the row groups whose span holds one of its hashes. Rows of a chat
have one entry more, for their conversation.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse.evidence import HASH_SCOPE, documents_of
from schemas.arrow_schema import ID
from schemas.manifest import FileEntry
from schemas.plans import redaction_plan
from schemas.subject import ALONE, CONVERSATION, TOGETHER, entity_of
from transforms.redact import as_text

if TYPE_CHECKING:
    from clearinghouse.scrub import Scrubbed
    from governance.known_values import Declared
    from governance.pseudonyms import Key
    from infra.store import Store
    from schemas.contract import Contract, Policy

_HASH = pa.binary(16)
SUBJECTS = pa.schema(
    [
        pa.field("hash", _HASH, nullable=False),
        pa.field("entity", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("id", _HASH, nullable=False),
        pa.field("document", _HASH, nullable=False),
    ]
)
"""``hash``: the first 16 bytes of the value's keyed hash. ``id``: the row. ``document``: its conversation, else its id."""

ENTITIES = tuple(sorted(ALONE | TOGETHER | {CONVERSATION}))
ENTRY = np.dtype(
    [("h0", "<u8"), ("h1", "<u8"), ("i0", "<u8"), ("i1", "<u8"), ("d0", "<u8"), ("d1", "<u8"), ("entity", "<i4")]
)
"""An entry in memory: each 16 bytes as two numbers that sort like them, and the place of its entity in `ENTITIES`."""
Entries = npt.NDArray[Any]

HELD = 1_000_000
"""Entries that are sorted in memory; more are dealt by their first bits into files of the scratch folder."""
GROUP = 65_536
_BUCKETS = 16


class Indexer:
    """Entries of the batches of one data set."""

    def __init__(self, contract: Contract, policy: Policy, key: Key) -> None:
        self._contract, self._key = contract, key
        self.silent: set[str] = set()
        self._columns: dict[str, str] = {}
        for field, plan in zip(contract.fields, redaction_plan(contract, policy).fields, strict=True):
            entity = entity_of(field, plan.entity)
            if field.subject is False:
                self.silent.add(field.name)
            elif entity is not None and not (plan.whole_cell and entity == plan.entity):
                # What is replaced whole leaves evidence, which is read; of what stays there is none.
                self._columns[field.name] = entity

    def entries(self, batch: pa.RecordBatch, scrubbed: Scrubbed, beyond: Sequence[Declared] = ()) -> Entries:
        """Of a batch before and after it was scrubbed, and what other records declare for its rows."""
        documents = documents_of(batch, self._contract, self._key)
        ids, marks = _words(batch.column(ID)), _words(documents)
        parts = [entries_of_evidence(scrubbed.evidence, self.silent)]
        for name, entity in self._columns.items():
            texts = as_text(batch.column(name))
            hashes = self._hashed(entity, texts)
            parts.append(_entries(hashes, ids, marks, np.arange(len(batch)), entity))
        for declared in beyond:
            if declared.entity in ALONE:
                hashes = self._hashed(declared.entity, declared.values).take(pa.array(declared.value))
                parts.append(_entries(hashes, ids, marks, np.asarray(declared.row), declared.entity))
        document = self._contract.document
        if document is not None and document.group and document.group in batch.schema.names:
            parts.append(_entries(documents, ids, marks, np.arange(len(batch)), CONVERSATION))
        return np.concatenate(parts)

    def _hashed(self, entity: str, texts: pa.Array) -> pa.Array:
        coded = pc.dictionary_encode(texts)
        hashes = [value_hash(self._key, entity, value).hex() for value in coded.dictionary.to_pylist()]
        return pa.array(hashes, pa.string()).take(coded.indices)


def entries_of_evidence(evidence: pa.RecordBatch, silent: Iterable[str] = ()) -> Entries:
    """Entries of what was redacted or found; fields in ``silent`` lead to nobody."""
    wanted = pc.is_in(evidence.column("entity").cast(pa.string()), value_set=_INDEXED)
    wanted = pc.and_(wanted, pc.is_valid(evidence.column("value_hash")))
    quiet = sorted(silent)
    if quiet:
        wanted = pc.and_(
            wanted, pc.invert(pc.is_in(evidence.column("field").cast(pa.string()), value_set=pa.array(quiet)))
        )
    found = evidence.filter(wanted)
    made = np.zeros(len(found), ENTRY)
    if not len(found):
        return made
    for (high, low), name in ((("h0", "h1"), "value_hash"), (("i0", "i1"), "id"), (("d0", "d1"), "document")):
        words = _words(found.column(name))
        made[high], made[low] = words[:, 0], words[:, 1]
    coded = pc.dictionary_encode(found.column("entity").cast(pa.string()))
    codes = np.array([_CODE[name] for name in coded.dictionary.to_pylist()], np.int32)
    made["entity"] = codes[coded.indices.to_numpy()]
    return made


def value_hash(key: Key, entity: str, value: str) -> bytes:
    """The 16 bytes by which a value stands in evidence, indexes and requests."""
    return key.value_hash(entity, value, HASH_SCOPE)[:16]


_CODE: Mapping[str, int] = {name: code for code, name in enumerate(ENTITIES)}
_INDEXED = pa.array(sorted(ALONE | TOGETHER))


def _entries(hashes: pa.Array, ids: Any, marks: Any, rows: npt.NDArray[np.int64], entity: str) -> Entries:
    there = pc.is_valid(hashes).to_numpy(zero_copy_only=False)
    rows, words = rows[there], _words(hashes.filter(pa.array(there)))
    made = np.zeros(len(rows), ENTRY)
    made["h0"], made["h1"] = words[:, 0], words[:, 1]
    made["i0"], made["i1"] = ids[rows, 0], ids[rows, 1]
    made["d0"], made["d1"] = marks[rows, 0], marks[rows, 1]
    made["entity"] = _CODE[entity]
    return made


def _words(texts: Any) -> npt.NDArray[np.uint64]:
    """Texts of 32 hex digits as two numbers each."""
    joined = bytes.fromhex("".join(texts.to_pylist()))
    return np.frombuffer(joined, ">u8").astype(np.uint64).reshape(-1, 2)


def hexed(high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> list[str]:
    """Two numbers each as 32 hex digits: how ids are written."""
    text = np.stack([high, low], axis=1).astype(">u8").tobytes().hex()
    return [text[at : at + 32] for at in range(0, len(text), 32)]


# --- writing ---


class SubjectSink:
    """Collects entries into a Parquet file sorted by hash; `finish` puts it into the store under its digest.

    Memory is bounded by `HELD` entries (56 bytes each), or by a sixteenth of all where there are more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[Entries] = []
        self._count = 0
        self._spilled = False

    def add(self, entries: Entries) -> None:
        self._held.append(entries)
        self._count += len(entries)
        if self._count > HELD:
            self._spill()

    def _spill(self) -> None:
        every = np.concatenate(self._held)
        place = (every["h0"] >> np.uint64(60)).astype(np.int64)
        for number in range(_BUCKETS):
            with self._bucket(number).open("ab") as file:
                every[place == number].tofile(file)
        self._held, self._count, self._spilled = [], 0, True

    def _bucket(self, number: int) -> Path:
        return self._folder / f"subjects-{number}"

    def _sorted(self) -> Iterator[Entries]:
        if not self._spilled:
            yield _in_order(np.concatenate(self._held)) if self._held else np.zeros(0, ENTRY)
            return
        self._spill()
        for number in range(_BUCKETS):
            path = self._bucket(number)
            yield _in_order(np.fromfile(path, ENTRY))
            path.unlink()

    def finish(self, store: Store, prefix: str) -> tuple[FileEntry, ...]:
        """Upload as ``<prefix>/<sha256>.parquet``; no entries, no file."""
        from clearinghouse.jobs.writer import send

        if not self._count and not self._spilled:
            return ()
        path = self._folder / "subjects.parquet"
        rows = write_index(self._sorted(), path)
        return (send(store, path, prefix, rows),) if rows else ()


def write_index(parts: Iterable[Entries], path: Path) -> int:
    """Write parts that are sorted and follow one another; returns how many entries there are."""
    rows = 0
    with pq.ParquetWriter(
        path,
        SUBJECTS,
        compression="zstd",
        use_dictionary=["entity"],
        write_statistics=["hash"],
        write_page_checksum=True,
        store_schema=True,
    ) as writer:
        for part in parts:
            for start in range(0, len(part), GROUP):
                writer.write_table(_table(part[start : start + GROUP]), row_group_size=GROUP)
            rows += len(part)
    return rows


def _in_order(entries: Entries) -> Entries:
    order = np.lexsort(tuple(entries[name] for name in ("i1", "i0", "entity", "h1", "h0")))
    made = entries[order]
    if len(made) < 2:
        return made
    keys = [made[name] for name in ("h0", "h1", "entity", "i0", "i1")]
    fresh = np.ones(len(made), bool)
    fresh[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return made[fresh]


def _table(entries: Entries) -> pa.Table:
    present, places = np.unique(entries["entity"], return_inverse=True)
    names = pa.array([ENTITIES[code] for code in present.tolist()], pa.string())
    columns = [
        _sixteen(entries["h0"], entries["h1"]),
        pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), names),
        _sixteen(entries["i0"], entries["i1"]),
        _sixteen(entries["d0"], entries["d1"]),
    ]
    return pa.Table.from_arrays(columns, schema=SUBJECTS)


def _sixteen(high: Any, low: Any) -> pa.Array:
    data = np.stack([high, low], axis=1).astype(">u8").tobytes()
    return pa.Array.from_buffers(_HASH, len(high), [None, pa.py_buffer(data)])


# --- looking up ---


@dataclass(frozen=True)
class Hit:
    """A row that leads to a subject: the subject's number in its request, the row and its document (32 hex digits)."""

    subject: int
    id: str
    document: str


class Subjects:
    """People to look for: for each hash the number of the subject and the entity. Sorted arrays, 28 bytes a hash."""

    def __init__(self, hashes: Sequence[tuple[bytes, str, int]]) -> None:
        """``hashes`` are (16 bytes, entity, subject), in any order."""
        every = sorted(set(hashes))
        words = np.frombuffer(b"".join(one[0] for one in every), ">u8").astype(np.uint64).reshape(-1, 2)
        self._h0, self._h1 = np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1])
        self._entity = np.array([_CODE[one[1]] for one in every], np.int32)
        self._subject = np.array([one[2] for one in every], np.int64)
        self.hashes = sorted({one[0] for one in every})

    def __len__(self) -> int:
        return len(self._h0)

    def hits(self, entries: Entries) -> list[Hit]:
        """Rows that lead to a subject: by a value that names one alone, or by two different ones that do together."""
        if not len(self) or not len(entries):
            return []
        place = np.searchsorted(self._h0, entries["h0"])
        near = np.flatnonzero(self._h0[np.minimum(place, len(self) - 1)] == entries["h0"])
        if not len(near):
            return []
        some = entries[near]
        ids, documents = hexed(some["i0"], some["i1"]), hexed(some["d0"], some["d1"])
        found: dict[tuple[int, str], tuple[str, set[int]]] = {}
        for number, (at, high, low) in enumerate(
            zip(place[near].tolist(), some["h0"].tolist(), some["h1"].tolist(), strict=True)
        ):
            while at < len(self) and int(self._h0[at]) == high:
                if int(self._h1[at]) == low:
                    one = (int(self._subject[at]), ids[number])
                    found.setdefault(one, (documents[number], set()))[1].add(int(self._entity[at]))
                at += 1
        return [
            Hit(subject, own, document)
            for (subject, own), (document, kinds) in sorted(found.items())
            if any(ENTITIES[kind] not in TOGETHER for kind in kinds) or len(kinds) > 1
        ]


def read_entries(source: Any, wanted: Sequence[bytes] | None = None) -> Iterator[Entries]:
    """Entries of an index file; with ``wanted`` (sorted) only those of its row groups that may hold one of them."""
    with pq.ParquetFile(source) as file:
        for number in range(file.num_row_groups):
            if wanted is not None:
                found = file.metadata.row_group(number).column(0).statistics
                if found is not None and found.has_min_max:
                    at = bisect.bisect_left(wanted, bytes(found.min))
                    if at == len(wanted) or wanted[at] > bytes(found.max):
                        continue
            yield _entries_of(file.read_row_group(number, use_threads=False))


def _entries_of(table: pa.Table) -> Entries:
    table = table.combine_chunks()
    made = np.zeros(len(table), ENTRY)
    if not len(table):
        return made
    for (high, low), name in ((("h0", "h1"), "hash"), (("i0", "i1"), "id"), (("d0", "d1"), "document")):
        column = table.column(name).chunk(0)
        data = np.frombuffer(column.buffers()[1], ">u8", count=2 * (column.offset + len(column)))
        words = data[2 * column.offset :].astype(np.uint64).reshape(-1, 2)
        made[high], made[low] = words[:, 0], words[:, 1]
    entity = table.column("entity").chunk(0)
    codes = np.array([_CODE[name] for name in entity.dictionary.to_pylist()], np.int32)
    made["entity"] = codes[entity.indices.to_numpy()]
    return made


def together(entries: Iterator[Entries], subjects: Subjects) -> list[Hit]:
    """`Subjects.hits` over a file: values that lead to a person together may stand in different row groups."""
    near = [part[np.isin(part["h0"], subjects._h0)] for part in entries]
    return subjects.hits(np.concatenate(near)) if near else []


def search(store: Store, files: Iterable[FileEntry], subjects: Subjects) -> list[Hit]:
    """The hits of one unit of work's index."""
    found: list[Hit] = []
    for entry in files:
        with store.open(entry.key) as source:
            found += together(read_entries(source, subjects.hashes), subjects)
    return found
