"""Exceptions to gates: who may make them, for how long, and that they end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from clearinghouse.catalog import ReleaseRef, decision_of, ledger
from clearinghouse.cli import app
from clearinghouse.cli import people as people_commands
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.record import record
from clearinghouse.jobs.signing_gates import evaluate
from clearinghouse.jobs.waivers import applied, waive, waivers
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from infra.store import open_store
from schemas.canonical import canonical_json
from schemas.errors import KeyMissing, ReleaseRefused
from tests.builders import FAILED, PASSED, make_release
from tests.governed import PHRASE, World

NAME = "demo@1.0.0"
SIGN = [{"name": "audit_closed", "comparison": "==", "threshold": "true", "citation": "", "verified_by": ""}]


def day(offset: int) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).strftime("%Y-%m-%d")


WHY = {"owner": "dee", "reason": "the source is mended next week", "until": day(7)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "store"))


def test_a_gate_that_was_let_through_no_longer_stops_an_approval(settings: Settings) -> None:
    manifest = make_release(settings.store, gates=(PASSED, {**FAILED, "name": "quality_passed"}))
    store = open_store(settings.store)
    with pytest.raises(ReleaseRefused, match="1 of 2 gates"):
        decide(settings, NAME, "approve", "ann", "fine")
    done = waive(settings, NAME, "quality_passed", **WHY)
    assert done["ledger"] == 1
    assert waive(settings, NAME, "quality_passed", **WHY)["ledger"] == 1, "the same exception is made once"
    (row,) = [row for row in applied(store, manifest, manifest.gates) if row.get("waived")]
    assert (row["name"], row["waived"]["owner"], row["value"]) == ("quality_passed", "dee", "3")
    assert [one["valid"] for one in waivers(store, manifest)] == [True]
    assert decide(settings, NAME, "approve", "ann", "fine")["latest"] is True
    assert verify(store).findings == []


def test_an_exception_is_of_one_release_alone(settings: Settings) -> None:
    make_release(settings.store, gates=(FAILED,))
    make_release(settings.store, gates=(FAILED,), version="1.0.1", seed=8)
    waive(settings, NAME, "unscanned_cells", **WHY)
    with pytest.raises(ReleaseRefused, match="1 of 1 gates"):
        decide(settings, "demo@1.0.1", "approve", "ann", "fine")


def test_gates_of_signing_may_be_let_through_too(settings: Settings) -> None:
    manifest = make_release(settings.store, recipe={"name": "demo", "reviewers": [], "signing_gates": SIGN})
    store = open_store(settings.store)
    assert [row["passed"] for row in evaluate(settings, store, manifest)] == [False]
    waive(settings, NAME, "audit_closed", **WHY)
    (row,) = evaluate(settings, store, manifest)
    assert (row["passed"], row["value"], row["waived"]["until"]) == (True, "not measured", day(7))
    assert decide(settings, NAME, "approve", "ann", "fine")["verdict"] == "approve"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"gate": "no_such_gate"}, "has no such gate; it has unscanned_cells, accounting_balanced"),
        ({"gate": "accounting_balanced"}, "nobody may let it through"),
        ({"owner": " "}, "an owner and a reason"),
        ({"reason": ""}, "an owner and a reason"),
        ({"until": "soon"}, "is not a day"),
        ({"until": "2026-13-01"}, "is not a day"),
        ({"until": day(-1)}, "is over"),
        ({"until": day(400)}, "more than 366 days away"),
    ],
)
def test_exceptions_that_may_not_be_made(settings: Settings, change: dict[str, str], told: str) -> None:
    make_release(settings.store, gates=(FAILED, {**FAILED, "name": "accounting_balanced"}))
    with pytest.raises(ReleaseRefused, match=told):
        waive(settings, NAME, change.pop("gate", "unscanned_cells"), **{**WHY, **change})
    assert not (Path(settings.store) / "ledger").exists()


def test_one_that_ran_out_does_not_count_and_a_clock_that_goes_back_brings_none_to_life(settings: Settings) -> None:
    manifest = make_release(settings.store, gates=(FAILED,))
    store = open_store(settings.store)
    waive(settings, NAME, "unscanned_cells", **{**WHY, "until": day(0)})
    assert applied(store, manifest, manifest.gates)[0]["passed"]
    # An entry of the day after tomorrow: by the ledger today is over, whatever this clock says.
    record(store, kind="note", actor="dee", at=f"{day(2)}T00:00:00Z", body={"on": "time"})
    assert not applied(store, manifest, manifest.gates)[0]["passed"]
    assert [one["valid"] for one in waivers(store, manifest)] == [False]
    with pytest.raises(ReleaseRefused, match="1 of 1 gates"):
        decide(settings, NAME, "approve", "ann", "fine")


def test_what_was_approved_under_an_exception_stays_approved(settings: Settings) -> None:
    make_release(settings.store, gates=(FAILED,))
    store = open_store(settings.store)
    waive(settings, NAME, "unscanned_cells", **{**WHY, "until": day(0)})
    decide(settings, NAME, "approve", "ann", "fine")
    record(store, kind="note", actor="dee", at=f"{day(2)}T00:00:00Z", body={"on": "time"})
    assert decision_of(store, ReleaseRef("demo", "1.0.0")) is not None
    assert verify(store).findings == []


def test_an_approval_without_any_exception_is_still_found(settings: Settings) -> None:
    manifest = make_release(settings.store, gates=(FAILED,))
    store = open_store(settings.store)
    forged = {
        "mix": "demo", "version": "1.0.0", "manifest_digest": manifest.digest, "verdict": "approve",
        "reviewer": "ann", "reason": "fine", "at": f"{day(0)}T23:59:59Z",
    }  # fmt: skip
    store.put("releases/demo/1.0.0/decision.json", canonical_json(forged))
    told = json.dumps([str(one) for one in verify(store).findings])
    assert "approves what failed its gates: unscanned_cells" in told


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("eng", "'eng' is neither a reviewer nor an officer"),
        ("zoe", "'zoe' is neither a reviewer nor an officer"),
        ("busy", "busy built demo@1.0.0"),
    ],
)
def test_in_a_governed_store_only_who_may_sign_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, told: str
) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    make_release(world.settings.store, gates=(FAILED,))
    world.store.put("releases/demo/1.0.0/built.json", canonical_json({"by": ["busy"]}))
    with pytest.raises(ReleaseRefused, match=told):
        waive(world.settings, NAME, "unscanned_cells", **{**WHY, "owner": owner})
    # Somebody else's key signs nothing, and without one nothing is written.
    other = replace(world.settings, signing_key=str(world.key("lin")))
    with pytest.raises(ReleaseRefused, match=r"wen cannot record this: .*the key is lin's"):
        waive(other, NAME, "unscanned_cells", **{**WHY, "owner": "wen"})
    with pytest.raises(KeyMissing):
        waive(replace(world.settings, signing_key=None), NAME, "unscanned_cells", **{**WHY, "owner": "wen"})
    assert len(list(ledger(world.store))) == 1, "the registry alone"
    waive(world.settings, NAME, "unscanned_cells", **{**WHY, "owner": "wen"})
    assert "signature" in json.loads(list(ledger(world.store))[-1][1])
    assert verify(world.store).findings == []


def test_the_commands_sign_with_a_key_whose_passphrase_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, monkeypatch)
    world.anchor()
    make_release(world.settings.store, gates=(FAILED,))
    world.store.put("releases/demo/1.0.0/built.json", canonical_json({"by": ["eng"]}))
    asked: list[str] = []
    monkeypatch.setattr(people_commands, "ask_passphrase", lambda path: asked.append(path) or PHRASE.encode())
    words = ["gate", "waive", NAME, "unscanned_cells", "--owner", "wen", "--reason", "x", "--until", day(7)]
    said = CliRunner().invoke(app, words)
    assert isinstance(said.exception, KeyMissing)
    assert len(list(ledger(world.store))) == 1
    said = CliRunner().invoke(app, [*words, "--signing-key", str(world.key("wen"))])
    assert said.exit_code == 0, said.output
    assert asked == [str(world.key("wen"))]
    entry = json.loads(list(ledger(world.store))[-1][1])
    assert (entry["kind"], entry["actor"], "signature" in entry) == ("waiver", "wen", True)
    for command in (["audit", "draw", NAME, "--actor", "wen"], ["audit", "close", NAME, "--actor", "wen"]):
        said = CliRunner().invoke(app, [*command, "--signing-key", str(world.key("lin"))])
        assert "wen cannot record this" in str(said.exception), command
