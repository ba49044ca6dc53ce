"""Manifests: what is written is read, damage is found, and older ones stay readable."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest

from schemas.canonical import canonical_json, digest
from schemas.errors import IntegrityError
from schemas.manifest import FORMAT, Counts, FileEntry, Receipt, ReleaseManifest, Shard, SnapshotManifest

RECEIPT = Receipt(
    unit_id="u",
    partition="2024-05-01",
    inputs=({"uri": "a.csv"},),
    counts=Counts(3, 1, {"short": 1}, {"type:id": 1}),
    data=(FileEntry("k", 10, "s", 1),),
    quarantine=(),
    evidence=(),
    redactions={"note|PHONE_NUMBER|placeholder|phone.cn_mobile": 1},
    not_scanned={},
    bytes_in=30,
)
SNAPSHOT = SnapshotManifest("shop.notes", 1, None, {"digest": "c"}, {"digest": "p"}, "k", "0.1", (RECEIPT,), None, {})
RELEASE = ReleaseManifest(
    mix="m",
    version="1.0.0",
    parent=None,
    purpose="pretrain",
    sample_format="text",
    seed=1,
    recipe={},
    tokenizer={},
    policy={},
    code="0.1",
    sources=({"dataset": "shop.notes"},),
    shards=(Shard("shards/x.parquet", 10, "s", 1, 5, 0, ((1, 5),)),),
    totals={"rows": 1},
    gates=(),
    redactions={},
)


@pytest.mark.parametrize("manifest", [SNAPSHOT, RELEASE], ids=["snapshot", "release"])
class TestBoth:
    def test_what_is_written_is_read(self, manifest) -> None:
        back = type(manifest).from_json(manifest.to_json())
        assert back == manifest
        assert back.digest == manifest.digest
        assert pickle.loads(pickle.dumps(back)).digest == manifest.digest

    def test_any_changed_value_is_found(self, manifest) -> None:
        raw = json.loads(manifest.to_json())
        for name in sorted(set(raw) - {"digest", "format", "ordinal", "parent"}):
            changed = {**raw, name: "x" if raw[name] != "x" else "y"}
            with pytest.raises(IntegrityError):
                type(manifest).from_json(canonical_json(changed))

    def test_a_changed_copy_has_a_digest_of_its_own(self, manifest) -> None:
        back = type(manifest).from_json(manifest.to_json())
        assert replace(back, code="0.2").digest != back.digest

    def test_a_newer_format_is_refused(self, manifest) -> None:
        raw = {**json.loads(manifest.to_json()), "format": FORMAT + 1}
        with pytest.raises(IntegrityError, match="newer"):
            type(manifest).from_json(canonical_json(raw))


def test_a_receipt_without_drift_is_read() -> None:
    raw = json.loads(SNAPSHOT.to_json())
    del raw["receipts"][0]["drift"], raw["digest"]
    stated = digest({k: v for k, v in raw.items() if k not in ("ordinal", "parent")})
    back = SnapshotManifest.from_json(canonical_json({**raw, "digest": stated}))
    assert back.receipts[0].drift == ()
    assert back.digest == stated


def test_what_a_snapshot_says_of_drift_is_guarded_and_not_in_its_digest() -> None:
    held = replace(SNAPSHOT, drift={"status": "held", "held": ["2024-05-01"]})
    assert held.digest == SNAPSHOT.digest
    assert SnapshotManifest.from_json(held.to_json()) == held
    raw = json.loads(held.to_json())
    for changed in ({**raw, "drift": {"status": "ok"}}, {k: v for k, v in raw.items() if k != "drift"}):
        with pytest.raises(IntegrityError, match="drift"):
            SnapshotManifest.from_json(canonical_json(changed))


def test_a_release_without_a_field_that_came_later_keeps_its_digest() -> None:
    raw = json.loads(RELEASE.to_json())
    del raw["artefacts"], raw["digest"]
    assert ReleaseManifest.from_json(canonical_json({**raw, "digest": digest(raw)})).digest == digest(raw)


def test_the_identity_of_rows() -> None:
    assert RECEIPT.counts.balanced
    assert not replace(RECEIPT.counts, kept=2).balanced
    total = RECEIPT.counts + Counts(2, 0, {}, {"type:id": 1, "null:x": 1})
    assert total == Counts(5, 1, {"short": 1}, {"null:x": 1, "type:id": 2})


def test_a_manifest_says_what_is_left_of_personal_data() -> None:
    left = {
        "body|PERSON|surrogate|name": 3,
        "body|PERSON|keep|name": 1,
        "n|WAYBILL|encrypt|column": 2,
        "x|IP|mask|ip": 5,
    }
    release = replace(RELEASE, redactions={f"shop.notes|{name}": count for name, count in left.items()})
    raw = json.loads(release.to_json())
    assert raw["left"] == release.left == {"surrogate": 3, "encrypt": 2}
    assert ReleaseManifest.from_json(release.to_json()) == release
    with pytest.raises(IntegrityError, match="what is left"):
        ReleaseManifest.from_json(canonical_json({**raw, "left": {"encrypt": 2}}))
    snapshot = replace(SNAPSHOT, receipts=(replace(RECEIPT, redactions=left),))
    assert SnapshotManifest.from_json(snapshot.to_json()).left == {"surrogate": 3, "encrypt": 2}
    assert b'"left"' not in RELEASE.to_json()
