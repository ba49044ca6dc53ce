"""The sample of a release's audit: drawn once, the same for the same release and seed, holding no text.

releases/<mix>/<version>/audit/sample.json          rows, ids and strata; put if absent
releases/<mix>/<version>/audit/verdicts/…           one object a row and reader, put if absent (`clearinghouse.jobs.audit`)
releases/<mix>/<version>/audit/adjudications/…      one object a row that readers disagreed on
releases/<mix>/<version>/audit/views/…              who was shown which rows, numbered
releases/<mix>/<version>/audit/rescan.json          what a second detector found (`clearinghouse.jobs.audit_rescan`)
releases/<mix>/<version>/audit.json                 the closed audit; put if absent
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.audit_rows import column, population
from clearinghouse.settings import Settings
from clearinghouse.verify import release_findings
from governance.audit.design import Stratum, allocate, choose, seeded, strata_of
from schemas.canonical import canonical_json, digest
from schemas.errors import ClearinghouseError, IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

SIZE = 400
FORMAT = 1


class AuditError(ClearinghouseError):
    """An audit that cannot go on as asked: not drawn, closed, or a verdict that may not be given."""

    exit_code = 6


@dataclass(frozen=True)
class Share:
    """One stratum of the sample: rows and tokens of the release in it, and rows drawn."""

    stratum: Stratum
    rows: int
    tokens: int
    sampled: int


@dataclass(frozen=True)
class Item:
    """One row that is to be read. ``stratum`` is its place among the sample's strata."""

    row: int
    id: str
    stratum: int


@dataclass(frozen=True)
class Sample:
    """A drawn sample. ``items`` stand in the order in which they are read; the first ``twice`` of them by two readers.
    ``digest`` is that of its object."""

    release: str
    manifest_digest: str
    seed: int
    twice: int
    strata: tuple[Share, ...]
    items: tuple[Item, ...]
    digest: str

    @property
    def by_row(self) -> dict[int, Item]:
        return {item.row: item for item in self.items}

    @property
    def double(self) -> frozenset[int]:
        """Rows that two readers read."""
        return frozenset(item.row for item in self.items[: self.twice])


def folder(ref: ReleaseRef) -> str:
    return f"{ref.folder}/audit"


def sample_key(ref: ReleaseRef) -> str:
    return f"{folder(ref)}/sample.json"


def draw(
    settings: Settings, release: str, *, size: int = SIZE, seed: int | None = None, twice: float = 1.0
) -> dict[str, Any]:
    """Draw the sample of ``mix@version``; ``size`` rows, of which the share ``twice`` is read by two readers.

    ``seed`` is the mix's own unless given. Every shard is hashed first. The same command again changes nothing;
    another one is refused, because a sample that may be drawn until it pleases is none. Returns release, seed, size,
    twice, strata (with rows and sampled) and repeated. Raises `AuditError`, `IntegrityError`, `NotFoundByName` or
    `StoreError`.
    """
    from infra.store import open_store

    if size < 1 or not 0 <= twice <= 1:
        raise AuditError("a sample has at least one row, and the share read twice lies between 0 and 1")
    store = open_store(settings.store)
    ref, manifest = release_of(store, release)
    seed = manifest.seed if seed is None else seed
    sound(store, manifest)
    people = population(store, manifest)
    counted = Counter(
        {
            kind: int(n)
            for kind, n in zip(people.kinds, np.bincount(people.kind, minlength=len(people.kinds)), strict=True)
        }
    )
    of_kind = strata_of({kind: n for kind, n in counted.items() if n})
    strata = sorted(set(of_kind.values()))
    place = {stratum: number for number, stratum in enumerate(strata)}
    number_of = np.array([place.get(of_kind[kind], -1) if kind in of_kind else -1 for kind in people.kinds], np.int32)
    stratum = number_of[people.kind] if len(people.kind) else np.empty(0, np.int32)
    rows = np.bincount(stratum, minlength=len(strata))
    tokens = np.bincount(stratum, weights=people.tokens, minlength=len(strata)).astype(np.int64)
    given = allocate({one: int(rows[place[one]]) for one in strata}, size)
    wanted = [given[one] for one in strata]
    chosen = choose(people.rows, stratum, wanted, seeded(seed, manifest.digest))
    ids = column(store, manifest, (row for row, _ in chosen), "id")
    body = {
        "format": FORMAT,
        "release": str(ref),
        "manifest_digest": manifest.digest,
        "seed": seed,
        "twice": -(-len(chosen) * round(twice * 10_000) // 10_000),
        "strata": [
            {**asdict(one), "rows": int(rows[place[one]]), "tokens": int(tokens[place[one]]), "sampled": given[one]}
            for one in strata
        ],
        "items": [[row, ids[row], number] for row, number in chosen],
    }
    data = canonical_json(body)
    repeated = not store.put(sample_key(ref), data, if_absent=True)
    if repeated and store.read(sample_key(ref)) != data:
        there = load(store, ref)
        raise AuditError(
            f"{ref} has a sample already: {len(there.items):,} rows, seed {there.seed}",
            state="it stands; nothing was written",
            fix=f"read that one: clearinghouse audit review {ref} --reader NAME",
        )
    return {
        "release": str(ref),
        "seed": seed,
        "size": len(chosen),
        "twice": body["twice"],
        "rows": len(people.rows),
        "strata": body["strata"],
        "sample": digest(data),
        "repeated": repeated,
    }


def release_of(store: Store, release: str) -> tuple[ReleaseRef, ReleaseManifest]:
    """The release ``mix@version`` and its manifest; ``mix@latest`` too. Raises `NotFoundByName` or `IntegrityError`."""
    ref = catalog.resolve(store, release)
    return ref, catalog.manifest_of(store, ref)


def sound(store: Store, manifest: ReleaseManifest) -> None:
    """Raises `IntegrityError` with everything of the release that is not as its manifest says."""
    found = release_findings(store, manifest)
    if found:
        name = f"{manifest.mix}@{manifest.version}"
        raise IntegrityError(
            f"{name} is not what its manifest names and cannot be audited:\n" + "\n".join(f"  {one}" for one in found),
            state="nothing was written",
            fix=f"clearinghouse release {manifest.mix} (a lost shard is made again), or restore these files from a copy",
        )


def load(store: Store, ref: ReleaseRef, manifest: ReleaseManifest | None = None) -> Sample:
    """The sample of a release. Raises `AuditError` before one is drawn, and `IntegrityError` where it is damaged or of
    another manifest (``manifest`` where that is at hand)."""
    from infra.store import NotFound

    key = sample_key(ref)
    try:
        data = store.read(key)
    except NotFound:
        raise AuditError(f"no sample of {ref} is drawn yet", fix=f"clearinghouse audit draw {ref}") from None
    try:
        raw = json.loads(data)
        names = ("unit", "language", "entity", "side", "score")
        found = Sample(
            release=raw["release"],
            manifest_digest=raw["manifest_digest"],
            seed=raw["seed"],
            twice=raw["twice"],
            strata=tuple(
                Share(Stratum(*(one[name] for name in names)), one["rows"], one["tokens"], one["sampled"])
                for one in raw["strata"]
            ),
            items=tuple(Item(row, identity, stratum) for row, identity, stratum in raw["items"]),
            digest=digest(data),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            f"{key} cannot be read as a sample ({type(error).__name__})", fix=f"restore {key} from a copy"
        ) from None
    if found.release != str(ref) or (manifest is not None and found.manifest_digest != manifest.digest):
        raise IntegrityError(
            f"{key} was drawn from another release than {ref} is now",
            state="no verdict was written",
            fix=f"clearinghouse verify {ref}; restore its manifest and sample from a copy",
        )
    return found
