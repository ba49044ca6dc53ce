"""The gates of the moment of signing: measured on the closed audit of the release, when somebody approves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from clearinghouse.catalog import ReleaseRef
from governance.gates import Measured
from governance.gates import evaluate as rows_of
from schemas.contract import Gate
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from clearinghouse.settings import Settings
    from infra.store import Store


def asked(manifest: ReleaseManifest) -> tuple[Gate, ...]:
    """The gates that the release was built to be signed under: the manifest keeps them, a policy that changed since
    changes nothing."""
    return tuple(Gate(**{**row, "when": "sign"}) for row in manifest.recipe.get("signing_gates", ()))


def evaluate(
    settings: Settings,  # noqa: ARG001 - the manifest alone says what is asked, whatever policy is set today
    store: Store,
    manifest: ReleaseManifest,
    *,
    signed_at: str = "",
) -> tuple[dict[str, Any], ...]:
    """A row a gate, as the manifest's; empty where the policy and the mix ask for none. Without a closed audit, none has
    passed but what was let through (`clearinghouse.jobs.waivers`). Raises `IntegrityError` where the audit is damaged, of other bytes, or not what the ledger recorded. ``signed_at``: with the
    exceptions that held then."""
    from clearinghouse.jobs.audit_result import closed
    from clearinghouse.jobs.waivers import applied

    gates = asked(manifest)
    if not gates:
        return ()
    ref = ReleaseRef(manifest.mix, manifest.version)
    audit = closed(store, ref)
    unknown = "the audit does not say" if audit else f"no audit is closed: clearinghouse audit draw {ref}"
    rows = rows_of(gates, _values(store, ref, manifest, gates, audit), unknown=unknown)
    return applied(store, manifest, rows, signed_at=signed_at)


def _values(
    store: Store, ref: ReleaseRef, manifest: ReleaseManifest, gates: Iterable[Gate], audit: Mapping[str, Any] | None
) -> dict[str, Measured]:
    if audit is None:
        return {}
    _of_this(store, ref, manifest, audit)
    return {gate.name: found for gate in gates if (found := MEASURES[gate.name](audit)) is not None}


def findings(store: Store, manifest: ReleaseManifest, signed_at: str) -> list[str]:
    """What is wrong with the audit of a release that was approved at ``signed_at``: gone, changed, or not enough."""
    from clearinghouse.jobs.audit_result import closed
    from clearinghouse.jobs.waivers import applied

    gates, ref = asked(manifest), ReleaseRef(manifest.mix, manifest.version)
    if not gates:
        return []
    try:
        values = _values(store, ref, manifest, gates, closed(store, ref))
    except IntegrityError as error:
        return [error.message]
    rows = applied(store, manifest, rows_of(gates, values), signed_at=signed_at)
    failed = [str(row["name"]) for row in rows if row["passed"] is not True]
    return [f"is approved without an audit that passes {', '.join(failed)}"] if failed else []


def _of_this(store: Store, ref: ReleaseRef, manifest: ReleaseManifest, audit: Mapping[str, Any]) -> None:
    """The audit is of this very release, and is the one that the ledger has."""
    from clearinghouse import catalog
    from clearinghouse.jobs.audit import result_key
    from clearinghouse.jobs.audit_result import CLOSED
    from clearinghouse.jobs.audit_sample import as_drawn
    from schemas.canonical import digest

    key = result_key(ref)
    if audit.get("manifest_digest") != manifest.digest:
        raise IntegrityError(
            f"{key} is the audit of another manifest than that of {ref}", fix=f"clearinghouse verify {ref}"
        )
    found = digest(store.read(key))
    if not any(entry["body"].get("audit") == found for entry in catalog.recorded(store, CLOSED)):
        raise IntegrityError(
            f"{key} is not in the ledger: closing it was interrupted, or it was written by hand",
            state="nothing was written",
            fix=f"clearinghouse audit close {ref} --actor NAME (finishes it)",
        )
    as_drawn(store, manifest, str(audit.get("sample")))


def _closed(audit: Mapping[str, Any]) -> Measured:
    readers = ", ".join(audit["readers"])
    return Measured(audit["state"] == "closed", f"{audit['total']['read']:,} rows read by {readers or 'nobody'}")


def _residual(audit: Mapping[str, Any]) -> Measured:
    total = audit["total"]
    return Measured(
        Fraction(Decimal(total["upper"])),
        f"upper bound (95 %, one-sided) of rows with a leak: {total['leaks']:,} in {total['read']:,} rows read",
    )


def _harmful(audit: Mapping[str, Any]) -> Measured | None:
    """The worst source of those that were read. A source of which nothing was read is not known."""
    rows = audit["harmful"]
    if not rows:
        return None
    worst = max(rows, key=lambda row: (Fraction(row["harmful"], row["read"]), row["dataset"]))
    return Measured(
        Fraction(worst["harmful"], worst["read"]),
        f"highest: {worst['dataset']}, {worst['harmful']:,} of {worst['read']:,} rows read",
    )


def _items(audit: Mapping[str, Any]) -> Measured:
    return Measured(int(audit["total"]["read"]), "rows read by people")


def _passed(audit: Mapping[str, Any]) -> Measured | None:
    read = audit["total"]["read"]
    return Measured(Fraction(audit["passed"], read), f"{audit['passed']:,} of {read:,} rows") if read else None


def _technical_share(audit: Mapping[str, Any]) -> Measured | None:
    found = audit["technical"]
    if not found or not found["of"]:
        return None
    return Measured(Fraction(found["rows"], found["of"]), f"{found['rows']:,} of {found['of']:,} rows looked at again")


def _technical_rate(audit: Mapping[str, Any]) -> Measured | None:
    found = audit["technical"]
    if not found or not found["rows"]:
        return None
    clean = found["rows"] - found["with_finds"]
    return Measured(Fraction(clean, found["rows"]), f"{clean:,} of {found['rows']:,} rows without a find")


def _kappa(audit: Mapping[str, Any]) -> Measured | None:
    found = audit["kappa"]
    if not found["both_read"]:
        return None
    if found["value"] is None:
        # Kappa is 0/0 where both gave one and the same verdict to every row.
        return Measured(None, f"both readers gave one and the same verdict to all {found['both_read']:,} rows")
    return Measured(Fraction(Decimal(found["value"])), f"{found['both_read']:,} rows read by two")


MEASURES: dict[str, Callable[[Mapping[str, Any]], Measured | None]] = {
    "audit_closed": _closed,
    "pii_residual_bound": _residual,
    "source_harmful_rate": _harmful,
    "manual_sample_items": _items,
    "manual_pass_rate": _passed,
    "technical_sample_share": _technical_share,
    "technical_pass_rate": _technical_rate,
    "reader_kappa": _kappa,
}
