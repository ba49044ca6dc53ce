"""Where a document comes from and where it went: rows of a unit, what was redacted, releases that hold it or do not.

Everything is read from the store as it stands: manifests, identity columns of snapshots and shards, the indexes that
releases were chosen by, and the evidence of redactions. No value of a unit's data is read or returned, and of the
evidence everything but the keyed hashes. It costs a look at the ids of the whole store; shards that versions share
are read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseInfo
from clearinghouse.evidence import NOT_SCANNED
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.release_rows import frozen_listings, opened
from schemas.errors import IntegrityError, StoreError
from schemas.manifest import Receipt, SnapshotManifest

if TYPE_CHECKING:
    from infra.store import Store

_ID = re.compile(r"[0-9a-f]{32}")
_INDEX = re.compile(r"[0-9a-f]{32}\.parquet")
#: Shards read at once; decompression lets other threads run, and a remote store answers several requests.
_AT_ONCE = 4


@dataclass(frozen=True)
class Place:
    """Where a document's first row stands in its data set, and of how many rows it is made."""

    dataset: str
    partition: str
    position: int
    rows: int


@dataclass(frozen=True)
class Indexed:
    """What releases knew of a document when they chose: counts, language, and why it may not be used, if so."""

    place: Place
    language: str | None
    chars: int | None
    tokens: int | None
    reason: str | None


@dataclass
class Origin:
    """Rows of a snapshot that a document was made of. ``snapshots`` are the numbers of those that hold them,
    ``inputs`` the files of the unit that they came from; ``complete`` says whether all rows are known."""

    dataset: str
    unit: str
    partition: str
    position: int
    rows: list[str]
    complete: bool
    snapshots: list[int]
    newest: bool
    files: list[str]
    inputs: list[Mapping[str, Any]]
    receipts: list[Receipt] = field(repr=False, default_factory=list)


def explain(store: Store, document: str) -> dict[str, Any]:
    """All that the store knows of a document, by the id that releases give it or by that of one of its rows.

    Returns plain values: ``id``, ``origin`` (or ``None``), ``index``, ``redactions``, ``releases`` (those that hold
    it, with every row) and ``absent`` (the others, with why), and ``unread`` (objects that could not be looked at).
    Raises `NotFoundByName` for an id that nothing has, or that is none.
    """
    name = document.strip().lower()
    if not _ID.fullmatch(name):
        raise NotFoundByName(
            f"{document[:60]!r} is not the id of a document: those are 32 hexadecimal digits",
            fix="clearinghouse head RELEASE --columns id shows ids of a release",
        )
    unread: list[str] = []
    releases = list(_releases(store, unread))
    held = _in_releases(store, name, releases, unread)
    indexed = _indexed(store, name)
    places = dict.fromkeys([*(one.place for one in indexed), *_provenances(held)])
    origin = _origin(store, name, next(iter(places), None), _views(releases), unread)
    if origin is None and not any(held.values()) and not indexed:
        raise NotFoundByName(
            f"nothing in {store.uri} has the id {name}: no release, no snapshot and no index of documents",
            state="a document that was erased is held by its old releases alone; one that was rejected has no id"
            + (f"; not looked at: {catalog.some(unread, 3)}" if unread else ""),
            fix="clearinghouse head RELEASE --columns id shows ids of a release; clearinghouse ls shows what there is",
        )
    dataset = origin.dataset if origin else next(iter(places)).dataset if places else None
    facts = _Facts(name, dataset, origin, indexed)
    return {
        "id": name,
        "origin": None if origin is None else {k: v for k, v in vars(origin).items() if k != "receipts"},
        "index": [{**asdict(one.place), **{k: v for k, v in vars(one).items() if k != "place"}} for one in indexed],
        **_redactions(store, origin, unread),
        "releases": [_holding(info, rows) for info in releases if (rows := held[str(info.ref)])],
        "absent": [_absent(store, info, facts, unread) for info in releases if not held[str(info.ref)]],
        "unread": unread,
    }


def _releases(store: Store, unread: list[str]) -> Iterator[ReleaseInfo]:
    """Every release, newest version of each mix first."""
    for mix in store.folders("releases/"):
        for version in reversed(catalog.versions(store, mix)):
            try:
                yield catalog.release(store, catalog.ReleaseRef(mix, version))
            except IntegrityError as error:
                unread.append(error.message)


def _holding(info: ReleaseInfo, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "release": str(info.ref),
        "status": info.status,
        "latest": info.is_latest,
        "rows": list(rows),
    }


# --- in releases ---


def _in_releases(
    store: Store, name: str, releases: Sequence[ReleaseInfo], unread: list[str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of a document in each release."""
    where: dict[str, list[tuple[ReleaseInfo, int]]] = {}
    for info in releases:
        for number in range(len(info.manifest.shards)):
            where.setdefault(info.manifest.shard_key(number), []).append((info, number))
    held: dict[str, list[dict[str, Any]]] = {str(info.ref): [] for info in releases}

    def look(key: str) -> tuple[str, list[dict[str, Any]] | str]:
        info, number = where[key][0]
        try:
            return key, list(_in_shard(store, name, info, number))
        except (IntegrityError, StoreError) as error:
            return key, error.message

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for key, found in pool.map(look, where):
            if isinstance(found, str):
                unread.append(found)
                continue
            for info, number in where[key] if found else ():
                shard = info.manifest.shards[number]
                for row in found:
                    held[str(info.ref)].append(
                        {
                            **row,
                            "row": shard.first_row + row["row_of_shard"],
                            "shard": number,
                            "file": key,
                            "split": shard.split,
                            "stage": shard.stage,
                        }
                    )
    for info in releases:
        rows = held[str(info.ref)]
        cold = {
            int(number): erasure
            for erasure, listed in (frozen_listings(store, info.ref) if rows else {}).items()
            for number in listed.tolist()
        }
        for row in rows:
            row["state"] = "erased" if row.pop("erased") else "frozen" if row["row"] in cold else "live"
            row["erasure"] = cold.get(row["row"])
        rows.sort(key=lambda row: row["row"])
    return held


def _in_shard(store: Store, name: str, info: ReleaseInfo, number: int) -> Iterator[dict[str, Any]]:
    with opened(store, info.manifest, info.manifest.shard_key(number)) as file:
        wanted = [c for c in ("source", "language", "epoch", "n_tokens", "provenance", "erased") if c in _names(file)]
        first = 0
        for group in range(file.num_row_groups):
            ids = file.read_row_group(group, columns=["id"], use_threads=False).column("id")
            places = pc.indices_nonzero(pc.equal(ids, name)).to_pylist()
            if places:
                rows = file.read_row_group(group, columns=wanted, use_threads=False).take(pa.array(places, pa.int64()))
                for place, row in zip(places, rows.to_pylist(), strict=True):
                    yield {"row_of_shard": first + place, **row}
            first += len(ids)


def _names(file: pq.ParquetFile) -> list[str]:
    found: list[str] = file.schema_arrow.names
    return found


def _provenances(held: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Place]:
    for rows in held.values():
        for row in rows:
            origin = row.get("provenance") or {}
            if origin.get("partition") is not None:
                yield Place(str(row["source"]), origin["partition"], origin["position"], origin["rows"])


def _views(releases: Iterable[ReleaseInfo]) -> list[str]:
    """Names of the views under which documents may have been made: they are part of a document's id."""
    parts = (part for info in releases for part in info.manifest.recipe.get("sources", ()))
    return list(dict.fromkeys(["", *(str(part.get("view") or "") for part in parts if isinstance(part, Mapping))]))


# --- in snapshots ---


def _indexed(store: Store, name: str) -> list[Indexed]:
    """What the indexes of releases hold of a document; one that is damaged is made again, so it is passed over."""
    found = []
    wanted = ("partition", "position", "rows", "language", "chars", "tokens", "reason")
    for key in catalog.datasets(store):
        for entry in store.list(f"scrubbed/{key.replace('.', '/')}/index/"):
            if not _INDEX.fullmatch(entry.key.rsplit("/", 1)[1]):
                continue
            try:
                with store.open(entry.key) as source:
                    file = pq.ParquetFile(source)
                    at = pc.indices_nonzero(pc.equal(file.read(["id"]).column("id"), bytes.fromhex(name)))
                    if not len(at):
                        continue
                    rows = file.read([column for column in wanted if column in _names(file)]).take(at).to_pylist()
            except (StoreError, pa.ArrowException, OSError, KeyError):
                continue
            for row in rows:
                place = Place(key, row["partition"], row["position"], row["rows"])
                found.append(Indexed(place, *(row.get(column) for column in wanted[3:])))
    return list(dict.fromkeys(found))


def _origin(store: Store, name: str, place: Place | None, views: Sequence[str], unread: list[str]) -> Origin | None:
    """The document's rows in the newest snapshot that holds its first one."""
    for key in [place.dataset] if place is not None else catalog.datasets(store):
        unit, _, short = key.partition(".")
        looked: dict[str, dict[str, Any] | None] = {}
        snapshots = []
        for number in reversed(catalog.snapshot_numbers(store, unit, short)):
            try:
                snapshots.append(catalog.find_snapshot(store, f"{key}@{number}"))
            except IntegrityError as error:
                unread.append(error.message)
        for snapshot in snapshots:
            for receipt in snapshot.receipts:
                for entry in receipt.data:
                    if entry.key not in looked:
                        looked[entry.key] = _first_row(store, entry.key, name, place, unread)
                    if looked[entry.key] is not None:
                        return _rows(store, name, place, views, snapshots, snapshot, entry.key, looked[entry.key] or {})
    return None


def _first_row(store: Store, key: str, name: str, place: Place | None, unread: list[str]) -> dict[str, Any] | None:
    """The row of a file that has the id, or stands in the place: all its columns of text, to find its group by."""
    try:
        with store.open(key) as source:
            file = pq.ParquetFile(source)
            if not {"_id", "_partition", "_position"} <= set(_names(file)):
                return None
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=["_id", "_partition", "_position"], use_threads=False)
                mine = pc.equal(table.column("_id"), name)
                if place is not None:
                    there = pc.and_(
                        pc.equal(table.column("_partition"), place.partition),
                        pc.equal(table.column("_position"), place.position),
                    )
                    mine = pc.or_(mine, there)
                at = pc.indices_nonzero(mine)
                if len(at):
                    words = [f.name for f in file.schema_arrow if _is_text(f.type)]
                    columns = list(dict.fromkeys(["_id", "_partition", "_position", *words]))
                    found: dict[str, Any] = file.read_row_group(group, columns=columns).take(at[:1]).to_pylist()[0]
                    return found
    except (StoreError, pa.ArrowException, OSError) as error:
        unread.append(f"{key}: {getattr(error, 'message', type(error).__name__)}")
    return None


def _is_text(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(inner) or pa.types.is_large_string(inner)


def _rows(
    store: Store,
    name: str,
    place: Place | None,
    views: Sequence[str],
    snapshots: Sequence[SnapshotManifest],
    snapshot: SnapshotManifest,
    key: str,
    row: Mapping[str, Any],
) -> Origin:
    ids = [str(row["_id"])]
    count = place.rows if place is not None else 1
    complete = ids == [name] or any(_made_of(ids, view) == name for view in views)
    if not complete and count > 1:
        whole = _group(store, name, count, views, snapshot, row)
        ids, complete = (whole, True) if whole else (ids, False)
    files = [key]
    holding = [one for one in snapshots if any(e.key == key for r in one.receipts for e in r.data)]
    receipts = [receipt for receipt in snapshot.receipts if any(entry.key == key for entry in receipt.data)]
    unit = snapshot.dataset.partition(".")[0]
    return Origin(
        dataset=snapshot.dataset,
        unit=unit,
        partition=str(row["_partition"]),
        position=int(row["_position"]),
        rows=ids,
        complete=complete,
        snapshots=sorted(one.ordinal for one in holding),
        newest=snapshot is snapshots[0],
        files=files,
        inputs=[dict(one) for receipt in receipts for one in receipt.inputs],
        receipts=receipts if len(ids) == 1 else list(snapshot.receipts),
    )


def _made_of(ids: Iterable[str], view: str) -> str:
    """The id of a document made of these rows, as `transforms.documents` gives it."""
    return blake2b("\n".join([*sorted(ids), *([view] if view else [])]).encode(), digest_size=16).hexdigest()


def _group(
    store: Store, name: str, count: int, views: Sequence[str], snapshot: SnapshotManifest, row: Mapping[str, Any]
) -> list[str]:
    """The rows that share a value with the first one and whose ids make the document's: its conversation.

    Which column groups them is for the contract to say, and contracts change; the id tells when it is found.
    """
    for column, value in row.items():
        if column.startswith("_") or value is None:
            continue
        ids: list[str] = []
        for receipt in snapshot.receipts:
            for entry in receipt.data:
                with store.open(entry.key) as source:
                    file = pq.ParquetFile(source)
                    if column not in _names(file):
                        continue
                    for group in range(file.num_row_groups):
                        table = file.read_row_group(group, columns=["_id", column], use_threads=False)
                        ids += table.filter(pc.equal(table.column(column), value)).column("_id").to_pylist()
            if len(ids) > 4 * count:
                break
        # The same row may have been delivered twice; the last one holds.
        distinct = sorted(set(ids))
        if len(distinct) == count and any(_made_of(distinct, view) == name for view in views):
            return distinct
    return []


# --- redactions ---


def _redactions(store: Store, origin: Origin | None, unread: list[str]) -> dict[str, Any]:
    """What the evidence says of the document's rows: by field, entity, what was done, by which recogniser and policy."""
    done: Counter[tuple[Any, ...]] = Counter()
    unscanned: Counter[tuple[Any, ...]] = Counter()
    rows = pa.array(origin.rows if origin is not None else [], pa.string())
    keys = dict.fromkeys(entry.key for receipt in (origin.receipts if origin else ()) for entry in receipt.evidence)
    columns = ["field", "entity", "action", "asked", "recogniser", "policy", "reason"]
    for key in keys:
        try:
            with store.open(key) as source:
                file = pq.ParquetFile(source)
                wanted = ["id", *(name for name in columns if name in _names(file))]
                if "id" not in _names(file):
                    continue
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group, columns=wanted, use_threads=False)
                    for row in table.filter(pc.is_in(table.column("id"), rows)).to_pylist():
                        if row.get("action") == NOT_SCANNED:
                            unscanned[(row.get("field"), row.get("reason"))] += 1
                        else:
                            done[tuple(row.get(name) for name in columns)] += 1
        except (StoreError, pa.ArrowException, OSError) as error:
            unread.append(f"{key}: {getattr(error, 'message', type(error).__name__)}")

    def listed(found: Counter[tuple[Any, ...]], names: Sequence[str]) -> list[dict[str, Any]]:
        pairs = sorted(found.items(), key=lambda item: [str(part) for part in item[0]])
        return [{**dict(zip(names, key, strict=True)), "count": count} for key, count in pairs]

    return {"redactions": listed(done, columns), "not_scanned": listed(unscanned, ["field", "reason"])}


# --- why not ---


@dataclass(frozen=True)
class _Facts:
    name: str
    dataset: str | None
    origin: Origin | None
    indexed: Sequence[Indexed]


def _absent(store: Store, info: ReleaseInfo, facts: _Facts, unread: list[str]) -> dict[str, Any]:
    """Why a release does not hold the document: ``reason`` is one word, the rest what is known of it."""
    return {
        "release": str(info.ref),
        "status": info.status,
        "latest": info.is_latest,
        **_why(store, info, facts, unread),
    }


def _why(store: Store, info: ReleaseInfo, facts: _Facts, unread: list[str]) -> dict[str, Any]:
    manifest = info.manifest
    source = next((one for one in manifest.sources if one.get("dataset") == facts.dataset), None)
    if source is None:
        return {"reason": "not_drawn_from", "dataset": facts.dataset}
    for name, reason in (("duplicates.parquet", "duplicate"), ("filtered.parquet", "quality")):
        if name in manifest.artefacts:
            row = _row_of(store, f"{info.ref.folder}/{name}", facts.name, unread)
            if row is not None:
                del row["id"]
                return {"reason": reason, **row}
    taken = source.get("snapshot") or {}
    held = facts.origin.snapshots if facts.origin is not None else []
    if held and taken.get("ordinal") not in held:
        return {"reason": "snapshot", "snapshot": taken.get("ordinal"), "held_by": held}
    for one in facts.indexed:
        broken = one.reason or _filtered(one, [p for p in _parts(manifest.recipe) if _draws(p, facts.dataset)])
        if broken:
            return {"reason": broken}
    counted = [name for name, count in (source.get("counts") or {}).get("filtered", {}).items() if count]
    told = {"language", "too_short", "too_long", *(name for name in counted if name.startswith("quality."))}
    left = [name for name in counted if name not in told] if facts.indexed else counted
    if len(left) == 1:
        return {"reason": left[0]}
    return {"reason": "one_of", "reasons": left} if left else {"reason": "unknown"}


def _parts(recipe: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part for part in recipe.get("sources", ()) if isinstance(part, Mapping)]


def _draws(part: Mapping[str, Any], dataset: str | None) -> bool:
    return part.get("dataset") == dataset or dataset in (part.get("datasets") or ())


def _filtered(one: Indexed, parts: Sequence[Mapping[str, Any]]) -> str | None:
    """Which of a mix's own limits a document breaks; of several parts of a mix, all must turn it away."""
    import polars as pl

    from transforms.language import matches

    reasons = []
    for part in parts:
        languages = tuple(part.get("languages") or ())
        if languages and one.language is not None:
            fits = pl.select(matches(pl.lit(one.language), languages)).item()
            if not fits:
                reasons.append("language")
                continue
        most = part.get("max_chars")
        if one.chars is not None and one.chars < (part.get("min_chars") or 0):
            reasons.append("too_short")
        elif one.chars is not None and most is not None and one.chars > most:
            reasons.append("too_long")
        else:
            return None
    return reasons[0] if reasons else None


def _row_of(store: Store, key: str, name: str, unread: list[str]) -> dict[str, Any] | None:
    try:
        with store.open(key) as source:
            table = pq.read_table(source)
        rows = table.filter(pc.equal(table.column("id"), name)).slice(0, 1).to_pylist()
    except (StoreError, pa.ArrowException, OSError, KeyError) as error:
        unread.append(f"{key}: {getattr(error, 'message', type(error).__name__)}")
        return None
    return rows[0] if rows else None
