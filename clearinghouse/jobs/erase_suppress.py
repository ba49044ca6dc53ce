"""The list of subjects who were erased, as ingest consults it: their rows do not come in again.

Every request of the store is on it from the moment that its ``request.json`` is there, found or not. What is read are
keyed hashes; a request that was made under another key cannot be matched, and then nothing is read in at all.

    erasures/<id>/request.json            what was asked, conditional put
    erasures/<id>/subjects.parquet        keyed hashes of the subjects
    erasures/<id>/conversations.parquet   keyed marks of the conversations that were found to be theirs
    erasures/<id>/replaced.json           the request that was made again under another key
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from clearinghouse.subjects import CONVERSATION, ENTITIES, Entries, Subjects, hexed
from schemas.canonical import digest
from schemas.errors import ClearinghouseError, IntegrityError

if TYPE_CHECKING:
    from governance.pseudonyms import Key
    from infra.store import Store

FOLDER = "erasures"
HASHES = pa.schema([("hash", pa.binary(16)), ("entity", pa.string()), ("subject", pa.int32())])
"""Who is asked for: hashes of their values. ``subject`` counts from 0; it is no name."""


class OtherKey(ClearinghouseError):
    """Requests whose hashes were made with another key than the one at hand."""

    exit_code = 2


@dataclass(frozen=True)
class Suppressed:
    """The list as it stands: who is on it, and a digest that tells one list from another (empty for an empty list)."""

    digest: str
    subjects: Subjects

    def rows(self, entries: Entries) -> set[str]:
        """Ids of the rows that lead to somebody on the list; for chats, of all rows of their conversations."""
        hits = self.subjects.hits(entries)
        return {hit.id for hit in hits} | conversation_rows(entries, {hit.document for hit in hits})


def conversation_rows(entries: Entries, documents: set[str]) -> set[str]:
    """Ids of the rows of these conversations."""
    if not documents:
        return set()
    talks = entries[entries["entity"] == ENTITIES.index(CONVERSATION)]
    marks = hexed(talks["d0"], talks["d1"])
    there = np.array([mark in documents for mark in marks], bool)
    return set(hexed(talks["i0"][there], talks["i1"][there]))


def suppressed(store: Store, key: Key) -> Suppressed:
    """The list of this moment. Raises `OtherKey`, `IntegrityError` or `StoreError`."""
    files: dict[str, dict[str, int]] = {}
    for entry in store.list(f"{FOLDER}/"):
        _, number, name = entry.key.split("/", 2)
        if name in ("request.json", "subjects.parquet", "conversations.parquet", "replaced.json"):
            files.setdefault(number, {})[name] = entry.bytes
    asked = tuple(
        (number, "conversations.parquet" in there)
        for number, there in sorted(files.items())
        if "request.json" in there and "replaced.json" not in there
    )
    return _list(_Place(store), key.id, asked)


@dataclass(frozen=True)
class _Place:
    """A store that is told apart by where it is."""

    store: Store

    def __hash__(self) -> int:
        return hash(self.store.uri)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Place) and other.store.uri == self.store.uri


@lru_cache(maxsize=2)
def _list(place: _Place, key_id: str, asked: tuple[tuple[str, bool], ...]) -> Suppressed:
    if not asked:
        return Suppressed("", Subjects([]))
    hashes: list[tuple[bytes, str, int]] = []
    first, others, stated = 0, [], []
    for number, talks in asked:
        request = request_of(place.store, number)
        if request["key_id"] != key_id:
            others.append(number)
            continue
        stated.append([number, request["hashes"]["sha256"], talks])
        hashes += [(value, entity, first + subject) for value, entity, subject in hashes_of(place.store, request)]
        if talks:
            table = read_hashes(place.store.read(f"{FOLDER}/{number}/conversations.parquet"))
            hashes += [(value, entity, first) for value, entity, _ in table]
        first += int(request["subjects"])
    if others:
        raise OtherKey(
            f"{len(others)} of {len(asked)} erasure requests were made under another key than {key_id}: "
            f"{', '.join(others[:5])}{' …' if len(others) > 5 else ''}",
            state="nothing was read in: rows of subjects who were erased could have come back",
            fix="use the key of these requests, or make each again: clearinghouse erase request … --replaces ID",
        )
    return Suppressed(digest(stated), Subjects(hashes))


def request_of(store: Store, number: str) -> dict[str, Any]:
    """What was asked. Raises `IntegrityError` where it cannot be read, `NotFound` where it is not there."""
    key = f"{FOLDER}/{number}/request.json"
    data = store.read(key)
    try:
        found = json.loads(data)
        if found["id"] != number:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        raise IntegrityError(
            f"{key} is not an erasure request",
            state="nothing was changed",
            fix="restore the object from the store's backup",
        ) from None
    return dict(found)


def hashes_of(store: Store, request: dict[str, Any]) -> list[tuple[bytes, str, int]]:
    """The hashes of a request, checked against the digest that it states."""
    key = request["hashes"]["key"]
    data = store.read(key)
    if digest(data) != request["hashes"]["sha256"]:
        raise IntegrityError(
            f"{key} does not have the digest that its request states",
            state="nothing was changed",
            fix="restore the object from the store's backup",
        )
    return read_hashes(data)


def read_hashes(data: bytes) -> list[tuple[bytes, str, int]]:
    """(hash, entity, subject) of a file of `HASHES`."""
    columns = pq.read_table(pa.BufferReader(data)).to_pydict()
    return list(zip(columns["hash"], columns["entity"], columns["subject"], strict=True))


def write_hashes(hashes: Iterable[tuple[bytes, str, int]]) -> bytes:
    """The bytes of a file of `HASHES`, sorted: the same hashes, the same bytes."""
    rows = sorted(set(hashes))
    table = pa.table(
        [pa.array([row[at] for row in rows], HASHES.field(at).type) for at in range(3)],
        schema=HASHES,
    )
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=["entity"], write_statistics=["hash"])
    return sink.getvalue()
