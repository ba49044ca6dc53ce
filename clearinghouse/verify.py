"""Hash everything again: are the store's files what its manifests name, do the rows add up, does the ledger hold?

Nothing is written. All that is wrong is listed, not the first of it. Files are read in blocks, a few at a time, so
that memory does not grow with the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from schemas.canonical import digest
from schemas.errors import IntegrityError
from schemas.manifest import Counts, Decision, ReleaseManifest, SnapshotManifest

if TYPE_CHECKING:
    from governance.ledger import Head
    from infra.store import Store

_BLOCK = 8 << 20
#: Files hashed at once: hashing lets other threads run, and a remote store answers several requests.
_AT_ONCE = 4
_MISSING = "is missing"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: in which release, snapshot or ledger, at which key, and what."""

    subject: str
    key: str
    message: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        compared = f": expected {self.expected}, found {self.found}" if self.expected else ""
        return f"{self.subject}: {self.key} {self.message}{compared}"


@dataclass
class Verified:
    """What was looked at, and what was wrong with it."""

    subjects: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    #: Objects and bytes of each mix's pool that no manifest names: not wrong, but of no use.
    unreferenced: dict[str, tuple[int, int]] = field(default_factory=dict)
    ledger: Head | None = None
    #: Decisions that two persons must have signed, by key.
    two: set[str] = field(default_factory=set)
    #: Releases that could be read: mix, version and digest of the manifest.
    releases: list[tuple[str, str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "ok": not self.findings,
            "subjects": self.subjects,
            "files": self.files,
            "bytes": self.bytes,
            "problems": [asdict(finding) for finding in self.findings],
            "unreferenced": {
                mix: {"objects": objects, "bytes": size} for mix, (objects, size) in sorted(self.unreferenced.items())
            },
            "ledger_head": str(self.ledger) if self.ledger else None,
        }


@dataclass(frozen=True)
class _File:
    """A file as a manifest names it; ``None`` is not checked. ``groups`` are rows of each row group, ``footer`` the
    SHA-256 of the end of the file that a reader checks first."""

    subject: str
    key: str
    sha256: str
    bytes: int | None = None
    rows: int | None = None
    groups: tuple[int, ...] | None = None
    footer: str = ""


def verify(store: Store, what: str = "all", *, head: Head | None = None) -> Verified:
    """Check a release (``mix@version``, ``mix``), a data set's snapshot (``unit.name``, ``unit.name@3``) or ``all``.

    ``head`` is an end of the ledger that was kept elsewhere (see `governance.ledger`). Raises `NotFoundByName` for
    what is not there, and `StoreError` where the store cannot be read: what could not be looked at is not called
    wrong.
    """
    done, seen = Verified(), set[str]()
    decided: dict[str, tuple[str, Decision]] = {}
    if what == "all":
        for mix in store.folders("releases/"):
            for version in catalog.versions(store, mix):
                _release(store, ReleaseRef(mix, version), done, seen, decided)
            _pointers(store, mix, done)
            _unreferenced(store, mix, done)
        for key in catalog.datasets(store):
            unit, name, _ = catalog.parse_snapshot(key)
            for number in catalog.snapshot_numbers(store, unit, name):
                _snapshot(store, unit, name, number, done, seen)
    elif "." in what.partition("@")[0]:
        unit, name, asked = catalog.parse_snapshot(what)
        there = catalog.snapshot_numbers(store, unit, name)
        if asked is None and there:
            asked = there[-1]
        if asked is None or asked not in there:
            asked = catalog.find_snapshot(store, what).ordinal  # says what there is
        _snapshot(store, unit, name, asked, done, seen)
    else:
        _release(store, catalog.resolve(store, what), done, seen, decided)
    _samples(store, done)
    _without_purged(store, done)
    if what == "all":
        _acceptances(store, done)
    _ledger(store, done, decided, head, everything=what == "all")
    return done


def _unreferenced(store: Store, mix: str, done: Verified) -> None:
    """What lies in a mix's pool and is named by no manifest. Not told where a manifest is damaged: that is told."""
    from clearinghouse.jobs.release_pool import unreferenced

    try:
        found = unreferenced(store, mix)
    except IntegrityError:
        return
    if found:
        done.unreferenced[mix] = (len(found), sum(entry.bytes for entry in found))


def _acceptances(store: Store, done: Verified) -> None:
    """Every acceptance of a snapshot that was held back has its entry."""
    from clearinghouse.jobs.drift import ACCEPTED, acceptances

    stand = [(key, *one) for key in catalog.datasets(store) for one in acceptances(store, key)]
    if stand:
        told = {
            (entry["body"].get("dataset"), entry["body"].get("digest"), entry.get("actor"), entry.get("at"))
            for entry in catalog.recorded(store, ACCEPTED)
        }
        for key, file, content in stand:
            if (key, *(content.get(name) for name in ("digest", "reviewer", "at"))) not in told:
                message = "is not in the ledger: the acceptance was interrupted (repeat it), or forged"
                done.findings.append(Finding(key, file, message))


def _samples(store: Store, done: Verified) -> None:
    """Every sample of an audit is the one that the ledger says was drawn."""
    from clearinghouse.jobs.audit_sample import findings, sample_key

    for ref, message, expected, found in findings(store, done.releases):
        done.findings.append(Finding(str(ref), sample_key(ref), message, expected, found))


def _without_purged(store: Store, done: Verified) -> None:
    """Rejects that were removed when their time was up, and what held people who were erased, are missing rightly: the
    ledger names them."""
    from clearinghouse.jobs.erase_purge import purged as erased
    from clearinghouse.quarantine import purged

    absent = {one.key for one in done.findings if one.message == _MISSING}
    if absent:
        rightly = absent & (purged(store) | erased(store))
        done.findings = [one for one in done.findings if one.message != _MISSING or one.key not in rightly]


def release_findings(store: Store, manifest: ReleaseManifest) -> list[Finding]:
    """What of a release's own bytes is not as its manifest says: shards, reports, sums. For who is about to sign."""
    done = Verified()
    ref = ReleaseRef(manifest.mix, manifest.version)
    _hash_all(store, _files_of_release(ref, manifest), done, set())
    return [*done.findings, *_release_sums(ref, manifest)]


def _release(
    store: Store, ref: ReleaseRef, done: Verified, seen: set[str], decided: dict[str, tuple[str, Decision]]
) -> None:
    name = str(ref)
    done.subjects.append(name)
    manifest = _try(done, name, ref.manifest, lambda: catalog.manifest_of(store, ref))
    if manifest is not None:
        done.releases.append((ref.mix, ref.version, manifest.digest))
        _hash_all(store, _files_of_release(ref, manifest), done, seen)
        done.findings += _release_sums(ref, manifest)
    decision = _try(done, name, ref.decision, lambda: catalog.decision_of(store, ref))
    if decision is None:
        return
    decided[ref.decision] = (digest(store.read(ref.decision)), decision)
    if (decision.mix, decision.version) != (ref.mix, ref.version):
        done.findings.append(Finding(name, ref.decision, f"is a decision on {decision.mix}@{decision.version}"))
    if manifest is not None and decision.manifest_digest != manifest.digest:
        done.findings.append(
            Finding(name, ref.manifest, "is not what was signed", decision.manifest_digest, manifest.digest)
        )
    if manifest is not None and decision.verdict == "approve":
        if manifest.recipe.get("risk") == "high":
            done.two.add(ref.decision)
        from clearinghouse.jobs.waivers import applied

        rows = applied(store, manifest, manifest.gates, signed_at=decision.at)
        failed = [str(gate.get("name")) for gate in rows if gate.get("passed") is not True]
        if failed:
            done.findings.append(Finding(name, ref.decision, f"approves what failed its gates: {', '.join(failed)}"))
        from clearinghouse.jobs.signing_gates import findings

        done.findings += [
            Finding(name, f"{ref.folder}/audit.json", said) for said in findings(store, manifest, decision.at)
        ]


def _files_of_release(ref: ReleaseRef, manifest: ReleaseManifest) -> Iterator[_File]:
    if manifest.listing is not None:
        for part in (manifest.listing.shards, manifest.listing.groups):
            yield _File(str(ref), f"{ref.folder}/{part.key}", part.sha256, part.bytes, part.rows)
    for name, stated in sorted(manifest.artefacts.items()):
        yield _File(str(ref), f"{ref.folder}/{name}", stated)
    try:
        for shard in manifest.shards:
            groups = tuple(rows for rows, _ in shard.row_groups)
            key = manifest.shard_key(shard)
            yield _File(str(ref), key, shard.sha256, shard.bytes, shard.rows, groups, shard.footer)
    except IntegrityError:
        # The listing of shards is damaged, which was told with its own file.
        return


def _release_sums(ref: ReleaseRef, manifest: ReleaseManifest) -> list[Finding]:
    from clearinghouse.reader_layout import Layout

    found = []
    try:
        layout = Layout(manifest)
        layout.check()
        sums = {"rows": layout.rows, "tokens": layout.tokens, "bytes": layout.bytes}
    except IntegrityError as error:
        found.append(Finding(str(ref), ref.manifest, error.message))
        sums = {}
    for name, total in sums.items():
        stated = manifest.totals.get(name, total)
        if stated != total:
            message = f"counts other {name} than its shards hold"
            found.append(Finding(str(ref), ref.manifest, message, str(stated), str(total)))
    if manifest.root and (root := manifest.rooted().root) != manifest.root:
        found.append(Finding(str(ref), ref.manifest, "names another root of its files", manifest.root, root))
    for place, counts in _counts_in(manifest.sources, "sources"):
        if not counts.balanced:
            found.append(Finding(str(ref), ref.manifest, f"has rows that do not add up in {place}"))
    return found


def _counts_in(value: Any, place: str) -> Iterator[tuple[str, Counts]]:
    """Every row account in a manifest's free-form part."""
    if isinstance(value, Mapping):
        if {"rows_in", "kept"} <= set(value) <= {"rows_in", "kept", "filtered", "quarantined", "duplicates"}:
            yield place, Counts(**value)
        else:
            for name, inner in value.items():
                yield from _counts_in(inner, f"{place}.{name}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _counts_in(inner, f"{place}[{number}]")


def _pointers(store: Store, mix: str, done: Verified) -> None:
    """Every `latest` names an approved release, by the digest that was signed."""
    from infra.store.sequence import entries

    for _, entry in entries(store, ReleaseRef(mix, catalog.LATEST).pointers):
        pointer = _try(done, mix, entry.key, lambda key=entry.key: catalog.parsed(store.read(key), key))
        if pointer is None:
            continue
        ref, stated = ReleaseRef(mix, str(pointer.get("version"))), str(pointer.get("manifest_digest"))
        # Damage to the decision is told where the release is looked at.
        decision = _try(Verified(), mix, ref.decision, lambda ref=ref: catalog.decision_of(store, ref))
        if decision is None or decision.verdict != "approve" or store.stat(ref.manifest) is None:
            message = f"points to {ref.version}, which is not an approved release"
            done.findings.append(Finding(mix, entry.key, message))
        elif decision.manifest_digest != stated:
            message = "points to another manifest than was signed"
            done.findings.append(Finding(mix, entry.key, message, decision.manifest_digest, stated))


def _snapshot(store: Store, unit: str, name: str, number: int, done: Verified, seen: set[str]) -> None:
    subject, key = f"{unit}.{name}@{number}", f"scrubbed/{unit}/{name}/snapshots/{number:08d}.json"
    done.subjects.append(subject)
    manifest = _try(done, subject, key, lambda: catalog.snapshot_of(store, unit, name, number))
    if manifest is None:
        return
    _hash_all(store, _files_of_snapshot(subject, manifest), done, seen)
    for receipt in manifest.receipts:
        where, counts = f"{subject}, unit of work {receipt.unit_id}", receipt.counts
        if not counts.balanced:
            done.findings.append(Finding(where, key, "has rows that do not add up"))
        for what, stated, entries in (
            ("kept", counts.kept, receipt.data),
            ("quarantined", sum(counts.quarantined.values()), receipt.quarantine),
        ):
            rows = sum(entry.rows for entry in entries)
            if rows != stated:
                message = f"counts other rows as {what} than its files hold"
                done.findings.append(Finding(where, key, message, str(stated), str(rows)))


def _files_of_snapshot(subject: str, manifest: SnapshotManifest) -> Iterator[_File]:
    for receipt in manifest.receipts:
        for entry in (*receipt.data, *receipt.quarantine, *receipt.evidence, *receipt.subjects):
            yield _File(subject, entry.key, entry.sha256, entry.bytes, entry.rows)


def _hash_all(store: Store, files: Iterable[_File], done: Verified, seen: set[str]) -> None:
    """Check files, each key once: a snapshot carries over most files of the one before."""
    fresh = (file for file in files if file.key not in seen and not seen.add(file.key))  # type: ignore[func-returns-value]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while some := list(islice(fresh, 64)):
            for size, found in pool.map(lambda file: _check(store, file), some):
                done.files += 1
                done.bytes += size
                done.findings += found


def _check(store: Store, file: _File) -> tuple[int, list[Finding]]:
    from infra.store import NotFound

    def wrong(message: str, expected: object = "", found: object = "") -> tuple[int, list[Finding]]:
        return size, [Finding(file.subject, file.key, message, str(expected), str(found))]

    size = 0
    try:
        with store.open(file.key) as source:
            stated = sha256()
            while block := source.read(_BLOCK):
                stated.update(block)
                size += len(block)
            if file.bytes is not None and size != file.bytes:
                return wrong("has another size", f"{file.bytes} bytes", f"{size} bytes")
            if stated.hexdigest() != file.sha256:
                return wrong("has other bytes", f"sha256 {file.sha256}", f"sha256 {stated.hexdigest()}")
            if file.footer and (end := _footer(source, size)) != file.footer:
                return wrong("has another footer", f"sha256 {file.footer}", f"sha256 {end}")
            if file.rows is not None and file.key.endswith(".parquet"):
                source.seek(0)
                return size, _rows(source, file)
    except NotFound:
        return wrong(_MISSING)
    return size, []


def _footer(source: Any, size: int) -> str:
    """SHA-256 of a Parquet file's footer; of nothing where it has none."""
    from schemas.shard_blocks import TAIL, footer_bytes

    try:
        source.seek(max(0, size - TAIL))
        source.seek(max(0, size - footer_bytes(source.read(TAIL))))
    except ValueError:
        return sha256().hexdigest()
    return sha256(source.read()).hexdigest()


def _rows(source: Any, file: _File) -> list[Finding]:
    """The bytes are those that were named; does the manifest also say rightly what is in them?"""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.ParquetFile(source).metadata
    except (pa.ArrowInvalid, OSError):
        return [Finding(file.subject, file.key, "is no Parquet file")]
    if metadata.num_rows != file.rows:
        return [Finding(file.subject, file.key, "has other rows", str(file.rows), str(metadata.num_rows))]
    groups = tuple(metadata.row_group(number).num_rows for number in range(metadata.num_row_groups))
    if file.groups is not None and groups != file.groups:
        return [Finding(file.subject, file.key, "has other row groups", str(file.groups[:8]), str(groups[:8]))]
    return []


def _ledger(
    store: Store,
    done: Verified,
    decided: Mapping[str, tuple[str, Decision]],
    head: Head | None,
    *,
    everything: bool,
) -> None:
    """The chain holds; every decision has its entry; and (for `all`) every entry of a decision its decision."""
    from governance.ledger import Verifier

    verifier, recorded = Verifier(head), dict[str, str]()
    told: dict[str, tuple[Any, ...]] = {}
    signed: dict[int, tuple[Any, ...]] = {}
    for number, data in catalog.ledger(store):
        entry = verifier.add(number, data)
        if entry is not None and entry["kind"] == "signature":
            signed[number] = (entry["actor"], entry["body"].get("manifest_digest"))
        if entry is not None and entry["kind"] == "decision":
            body = entry["body"]
            for name, stated in dict(body.get("signatures") or {}).items():
                if signed.get(stated) != (name, body.get("manifest_digest")):
                    key = f"{catalog.LEDGER}/{number:08d}.json"
                    done.findings.append(Finding("ledger", key, f"rests on a signature of {name} that is not there"))
            ref = ReleaseRef(str(body.get("mix")), str(body.get("version")))
            if ref.decision in done.two and len(body.get("signatures") or ()) < 2:
                key = f"{catalog.LEDGER}/{number:08d}.json"
                done.findings.append(
                    Finding("ledger", key, f"approves {ref}, of high risk, with fewer than two signatures")
                )
            recorded[ref.decision] = str(body.get("decision"))
            told[ref.decision] = (
                entry["actor"], entry["at"], *(body.get(name) for name in ("verdict", "reason", "manifest_digest"))
            )  # fmt: skip
    verifier.close()
    done.ledger = verifier.head
    done.findings += [
        Finding("ledger", f"{catalog.LEDGER}/{problem.ordinal:08d}.json", problem.message)
        for problem in verifier.problems
    ]
    for key, (stated, decision) in decided.items():
        name = f"{decision.mix}@{decision.version}"
        if key not in recorded:
            done.findings.append(
                Finding(name, key, "is not in the ledger: the decision was interrupted (repeat it), or forged")
            )
        elif recorded[key] != stated:
            done.findings.append(Finding(name, key, "is not the decision that the ledger has", recorded[key], stated))
        elif told[key] != _facts(decision):
            # The last entry has no successor whose digest would give an edit of it away; the decision does.
            done.findings.append(
                Finding("ledger", key, "was made by, at, on or for something else than the ledger says")
            )
    if everything:
        for key in sorted(set(recorded) - set(decided)):
            if store.stat(key) is None:
                done.findings.append(Finding("ledger", key, "is missing, but the ledger has its digest"))


def _facts(decision: Decision) -> tuple[str, ...]:
    return (decision.reviewer, decision.at, decision.verdict, decision.reason, decision.manifest_digest)


def _try(done: Verified, subject: str, key: str, read: Any) -> Any:
    """What ``read`` returns, or ``None`` after noting that it was damaged."""
    try:
        return read()
    except IntegrityError as error:
        done.findings.append(Finding(subject, key, f"is damaged: {error.message}"))
        return None
