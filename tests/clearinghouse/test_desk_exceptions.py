"""Exceptions at the desk: who sees them, who may enter one, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clearinghouse.catalog import ReleaseRef, decision_of, ledger
from clearinghouse.jobs.signatures import note_builder
from governance.ledger import verify as verify_chain
from tests.builders import FAILED, PASSED, make_release
from tests.desk import Site, with_passwords
from tests.governed import PHRASE, World

PLACE = "/releases/demo/1.0.0"
REF = ReleaseRef("demo", "1.0.0")


def day(offset: int) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).strftime("%Y-%m-%d")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    world = with_passwords(World(tmp_path, monkeypatch))
    world.anchor()
    make_release(world.settings.store, gates=(PASSED, {**FAILED, "name": "quality_passed"}))
    note_builder(world.store, REF, "busy")
    return Site.of(world)


def enter(site: Site, name: str, **more: str):
    form = {
        "gate": "quality_passed",
        "until": day(7),
        "reason": "the <b>source</b> is mended",
        "passphrase": PHRASE,
        **more,
    }
    return site.browser(name).post(f"{PLACE}/exception", PLACE, **form)


def entries(site: Site) -> int:
    return sum(1 for _ in ledger(site.world.store))


def test_an_exception_is_signed_shown_everywhere_and_lets_the_release_be_approved(site: Site) -> None:
    assert "failed 1 of 2 gates" in site.browser("wen").decide(PLACE).text
    done = enter(site, "lin")
    assert done.status_code == 200
    assert f"quality_passed is let through until {day(7)}: ledger entry 2." in done.text
    reader = site.browser("eng")
    for page in (PLACE, "/exceptions"):
        shown = reader.get(page).text
        assert "quality passed" in shown
        assert "the &lt;b&gt;source&lt;/b&gt; is mended" in shown
        assert day(7) in shown
    assert "let through" in reader.get(PLACE).text
    assert "quality_passed" in reader.get("/ledger").text
    assert site.browser("wen").decide(PLACE).status_code == 200
    assert verify_chain(list(ledger(site.world.store))) == []
    decision = decision_of(site.world.store, REF)
    assert decision is not None
    assert decision.verdict == "approve"


@pytest.mark.parametrize(
    ("name", "more", "status", "said"),
    [
        ("eng", {}, 403, "Your role does not let you do this."),
        ("busy", {}, 409, "busy built demo@1.0.0"),
        ("lin", {"until": day(-1)}, 409, "is over"),
        ("lin", {"until": day(400)}, 409, "more than 366 days"),
        ("lin", {"until": "soon"}, 409, "is not a day"),
        ("lin", {"gate": "accounting_balanced"}, 409, "has no such gate"),
        ("lin", {"reason": " "}, 409, "an owner and a reason"),
        ("lin", {"passphrase": "wrong"}, 400, "the passphrase does not open"),
        ("lin", {"manifest": "0" * 64}, 409, "its manifest is another one"),
        ("lin", {"csrf": "forged"}, 403, "not of this session"),
    ],
)
def test_what_may_not_be_let_through_writes_nothing(
    site: Site, name: str, more: dict[str, str], status: int, said: str
) -> None:
    before = entries(site)
    answer = enter(site, name, **more)
    assert answer.status_code == status
    assert said in answer.text
    assert entries(site) == before


def test_the_form_is_there_for_those_who_may_and_for_gates_that_are_stuck(site: Site) -> None:
    assert "Let a gate through for a time" in site.browser("lin").get(PLACE).text
    for name in ("eng", "busy"):
        assert "Let a gate through for a time" not in site.browser(name).get(PLACE).text
    enter(site, "lin")
    # Nothing is stuck any more.
    assert "Let a gate through for a time" not in site.browser("wen").get(PLACE).text


def test_a_report_that_is_none_is_not_shown_as_it_stands(site: Site) -> None:
    answer = site.browser("lin").get(f"{PLACE}/files/now.html")
    assert answer.status_code == 409
    assert "report.json is" in answer.text
    page = site.browser("lin").get(f"{PLACE}/report").text
    assert "report.json is" in page
    assert "As it stands now" not in page
