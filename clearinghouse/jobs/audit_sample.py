"""The sample of a release's audit: drawn once, the same for the same release and seed, holding no text.

The ledger says which sample was drawn: an entry of kind ``audit-draw`` with its digest, seed and size. The first one of a
release counts, so that nobody takes a sample away and draws another unseen.

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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.audit_rows import column, frozen, population
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from clearinghouse.verify import release_findings
from governance.audit.design import Stratum, allocate, choose, seeded, strata_of
from schemas.canonical import canonical_json, digest
from schemas.errors import ClearinghouseError, IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store

SIZE = 400
FORMAT = 1
DRAWN = "audit-draw"
"""The kind of ledger entry that a drawn sample is."""


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
    settings: Settings,
    release: str,
    *,
    size: int = SIZE,
    seed: int | None = None,
    twice: float = 1.0,
    signer: Signer | None = None,
) -> dict[str, Any]:
    """Draw the sample of ``mix@version``; ``size`` rows, of which the share ``twice`` is read by two readers.

    ``seed`` is the mix's own unless given. Every shard is hashed first. The same command again changes nothing, or
    writes the ledger entry that a killed one did not; another one is refused, because a sample that may be drawn until
    it pleases is none. Who draws it is the settings' actor; in a governed store a reviewer or officer who did not build the
    release, with their key (``signer``, or where the settings say that it is). Returns release, seed, size, twice, strata
    (with rows and sampled), ledger (number of the entry) and repeated. Raises `AuditError`, `IntegrityError`,
    `ReleaseRefused`, `NotFoundByName` or `StoreError`.
    """
    from clearinghouse.jobs.people import sign_as
    from clearinghouse.jobs.signatures import builders
    from infra.store import open_store

    if size < 1 or not 0 <= twice <= 1:
        raise AuditError("a sample has at least one row, and the share read twice lies between 0 and 1")
    store = open_store(settings.store)
    ref, manifest = release_of(store, release)
    seed = manifest.seed if seed is None else seed
    signer = sign_as(settings, store, DRAWN, settings.who, signer=signer)
    if signer is not None and settings.who in (builders(store, ref) or ()):
        raise AuditError(
            f"{settings.who} built {ref} and does not draw its sample",
            state="nothing was written",
            fix="let somebody else draw it",
        )
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
    told = drawn(store, manifest)
    if told is not None and told["sample"] != digest(data) and store.stat(sample_key(ref)) is None:
        raise IntegrityError(
            f"the sample of {ref} that the ledger names is gone: {told['size']:,} rows, seed {told['seed']}, {told['sample']}",
            state="nothing was written",
            fix=f"restore {sample_key(ref)} from a copy, or give that size and seed",
        )
    repeated = not store.put(sample_key(ref), data, if_absent=True)
    there = load(store, ref)
    same = (there.seed, len(there.items), there.twice) == (seed, len(chosen), body["twice"])
    # What was frozen since is not drawn any more: then the sample that stands is another than this one, rightly.
    if there.digest != digest(data) and not (same and frozen(store, ref)):
        raise AuditError(
            f"{ref} has a sample already: {len(there.items):,} rows, seed {there.seed}",
            state="it stands; nothing was written",
            fix=f"read that one: clearinghouse audit review {ref} --reader NAME",
        )
    if told is None:
        facts: dict[str, Any] = {"mix": ref.mix, "version": ref.version, "manifest_digest": manifest.digest}
        facts |= {"sample": there.digest, "seed": there.seed, "size": len(there.items)}
        record(store, kind=DRAWN, actor=settings.who, at=now(), body=facts, signer=signer)
    told = as_drawn(store, manifest, there.digest)
    return {
        "release": str(ref),
        "seed": seed,
        "size": len(chosen),
        "twice": body["twice"],
        "rows": len(people.rows),
        "strata": body["strata"],
        "sample": there.digest,
        "ledger": told["ledger"],
        "repeated": repeated,
    }


def drawn(store: Store, manifest: ReleaseManifest) -> dict[str, Any] | None:
    """What the ledger says was drawn of a release first: sample (its digest), seed, size, ledger (number); or ``None``."""
    return next((told for of, told in draws(store) if of == _of(manifest)), None)


def draws(store: Store) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    """The first draw of each release (mix, version, digest of its manifest) in the ledger, in its order."""
    seen: set[tuple[str, str, str]] = set()
    for entry in catalog.recorded(store, DRAWN):
        body = entry["body"]
        of = (str(body.get("mix")), str(body.get("version")), str(body.get("manifest_digest")))
        if of not in seen:
            seen.add(of)
            yield of, {"ledger": entry.get("ordinal"), **{name: body.get(name) for name in ("sample", "seed", "size")}}


def as_drawn(store: Store, manifest: ReleaseManifest, sample: str) -> dict[str, Any]:
    """What the ledger says of the sample with that digest. Raises `IntegrityError` where it says nothing, or another
    was drawn first."""
    name, told = f"{manifest.mix}@{manifest.version}", drawn(store, manifest)
    if told is None:
        raise IntegrityError(
            f"the sample of {name} is not in the ledger: drawing it was interrupted, or it was written by hand",
            state="nothing was written",
            fix=f"clearinghouse audit draw {name} with its own --size and --seed (finishes it)",
        )
    if told["sample"] != sample:
        raise IntegrityError(
            f"the sample of {name} is not the one that was drawn first: entry {told['ledger']} of the ledger names"
            f" {told['sample']}, and this is {sample}",
            state="nothing was written",
            fix=f"restore {sample_key(ReleaseRef(manifest.mix, manifest.version))} from a copy",
        )
    return told


def findings(store: Store, releases: Iterable[tuple[str, str, str]]) -> Iterator[tuple[ReleaseRef, str, str, str]]:
    """What is wrong with the samples of releases (mix, version, digest of the manifest): release, message, digest in the
    ledger, digest found. The ledger is read once."""
    told: dict[tuple[str, str, str], dict[str, Any]] | None = None
    for of in releases:
        told = dict(draws(store)) if told is None else told
        ref = ReleaseRef(of[0], of[1])
        there = store.stat(sample_key(ref)) is not None
        stated = str(told[of]["sample"]) if of in told else ""
        if not there and stated:
            yield ref, "is missing", "", ""
        elif there and not stated:
            yield ref, "is not in the ledger: drawing it was interrupted (repeat it), or forged", "", ""
        elif there and (found := digest(store.read(sample_key(ref)))) != stated:
            yield ref, "is not the sample that was drawn", stated, found


def _of(manifest: ReleaseManifest) -> tuple[str, str, str]:
    return manifest.mix, manifest.version, manifest.digest


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
