"""What changed between two releases: documents, tokens, sources, what they were made under, and shards.

Documents are compared by id: the identity columns of both releases are read, a shard of both once, and spilt into
buckets by id, so that memory is bounded by a bucket whatever the size of the releases. Their text is not read.

A document is in a release while one of its rows there is neither a hole nor frozen. Of those that are in the first
release it is ``kept``, ``erased`` (there are only holes of it in the second) or ``removed``; of those in the second
``kept`` or ``added``. ``other_tokens`` of the kept ones have another count of tokens, so their text is another; it is
``None`` where the releases are of two formats or tokenizers, whose counts say nothing of each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseInfo
from clearinghouse.jobs.release_rows import Rows, frozen_rows, rows_of, words
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

#: Rows of both releases that one bucket holds, about: 30 bytes each.
BUCKET_ROWS = 1 << 20
_MOST_BUCKETS = 512
_FROM, _TO, _HOLE_FROM, _HOLE_TO = 1, 2, 4, 8
_ROW = np.dtype(
    [
        ("high", "u8"),
        ("low", "u8"),
        ("tokens", "i4"),
        ("source", "i2"),
        ("language", "i2"),
        ("epoch", "i2"),
        ("is", "u1"),
    ]
)
CHANGES = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("language", pa.string()),
        ("change", pa.string()),
        ("tokens_from", pa.int64()),
        ("tokens_to", pa.int64()),
    ]
)
"""One row a document that is not the same in both: ``change`` is added, removed, erased or other_tokens."""

_KINDS = ("kept", "added", "removed", "erased", "other_tokens")


def diff(store: Store, first: str, second: str, scratch: Path, changes: Path | None = None) -> dict[str, Any]:
    """Compare two releases, named as ``mix@version`` or ``mix`` for its latest; they may be of two mixes.

    ``scratch`` is an empty folder that needs about 30 bytes a row. ``changes`` is a Parquet file to be written with
    every document that is not the same in both (`CHANGES`). Returns plain values: ``from`` and ``to`` (the releases),
    ``documents`` and ``languages`` and ``sources`` (counts by kind), ``shards``, and ``changed`` (what it was made
    under). Raises `NotFoundByName`, `IntegrityError` or `StoreError`.
    """
    one, two = (catalog.release(store, catalog.resolve(store, name)) for name in (first, second))
    names = _Names()
    buckets = _spill(store, one, two, scratch, names)
    counted = _Counted(comparable=_counting(one.manifest) == _counting(two.manifest))
    writer = pq.ParquetWriter(changes, CHANGES, compression="zstd") if changes is not None else None
    try:
        for path in buckets:
            for table in counted.add(np.fromfile(path, _ROW), names, wanted=writer is not None):
                assert writer is not None
                writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    return {
        "from": _release(one),
        "to": _release(two),
        "documents": counted.totals(),
        "sources": _sources(one.manifest, two.manifest, counted),
        "languages": counted.by(1),
        "shards": _shards(one.manifest, two.manifest),
        "changed": _changed(store, one.manifest, two.manifest),
    }


@dataclass
class _Names:
    """Sources and languages as small numbers."""

    sources: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


def _codes(column: pa.Array, known: dict[str, int]) -> NDArray[np.int16]:
    encoded = column.dictionary_encode()
    places = np.array([known.setdefault(str(name), len(known)) for name in encoded.dictionary.to_pylist()], np.int16)
    return places[encoded.indices.to_numpy(zero_copy_only=False)]


def _spill(store: Store, one: ReleaseInfo, two: ReleaseInfo, scratch: Path, names: _Names) -> list[Path]:
    """Rows of both releases dealt by id into files of `_ROW`s; a shard that both have is read once."""
    total = sum(info.manifest.totals.get("rows", 0) for info in (one, two))
    count = min(_MOST_BUCKETS, 1 + total // BUCKET_ROWS)
    paths = [scratch / f"{number:03d}" for number in range(count)]
    files = [path.open("wb") for path in paths]
    try:
        for part, mark in _parts(store, one, two):
            rows = np.empty(len(part), _ROW)
            rows["high"], rows["low"] = words(part.ids).T
            rows["tokens"], rows["epoch"] = part.tokens, part.epoch
            rows["source"], rows["language"] = (
                _codes(part.source, names.sources),
                _codes(part.language, names.languages),
            )
            rows["is"] = mark
            where = (rows["high"] >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)
            for number in np.unique(where).tolist():
                rows[where == number].tofile(files[number])
    finally:
        for file in files:
            file.close()
    return paths


def _parts(store: Store, one: ReleaseInfo, two: ReleaseInfo) -> Iterator[tuple[Rows, NDArray[np.uint8]]]:
    """Batches of rows, and of each in which release it is, and whether as a hole."""
    sides = [(one, _FROM, _HOLE_FROM), (two, _TO, _HOLE_TO)]
    frozen = [frozen_rows(store, info.ref) for info, _, _ in sides]
    places = [{shard.sha256: shard.first_row for shard in info.manifest.shards} for info, _, _ in sides]
    for side, (info, _, _) in enumerate(sides):
        for number, shard in enumerate(info.manifest.shards):
            if side and shard.sha256 in places[0]:
                continue
            for part in rows_of(store, info.manifest, number):
                mark = np.zeros(len(part), np.uint8)
                for (_, live, hole), where, cold in zip(sides, places, frozen, strict=True):
                    if shard.sha256 in where:
                        at = np.arange(len(part)) + (where[shard.sha256] + part.first)
                        gone = part.erased | np.isin(at, cold)
                        mark |= np.where(gone, np.uint8(hole), np.uint8(live))
                yield part, mark


class _Counted:
    """Documents by kind, by source and by language; each document once, under those of its first row."""

    def __init__(self, *, comparable: bool) -> None:
        self._comparable = comparable
        self._found: Counter[tuple[str, str, str]] = Counter()
        self._tokens: Counter[tuple[str, str, str]] = Counter()

    def add(self, rows: NDArray[Any], names: _Names, *, wanted: bool) -> Iterator[pa.Table]:
        """Count the documents of a bucket; yields those that are not the same, where they are ``wanted``."""
        if not len(rows):
            return
        rows = rows[np.lexsort((rows["is"], rows["epoch"], rows["source"], rows["low"], rows["high"]))]
        same = np.ones(len(rows), bool)
        same[0] = False
        for name in ("high", "low", "source"):
            same[1:] &= rows[name][1:] == rows[name][:-1]
        starts = np.flatnonzero(~same)
        of = np.cumsum(~same) - 1
        marks = np.bitwise_or.reduceat(rows["is"], starts)
        # Tokens of one copy of the document, and of all its rows, on either side.
        text, whole = [], []
        for live in (_FROM, _TO):
            counts = np.where(rows["is"] & live, rows["tokens"], 0).astype(np.int64)
            text.append(np.maximum.reduceat(counts, starts))
            whole.append(np.bincount(of, counts, len(starts)).astype(np.int64))
        here, there = (marks & _FROM) > 0, (marks & _TO) > 0
        hole = (marks & _HOLE_TO) > 0
        kinds = {
            "kept": here & there,
            "added": ~here & there,
            "removed": here & ~there & ~hole,
            "erased": here & ~there & hole,
            "other_tokens": here & there & (text[0] != text[1]) & self._comparable,
        }
        first = rows[starts]
        sources, languages = list(names.sources), list(names.languages)
        pair = first["source"].astype(np.int64) * len(languages) + first["language"]
        for code in np.unique(pair).tolist():
            mine = pair == code
            key = (sources[code // len(languages)], languages[code % len(languages)])
            for kind, chosen in kinds.items():
                self._found[(*key, kind)] += int((chosen & mine).sum())
            for name, counts in zip(("tokens_from", "tokens_to"), whole, strict=True):
                self._tokens[(*key, name)] += int(counts[mine].sum())
        for kind in _KINDS[1:] if wanted else ():
            at = np.flatnonzero(kinds[kind])
            if len(at):
                ids = np.stack([first["high"][at], first["low"][at]], axis=1)
                yield pa.table(
                    [
                        pa.array(_hex(ids), pa.string()),
                        pa.array([sources[code] for code in first["source"][at].tolist()], pa.string()),
                        pa.array([languages[code] for code in first["language"][at].tolist()], pa.string()),
                        pa.array([kind] * len(at), pa.string()),
                        *(pa.array(counts[at].tolist(), pa.int64()) for counts in text),
                    ],
                    schema=CHANGES,
                )

    def totals(self) -> dict[str, int | None]:
        return self._sum(lambda _: True)

    def by(self, place: int) -> dict[str, dict[str, int | None]]:
        """Counts by source (0) or language (1)."""
        names = sorted({key[place] for key in self._found})
        return {name: self._sum(lambda key, name=name: key[place] == name) for name in names}

    def of(self, source: str) -> dict[str, dict[str, int | None]]:
        """Counts of one source by language."""
        names = sorted({key[1] for key in self._found if key[0] == source})
        return {name: self._sum(lambda key, name=name: key[:2] == (source, name)) for name in names}

    def _sum(self, mine: Any) -> dict[str, int | None]:
        found = {
            kind: sum(count for key, count in self._found.items() if key[2] == kind and mine(key)) for kind in _KINDS
        }
        tokens = {
            name: sum(count for key, count in self._tokens.items() if key[2] == name and mine(key))
            for name in ("tokens_from", "tokens_to")
        }
        before = found["kept"] + found["removed"] + found["erased"]
        other = {} if self._comparable else {"other_tokens": None}
        return {"from": before, "to": found["kept"] + found["added"], **found, **other, **tokens}


def _hex(ids: NDArray[np.uint64]) -> list[str]:
    data = np.ascontiguousarray(ids.astype(">u8")).tobytes().hex()
    return [data[start : start + 32] for start in range(0, len(data), 32)]


def _counting(manifest: ReleaseManifest) -> tuple[str, str | None]:
    """What counts of tokens depend on beside the text."""
    return manifest.sample_format, manifest.tokenizer.get("sha256")


def _release(info: ReleaseInfo) -> dict[str, Any]:
    manifest = info.manifest
    return {
        "release": str(info.ref),
        "digest": manifest.digest,
        "status": info.status,
        "latest": info.is_latest,
        **{name: manifest.totals.get(name) for name in ("rows", "tokens", "bytes")},
        "shards": len(manifest.shards),
        "erased": sum(section.erased for section in manifest.sections),
        "sections": [
            {"split": one.split, "stage": one.stage, "rows": one.rows, "tokens": one.tokens}
            for one in manifest.sections
        ],
    }


def _shards(one: ReleaseManifest, two: ReleaseManifest) -> dict[str, int]:
    """Shards of equal bytes; ``shared`` are also the same objects, which those of two mixes are not."""
    before = {shard.sha256 for shard in one.shards}
    same = [shard for shard in two.shards if shard.sha256 in before]
    return {
        "from": len(one.shards),
        "to": len(two.shards),
        "same": len(same),
        "shared": len(same) if one.pool == two.pool else 0,
        "new_bytes": sum(shard.bytes for shard in two.shards) - sum(shard.bytes for shard in same),
    }


def _sources(one: ReleaseManifest, two: ReleaseManifest, counted: _Counted) -> list[dict[str, Any]]:
    sides = [_by_dataset(manifest) for manifest in (one, two)]
    totals = counted.by(0)
    return [
        {
            "dataset": name,
            "documents": totals.get(name, {}),
            "languages": counted.of(name),
            **{
                what: [side[name].get(what) if name in side else None for side in sides]
                for what in ("snapshot", "contract", "licence", "legal_basis", "tokens_wanted", "tokens_available")
            },
        }
        for name in dict.fromkeys([*sides[0], *sides[1], *totals])
    ]


def _by_dataset(manifest: ReleaseManifest) -> dict[str, dict[str, Any]]:
    """Sources by data set. Those that take several views of one are told together: rows name the data set alone."""
    found: dict[str, dict[str, Any]] = {}
    for source in manifest.sources:
        mine = found.setdefault(str(source["dataset"]), {**source, "tokens_wanted": 0, "tokens_available": 0})
        for name in ("tokens_wanted", "tokens_available"):
            mine[name] += source.get(name, 0)
    return found


def _changed(store: Store, one: ReleaseManifest, two: ReleaseManifest) -> dict[str, Any]:
    """What the releases were made under, where it differs: ``[from, to]`` by name. Digests alone would not tell what
    changed in a recipe or a gate, so these are taken apart."""
    found: dict[str, Any] = {
        name: [getattr(one, name), getattr(two, name)]
        for name in ("mix", "purpose", "sample_format", "seed", "tokenizer", "policy", "code", "format")
        if getattr(one, name) != getattr(two, name)
    }
    schema = _differing(*(_columns(store, manifest) for manifest in (one, two)))
    gates = _differing(*(_gates(manifest) for manifest in (one, two)))
    recipe = dict(_apart(*(_by_name(manifest.recipe) for manifest in (one, two))))
    for name in ("digest", "version"):
        if len(recipe) > 1:
            # They follow from the rest.
            recipe.pop(name, None)
    redactions = _differing(*(_by_entity(manifest.redactions) for manifest in (one, two)))
    parts = {"columns": schema, "gates": gates, "recipe": recipe, "redactions": redactions}
    return {**found, **{name: value for name, value in parts.items() if value}}


def _differing(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [one.get(name), two.get(name)] for name in dict.fromkeys([*one, *two]) if one.get(name) != two.get(name)
    }


def _gates(manifest: ReleaseManifest) -> dict[str, dict[str, Any]]:
    """Gates without their details: these count what was measured, and differ where the verdict does not."""
    return {
        str(gate.get("name")): {key: value for key, value in gate.items() if key != "detail"} for gate in manifest.gates
    }


def _columns(store: Store, manifest: ReleaseManifest) -> dict[str, str]:
    if not manifest.shards:
        return {}
    with store.open(manifest.shard_key(0)) as source:
        return {column.name: str(column.type) for column in pq.read_schema(source)}


def _by_name(value: Any) -> Any:
    """Lists of things that have a name, or a data set, by that name: an order that changed is no change of each."""
    if isinstance(value, Mapping):
        return {str(name): _by_name(inner) for name, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        for key in ("dataset", "name"):
            names = [item.get(key) for item in value if isinstance(item, Mapping)]
            if value and len(names) == len(value) and all(names) and len(set(names)) == len(names):
                return {str(item[key]): _by_name({k: v for k, v in item.items() if k != key}) for item in value}
    return value


def _apart(one: Mapping[str, Any], two: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Where two nested values differ, by path; what only one of them has is not taken apart further."""
    for name in dict.fromkeys([*one, *two]):
        where = f"{path}.{name}" if path else name
        before, after = one.get(name), two.get(name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _apart(before, after, where)
        elif before != after:
            yield where, [before, after]


def _by_entity(redactions: Mapping[str, int]) -> dict[str, int]:
    """Redactions by what was found and what was done to it (``data set|field|entity|action|recogniser``)."""
    found: Counter[str] = Counter()
    for name, count in redactions.items():
        found["|".join(name.split("|")[-3:-1])] += count
    return dict(sorted(found.items()))
