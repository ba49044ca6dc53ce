"""What an audit does for a signature: the gates of signing, and audits that were tampered with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clearinghouse.jobs import audit_sample
from clearinghouse.jobs.audit_result import close
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.signing_gates import MEASURES, evaluate
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.gate_rules import SIGNING
from schemas.manifest import ReleaseManifest
from tests.audit_world import NAME, read_all, release


def test_a_release_is_signed_only_after_its_audit(settings: Settings, made: ReleaseManifest) -> None:
    store = open_store(settings.store)
    rows = evaluate(settings, store, made)
    assert [(row["value"], row["passed"]) for row in rows] == [("not measured", False)] * 2
    with pytest.raises(ReleaseRefused, match="pii_residual_bound"):
        decide(settings, NAME, "approve", "dee", "fine")
    audit_sample.draw(settings, NAME, size=60)
    read_all(settings, "ann", "ben")
    close(settings, NAME, "dee")
    rows = evaluate(settings, store, made)
    assert all(row["passed"] for row in rows)
    assert "0 in 60 rows read" in rows[1]["detail"]
    assert decide(settings, NAME, "approve", "dee", "fine")["verdict"] == "approve"
    assert verify(store).findings == []
    file = Path(settings.store) / "releases/demo/1.0.0/audit.json"
    kept = file.read_bytes()
    file.write_bytes(kept.replace(b'"leaks":0', b'"leaks":1', 1))
    assert ["is not in the ledger" in one.message for one in verify(store).findings] == [True]
    file.unlink()
    assert ["without an audit that passes" in one.message for one in verify(store).findings] == [True]


def test_a_release_without_such_gates_needs_no_audit(settings: Settings) -> None:
    manifest = release(settings, recipe={"name": "demo", "reviewers": []})
    assert evaluate(settings, open_store(settings.store), manifest) == ()


@pytest.mark.parametrize("change", ["upper", "manifest", "bytes"])
def test_an_audit_that_was_tampered_with_signs_nothing(settings: Settings, made: ReleaseManifest, change: str) -> None:
    audit_sample.draw(settings, NAME, size=60)
    read_all(settings, "ann", "ben", leaks=tuple(range(100)))
    close(settings, NAME, "dee")
    store = open_store(settings.store)
    assert not all(row["passed"] for row in evaluate(settings, store, made))
    file = Path(settings.store) / "releases/demo/1.0.0/audit.json"
    body = json.loads(file.read_bytes())
    if change == "upper":
        body["total"]["upper"] = "0.001"
    elif change == "manifest":
        body["manifest_digest"] = "0" * 64

    file.write_bytes(canonical_json(body) + (b" " if change == "bytes" else b""))
    with pytest.raises(IntegrityError):
        evaluate(settings, store, made)


def test_every_gate_of_signing_is_measured() -> None:
    assert set(MEASURES) == set(SIGNING)
    empty = {
        "state": "closed", "readers": [], "total": {"read": 0, "leaks": 0, "upper": "1"}, "passed": 0,
        "harmful": [], "technical": None, "kappa": {"value": None, "agreement": None, "both_read": 0},
    }  # fmt: skip
    unknown = {name for name, measure in MEASURES.items() if measure(empty) is None}
    assert unknown == set(SIGNING) - {"audit_closed", "pii_residual_bound", "manual_sample_items"}
