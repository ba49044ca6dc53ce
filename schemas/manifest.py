"""Manifests: what a snapshot and a release are made of. Standard library only: the reader imports this.

A manifest is canonical JSON, named by its digest, written once with a conditional put and never edited.
Store layout, all keys relative to the store's root:

    scrubbed/<unit>/<name>/data/<sha256>.parquet        clean rows, content-named
    scrubbed/<unit>/<name>/receipts/<unit of work>.json  one per finished unit of work
    scrubbed/<unit>/<name>/snapshots/<ordinal>.json      SnapshotManifest; the highest ordinal is the current one
    scrubbed/<unit>/<name>/index/<digest>.parquet        counts of documents for releases, no text; may be deleted
    scrubbed/<unit>/<name>/subjects/<sha256>.parquet     keyed hashes of values that lead to people, with their rows
    scrubbed/<unit>/<name>/erased/<unit of work>.json    the unit of work that an erasure put in its place
    quarantine/<unit>/<name>/<sha256>.parquet            rejects: position, reason, masked sample
    evidence/<unit>/<name>/<sha256>.parquet              one row a redaction, never the value
    quality/<unit>/<name>/<digest>/…                     masked GX results and Data Docs
    quality/<unit>/<name>/drift/<digest>.json            how a snapshot that was held or refused differs
    scrubbed/<unit>/<name>/accepted/<digest>.json        who accepted such a snapshot, conditional put
    releases/<mix>/shards/<sha256>.parquet               the pool: shards of all versions of a mix
    releases/<mix>/<version>/manifest.json               ReleaseManifest, conditional put
    releases/<mix>/<version>/{shards,groups}.parquet     its shards, where they are too many for the manifest
    releases/<mix>/<version>/shards/<sha256>.parquet     shards of releases of format 1, each its own
    releases/<mix>/<version>/plan.json                   what it is built from; put if absent, claims the version
    releases/<mix>/<version>/{report.html,report.json,redactions.csv,card.md,croissant.json,duplicates.parquet}
    releases/<mix>/<version>/audit/…                     sample, verdicts and views of its audit, no text of any row
    releases/<mix>/<version>/audit.json                  the closed audit, conditional put
    releases/<mix>/<version>/frozen/<erasure>.json       rows that readers treat as holes
    releases/<mix>/<version>/decision.json               the reviewer's decision, conditional put: the first one wins
    releases/<mix>/latest/<ordinal>.json                 pointer history; the highest ordinal is `latest`
    erasures/<id>/…                                      requests to forget people, keyed hashes alone; certificates
    ledger/<ordinal>.json                                hash chain
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError
from schemas.manifest_shards import Listing, Read, Section, Shard, ShardList, listed, pool_key, sections_of
from schemas.merkle import files_root

__all__ = [
    "FORMAT", "SNAPSHOT_FORMAT", "Counts", "Decision", "FileEntry", "Listing", "Receipt", "ReleaseManifest", "Section",
    "Shard", "ShardList", "SnapshotManifest", "input_name", "left_by", "ordinal", "pool_key", "sections_of",
]  # fmt: skip

FORMAT = 2
"""Version of the layout of release manifests; a reader refuses a higher one.

1: shards stand in the manifest, their files in the release's own folder. 2: shards lie in the mix's pool and have a
split, a stage and a count of holes; many of them are listed beside the manifest (`schemas.manifest_shards`)."""
SNAPSHOT_FORMAT = 1
"""The same of snapshot manifests."""


def ordinal(number: int) -> str:
    """The fixed-width name of the n-th snapshot, pointer or ledger entry, so that names sort as numbers."""
    return f"{number:08d}"


@dataclass(frozen=True)
class Counts:
    """Row accounting of a unit of work or of a whole run.

    The identity ``rows_in == kept + sum(filtered) + sum(quarantined) + duplicates`` holds for every receipt,
    snapshot and run; `check` is called wherever one is made.
    """

    rows_in: int = 0
    kept: int = 0
    filtered: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0

    @property
    def balanced(self) -> bool:
        out = self.kept + sum(self.filtered.values()) + sum(self.quarantined.values()) + self.duplicates
        return self.rows_in == out

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.rows_in + other.rows_in,
            self.kept + other.kept,
            _merge(self.filtered, other.filtered),
            _merge(self.quarantined, other.quarantined),
            self.duplicates + other.duplicates,
        )


def _merge(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {key: a.get(key, 0) + b.get(key, 0) for key in sorted({*a, *b})}


def _merge_all(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        total = _merge(total, one)
    return total


@dataclass(frozen=True)
class FileEntry:
    """One content-named file of the store: its key, size in bytes, SHA-256 and number of rows."""

    key: str
    bytes: int
    sha256: str
    rows: int


def left_by(redactions: Mapping[str, int]) -> dict[str, int]:
    """Values by the action that left something of them, from counts whose names end in ``|<action>|<recogniser>``.

    ``surrogate`` among them says that invented values stand in the text which nobody can tell from real ones;
    ``surrogate``, ``pseudonym`` and ``encrypt`` are personal information for whoever holds the key (PIPL art. 73).
    """
    found: dict[str, int] = {}
    for name, count in sorted(redactions.items()):
        action = name.rsplit("|", 2)[1]
        if action in ("surrogate", "pseudonym", "encrypt", "generalise", "operator"):
            found[action] = found.get(action, 0) + count
    return found


def input_name(one: Mapping[str, Any]) -> str:
    """What a person knows an input of a receipt by: the file, and its member in an archive."""
    return "!".join(filter(None, (str(one["uri"]), one.get("member"))))


@dataclass(frozen=True)
class Receipt:
    """What one unit of work did. ``redactions`` counts by ``<field>|<entity>|<action>|<recogniser>``.

    ``not_scanned`` counts cells by ``<field>|<reason>``; ``chars`` counts code points scanned and covered;
    ``drift`` names columns (``<kind>:<column>``) in which the source and the contract differ; ``basis`` holds the digests (contract, policy, key, code) under which the work was done.
    ``profile`` holds counts of the kept rows to compare snapshots by (`clearinghouse.jobs.profile`), never a value.
    """

    unit_id: str
    partition: str
    inputs: tuple[Mapping[str, Any], ...]
    counts: Counts
    data: tuple[FileEntry, ...]
    quarantine: tuple[FileEntry, ...]
    evidence: tuple[FileEntry, ...]
    redactions: Mapping[str, int]
    not_scanned: Mapping[str, int]
    bytes_in: int
    cursor: Mapping[str, Any] | None = None
    chars: Mapping[str, int] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)
    drift: tuple[str, ...] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)
    #: Keyed hashes of values that lead to a person, sorted (`clearinghouse.subjects`).
    subjects: tuple[FileEntry, ...] = ()
    #: Digest of the list of erased subjects whose rows were left out; empty where there was none.
    suppressed: str = ""

    def to_json(self) -> bytes:
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, data: bytes) -> Receipt:
        raw = json.loads(data)
        raw["drift"] = tuple(raw.get("drift", ()))
        raw["counts"] = Counts(**raw["counts"])
        for name in ("data", "quarantine", "evidence", "subjects"):
            raw[name] = tuple(FileEntry(**entry) for entry in raw.get(name, ()))
        raw["inputs"] = tuple(raw["inputs"])
        return cls(**raw)


@dataclass(frozen=True)
class SnapshotManifest:
    """The committed state of one data set: every finished unit of work that counts, oldest partition first.

    A new snapshot carries over the receipts of partitions it did not touch, so the newest manifest alone says what
    the data set holds and, through ``cursor``, where the next incremental pull starts. ``drift`` says how it compares
    with the snapshots before (`clearinghouse.jobs.drift`).
    """

    dataset: str
    ordinal: int
    parent: str | None
    contract: Mapping[str, str]
    policy: Mapping[str, str]
    key_id: str
    code: str
    receipts: tuple[Receipt, ...]
    cursor: Mapping[str, Any] | None
    quality: Mapping[str, Any]
    format: int = SNAPSHOT_FORMAT
    drift: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> Counts:
        total = Counts()
        for receipt in self.receipts:
            total = total + receipt.counts
        return total

    @property
    def left(self) -> dict[str, int]:
        """What is left of personal data, by action (`left_by`)."""
        return left_by(_merge_all(receipt.redactions for receipt in self.receipts))

    @property
    def digest(self) -> str:
        """Digest of what the snapshot holds; what its place in the history decides (`_HISTORY`) is left out of it."""
        return _read_with(self) or digest(_without(asdict(self), *_HISTORY))

    def to_json(self) -> bytes:
        # What is left stands in the file for those who read it; it follows from the rest, so no digest covers it.
        body = {**asdict(self), "digest": self.digest, **({"left": self.left} if self.left else {})}
        if self.drift:
            body["drift_digest"] = digest(self.drift)
        else:
            del body["drift"]
        return canonical_json(body)

    @classmethod
    def from_json(cls, data: bytes) -> SnapshotManifest:
        raw = json.loads(data)
        left = raw.pop("left", None)
        stated = raw.pop("digest")
        if raw.pop("drift_digest", None) != (digest(raw["drift"]) if "drift" in raw else None):
            raise IntegrityError(
                f"what a snapshot manifest of {raw.get('dataset')} says of drift is not what was written",
                state="nothing was changed",
                fix="clearinghouse verify snapshots; restore the object from the store's backup",
            )
        _refuse_newer(raw, SNAPSHOT_FORMAT)
        if "dataset" in raw and digest(_without(raw, *_HISTORY)) != stated:
            raise IntegrityError(
                f"snapshot manifest of {raw['dataset']} does not have the digest that it states",
                state="nothing was changed",
                fix="clearinghouse verify snapshots; restore the object from the store's backup",
            )
        raw["receipts"] = tuple(Receipt.from_json(canonical_json(receipt)) for receipt in raw["receipts"])
        made = cls(**raw)
        object.__setattr__(made, _STATED, stated)
        _same_left(made.left, left)
        return made


@dataclass(frozen=True)
class ReleaseManifest:
    """Everything a release is: shards, lineage, totals, gates. No clock: times stand in the ledger.

    ``sources`` has one entry a data set: dataset, snapshot digest and ordinal, contract id, version and digest,
    legal basis, licence, rows, documents and tokens taken, counts. ``gates`` holds name, value, threshold,
    comparison, passed, citation, verified_by. ``totals``: rows, tokens, bytes, documents available, duplicates.
    ``curation``: how duplicates, benchmark overlap and poor text were looked for, and what came of it.

    ``shards`` stand by split (train first), then stage, then row; no shard has rows of two sections, and every row
    group of a section but its last has ``rows_per_group`` rows (0: unknown, format 1). Where ``listing`` is given,
    they stand in files beside the manifest and ``shards`` is a `ShardList`.
    """

    mix: str
    version: str
    parent: str | None
    purpose: str
    sample_format: str
    seed: int
    recipe: Mapping[str, Any]
    tokenizer: Mapping[str, str]
    policy: Mapping[str, str]
    code: str
    sources: tuple[Mapping[str, Any], ...]
    shards: Sequence[Shard]
    totals: Mapping[str, int]
    gates: tuple[Mapping[str, Any], ...]
    redactions: Mapping[str, int]
    artefacts: Mapping[str, str] = field(default_factory=dict)
    curation: Mapping[str, Any] = field(default_factory=dict)
    rows_per_group: int = 0
    listing: Listing | None = None
    #: Merkle root (`schemas.merkle`) over `files`; empty where it was not worked out.
    root: str = ""
    format: int = FORMAT

    @property
    def left(self) -> dict[str, int]:
        """What is left of personal data, by action (`left_by`)."""
        return left_by(self.redactions)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Splits and stages with their totals, in the order of rows."""
        return self.listing.sections if self.listing is not None else sections_of(self.shards)

    @property
    def pool(self) -> str:
        """The folder of the store that the shards' keys are relative to."""
        return f"releases/{self.mix}" if self.format >= 2 else f"releases/{self.mix}/{self.version}"

    def shard_key(self, shard: Shard | int) -> str:
        """The key in the store of a shard, given by itself or by its number. The one place that knows."""
        if not isinstance(shard, int):
            return f"{self.pool}/{shard.key}"
        if isinstance(self.shards, ShardList):
            return f"{self.pool}/{pool_key(self.shards.columns.digest(shard))}"
        return f"{self.pool}/{self.shards[shard].key}"

    def beside(self) -> tuple[ReleaseManifest, dict[str, bytes]]:
        """The manifest as it is to be written, and the files that list its shards, by name, to be written before it
        into the same folder; none where the shards are few enough to stand in the manifest."""
        found = listed(self.shards) if self.format >= 2 else None
        if found is None:
            return replace(self, shards=tuple(self.shards), listing=None), {}
        listing, files = found
        return replace(self, shards=ShardList(listing, files.get, f"{self.mix}@{self.version}"), listing=listing), files

    def files(self) -> Iterator[tuple[str, str, int | None]]:
        """Key, SHA-256 and size of every shard, in order, then name and SHA-256 of every artefact, by name."""
        for shard in self.shards:
            yield shard.key, shard.sha256, shard.bytes
        for name, stated in sorted(self.artefacts.items()):
            yield name, stated, None

    def rooted(self) -> ReleaseManifest:
        """The manifest with its `root`, by which one shard can be shown to be in it without the others."""
        return replace(self, root=files_root(self.files()))

    @property
    def digest(self) -> str:
        """Digest of the whole manifest: what a reviewer signs."""
        return _read_with(self) or digest(self._body())

    @property
    def content_digest(self) -> str:
        """Digest of what a training job would read and of what decided it; version and parent left out.

        Two builds from the same snapshots, mix, policy and code agree on it, so a rerun is a no-op.
        """
        body = self._body()
        for name in ("version", "parent", "artefacts", "root"):
            del body[name]
        return digest(body)

    def _body(self) -> dict[str, Any]:
        """What is written of it, without its own digest."""
        body = {one.name: getattr(self, one.name) for one in fields(self)}
        if self.listing is not None:
            body |= {"shards": [], "listing": asdict(self.listing)}
        else:
            body["shards"] = [{**vars(shard), "row_groups": list(shard.row_groups)} for shard in self.shards]
            del body["listing"]
        return body

    def to_json(self) -> bytes:
        return canonical_json({**self._body(), "digest": self.digest, **({"left": self.left} if self.left else {})})

    @classmethod
    def from_json(cls, data: bytes, read: Read | None = None) -> ReleaseManifest:
        """From the bytes of ``manifest.json``. ``read`` gives those of a file beside it by its name, and is asked when
        shards that are listed there are first looked at. Raises `IntegrityError`."""
        raw = json.loads(data)
        left = raw.pop("left", None)
        stated = raw.pop("digest", None)
        _refuse_newer(raw, FORMAT)
        if "mix" in raw and "version" in raw and digest(raw) != stated:
            name = f"{raw['mix']}@{raw['version']}"
            raise IntegrityError(
                f"manifest of release {name} does not have the digest that it states",
                fix=f"clearinghouse verify {name}",
            )
        if raw.get("listing") is not None:
            raw["listing"] = Listing.of(raw["listing"])
            raw["shards"] = ShardList(raw["listing"], read, f"{raw['mix']}@{raw['version']}")
        else:
            raw["shards"] = tuple(
                Shard(**{**shard, "row_groups": tuple((r, t) for r, t in shard["row_groups"])})
                for shard in raw["shards"]
            )
        raw["sources"], raw["gates"] = tuple(raw["sources"]), tuple(raw["gates"])
        made = cls(**raw)
        object.__setattr__(made, _STATED, stated)
        _same_left(made.left, left)
        return made


@dataclass(frozen=True)
class Decision:
    """A reviewer's decision on one release: ``verdict`` is ``approve`` or ``reject``; ``at`` is UTC, RFC 3339."""

    mix: str
    version: str
    manifest_digest: str
    verdict: str
    reviewer: str
    reason: str
    at: str

    def to_json(self) -> bytes:
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, data: bytes) -> Decision:
        return cls(**json.loads(data))


_STATED = "_stated_digest"
_HISTORY = ("ordinal", "parent", "drift")


def _same_left(found: dict[str, int], stated: object) -> None:
    """Refuses a manifest that says something else of what is left in its files than its counts do."""
    if stated is not None and stated != found:
        raise IntegrityError("a manifest's summary of what is left of personal data is not that of its counts")


def _read_with(manifest: object) -> str | None:
    """The digest that a manifest was read with. It was checked on its bytes: a field that this program added since,
    with its default, must not make an older manifest look damaged."""
    found: str | None = manifest.__dict__.get(_STATED)
    return found


def _without(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in names}


def _refuse_newer(raw: Mapping[str, Any], newest: int) -> None:
    found = raw.get("format", newest)
    if not isinstance(found, int) or found > newest:
        raise IntegrityError(
            f"manifest format {found} is newer than this program reads ({newest})",
            fix="install a newer clearinghouse",
        )
