"""Audits: who may say what, what is written, and what it comes to. All values are invented."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.catalog import ledger
from clearinghouse.jobs import audit_sample
from clearinghouse.jobs.audit import Audit, Span, Verdict
from clearinghouse.jobs.audit_result import close, result
from clearinghouse.jobs.audit_sample import AuditError
from clearinghouse.jobs.signing_gates import evaluate
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.ledger import verify as verify_chain
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import IntegrityError, ReleaseRefused
from schemas.manifest import ReleaseManifest
from tests.audit_world import NAME, read_all, release, state, text_of
from tests.governed import World


def test_readers_are_blind_and_read_the_same(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=20, twice=0.5)
    audit = Audit.open(settings, NAME)
    before = [item.row for item in audit.queue("ben")]
    read_all(settings, "ann")
    after = [item.row for item in audit.queue("ben")]
    assert len(before) == 20
    # What one reader is enough for was read; what two read is asked in the same order still.
    assert after == before[:10]
    assert audit.queue("ann") == []
    read_all(settings, "ben")
    assert audit.queue("cy") == []
    with pytest.raises(AuditError, match="was read by two others"):
        audit.add(Verdict(before[0], "cy", "clean"))


def test_views_are_logged_before_anything_is_shown(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    audit = Audit.open(settings, NAME)
    rows = [item.row for item in audit.queue("ann")][:2]
    shown = audit.documents(rows, "ann", "desk")
    first = next(shown)
    (log,) = (Path(settings.store) / "releases/demo/1.0.0/audit/views").glob("*.json")
    body = json.loads(log.read_bytes())
    assert (body["reader"], body["rows"], body["via"]) == ("ann", sorted(rows), "desk")
    assert first.parts[0].text == text_of(first.row)
    assert text_of(first.row) not in repr(first)
    with pytest.raises(AuditError, match="not in the sample"):
        list(audit.documents([10**6], "ann", "desk"))


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        ({"row": 10**9}, "is not in the sample"),
        ({"verdict": "fine"}, "a verdict is clean"),
        ({"verdict": "leak"}, "says where it stands"),
        ({"verdict": "clean", "spans": (Span(0, 0, 1, "PERSON"),)}, "marks nothing"),
        ({"verdict": "leak", "spans": (Span(0, 3, 3, "PERSON"),)}, "begins before it ends"),
        ({"verdict": "leak", "spans": (Span(0, 0, 3, "zhang san"),)}, "is of an entity"),
        ({"reader": " "}, "needs a reader's name"),
        ({"reader": "builder"}, "built demo@1.0.0 and does not read"),
    ],
)
def test_verdicts_that_may_not_be_given(
    settings: Settings, made: ReleaseManifest, verdict: dict[str, Any], told: str
) -> None:
    audit_sample.draw(settings, NAME, size=5)
    (Path(settings.store) / "releases/demo/1.0.0/built.json").write_text('{"by":["builder"]}')
    audit = Audit.open(settings, NAME)
    one = Verdict(audit.queue("ann")[0].row, "ann", "clean")
    before = state(settings)
    with pytest.raises(AuditError, match=told):
        audit.add(replace(one, **verdict))
    assert state(settings) == before


def test_in_a_governed_store_readers_are_people_of_the_registry(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schemas.registry import People, Person

    audit_sample.draw(settings, NAME, size=5)
    people = People((Person("ann", ("reviewer",)),))
    monkeypatch.setattr("clearinghouse.jobs.people.in_force", lambda store: (1, people))
    audit = Audit.open(settings, NAME)
    assert len(audit.queue("ann")) == 5
    with pytest.raises(AuditError, match="zoe is not in the registry") as told:
        audit.queue("zoe")
    assert "clearinghouse people add zoe --role reviewer" in told.value.fix
    with pytest.raises(AuditError, match="zoe is not in the registry"):
        audit.add(Verdict(audit.queue("ann")[0].row, "zoe", "clean"))


def test_a_verdict_is_given_once_even_by_two_at_once(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    row = Audit.open(settings, NAME).queue("ann")[0].row

    def give(number: int) -> str:
        try:
            Audit.open(settings, NAME).add(Verdict(row, "ann", "clean" if number % 2 else "unsure"))
        except AuditError as error:
            return error.message
        return "written"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(give, range(8)))
    assert told.count("written") == 1
    assert set(told) == {"written", f"ann has given a verdict on row {row} already"}
    assert len(Audit.open(settings, NAME).verdicts()) == 1


def test_disagreements_go_to_a_third_person(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=12)
    audit = Audit.open(settings, NAME)
    rows = [item.row for item in audit.queue("ann")]
    read_all(settings, "ann")
    for row in rows:
        said: Any = "unsure" if row == rows[0] else "leak" if row == rows[1] else "clean"
        audit.add(Verdict(row, "ben", said, (Span(0, 0, 2, "PERSON"),) if said == "leak" else ()))
    assert sorted(audit.disagreements()) == sorted(rows[:2])
    with pytest.raises(AuditError, match="2 rows on which readers differ"):
        close(settings, NAME, "dee")
    for bad, told in (
        (Verdict(rows[0], "ann", "clean"), "has read row"),
        (Verdict(rows[0], "cy", "unsure"), "is not unsure"),
        (Verdict(rows[5], "cy", "clean"), "nothing to settle"),
    ):
        with pytest.raises(AuditError, match=told):
            audit.adjudicate(bad)
    # Until it is settled, doubt counts as a leak.
    assert result(settings, NAME)["total"]["leaks"] == 2
    audit.adjudicate(Verdict(rows[0], "cy", "clean"))
    audit.adjudicate(Verdict(rows[1], "cy", "leak", (Span(0, 0, 2, "PERSON"),)))
    with pytest.raises(AuditError, match="nothing to settle"):
        audit.adjudicate(Verdict(rows[1], "eve", "clean"))
    body = close(settings, NAME, "dee")
    assert (body["total"]["leaks"], body["entities"], body["settled_by"]) == (1, {"PERSON": 1}, ["cy"])
    # One agreed on clean 10 of 12 times; of leaks one reader found one, the other none.
    assert body["kappa"]["both_read"] == 12
    assert body["capture"]["first"] + body["capture"]["second"] == 1
    assert Decimal(body["capture"]["missed"]) == 0


def test_results_are_weighed_back(settings: Settings) -> None:
    release(settings, 400)
    audit_sample.draw(settings, NAME, size=100)
    audit = Audit.open(settings, NAME)
    plain = [n for n, share in enumerate(audit.sample.strata) if share.stratum.side == "unredacted"]
    leaks = tuple(item.row for item in audit.sample.items if item.stratum in plain)[:4]
    read_all(settings, "ann", "ben", leaks=leaks)
    body = close(settings, NAME, "dee")
    (stratum,) = [one for one in body["strata"] if one["side"] == "unredacted"]
    assert stratum["leaks"] == 4
    estimate = Decimal(4 * stratum["population_rows"]) / stratum["read"]
    assert abs(Decimal(body["total"]["extrapolated"]) - estimate) < Decimal("0.001")
    assert Decimal(stratum["lower"]) < Decimal(4) / stratum["read"] < Decimal(stratum["upper"])
    assert body["total"]["read"] == 100
    assert body["passed"] == 96
    assert body["capture"] == {**body["capture"], "first": 4, "second": 4, "both": 4, "missed": "0"}
    again = close(settings, NAME, "dee")
    assert (again["repeated"], again["ledger"]) == (True, body["ledger"])
    with pytest.raises(AuditError, match="is closed"):
        audit.add(Verdict(leaks[0], "eve", "clean"))


def test_a_closed_audit_stands_in_the_ledger_and_is_finished_after_a_kill(
    settings: Settings, made: ReleaseManifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit_sample.draw(settings, NAME, size=8)
    with pytest.raises(AuditError, match="8 of 8 rows were read by nobody"):
        close(settings, NAME, "dee")
    read_all(settings, "ann")
    with pytest.raises(AuditError, match="8 rows wait for a second reader"):
        close(settings, NAME, "dee")
    read_all(settings, "ben")

    def killed(*_: Any, **__: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("clearinghouse.jobs.audit_result.record", killed)
        with pytest.raises(KeyboardInterrupt):
            close(settings, NAME, "dee")
    with pytest.raises(IntegrityError, match="is not in the ledger"):
        evaluate(settings, open_store(settings.store), made)
    body = close(settings, NAME, "somebody else")
    assert body["closed"]["by"] == "dee", "who closed it stands"
    entries = list(ledger(open_store(settings.store)))
    assert verify_chain(entries) == []
    _, entry = [json.loads(data) for _, data in entries]
    assert (entry["kind"], entry["actor"], entry["body"]["read"]) == ("audit", "dee", 8)


def test_who_may_close_an_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    release(world.settings)
    world.store.put("releases/demo/1.0.0/built.json", canonical_json({"by": ["busy"]}))
    with pytest.raises(ReleaseRefused, match="audit-draw takes officer or reviewer"):
        audit_sample.draw(world.acting("eng"), NAME, size=5)
    with pytest.raises(AuditError, match=r"busy built demo@1\.0\.0"):
        audit_sample.draw(world.acting("busy"), NAME, size=5)
    assert not (tmp_path / "store/releases/demo/1.0.0/audit").exists()
    audit_sample.draw(world.acting("ada"), NAME, size=5)
    read_all(world.settings, "wen", "lin")
    before = state(world.settings)
    for actor, kind, told in (
        ("ada", ReleaseRefused, "who is officer; audit takes reviewer"),
        ("eng", ReleaseRefused, "who is engineer; audit takes reviewer"),
        ("busy", AuditError, "busy built demo@1.0.0 and does not close its audit"),
    ):
        with pytest.raises(kind, match=told):
            close(world.settings, NAME, actor)
    with pytest.raises(ReleaseRefused, match="the key is lin's"):
        close(replace(world.settings, signing_key=str(world.key("lin"))), NAME, "wen")
    assert state(world.settings) == before
    close(world.settings, NAME, "wen")
    assert verify(world.store).findings == []


def test_verdicts_on_another_sample_are_refused(settings: Settings, made: ReleaseManifest) -> None:
    audit_sample.draw(settings, NAME, size=5)
    read_all(settings, "ann")
    file = next((Path(settings.store) / "releases/demo/1.0.0/audit/verdicts").iterdir())
    file.write_bytes(file.read_bytes().replace(b'"sample":"', b'"sample":"0'))
    with pytest.raises(IntegrityError, match="another sample"):
        result(settings, NAME)


def test_a_shard_that_changed_since_is_noticed_when_it_is_shown_and_when_it_is_closed(
    settings: Settings, made: ReleaseManifest
) -> None:
    audit_sample.draw(settings, NAME, size=100)
    read_all(settings, "ann", "ben")
    folder = Path(settings.store) / "releases/demo/shards"
    one, other = made.shards[0], made.shards[1]
    (folder / f"{one.sha256}.parquet").write_bytes((folder / f"{other.sha256}.parquet").read_bytes())
    audit = Audit.open(settings, NAME)
    with pytest.raises(IntegrityError, match="is not the document that was drawn"):
        list(audit.documents([item.row for item in audit.sample.items if item.row < 40], "ann", "desk"))
    with pytest.raises(IntegrityError, match="cannot be audited"):
        close(settings, NAME, "dee")
