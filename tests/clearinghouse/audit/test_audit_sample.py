"""What is drawn for an audit, and that it stands."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from clearinghouse.catalog import ledger
from clearinghouse.jobs import audit_sample
from clearinghouse.jobs.audit import Audit, Verdict
from clearinghouse.jobs.audit_result import close, result
from clearinghouse.jobs.audit_rows import population
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.jobs.record import record
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError
from schemas.manifest import ReleaseManifest
from tests.audit_world import NAME, REDACTIONS, read_all, release, rows_of, state
from tests.builders import make_release


def test_strata_are_of_what_stood_in_the_rows(settings: Settings, made: ReleaseManifest) -> None:
    found = audit_sample.draw(settings, NAME, size=30)
    strata = {(one["entity"], one["side"]): one for one in found["strata"]}
    # A row with a phone and a person is of the rarer of the two, and a plate is rarer than all.
    assert {key: one["rows"] for key, one in strata.items()} == {
        ("PERSON", "redacted"): 10,
        ("PHONE_NUMBER", "redacted"): 10,
        ("PLATE", "redacted"): 1,
        ("", "unredacted"): 79,
    }
    assert found["size"] == sum(one["sampled"] for one in strata.values()) == 30
    assert strata["PLATE", "redacted"]["sampled"] == 1
    assert sum(one["tokens"] for one in strata.values()) == 400


def test_a_sample_is_drawn_once_and_is_the_same_again(settings: Settings, tmp_path: Path) -> None:
    release(settings)
    first = audit_sample.draw(settings, NAME, size=30)
    data = (Path(settings.store) / "releases/demo/1.0.0/audit/sample.json").read_bytes()
    assert audit_sample.draw(settings, NAME, size=30)["repeated"] is True
    for other in ({"seed": 8}, {"size": 31}, {"twice": 0.5}):
        with pytest.raises(AuditError, match="has a sample already: 30 rows, seed 7"):
            audit_sample.draw(settings, NAME, **{"size": 30, **other})
    again = Settings(store=str(tmp_path / "other"))
    release(again)
    assert audit_sample.draw(again, NAME, size=30)["sample"] == first["sample"]
    third = Settings(store=str(tmp_path / "third"))
    release(third)
    assert audit_sample.draw(third, NAME, size=30, seed=8)["sample"] != first["sample"]
    assert "第" not in data.decode(), "a sample holds no text"


def test_what_cannot_be_drawn(settings: Settings, made: ReleaseManifest) -> None:
    before = state(settings)
    for bad in ({"size": 0}, {"twice": 1.5}):
        with pytest.raises(AuditError):
            audit_sample.draw(settings, NAME, **bad)
    shard = next((Path(settings.store) / "releases/demo/shards").iterdir())
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(bytes(data))
    with pytest.raises(IntegrityError, match="cannot be audited"):
        audit_sample.draw(settings, NAME)
    shard.write_bytes(before[str(shard.relative_to(settings.store))])
    assert state(settings) == before
    with pytest.raises(AuditError, match="is drawn yet"):
        Audit.open(settings, NAME)


def test_a_release_of_one_row_and_one_of_erased_rows(settings: Settings) -> None:
    release(settings, 1)
    assert audit_sample.draw(settings, NAME)["size"] == 1
    read_all(settings, "ann", "ben")
    total = close(settings, NAME, "cy")["total"]
    assert (total["read"], total["upper"], total["extrapolated"]) == (1, "0", "0")
    holes = {str(n): {"erased": True, "text": None} for n in range(3)}
    release(settings, table=rows_of(["a", "b", "c"], **holes), mix="holes")
    assert audit_sample.draw(settings, "holes@1.0.0")["size"] == 0


def test_frozen_rows_are_neither_drawn_nor_shown(settings: Settings, made: ReleaseManifest) -> None:
    folder = Path(settings.store) / "releases/demo/1.0.0/frozen"
    folder.mkdir()
    (folder / "e1.json").write_text(json.dumps({"erasure": "e1", "rows": [3, 4]}))
    people = population(open_store(settings.store), made)
    assert len(people.rows) == 98
    audit_sample.draw(settings, NAME, size=98)
    row = Audit.open(settings, NAME).queue("ann")[0].row
    (folder / "e2.json").write_text(json.dumps({"erasure": "e2", "rows": [row]}))
    audit = Audit.open(settings, NAME)
    assert row not in {item.row for item in audit.queue("ann")}
    assert list(audit.documents([row], "ann", "terminal")) == []
    with pytest.raises(AuditError, match="is frozen"):
        audit.add(Verdict(row, "ann", "clean"))
    read_all(settings, "ann", "ben")
    assert result(settings, NAME)["missing"] == []


def test_a_sample_that_was_taken_away_and_drawn_anew_is_found(settings: Settings, made: ReleaseManifest) -> None:
    store, key = open_store(settings.store), "releases/demo/1.0.0/audit/sample.json"
    first = audit_sample.draw(settings, NAME, size=8, seed=1)
    (entry,) = [json.loads(data) for _, data in ledger(store)]
    assert (entry["kind"], entry["ordinal"]) == ("audit-draw", first["ledger"])
    assert {name: entry["body"][name] for name in ("sample", "seed", "size")} == {
        "sample": hashlib.sha256(store.read(key)).hexdigest(), "seed": 1, "size": 8
    }  # fmt: skip
    stood = store.read(key)
    store.delete(key)
    (missing,) = verify(store).findings
    assert (missing.key, missing.message) == (key, "is missing")
    with pytest.raises(
        IntegrityError, match=r"the sample of demo@1\.0\.0 that the ledger names is gone: 8 rows, seed 1"
    ):
        audit_sample.draw(settings, NAME, size=8, seed=2)
    assert store.stat(key) is None
    assert audit_sample.draw(settings, NAME, size=8, seed=1)["ledger"] == first["ledger"]
    assert store.read(key) == stood, "the same command makes the same sample again"

    # Drawn where nobody looked, with a clean result, and put there by hand.
    other = Settings(store=f"{settings.store}-other")
    release(other)
    audit_sample.draw(other, NAME, size=8, seed=2)
    store.put(key, open_store(other.store).read(key))
    read_all(settings, "ann", "ben")
    assert "is not the sample that was drawn" in str(verify(store).findings[0])
    before = state(settings)
    with pytest.raises(IntegrityError, match="not the one that was drawn first"):
        close(settings, NAME, "dee")
    assert state(settings) == before
    # An entry for it comes too late.
    body = {**entry["body"], "sample": hashlib.sha256(store.read(key)).hexdigest()}
    record(store, kind="audit-draw", actor="eve", at=entry["at"], body=body)
    with pytest.raises(IntegrityError, match="not the one that was drawn first: entry 1"):
        close(settings, NAME, "dee")
    assert "is not the sample that was drawn" in str(verify(store).findings[0])


def test_a_draw_that_was_killed_is_finished_even_after_rows_were_frozen(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(settings.store)

    def killed(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("clearinghouse.jobs.audit_sample.record", killed)
        with pytest.raises(KeyboardInterrupt):
            audit_sample.draw(settings, NAME, size=8)
    assert "drawing it was interrupted" in str(verify(store).findings[0])
    read_all(settings, "ann", "ben")
    with pytest.raises(IntegrityError, match="is not in the ledger: drawing it was interrupted"):
        close(settings, NAME, "dee")
    row = Audit.open(settings, NAME).sample.items[0].row
    store.put("releases/demo/1.0.0/frozen/e1.json", canonical_json({"erasure": "e1", "rows": [row]}))
    with pytest.raises(AuditError, match="has a sample already: 8 rows, seed 7"):
        audit_sample.draw(settings, NAME, size=8, seed=99)
    assert audit_sample.draw(settings, NAME, size=8)["repeated"] is True
    close(settings, NAME, "dee")
    assert [json.loads(data)["kind"] for _, data in ledger(store)] == ["audit-draw", "audit"]
    assert verify(store).findings == []


def test_what_leaves_no_mark_and_low_scores_are_known_by_the_evidence() -> None:
    from clearinghouse.evidence import EVIDENCE
    from clearinghouse.jobs.audit_rows import _read

    def row(one: str, entity: str, action: str, score: float) -> dict[str, Any]:
        blank = dict.fromkeys(EVIDENCE.names)
        return {**blank, "id": one, "entity": entity, "action": action, "score": score}

    rows = [
        row("a", "PERSON", "placeholder", 0.9),
        row("b", "PERSON", "surrogate", 0.55),
        row("b", "PHONE_NUMBER", "surrogate", 1.0),
        row("c", "PERSON", "placeholder", 0.4),
        row("d", "PERSON", "keep", 0.4),
        row("e", "BIRTH_DATE", "generalise", 1.0),
    ]
    low: set[str] = set()
    hidden: dict[str, set[str]] = {}
    schema = pa.schema([EVIDENCE.field(name) for name in ("id", "entity", "score", "action")])
    _read(pa.Table.from_pylist([{name: one[name] for name in schema.names} for one in rows], schema), low, hidden)
    assert low == {"b", "c"}
    assert hidden == {"b": {"PERSON", "PHONE_NUMBER"}, "e": {"BIRTH_DATE"}}


def test_what_leaves_no_mark_is_known_of_documents_of_several_rows_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"第{n}单 一切都好" for n in range(6)]
    origin = {"unit": "media", "snapshot": "0" * 64, "partition": "2026-01", "position": 1, "rows": 2}
    made = {str(n): {"provenance": {**origin, "row_ids": [f"{n:032x}", f"{n + 50:032x}"]}} for n in (2, 3, 4)}
    manifest = make_release(str(tmp_path / "store"), rows=rows_of(texts, **made), redactions=REDACTIONS)
    alone = hashlib.blake2b(b"0", digest_size=16).hexdigest()
    hidden = {f"{52:032x}": frozenset(["PERSON"]), alone: frozenset(["BIRTH_DATE"])}
    monkeypatch.setattr("clearinghouse.jobs.audit_rows._evidence", lambda *_: ({f"{3:032x}"}, hidden))
    found = population(open_store(str(tmp_path / "store")), manifest)
    kinds = {int(row): found.kinds[kind] for row, kind in zip(found.rows, found.kind, strict=True)}
    assert {row: kind.entities for row, kind in kinds.items() if kind.entities} == {0: ("BIRTH_DATE",), 2: ("PERSON",)}
    assert [row for row, kind in kinds.items() if kind.score == "low"] == [3]


def test_rows_are_found_in_the_shards_that_hold_them_listed_or_not(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clearinghouse.jobs.audit_rows import column, holding

    wanted = [99, 0, 39, 40, 41, 80]
    store = open_store(settings.store)
    monkeypatch.setattr("schemas.manifest_shards.INLINE_SHARDS", 1)
    listed, files = made.beside()
    assert files
    for manifest in (made, listed):
        found = [(shard.first_row, rows) for shard, rows in holding(manifest, wanted)]
        assert found == [(0, [0, 39]), (40, [40, 41]), (80, [80, 99])]
        ids = column(store, manifest, wanted, "id")
        assert ids == {row: hashlib.blake2b(str(row).encode(), digest_size=16).hexdigest() for row in wanted}
