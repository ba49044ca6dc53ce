"""What an audit comes to: leaks by stratum and in all, agreement of readers, what two detectors missed; and its end.

A row counts as leaking when the reader, both readers, or the third person who settled it say so; until it is settled, when
one of two readers does or is unsure. Shares are of rows. Decimals are text: no float is in what is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from clearinghouse.jobs.audit import Audit, Span, Verdict, overlaps, result_key
from clearinghouse.jobs.audit_rescan import rescan_of
from clearinghouse.jobs.audit_rows import column
from clearinghouse.jobs.audit_sample import AuditError, as_drawn, sound
from clearinghouse.jobs.record import now, record
from clearinghouse.settings import Settings
from governance.audit.agreement import kappa
from governance.audit.estimate import Bounds, Read, of_stratum, of_total
from governance.audit.recapture import recapture
from governance.gates import shown
from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError

if TYPE_CHECKING:
    from governance.signing import Signer
    from infra.store import Store

CLOSED = "audit"
"""The kind of ledger entry that a closed audit is."""


@dataclass(frozen=True)
class Final:
    """What holds of a row: ``leak``, ``over`` (something was taken out that need not be), ``harmful``; ``passed`` is neither
    leak, harmful nor unsure."""

    leak: bool
    over: bool
    harmful: bool
    unsure: bool
    leaks: tuple[Span, ...]

    @property
    def passed(self) -> bool:
        return not (self.leak or self.harmful or self.unsure)


def final(verdicts: Sequence[Verdict], settled: Verdict | None) -> Final:
    """Of the verdicts on one row, at least one, and what a third person said."""
    said = [settled] if settled is not None else list(verdicts)
    unsure = any(one.verdict == "unsure" for one in said)
    return Final(
        leak=unsure or any(one.verdict == "leak" for one in said),
        over=any(one.verdict == "over-redacted" for one in said),
        harmful=any(one.harmful for one in said),
        unsure=unsure,
        leaks=tuple(sorted({span for one in said for span in one.leaks})),
    )


def result(settings: Settings, release: str) -> dict[str, Any]:
    """The audit of ``mix@version`` as it stands: what was closed, or what would be.

    Returns the body of ``audit.json``: release, manifest_digest, seed, sample (its digest), state, readers, size, strata, total,
    kappa, capture, passed (rows that pass), read, harmful (by source), technical, entities (leaks by kind) and, while it is open,
    missing (what keeps it from being closed). Raises `AuditError`, `IntegrityError`, `NotFoundByName` or `StoreError`.
    """
    audit = Audit.open(settings, release)
    there = closed(audit.store, audit.ref)
    return there if there is not None else _body(audit, "open")


def closed(store: Store, ref: ReleaseRef) -> dict[str, Any] | None:
    """The closed audit of a release, or ``None``. Raises `IntegrityError` where it is damaged."""
    from infra.store import NotFound

    try:
        data = store.read(result_key(ref))
    except NotFound:
        return None
    found = catalog.parsed(data, result_key(ref))
    if found.get("release") != str(ref) or canonical_json(found) != data:
        raise IntegrityError(
            f"{result_key(ref)} is not the audit of {ref} as it was written",
            fix=f"restore {result_key(ref)} from a copy",
        )
    return found


def _body(audit: Audit, state: str) -> dict[str, Any]:
    verdicts, settled = audit.verdicts(), audit.adjudications()
    by_row: dict[int, list[Verdict]] = {}
    for one in verdicts:
        by_row.setdefault(one.row, []).append(one)
    finals = {row: final(given, settled.get(row)) for row, given in by_row.items() if row not in audit.gone}
    sample = audit.sample
    sources = column(audit.store, audit.manifest, finals, "source")
    strata = []
    reads: list[Read] = []
    over_total = 0
    for number, share in enumerate(sample.strata):
        mine = [item.row for item in sample.items if item.stratum == number]
        read = [finals[row] for row in mine if row in finals]
        leaks, over = sum(one.leak for one in read), sum(one.over for one in read)
        over_total += over
        reads.append(Read(share.rows, len(read), leaks))
        strata.append(
            {
                **vars(share.stratum),
                **_figures(share.rows, share.tokens, share.sampled, len(read), leaks, over, of_stratum(reads[-1])),
            }
        )
    pairs = [(given[0].verdict, given[1].verdict) for given in by_row.values() if len(given) > 1]
    agreed = kappa(pairs)
    kinds = Counter(span.entity for one in finals.values() for span in one.leaks)
    again = rescan_of(audit.store, audit.ref)
    body = {
        "format": 1,
        "release": str(audit.ref),
        "manifest_digest": audit.manifest.digest,
        "sample": sample.digest,
        "seed": sample.seed,
        "size": len(sample.items),
        "state": state,
        "readers": sorted({one.reader for one in verdicts}),
        "settled_by": sorted({one.reader for one in settled.values()}),
        "strata": strata,
        "total": _figures(
            sum(one.rows for one in sample.strata),
            sum(one.tokens for one in sample.strata),
            len(sample.items),
            len(finals),
            sum(one.leak for one in finals.values()),
            over_total,
            of_total(reads),
        ),
        "passed": sum(one.passed for one in finals.values()),
        "kappa": {
            "value": None if agreed.kappa is None else shown(agreed.kappa),
            "agreement": None if agreed.agreement is None else shown(agreed.agreement),
            "both_read": agreed.read,
        },
        "capture": _capture(audit, by_row, finals),
        "entities": dict(sorted(kinds.items())),
        "harmful": _harmful(finals, sources),
        "technical": again["technical"] if again else None,
        "frozen": len(audit.gone),
    }
    return body if state == "closed" else {**body, "missing": list(_missing(audit, by_row))}


def _figures(rows: int, tokens: int, sampled: int, read: int, leaks: int, over: int, bounds: Bounds) -> dict[str, Any]:
    return {
        "population_rows": rows,
        "population_tokens": tokens,
        "sampled": sampled,
        "read": read,
        "leaks": leaks,
        "over": over,
        "lower": f"{bounds.lower.normalize():f}",
        "upper": f"{bounds.upper.normalize():f}",
        "wilson_upper": f"{bounds.wilson_upper.normalize():f}",
        "extrapolated": None if bounds.extrapolated is None else shown(bounds.extrapolated),
    }


def _harmful(finals: Mapping[int, Final], sources: Mapping[int, str]) -> list[dict[str, Any]]:
    read, bad = Counter[str](), Counter[str]()
    for row, one in finals.items():
        read[sources[row]] += 1
        bad[sources[row]] += one.harmful
    return [{"dataset": key, "read": read[key], "harmful": bad[key]} for key in sorted(read)]


def _capture(
    audit: Audit, by_row: Mapping[int, Sequence[Verdict]], finals: Mapping[int, Final]
) -> dict[str, Any] | None:
    """Two detectors on the same rows: the readers and the second detector where one was run, else the two readers."""
    if rescan_of(audit.store, audit.ref) is not None:
        finds = audit.second_finds()
        pairs = [
            (
                _seen(one.leaks, [span for said in by_row[row] for span in said.leaks]),
                _seen(one.leaks, finds.get(row, ())),
            )
            for row, one in finals.items()
        ]
        detectors = ["readers", "second detector"]
    else:
        both = [(finals[row].leaks, given) for row, given in by_row.items() if len(given) > 1 and row in finals]
        if not both:
            return None
        pairs = [(_seen(leaks, given[0].leaks), _seen(leaks, given[1].leaks)) for leaks, given in both]
        detectors = ["first reader", "second reader"]
    made = recapture(
        sum(len(one) for one, _ in pairs), sum(len(two) for _, two in pairs), sum(len(one & two) for one, two in pairs)
    )
    return {
        "detectors": detectors,
        "first": made.first,
        "second": made.second,
        "both": made.both,
        "estimate": shown(made.estimate),
        "missed": shown(made.missed),
        "variance": shown(made.variance),
    }


def _seen(leaks: Sequence[Span], marks: Iterable[Span]) -> set[int]:
    """Which of the leaks that hold were marked, by place: marks that only overlap are of the same leak."""
    marks = list(marks)
    return {place for place, leak in enumerate(leaks) if _among(leak, marks)}


def _among(span: Span, others: Iterable[Span]) -> bool:
    return any(overlaps(span, other) for other in others)


def _missing(audit: Audit, by_row: Mapping[int, Sequence[Verdict]]) -> Iterable[str]:
    double = audit.sample.double
    rows = [item.row for item in audit.sample.items if item.row not in audit.gone]
    unread = sum(not by_row.get(row) for row in rows)
    once = sum(len(by_row.get(row, ())) == 1 for row in rows if row in double)
    unsettled = len(audit.disagreements())
    if unread:
        yield f"{unread:,} of {len(rows):,} rows were read by nobody"
    if once:
        yield f"{once:,} rows wait for a second reader"
    if unsettled:
        yield f"{unsettled:,} rows on which readers differ wait for a third person"


def close(settings: Settings, release: str, actor: str, *, signer: Signer | None = None) -> dict[str, Any]:
    """Close the audit of ``mix@version``: every shard is hashed again, ``audit.json`` is written once, and the ledger says so.

    In a governed store a reviewer closes it, with their key: ``signer`` where it is open already, else the settings say
    where it is. Who built the release never does. Killed between the two, the same command writes the entry. Returns the
    body with ledger (number of the entry) and repeated. Raises `AuditError` with all that is missing, `ReleaseRefused` or
    `IntegrityError`.
    """
    audit = Audit.open(settings, release)
    fix = f"clearinghouse audit result {audit.ref}"
    if not actor.strip():
        raise AuditError("who closes an audit has a name", fix=f"clearinghouse audit close {audit.ref} --actor NAME")
    if actor.strip() in audit.built_by:
        raise AuditError(
            f"{actor.strip()} built {audit.ref} and does not close its audit",
            state="nothing was written",
            fix="let a reviewer close it who did not build the release",
        )
    there = closed(audit.store, audit.ref)
    repeated = there is not None
    if there is None:
        body = _body(audit, "open")
        if body["missing"]:
            raise AuditError(
                f"the audit of {audit.ref} cannot be closed:\n" + "\n".join(f"  {said}" for said in body["missing"]),
                state="nothing was written",
                fix=fix,
            )
        as_drawn(audit.store, audit.manifest, audit.sample.digest)
        sound(audit.store, audit.manifest)
        # Before anything is written: who may not sign the entry does not close.
        signer = _signer(settings, audit, actor.strip(), signer)
        body = {**_body(audit, "closed"), "closed": {"by": actor.strip(), "at": now()}}
        repeated = not audit.store.put(result_key(audit.ref), canonical_json(body), if_absent=True)
        there = closed(audit.store, audit.ref) or body
    number = _record(settings, audit, there, signer)
    return {**there, "ledger": number, "repeated": repeated}


def _record(settings: Settings, audit: Audit, there: Mapping[str, Any], signer: Signer | None) -> int:
    total, actor = there["total"], str(there["closed"]["by"])
    return record(
        audit.store,
        kind=CLOSED,
        actor=actor,
        signer=_signer(settings, audit, actor, signer),
        at=str(there["closed"]["at"]),
        body={
            "mix": audit.ref.mix,
            "version": audit.ref.version,
            "manifest_digest": audit.manifest.digest,
            "audit": digest(audit.store.read(result_key(audit.ref))),
            "read": total["read"],
            "leaks": total["leaks"],
            "upper": total["upper"],
        },
        same=("audit",),
    )


def _signer(settings: Settings, audit: Audit, actor: str, signer: Signer | None) -> Signer | None:
    from clearinghouse.jobs.people import sign_as

    return sign_as(settings, audit.store, CLOSED, actor, signer=signer)
