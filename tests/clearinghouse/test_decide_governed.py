"""Decisions in a governed store: roles, own work, two persons for high risk, and deaths between any two steps."""

from __future__ import annotations

import itertools
import json
import shutil
import signal
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from clearinghouse.catalog import ReleaseRef, decision_of, latest_version, ledger
from clearinghouse.cli import app
from clearinghouse.jobs import decide as decide_module
from clearinghouse.jobs import signatures
from clearinghouse.jobs.decide import NOBODY, decide
from clearinghouse.jobs.people import anchor
from clearinghouse.jobs.signatures import built_key, note_builder
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.ledger import Verifier
from governance.ledger import verify as verify_chain
from schemas.errors import ClearinghouseError, IntegrityError, KeyMissing, ReleaseRefused
from tests import deadly
from tests.builders import FAILED, PASSED, make_release
from tests.deadly import Death
from tests.governed import World, signer

NAME = "demo@1.0.0"
REF = ReleaseRef("demo", "1.0.0")
ROOT = Path(__file__).resolve().parents[2]


def release(world: World, risk: str = "normal", *, built_by: str = "eng", **options: Any) -> Any:
    reviewers = options.pop("reviewers", ())
    options.setdefault("recipe", {"name": "demo", "reviewers": list(reviewers), "risk": risk})
    made = make_release(world.settings.store, rows=8, **options)
    note_builder(world.store, ReleaseRef(made.mix, made.version), built_by)
    return made


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, monkeypatch)
    made.anchor()
    return made


def entries(world: World) -> list[dict[str, Any]]:
    found = list(ledger(world.store))
    assert verify_chain(found) == []
    return [json.loads(data) for _, data in found]


def state(world: World) -> dict[str, bytes]:
    root = Path(world.settings.store)
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file() and f.name[0] != "."}


def approve(world: World, name: str, reason: str = "read the report", verdict: str = "approve", **options: Any) -> Any:
    return decide(world.settings, NAME, verdict, name, reason, **options)


def refused(world: World, kind: type[ClearinghouseError], told: str, name: str, **options: Any) -> str:
    before = state(world)
    with pytest.raises(kind, match=told) as caught:
        approve(world, name, **options)
    assert state(world) == before, "a refused decision changed the store"
    assert caught.value.fix
    return str(caught.value)


def test_an_approval_is_signed_with_the_reviewers_own_key(world: World) -> None:
    release(world)
    done = approve(world, "wen")
    assert (done["signed"], done["latest"], done["waits_for"], done["remarks"]) == (True, True, [], [])
    entry = entries(world)[-1]
    assert entry["signature"]["key"] == signer("wen").key_id
    assert entry["body"]["built_by"] == ["eng"]
    assert verify(world.store).findings == []
    before = state(world)
    assert approve(world, "wen") == {**done, "repeated": True}
    assert state(world) == before


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("eng", "is engineer and may not decide"),
        ("stranger", "not in the registry"),
        ("busy", "built demo@1.0.0 and cannot approve"),
    ],
)
def test_who_may_not_approve_is_told(world: World, name: str, told: str) -> None:
    release(world, built_by="busy")
    refused(world, ReleaseRefused, told, name)


def test_a_builder_may_reject_what_they_built_and_an_engineer_nothing(world: World) -> None:
    release(world, built_by="busy")
    refused(world, ReleaseRefused, "may not decide", "eng", verdict="reject")
    assert approve(world, "busy", verdict="reject")["signed"]


def test_a_release_that_does_not_say_who_built_it_is_not_approved(world: World) -> None:
    release(world)
    (Path(world.settings.store) / built_key(REF)).unlink()
    refused(world, ReleaseRefused, "nothing says who built", "wen")


def test_builders_are_added_and_never_taken_out(world: World) -> None:
    release(world, built_by="eng")
    note_builder(world.store, REF, "busy")
    note_builder(world.store, REF, "busy")
    note_builder(world.store, REF, "lin", first=True)
    assert signatures.builders(world.store, REF) == ["busy", "eng"]
    refused(world, ReleaseRefused, "busy built", "busy")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: note_builder(world.store, ReleaseRef("demo", "2.0.0"), "one"), range(8)))
    assert signatures.builders(world.store, ReleaseRef("demo", "2.0.0")) == ["one"]


def test_somebody_elses_key_signs_nothing(world: World) -> None:
    release(world)
    told = refused(world, ReleaseRefused, "the key is lin's", "wen", signer=signer("lin"))
    assert "--signing-key" in told
    refused(world, ReleaseRefused, "does not know", "wen", signer=signer("stranger"))
    world.key("wen").unlink()
    refused(world, KeyMissing, "no signing key", "wen")


def test_a_retired_key_signs_nothing(world: World) -> None:
    release(world)
    text = world.people.read_text()
    public = signer("wen").public_text
    retired = f"    retired:\n      - {{publicKey: {public}, until: 2026-01-01T00:00:00Z}}\n"
    world.people.write_text(text.replace(f"    publicKey: {public}\n", retired))
    refused(world, ReleaseRefused, "not in force", "wen")
    anchor(world.settings, signer("ada"))
    refused(world, ReleaseRefused, "was retired on 2026-01-01", "wen")


def test_a_reject_for_want_of_an_answer_needs_no_key(world: World) -> None:
    release(world)
    done = approve(world, NOBODY, "no answer within 72 hours", "reject")
    assert (done["signed"], done["remarks"]) == (False, [])
    entries(world)


def test_without_a_people_file_names_are_on_trust_and_said_to_be(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "store"))
    make_release(settings.store)
    done = decide(settings, NAME, "approve", "anybody", "why not")
    assert not done["signed"]
    assert "taken on trust" in done["remarks"][0]
    make_release(settings.store, mix="risky", recipe={"name": "risky", "reviewers": [], "risk": "high"})
    with pytest.raises(ReleaseRefused, match="takes a reviewer and an officer"):
        decide(settings, "risky@1.0.0", "approve", "anybody", "why not")
    assert decide(settings, "risky@1.0.0", "reject", "anybody", "why not")["verdict"] == "reject"


def test_high_risk_takes_a_reviewer_and_an_officer(world: World) -> None:
    manifest = release(world, "high")
    first = approve(world, "wen")
    assert (first["waits_for"], first["latest"], first["signed"], first["repeated"]) == (
        ["officer"],
        False,
        True,
        False,
    )
    assert decision_of(world.store, REF) is None
    before = state(world)
    assert approve(world, "wen", "again") == {**first, "repeated": True}
    # A second reviewer is not an officer.
    assert state(world) == before
    assert approve(world, "lin")["waits_for"] == ["officer"]
    done = approve(world, "ada", "agreed")
    assert (done["waits_for"], done["latest"], done["reviewer"]) == ([], True, "ada")
    decision = decision_of(world.store, REF)
    assert decision is not None
    assert decision.manifest_digest == manifest.digest
    found = entries(world)
    assert [entry["kind"] for entry in found] == ["people", "signature", "signature", "signature", "decision"]
    assert found[-1]["body"]["signatures"] == {"wen": 2, "lin": 3, "ada": 4}
    assert verify(world.store).findings == []
    # Each of them may repeat the command; it changes nothing.
    before = state(world)
    assert approve(world, "ada", "agreed") == {**done, "repeated": True}
    told = approve(world, "wen")
    assert (told["repeated"], told["latest"], told["reviewer"]) == (True, True, "ada")
    assert state(world) == before
    refused(world, ReleaseRefused, "decided already", "both")


def test_one_person_with_both_roles_is_one_person(world: World) -> None:
    release(world, "high")
    assert approve(world, "both")["waits_for"] == ["reviewer or officer"]
    assert approve(world, "both")["waits_for"] == ["reviewer or officer"]
    assert approve(world, "wen")["waits_for"] == []


def test_an_officer_first_then_waits_for_a_reviewer_whom_the_mix_names(world: World) -> None:
    release(world, "high", reviewers=("lin",))
    assert approve(world, "ada")["waits_for"] == ["reviewer"]
    refused(world, ReleaseRefused, "may not decide", "wen")
    # An officer who is a reviewer too, but not one whom the mix names.
    assert approve(world, "both")["waits_for"] == ["reviewer"]
    assert approve(world, "lin")["waits_for"] == []


def test_either_of_two_may_reject(world: World) -> None:
    release(world, "high")
    approve(world, "wen")
    assert approve(world, "ada", "no", "reject")["verdict"] == "reject"
    refused(world, ReleaseRefused, "decided already", "wen")
    assert verify(world.store).findings == []
    assert latest_version(world.store, "demo") is None


def test_a_builder_cannot_be_one_of_two(world: World) -> None:
    release(world, "high", built_by="busy")
    refused(world, ReleaseRefused, "built", "busy")


def test_a_forged_signature_counts_for_nothing(world: World) -> None:
    """An engineer writes an officer's signature beside the release, without or with an entry that they sign."""
    manifest = release(world, "high")
    forged = signatures.Signature("demo", "1.0.0", manifest.digest, "ada", "fine", "2026-01-31T08:00:00Z")
    world.store.put(f"{REF.folder}/signatures/00000001.json", forged.to_json())
    assert approve(world, "wen")["waits_for"] == ["officer"]
    from clearinghouse.jobs.record import record
    from schemas.canonical import digest

    body = {"signature": digest(forged.to_json())}
    record(world.store, kind="signature", actor="ada", at=forged.at, body=body, signer=signer("eng"))
    assert approve(world, "wen")["waits_for"] == ["officer"]
    assert [problem.kind for problem in verify_chain(ledger(world.store))] == ["signature"]


def test_a_signature_on_another_manifest_does_not_count(world: World) -> None:
    manifest = release(world, "high")
    approve(world, "wen")
    path = Path(world.settings.store) / REF.manifest
    path.write_bytes(replace(manifest, seed=8).to_json())
    assert approve(world, "ada")["waits_for"] == ["reviewer"]
    refused(world, ReleaseRefused, "signed another manifest", "wen")


@pytest.mark.parametrize("risk", ["normal", "high"])
def test_nothing_is_signed_that_failed_a_gate_or_changed(world: World, risk: str) -> None:
    release(world, risk, gates=(PASSED, FAILED))
    refused(world, ReleaseRefused, "1 of 2 gates", "wen")
    manifest = release(world, risk, mix="other")
    path = Path(world.settings.store) / manifest.shard_key(manifest.shards[0])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    before = state(world)
    with pytest.raises(IntegrityError, match="cannot be approved"):
        decide(world.settings, "other@1.0.0", "approve", "wen", "read")
    assert state(world) == before


@pytest.mark.parametrize("risk", ["normal", "high"])
def test_gates_of_the_moment_of_signing_are_asked(world: World, monkeypatch: pytest.MonkeyPatch, risk: str) -> None:
    release(world, risk)
    rows = [dict(PASSED), {**FAILED, "name": "pii_residual"}]
    gates = types.ModuleType("clearinghouse.jobs.signing_gates")
    gates.evaluate = lambda settings, store, manifest: tuple(rows)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, gates.__name__, gates)
    monkeypatch.setattr(decide_module, "find_spec", lambda name: gates)
    told = refused(world, ReleaseRefused, "1 of 2 gates that hold at the moment", "wen")
    assert "pii_residual: 3, must be <= 0" in told
    rows.pop()
    approve(world, "wen")
    if risk == "high":
        approve(world, "ada")
    assert entries(world)[-1]["body"]["gates"] == {"unscanned_cells": "0"}


def test_a_clock_that_goes_back_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    release(world)
    monkeypatch.setattr(decide_module, "now", lambda: "2020-01-01T00:00:00Z")
    done = approve(world, "wen")
    assert "this clock says 2020-01-01T00:00:00Z" in done["remarks"][0]
    checked = Verifier.over(ledger(world.store))
    assert checked.problems == []
    assert [remark.kind for remark in checked.remarks] == ["clock"]


def test_two_persons_at_once_make_one_decision(world: World) -> None:
    for number in range(4):
        release(world, "high", mix=f"mix{number}")

    def answer(job: tuple[int, str]) -> Any:
        return decide(world.settings, f"mix{job[0]}@1.0.0", "approve", job[1], "raced")

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(answer, itertools.product(range(4), ("wen", "ada"))))
    for number in range(4):
        mine = [each for each in done if each["mix"] == f"mix{number}"]
        assert min(len(each["waits_for"]) for each in mine) == 0
        assert latest_version(world.store, f"mix{number}") == "1.0.0"
    kinds = [entry["kind"] for entry in entries(world)]
    assert (kinds.count("signature"), kinds.count("decision")) == (8, 4)
    assert verify(world.store).findings == []


@pytest.mark.parametrize("after", [False, True], ids=["before the change", "after it"])
@pytest.mark.parametrize(("steps", "changes"), [(("wen",), 3), (("wen", "ada"), 5)], ids=["one", "two"])
def test_an_approval_killed_anywhere_is_finished_by_repeating_it(
    world: World, steps: tuple[str, ...], changes: int, after: bool
) -> None:
    """The last of those who sign is killed at each of the changes that they make."""
    start = world.folder / "start"
    release(world, "high" if len(steps) == 2 else "normal")
    if len(steps) == 2:
        approve(world, "wen")
    shutil.copytree(world.settings.store, start)
    for at in itertools.count(1):
        shutil.rmtree(world.settings.store)
        shutil.copytree(start, world.settings.store)
        job = (decide, world.settings, NAME, "approve", steps[-1], "read the report")
        ended = deadly.ended(Death(at, after=after), *job)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        if latest_version(world.store, "demo"):
            assert decision_of(world.store, REF) is not None
        approve(world, steps[-1])
        assert latest_version(world.store, "demo") == "1.0.0"
        kinds = [entry["kind"] for entry in entries(world)]
        assert kinds == ["people", *["signature"] * (2 * len(steps) - 2), "decision"]
        assert verify(world.store).findings == []
        before = state(world)
        approve(world, steps[-1])
        assert state(world) == before
    assert at - 1 == changes


def test_the_commands_say_who_signs_and_who_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    release(world, "high")
    monkeypatch.setenv("CLEARINGHOUSE_SIGNING_KEY", world.settings.signing_key or "")
    monkeypatch.setenv("CLEARINGHOUSE_SIGNING_PASSPHRASE", world.passphrase)
    monkeypatch.setenv("CLEARINGHOUSE_ACTOR", "wen")
    said = CliRunner().invoke(app, ["approve", NAME, "--reason", "read it"])
    assert said.exit_code == 0, said.output
    assert "signed by wen" in said.output
    assert "waits for: officer" in said.output
    said = CliRunner().invoke(app, ["approve", NAME, "--reviewer", "ada", "--reason", "read it", "--json"])
    assert json.loads(said.stdout)["latest"] is True
    checked = CliRunner().invoke(app, ["ledger", "verify"])
    assert checked.exit_code == 0
    assert "4 entries (4 signed, by a registry of 6 people)" in checked.output
    folder = CliRunner().invoke(app, ["ledger", "verify", str(Path(world.settings.store) / "ledger"), "--json"])
    assert json.loads(folder.stdout)["governed"] is True


def test_proofs_are_printed_by_commands(world: World) -> None:
    from schemas.merkle import included

    manifest = release(world)
    approve(world, "wen")
    said = json.loads(CliRunner().invoke(app, ["ledger", "prove", "2", "--json"]).stdout)
    assert included(said["entry"].encode(), said["index"], said["size"], said["path"], said["root"])
    assert said["root"] == Verifier.over(ledger(world.store)).root
    assert CliRunner().invoke(app, ["ledger", "prove", "9"]).exit_code != 0
    # This manifest names no root.
    assert CliRunner().invoke(app, ["prove", NAME, "report.html"]).exit_code == 7
    rooted = make_release(world.settings.store, mix="rooted", rows=100)
    world.store.put("releases/rooted/1.0.0/manifest.json", rooted.rooted().to_json())
    key = rooted.shards[1].key
    said = json.loads(CliRunner().invoke(app, ["prove", "rooted@1.0.0", key, "--json"]).stdout)
    assert said["ok"]
    assert said["signed_root"] == rooted.rooted().root
    assert included(said["leaf"].encode(), said["index"], said["size"], said["path"], said["root"])
    assert CliRunner().invoke(app, ["prove", "rooted@1.0.0", "nothing"]).exit_code != 0
    assert manifest.root == ""


def test_a_decision_that_rests_on_signatures_that_are_not_there_is_found(world: World) -> None:
    """Written by hand, with a good key: an officer alone decides in the name of two."""
    from clearinghouse.jobs.record import record
    from schemas.canonical import digest
    from schemas.manifest import Decision

    manifest = release(world, "high")
    made = Decision("demo", "1.0.0", manifest.digest, "approve", "ada", "alone", "2026-01-31T08:00:00Z")
    world.store.put(REF.decision, made.to_json())
    body = {
        "mix": "demo",
        "version": "1.0.0",
        "verdict": "approve",
        "reason": "alone",
        "manifest_digest": made.manifest_digest,
    }
    body |= {"decision": digest(made.to_json()), "signatures": {"wen": 1, "ada": 2}}
    record(world.store, kind="decision", actor="ada", at=made.at, body=body, signer=signer("ada"))
    told = [str(finding) for finding in verify(world.store).findings]
    assert any("signature of wen that is not there" in one for one in told)
    release(world, "high", mix="other")
    manifest_digest = json.loads(world.store.read("releases/other/1.0.0/manifest.json"))["digest"]
    made = Decision("other", "1.0.0", manifest_digest, "approve", "ada", "alone", "2026-01-31T08:00:00Z")
    world.store.put("releases/other/1.0.0/decision.json", made.to_json())
    del body["signatures"]
    body |= {"mix": "other", "manifest_digest": manifest_digest, "decision": digest(made.to_json())}
    record(world.store, kind="decision", actor="ada", at=made.at, body=body, signer=signer("ada"))
    told = [str(finding) for finding in verify(world.store, "other@1.0.0").findings]
    assert any("with fewer than two signatures" in one for one in told)


def test_a_held_snapshot_is_accepted_under_a_reviewers_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from clearinghouse.jobs import drift
    from schemas.canonical import digest

    content = digest(b"held")
    monkeypatch.setattr(drift, "_held", lambda store, dataset: content)
    with pytest.raises(ReleaseRefused, match="who is engineer"):
        drift.accept(world.settings, "media.notes", "eng", "looks fine")
    assert len(entries(world)) == 1
    drift.accept(world.settings, "media.notes", "wen", "looked at it")
    assert entries(world)[-1]["signature"]["key"] == signer("wen").key_id
