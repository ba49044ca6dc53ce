"""Whatever differs from what the manifests, decisions and ledger say is found, and all of it is listed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.decide import decide
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.ledger import Head
from infra.store import open_store
from schemas.canonical import canonical_json, digest
from schemas.manifest import ReleaseManifest, SnapshotManifest
from tests.builders import make_release, make_snapshot
from tests.infra.stores import KINDS, make_store


def fill(uri: str) -> None:
    make_release(uri)
    make_release(uri, version="1.1.0")
    make_release(uri, mix="chat")
    for release, verdict in (("demo@1.0.0", "approve"), ("demo@1.1.0", "reject")):
        decide(Settings(store=uri), release, verdict, "dana.lin", "read the report")
    make_snapshot(uri)
    make_snapshot(uri, partition="2026-02")
    make_snapshot(uri, "commerce.orders", quarantined=0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fill(str(tmp_path / "store"))
    return tmp_path / "store"


def told(root: Path, what: str = "all", head: Head | None = None) -> list[str]:
    return [str(finding) for finding in verify(open_store(str(root)), what, head=head).findings]


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_store_has_no_findings(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = make_store(kind, request, tmp_path)
    fill(store.uri)
    found = verify(store)
    assert found.findings == []
    assert found.subjects == [
        "chat@1.0.0", "demo@1.0.0", "demo@1.1.0", "commerce.orders@1", "media.notes@1", "media.notes@2",
    ]  # fmt: skip
    # 3 releases of 3 shards and 2 reports; snapshots of data, quarantine and evidence, those of equal bytes once.
    assert found.files == len({e.key for e in store.list() if e.key.endswith((".parquet", ".html", "report.json"))})
    assert found.ledger is not None
    assert found.ledger.ordinal == 2
    assert json.loads(json.dumps(found.as_dict()))["ok"] is True
    for what, subject in (
        ("demo", "demo@1.0.0"), ("demo@1.1.0", "demo@1.1.0"), ("media.notes", "media.notes@2"),
        ("media.notes@1", "media.notes@1"),
    ):  # fmt: skip
        one = verify(store, what)
        assert (one.subjects, one.findings) == ([subject], [])


def test_an_empty_store_is_sound(tmp_path: Path) -> None:
    assert verify(open_store(str(tmp_path))).findings == []


@pytest.mark.parametrize("what", ["nope", "demo@3.0.0", "media.nope", "media.notes@9", "chat"])
def test_what_is_not_there_is_told(root: Path, what: str) -> None:
    with pytest.raises(NotFoundByName):
        verify(open_store(str(root)), what)


def files(root: Path, pattern: str) -> list[Path]:
    found = sorted(root.glob(pattern))
    assert found, pattern
    return found


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def rewrite(path: Path, change: Callable[[dict], dict]) -> None:
    path.write_bytes(canonical_json(change(json.loads(path.read_bytes()))))


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("releases/demo/shards/*.parquet", "other bytes"),
        ("releases/chat/shards/*.parquet", "other bytes"),
        ("releases/demo/1.0.0/report.html", "other bytes"),
        ("scrubbed/media/notes/data/*.parquet", "other bytes"),
        ("quarantine/media/notes/*.parquet", "other bytes"),
        ("evidence/commerce/orders/*.parquet", "other bytes"),
        ("releases/demo/1.0.0/manifest.json", "is damaged"),
        ("scrubbed/media/notes/snapshots/*.json", "is damaged"),
        ("releases/demo/latest/*.json", ""),
        ("releases/demo/1.1.0/decision.json", ""),
    ],
)
def test_every_kind_of_file_is_looked_at(root: Path, pattern: str, message: str) -> None:
    path = files(root, pattern)[0]
    flip(path)
    key = str(path.relative_to(root))
    assert any(key in each and message in each for each in told(root)), told(root)
    path.unlink()
    after = told(root)
    if "manifest" in pattern or "snapshots" in pattern or "latest" in pattern:
        return  # a release without a manifest is an unfinished one; the newest pointer may be no pointer
    assert any(key in each for each in after), after


def test_all_that_is_wrong_is_listed(root: Path) -> None:
    broken = files(root, "releases/*/shards/*.parquet") + files(root, "scrubbed/*/*/data/*.parquet")
    for path in broken:
        flip(path)
    found = told(root)
    assert len(found) == len(broken)
    assert all(any(str(path.relative_to(root)) in each for each in found) for path in broken)
    # One release alone: its own.
    assert len(told(root, "demo@1.0.0")) == 3


def test_a_forged_decision_is_found(root: Path) -> None:
    manifest = make_release(root, version="2.0.0")
    store, settings = open_store(str(root)), Settings(store=str(root))
    forged = {
        "mix": "demo", "version": "2.0.0", "manifest_digest": manifest.digest, "verdict": "approve",
        "reviewer": "dana.lin", "reason": "forged", "at": "2026-01-31T08:00:00Z",
    }  # fmt: skip
    store.put("releases/demo/2.0.0/decision.json", canonical_json(forged))
    assert ["not in the ledger" in each for each in told(root)] == [True]
    assert ["not in the ledger" in each for each in told(root, "demo@2.0.0")] == [True]
    # An interrupted one looks the same, and repeating it mends that.
    decide(settings, "demo@2.0.0", "approve", "dana.lin", "again")
    assert told(root) == []


def test_a_changed_or_removed_decision_is_found(root: Path) -> None:
    path = root / "releases/demo/1.1.0/decision.json"
    rewrite(path, lambda d: {**d, "verdict": "approve"})
    assert ["not the decision that the ledger has" in each for each in told(root)] == [True]
    path.unlink()
    assert ["is missing, but the ledger has its digest" in each for each in told(root)] == [True]


def test_a_pointer_to_what_is_not_approved_is_found(root: Path) -> None:
    store, manifest = open_store(str(root)), json.loads((root / "releases/demo/1.1.0/manifest.json").read_bytes())
    body = {"mix": "demo", "version": "1.1.0", "manifest_digest": manifest["digest"], "ledger": 2}
    store.put("releases/demo/latest/00000002.json", canonical_json(body))
    (finding,) = told(root)
    assert "not an approved release" in finding
    store.put("releases/demo/latest/00000002.json", canonical_json({**body, "version": "1.0.0"}))
    (finding,) = told(root)
    assert "another manifest than was signed" in finding


def test_an_approval_over_failed_gates_is_found(root: Path) -> None:
    path = root / "releases/demo/1.0.0/manifest.json"
    manifest = ReleaseManifest.from_json(path.read_bytes())
    gates = ({**manifest.gates[0], "passed": False},)
    path.write_bytes(replace(manifest, gates=gates).to_json())
    found = told(root, "demo@1.0.0")
    assert any("is not what was signed" in each for each in found)
    assert any("failed its gates" in each for each in found)


def test_a_broken_or_shortened_ledger_is_found(root: Path) -> None:
    head = verify(open_store(str(root))).ledger
    assert head is not None
    path = root / "ledger/00000001.json"
    whole = path.read_bytes()
    flip(path)
    assert any(each.startswith("ledger: ledger/0000000") for each in told(root))
    path.write_bytes(whole)
    (root / "ledger/00000002.json").unlink()
    found = told(root, head=head)
    assert any("kept as the head" in each for each in found)
    assert any("not in the ledger" in each for each in found)


def wrong_figures(made: ReleaseManifest) -> dict[str, dict]:
    first = made.shards[0]
    one_group = replace(first, row_groups=((first.rows, first.tokens),))
    unbalanced = {**made.sources[0], "counts": {"rows_in": 3, "kept": 2}}
    return {
        "counts other rows than its shards hold": {"totals": {**made.totals, "rows": 99}},
        "counts other tokens than its shards hold": {"totals": {**made.totals, "tokens": 1}},
        "do not add up in sources[0].counts": {"sources": (unbalanced,)},
        "contradicts itself": {"shards": made.shards[1:]},
        "has other row groups": {"shards": (one_group, *made.shards[1:])},
    }


def test_a_manifest_whose_figures_are_wrong_is_found(tmp_path: Path) -> None:
    """All digests are right; what the manifest says of the bytes is not."""
    made = make_release(tmp_path / "sound")
    assert told(tmp_path / "sound") == []
    for number, (message, changes) in enumerate(wrong_figures(made).items()):
        make_release(tmp_path / str(number), **changes)
        found = told(tmp_path / str(number))
        assert any(message in each for each in found), found


def test_a_snapshot_whose_rows_do_not_add_up_is_found(root: Path) -> None:
    path = root / "scrubbed/media/notes/snapshots/00000002.json"
    manifest = SnapshotManifest.from_json(path.read_bytes())
    first = manifest.receipts[0]
    for counts, messages in (
        (replace(first.counts, rows_in=99), ["do not add up"]),
        (replace(first.counts, kept=19, duplicates=1), ["other rows as kept"]),
        (replace(first.counts, quarantined={}, duplicates=2), ["other rows as quarantined"]),
    ):
        receipts = (replace(first, counts=counts), *manifest.receipts[1:])
        path.write_bytes(replace(manifest, receipts=receipts).to_json())
        found = told(root, "media.notes")
        assert [any(message in each for message in messages) for each in found] == [True]
        assert first.unit_id in found[0]


def test_rows_are_counted_in_the_files_themselves(root: Path) -> None:
    """The manifest names a file rightly by its digest, but says more rows than it has."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"_id": ["x"] * 3}), sink)
    data = sink.getvalue().to_pybytes()
    key = f"scrubbed/media/notes/data/{digest(data)}.parquet"
    open_store(str(root)).put(key, data)
    path = root / "scrubbed/media/notes/snapshots/00000002.json"
    manifest = SnapshotManifest.from_json(path.read_bytes())
    entry = replace(manifest.receipts[0].data[0], key=key, sha256=digest(data), bytes=len(data))
    receipts = (replace(manifest.receipts[0], data=(entry,)), *manifest.receipts[1:])
    path.write_bytes(replace(manifest, receipts=receipts).to_json())
    (finding,) = told(root, "media.notes")
    assert "has other rows: expected 20, found 3" in finding


def test_an_edit_of_the_last_entry_of_the_ledger_is_found(root: Path) -> None:
    last = sorted((root / "ledger").glob("*.json"))[-1]
    entry = json.loads(last.read_bytes())
    entry["body"]["reason"] = "another reason"
    last.write_bytes(canonical_json(entry))
    assert any("than the ledger says" in line for line in told(root))
