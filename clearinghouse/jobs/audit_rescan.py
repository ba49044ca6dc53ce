"""A second detector over the scrubbed text: the sample whole, and a share of the release for the technical check.

The recognisers look again, of all countries and, where the policy names them, with its external models: whatever they find in
text that was scrubbed was missed, or is no personal data. In the sample people decide which; of the rest only counts
are kept. Only places and kinds are written, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.audit_rows import documents, frozen, groups, texts
from clearinghouse.jobs.audit_sample import AuditError, folder, load, release_of, sound
from clearinghouse.settings import Settings
from governance.audit.design import priorities, seeded
from schemas.canonical import canonical_json
from schemas.contract import Policy
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

#: Kinds that recognisers find and every policy keeps: no leak.
PUBLIC = frozenset({"SERVICE_LINE", "WORK_TITLE"})
#: Between them, every country whose numbers the recognisers know by a language.
LANGUAGES = ("zh", "en", "es", "pt", "ko", "ja", "vi", "th", "id", "ms", "ru", "tl", "fr", "de", "it")
_BATCH = 2048
_SPEAKER = re.compile(r"(?:^|\n)(?:system|user|assistant|tool): ?\Z")


def rescan_key(ref: ReleaseRef) -> str:
    return f"{folder(ref)}/rescan.json"


def rescan_of(store: Store, ref: ReleaseRef) -> dict[str, Any] | None:
    """What the second detector found, or ``None`` where none was run."""
    from clearinghouse import catalog
    from infra.store import NotFound

    try:
        return catalog.parsed(store.read(rescan_key(ref)), rescan_key(ref))
    except NotFound:
        return None


def rescan(settings: Settings, release: str, *, share: float = 0.1) -> dict[str, Any]:
    """Look at the sample of ``mix@version`` again, and at ``share`` of all rows, drawn by the sample's seed.

    Returns release, detector, sample (rows, with_finds), technical (rows, of, with_finds), entities (finds by kind in
    the sample) and repeated. Done once: the same command again tells what was found then. Raises `AuditError`,
    `IntegrityError`, `PolicyError` or `StoreError`.
    """
    from pathlib import Path

    from infra.store import open_store
    from schemas.policy_loader import load_policy

    if not 0 <= share <= 1:
        raise AuditError("the share of rows lies between 0 and 1")
    store = open_store(settings.store)
    ref, manifest = release_of(store, release)
    sample = load(store, ref, manifest)
    there = rescan_of(store, ref)
    if there is not None:
        return {**_told(ref, there), "repeated": True}
    sound(store, manifest)
    policy = load_policy(Path(settings.policy) if settings.policy else None)
    detector = Detector(policy)
    gone = frozen(store, ref)
    finds: dict[str, list[list[Any]]] = {}
    wanted = {item.row: item.id for item in sample.items if item.row not in gone}
    for document in documents(store, manifest, wanted):
        found = [
            [number, start, end, entity]
            for number, part in enumerate(document.parts)
            for start, end, entity in detector.spans(part.text)
        ]
        if found:
            finds[str(document.row)] = found
    rows, hit, of = _technical(
        store, manifest, detector, share, seeded(sample.seed, manifest.digest, "technical"), gone
    )
    body = {
        "release": str(ref),
        "manifest_digest": manifest.digest,
        "sample": sample.digest,
        "detector": detector.facts,
        "finds": finds,
        "read": len(wanted),
        "technical": {"rows": rows, "of": of, "with_finds": hit},
    }
    repeated = not store.put(rescan_key(ref), canonical_json(body), if_absent=True)
    return {**_told(ref, rescan_of(store, ref) or body), "repeated": repeated}


def _told(ref: ReleaseRef, body: Mapping[str, Any]) -> dict[str, Any]:
    entities: dict[str, int] = {}
    for spans in body["finds"].values():
        for span in spans:
            entities[span[3]] = entities.get(span[3], 0) + 1
    return {
        "release": str(ref),
        "detector": body["detector"],
        "sample": {"rows": body["read"], "with_finds": len(body["finds"])},
        "technical": body["technical"],
        "entities": dict(sorted(entities.items())),
    }


class Detector:
    """The recognisers of all countries, and the external models of a policy. Surrogates, which are made up, are not found."""

    def __init__(self, policy: Policy) -> None:
        from clearinghouse.code import code_version
        from clearinghouse.scrub import default_engine
        from governance.actions.done import Blotter
        from governance.recognisers.regions import regions_for

        regions = tuple(sorted({code for language in LANGUAGES for code in regions_for(None, language)}))
        self.engine = default_engine(regions, public_figures=True, external=policy.recognisers)
        actions = {rule.action for rule in policy.rules}
        self.blot = Blotter(surrogates="surrogate" in actions, networks="generalise" in actions)
        kept = {rule.entity for rule in policy.rules if rule.action == "keep"}
        self.passed = PUBLIC | kept
        self.facts = {
            "name": "recognisers of all countries",
            "models": [f"{one.engine} {one.model}" for one in policy.recognisers],
            "policy": policy.digest,
            "code": code_version(),
        }

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Finds in one text: start, end, entity; by place."""
        for _, start, end, entity in self.scan(pa.array([text], pa.large_string())):
            yield start, end, entity

    def scan(self, texts: pa.Array) -> Iterator[tuple[int, int, int, str]]:
        """Finds in many texts: number of the text, start, end, entity."""
        from governance.actions.done import back

        origins: dict[int, list[int]] = {}
        blotted = texts
        if self.blot:
            blotted, origins = self.blot(texts)
        for span in sorted(back(self.engine.scan(blotted), origins), key=lambda one: (one.row, one.start)):
            if span.keep or span.entity in self.passed:
                continue
            # Conversations that are released as text say who speaks; to a recogniser "user:" is the label of a name.
            before = texts[span.row].as_py()[max(0, span.start - 12) : span.start]
            if not (span.entity == "USERNAME" and _SPEAKER.search(before)):
                yield span.row, span.start, span.end, span.entity


def _technical(
    store: Store, manifest: ReleaseManifest, detector: Detector, share: float, seed: int, gone: frozenset[int]
) -> tuple[int, int, int]:
    """Rows looked at, rows with a find, and rows there are."""
    looked = hit = of = 0
    held = np.array(sorted(gone), np.int64)
    below = np.uint64(min(2**64 - 1, int(share * 2**64)))
    for first, table in groups(store, manifest):
        rows = first + np.arange(len(table), dtype=np.int64)
        there = ~table.column("erased").to_numpy().astype(bool) & ~np.isin(rows, held)
        of += int(there.sum())
        drawn = there & (priorities(rows, seed) <= below if share else np.zeros(len(rows), bool))
        looked += int(drawn.sum())
        if drawn.any():
            hit += _rows_with_finds(table.filter(pa.array(drawn)), detector)
    return looked, hit, of


def _rows_with_finds(table: pa.Table, detector: Detector) -> int:
    found: set[int] = set()
    for rows, column in texts(table):
        for begin in range(0, len(column), _BATCH):
            part: pa.Array = column.slice(begin, _BATCH).cast(pa.large_string())
            places: NDArray[np.int64] = rows[begin : begin + _BATCH]
            found.update(int(places[number]) for number, *_ in detector.scan(part))
    return len(found)
