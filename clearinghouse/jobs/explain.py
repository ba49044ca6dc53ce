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
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseInfo
from clearinghouse.evidence import NOT_SCANNED
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.explain_origin import Indexed, Origin, Place, columns_of, indexed, origin
from clearinghouse.jobs.release_rows import frozen_listings, opened
from schemas.errors import IntegrityError, StoreError

if TYPE_CHECKING:
    from infra.store import Store

_ID = re.compile(r"[0-9a-f]{32}")
#: Shards read at once; decompression lets other threads run, and a remote store answers several requests.
_AT_ONCE = 4


def explain(store: Store, document: str) -> dict[str, Any]:
    """All that the store knows of a document, by the id that releases give it or by that of one of its rows.

    Returns plain values: ``id``, ``origin`` (or ``None``), ``index``, ``redactions``, ``not_scanned``, ``policies``
    (names by digest), ``releases`` (those that hold it, with every row) and ``absent`` (the others, with why), and ``unread`` (objects that could not be looked at).
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
    known = indexed(store, name)
    places = dict.fromkeys([*(one.place for one in known), *_provenances(held)])
    found = origin(store, name, next(iter(places), None), _views(releases), unread)
    if found is None and not any(held.values()) and not known:
        raise NotFoundByName(
            f"nothing in {store.uri} has the id {name}: no release, no snapshot and no index of documents",
            state="a document that was erased is held by its old releases alone; one that was rejected has no id"
            + (f"; not looked at: {catalog.some(unread, 3)}" if unread else ""),
            fix="clearinghouse head RELEASE --columns id shows ids of a release; clearinghouse ls shows what there is",
        )
    dataset = found.dataset if found else next(iter(places)).dataset if places else None
    facts = _Facts(name, dataset, found, known)
    return {
        "id": name,
        "origin": None
        if found is None
        else {k: v for k, v in vars(found).items() if k not in ("receipts", "policies")},
        "index": [{**asdict(one.place), **{k: v for k, v in vars(one).items() if k != "place"}} for one in known],
        **_redactions(store, found, unread),
        "policies": found.policies if found is not None else {},
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
        there = columns_of(file)
        wanted = [c for c in ("id", "source", "language", "epoch", "n_tokens", "provenance", "erased") if c in there]
        listed = "provenance" in there and file.schema_arrow.field("provenance").type.get_field_index("row_ids") >= 0
        first = 0
        for group in range(file.num_row_groups):
            ids = file.read_row_group(group, columns=["id"], use_threads=False).column("id")
            places = set(pc.indices_nonzero(pc.equal(ids, name)).to_pylist())
            if listed:
                made = file.read_row_group(group, columns=["provenance.row_ids"], use_threads=False)
                places |= _made_of(made.column("provenance").combine_chunks(), name)
            if places:
                rows = file.read_row_group(group, columns=wanted, use_threads=False)
                for place in sorted(places):
                    (row,) = rows.slice(place, 1).to_pylist()
                    yield {"row_of_shard": first + place, **row}
            first += len(ids)


def _made_of(provenance: pa.StructArray | pa.ChunkedArray, name: str) -> set[int]:
    """Places of the documents that say that they are made of a row."""
    lists = pc.struct_field(provenance, "row_ids")
    return set(pc.list_parent_indices(lists).filter(pc.equal(pc.list_flatten(lists), name)).to_pylist())


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
                wanted = ["id", *(name for name in columns if name in columns_of(file))]
                if "id" not in columns_of(file):
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
    # A mix may draw from a data set under several views.
    sources = [one for one in manifest.sources if one.get("dataset") == facts.dataset]
    if not sources:
        return {"reason": "not_drawn_from", "dataset": facts.dataset}
    for name, reason in (("duplicates.parquet", "duplicate"), ("filtered.parquet", "quality")):
        if name in manifest.artefacts:
            row = _row_of(store, f"{info.ref.folder}/{name}", facts.name, unread)
            if row is not None:
                del row["id"]
                return {"reason": reason, **row}
    taken = sources[0].get("snapshot") or {}
    held = facts.origin.snapshots if facts.origin is not None else []
    if held and taken.get("ordinal") not in held:
        return {"reason": "snapshot", "snapshot": taken.get("ordinal"), "held_by": held}
    for one in facts.indexed:
        broken = one.reason or _filtered(one, [p for p in _parts(manifest.recipe) if _draws(p, facts.dataset)])
        if broken:
            return {"reason": broken}
    filtered = [(one.get("counts") or {}).get("filtered", {}) for one in sources]
    counted = list(dict.fromkeys(name for counts in filtered for name, count in counts.items() if count))
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
