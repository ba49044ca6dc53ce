"""Decisions: who may sign what, and what a decision leaves when it is killed half-way."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from clearinghouse.catalog import ReleaseRef, decision_of, ledger, resolve, versions
from clearinghouse.jobs.context import NotFoundByName
from clearinghouse.jobs.decide import NOBODY, decide
from clearinghouse.jobs.record import record
from clearinghouse.settings import Settings
from clearinghouse.verify import verify
from governance.ledger import verify as verify_chain
from infra.store import open_store
from schemas.errors import ClearinghouseError, IntegrityError, ReleaseRefused
from schemas.manifest import ReleaseManifest
from tests import deadly
from tests.builders import FAILED, PASSED, make_release
from tests.deadly import Death

WHO = {"reviewer": "dana.lin", "reason": "read the report"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "store"))


def state(settings: Settings) -> dict[str, bytes]:
    root = Path(settings.store)
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file() and f.name[0] != "."}


def entries(settings: Settings) -> list[dict]:
    found = list(ledger(open_store(settings.store)))
    assert verify_chain(found) == []
    return [json.loads(data) for _, data in found]


def pointed(settings: Settings, mix: str = "demo") -> list[str]:
    files = sorted((Path(settings.store) / f"releases/{mix}/latest").glob("*.json"))
    return [json.loads(file.read_bytes())["version"] for file in files]


def refused(
    settings: Settings, kind: type[ClearinghouseError], told: str, release: str, verdict: str, **who: str
) -> str:
    before = state(settings)
    with pytest.raises(kind, match=told) as caught:
        decide(settings, release, verdict, **{**WHO, **who})
    assert state(settings) == before, "a refused decision changed the store"
    assert caught.value.fix
    return str(caught.value)


def test_an_approval_is_written_recorded_and_pointed_to(settings: Settings) -> None:
    manifest = make_release(settings.store)
    done = decide(settings, "demo@1.0.0", "approve", " dana.lin ", " read the report\n")
    assert (done["verdict"], done["ledger"], done["latest"], done["repeated"]) == ("approve", 1, True, False)
    json.dumps(done)
    store = open_store(settings.store)
    decision = decision_of(store, ReleaseRef("demo", "1.0.0"))
    assert decision is not None
    assert (decision.manifest_digest, decision.verdict) == (manifest.digest, "approve")
    assert (decision.reviewer, decision.reason) == ("dana.lin", "read the report")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", decision.at)
    (entry,) = entries(settings)
    assert (entry["kind"], entry["actor"], entry["at"]) == ("decision", "dana.lin", decision.at)
    assert entry["body"]["manifest_digest"] == manifest.digest
    assert pointed(settings) == ["1.0.0"]
    assert verify(store).findings == []


def test_a_reject_is_recorded_and_points_to_nothing(settings: Settings) -> None:
    make_release(settings.store, gates=(FAILED,))
    done = decide(settings, "demo@1.0.0", "reject", **WHO)
    assert done["latest"] is False
    assert [entry["body"]["verdict"] for entry in entries(settings)] == ["reject"]
    assert pointed(settings) == []
    assert verify(open_store(settings.store)).findings == []


def test_a_release_that_failed_a_gate_is_not_approved(settings: Settings) -> None:
    no_verdict = {name: value for name, value in PASSED.items() if name != "passed"}
    make_release(settings.store, gates=(PASSED, FAILED, {**no_verdict, "name": "undecided"}))
    told = refused(settings, ReleaseRefused, "2 of 3 gates", "demo@1.0.0", "approve")
    assert "unscanned_cells: 3, must be <= 0" in told
    assert "undecided" in told


def test_only_the_mixs_reviewers_decide(settings: Settings) -> None:
    make_release(settings.store, reviewers=["dana.lin", "wei.chen"])
    for verdict in ("approve", "reject"):
        told = refused(settings, ReleaseRefused, "may not decide", "demo@1.0.0", verdict, reviewer="somebody")
        assert "wei.chen" in told
    assert decide(settings, "demo@1.0.0", "approve", "wei.chen", "fine")["latest"] is True


def test_nobody_rejects_for_want_of_an_answer_and_never_approves(settings: Settings) -> None:
    make_release(settings.store, reviewers=["dana.lin"])
    make_release(settings.store, mix="open")
    for release in ("demo@1.0.0", "open@1.0.0"):
        refused(settings, ReleaseRefused, "cannot approve", release, "approve", reviewer=NOBODY)
    assert decide(settings, "demo@1.0.0", "reject", NOBODY, "no answer within 72 hours")["verdict"] == "reject"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": " \n"}, "a reason"),
        ({"reviewer": ""}, "a reviewer"),
        ({"reviewer": "", "reason": ""}, "a reviewer and a reason"),
        ({"verdict": "Approve"}, "approve or reject"),
        ({"release": "demo"}, "names no version"),
        ({"release": "demo@latest"}, "names no version"),
    ],
)
def test_half_a_decision_is_none(settings: Settings, change: dict[str, str], told: str) -> None:
    make_release(settings.store)
    asked = {"release": "demo@1.0.0", "verdict": "approve", **WHO, **change}
    refused(settings, ReleaseRefused, told, **asked)


@pytest.mark.parametrize("release", ["demo@9.9.9", "other@1.0.0", "a/b@1", "@1.0.0", "demo@"])
def test_a_release_that_is_not_there_is_told(settings: Settings, release: str) -> None:
    make_release(settings.store)
    told = refused(settings, NotFoundByName, r"there is no release|does not name a release", release, "approve")
    if release in ("demo@9.9.9", "other@1.0.0"):
        assert "demo" in told


def break_shard(store: Path, manifest: ReleaseManifest, number: int, how: str) -> None:
    path = store / manifest.shard_key(number)
    data = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
        return
    if how == "flipped":
        data[len(data) // 2] ^= 1
    elif how == "longer":
        data += b"\0"
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("how", ["gone", "flipped", "longer"])
def test_a_release_whose_shards_changed_is_never_approved(settings: Settings, how: str) -> None:
    manifest = make_release(settings.store)
    for number in (0, 2):
        break_shard(Path(settings.store), manifest, number, how)
    told = refused(settings, IntegrityError, "2 problems", "demo@1.0.0", "approve")
    assert all(manifest.shards[number].key in told for number in (0, 2))
    assert manifest.shards[1].key not in told
    assert decide(settings, "demo@1.0.0", "reject", **WHO)["verdict"] == "reject"


def test_a_release_whose_report_changed_is_not_approved(settings: Settings) -> None:
    make_release(settings.store)
    (Path(settings.store) / "releases/demo/1.0.0/report.html").write_text("<p>all is well</p>")
    refused(settings, IntegrityError, "report.html", "demo@1.0.0", "approve")


def test_a_changed_manifest_is_refused(settings: Settings) -> None:
    manifest = make_release(settings.store)
    path = Path(settings.store) / "releases/demo/1.0.0/manifest.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'"passed":true', b'"passed":tru'))
    refused(settings, IntegrityError, "cannot be read", "demo@1.0.0", "approve")
    path.write_bytes(whole.replace(b'"seed":7', b'"seed":8'))
    refused(settings, IntegrityError, "digest", "demo@1.0.0", "reject")
    # One that is sound but not the one that was signed.
    path.write_bytes(whole)
    decide(settings, "demo@1.0.0", "approve", **WHO)
    path.write_bytes(replace(manifest, seed=8).to_json())
    refused(settings, IntegrityError, "not what was signed", "demo@1.0.0", "approve")


def test_the_first_decision_stands(settings: Settings) -> None:
    make_release(settings.store)
    first = decide(settings, "demo@1.0.0", "approve", **WHO)
    for verdict, who in (("reject", "dana.lin"), ("approve", "wei.chen"), ("reject", "wei.chen")):
        told = refused(settings, ReleaseRefused, "decided already", "demo@1.0.0", verdict, reviewer=who)
        assert "dana.lin" in told
        assert first["at"] in told
    before = state(settings)
    again = decide(settings, "demo@1.0.0", "approve", "dana.lin", "another reason")
    assert again == {**first, "repeated": True}
    assert state(settings) == before


def test_latest_moves_forward_only(settings: Settings) -> None:
    for version in ("1.0.0", "1.9.0", "1.10.0", "2.0.0-rc.1"):
        make_release(settings.store, version=version)
    assert decide(settings, "demo@1.9.0", "approve", **WHO)["latest"] is True
    assert decide(settings, "demo@1.10.0", "approve", **WHO)["latest"] is True
    assert decide(settings, "demo@1.0.0", "approve", **WHO)["latest"] is False
    assert decide(settings, "demo@1.9.0", "approve", **WHO)["latest"] is False
    assert decide(settings, "demo@2.0.0-rc.1", "approve", **WHO)["latest"] is True
    assert pointed(settings) == ["1.9.0", "1.10.0", "2.0.0-rc.1"]
    assert str(resolve(open_store(settings.store), "demo")) == "demo@2.0.0-rc.1"
    assert versions(open_store(settings.store), "demo") == ["1.0.0", "1.9.0", "1.10.0", "2.0.0-rc.1"]
    assert len(entries(settings)) == 4


def test_many_reviewers_at_once_leave_one_decision_each(settings: Settings) -> None:
    """Eight answers to each of three releases: one stands, the ledger has one entry for each, the chain holds."""
    for number in range(3):
        make_release(settings.store, version=f"1.0.{number}", rows=8)

    def answer(job: tuple[int, int]) -> dict:
        version, who = job
        try:
            verdict = ("approve", "reject")[who % 2]
            return decide(settings, f"demo@1.0.{version}", verdict, f"reviewer {who // 2}", "raced")
        except ReleaseRefused as error:
            return {"refused": str(error)}

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(answer, itertools.product(range(3), range(8))))
    for version in range(3):
        assert sum(each.get("version") == f"1.0.{version}" for each in done) == 1
    assert sum("decided already" in each.get("refused", "") for each in done) == 3 * 7
    assert sorted(entry["body"]["version"] for entry in entries(settings)) == ["1.0.0", "1.0.1", "1.0.2"]
    assert verify(open_store(settings.store)).findings == []


def test_a_thing_is_recorded_once(settings: Settings) -> None:
    store = open_store(settings.store)
    at, things = "2026-01-31T08:00:00Z", [{"n": n} for n in range(5)]
    numbers = [record(store, kind="k", actor="a", at=at, body=body) for body in things]
    assert numbers == [1, 2, 3, 4, 5]
    assert [record(store, kind="k", actor="a", at=at, body=body) for body in things] == numbers
    assert record(store, kind="other", actor="a", at=at, body={"n": 0}) == 6
    assert record(store, kind="k", actor="a", at=at, body={"n": 3}, since=3) == 4
    assert len(entries(settings)) == 6


def decide_and_die(store: str, verdict: str, at: int, after: bool) -> int:
    job = (decide, Settings(store=store), "demo@1.0.0", verdict, "dana.lin", "read the report")
    return deadly.ended(Death(at, after=after), *job)


@pytest.mark.parametrize("after", [False, True], ids=["before the change", "after it"])
@pytest.mark.parametrize(("verdict", "changes"), [("approve", 3), ("reject", 2)])
def test_a_decision_killed_anywhere_is_finished_by_repeating_it(
    tmp_path: Path, verdict: str, changes: int, after: bool
) -> None:
    settings = Settings(store=str(tmp_path / "store"))
    deaths = 0
    for at in itertools.count(1):
        shutil.rmtree(settings.store, ignore_errors=True)
        make_release(settings.store)
        make_release(settings.store, mix="other")
        decide(settings, "other@1.0.0", "approve", **WHO)
        ended = decide_and_die(settings.store, verdict, at, after)
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
        deaths += 1
        stood = decision_of(open_store(settings.store), ReleaseRef("demo", "1.0.0"))
        if pointed(settings):
            assert stood is not None, "`latest` was moved before the decision was written"
        # Somebody else's decision comes in between; the ledger grows.
        make_release(settings.store, mix="third")
        decide(settings, "third@1.0.0", "reject", **WHO)
        if stood is not None:
            refused(settings, ReleaseRefused, "decided already", "demo@1.0.0", verdict, reviewer="wei.chen")
        done = decide(settings, "demo@1.0.0", verdict, "dana.lin", "read the report again")
        assert done["repeated"] is (stood is not None)
        assert done["reason"] == ("read the report" if stood else "read the report again")
        assert pointed(settings) == (["1.0.0"] if verdict == "approve" else [])
        found = entries(settings)
        assert sorted(entry["body"]["mix"] for entry in found) == ["demo", "other", "third"]
        assert found[done["ledger"] - 1]["body"]["mix"] == "demo"
        assert verify(open_store(settings.store)).findings == []
        before = state(settings)
        assert decide(settings, "demo@1.0.0", verdict, "dana.lin", "once more")["ledger"] == done["ledger"]
        assert state(settings) == before
    assert deaths == changes


def test_an_interrupted_approval_does_not_publish_what_changed_since(tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "store"))
    manifest = make_release(settings.store)
    assert decide_and_die(settings.store, "approve", 1, True) == -signal.SIGKILL
    break_shard(tmp_path / "store", manifest, 1, "flipped")
    with pytest.raises(IntegrityError, match=re.escape(manifest.shards[1].key)) as caught:
        decide(settings, "demo@1.0.0", "approve", **WHO)
    assert "`latest` was not moved" in caught.value.state
    assert pointed(settings) == []
