"""Work at the desk: reading the sample of an audit, settling and closing it, and requests of erasure."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.catalog import ReleaseRef, ledger
from clearinghouse.desk.audits import shown
from clearinghouse.jobs.audit import Audit
from clearinghouse.jobs.audit_sample import draw
from clearinghouse.jobs.signatures import note_builder
from governance.ledger import verify as verify_chain
from governance.pseudonyms import Key
from tests.audit_world import LEAK, REDACTIONS, SIGN, rows_of, text_of
from tests.builders import make_release
from tests.desk import Browser, Site, with_passwords
from tests.governed import PHRASE, World

NAME = "demo@1.0.0"
PLACE = "/releases/demo/1.0.0"
SECRET = "invented.person@example.net"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    world = with_passwords(World(tmp_path, monkeypatch))
    world.anchor()
    made = Site.of(world, key_file=str(tmp_path / "key"))
    made.desk.posts.most = 1000
    return made


@pytest.fixture
def audited(site: Site) -> Site:
    """A release with one leak in row 3, and a sample of all its rows that two people read."""
    texts = [text_of(n) for n in range(6)]
    texts[3] = f"请打 😀{LEAK} <PERSON:k7f3q2ab>\r\n\u202e<script>alert(1)</script>"
    recipe = {"name": "demo", "reviewers": [], "signing_gates": SIGN}
    make_release(site.world.settings.store, rows=rows_of(texts), redactions=REDACTIONS, recipe=recipe)
    note_builder(site.world.store, ReleaseRef("demo", "1.0.0"), "eng")
    draw(site.world.acting("lin"), NAME, size=6)
    return site


def everything(site: Site) -> bytes:
    root = Path(site.world.settings.store)
    return b"".join(f.read_bytes() for f in root.rglob("*") if f.is_file() and "shards" not in f.parts)


def row_shown(browser: Browser) -> int:
    text = browser.get(f"{PLACE}/audit/read").text
    return int(text.partition('name="row" value="')[2].partition('"')[0])


def read_all(browser: Browser, leak: bool) -> None:
    while "Read the next document" in browser.get(f"{PLACE}/audit").text:
        form: dict[str, Any] = {"verdict": "clean"}
        if leak and row_shown(browser) == 3:
            form = {"verdict": "leak", "leaks": f"PHONE_NUMBER: {LEAK}"}
        assert browser.post(f"{PLACE}/audit/read", **form).status_code == 200


def test_from_the_sample_to_a_closed_audit_and_a_signature(audited: Site, caplog: pytest.LogCaptureFixture) -> None:
    wen, lin, ada = (audited.browser(name) for name in ("wen", "lin", "ada"))
    read_all(wen, leak=True)
    read_all(lin, leak=False)
    progress = lin.get(f"{PLACE}/audit").text
    assert "1 rows on which readers differ" in progress
    assert "<dt>Leaks</dt>" not in progress
    assert "To be settled by you</dt><dd>0" in progress
    both = ada.get(f"{PLACE}/audit/settle").text
    assert "A reader: leak" in both
    assert "A reader: clean" in both
    assert "wen" not in both
    assert ada.post(f"{PLACE}/audit/settle", verdict="clean").status_code == 200
    assert ada.post(f"{PLACE}/audit/close", f"{PLACE}/audit", passphrase=PHRASE).status_code == 403
    closed = wen.post(f"{PLACE}/audit/close", f"{PLACE}/audit", passphrase=PHRASE)
    assert "The audit is closed" in closed.text, closed.text
    assert "<dt>Leaks</dt><dd>0" in closed.text
    done = wen.decide(PLACE)
    # Six rows bound nothing below 20 %, and the gate says so; the audit itself counts.
    assert "residual leaks, bound" in done.text
    assert "audit_closed" not in done.text.partition("must be")[0].partition("signing and")[2]
    assert verify_chain(list(ledger(audited.world.store))) == []
    assert LEAK.encode() not in everything(audited)
    assert LEAK not in caplog.text


def test_a_document_is_shown_masked_whole_and_harmless(audited: Site) -> None:
    wen = audited.browser("wen")
    pages = []
    after = ""
    for _ in range(6):
        page = wen.get(f"{PLACE}/audit/read{after}").text
        pages.append(page)
        after = "?after=" + page.partition('name="row" value="')[2].partition('"')[0]
    text = next(page for page in pages if "😀" in page)
    assert "<mark>&lt;PERSON:k7f3q2ab&gt;</mark>" in text
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert len({page.partition('name="row" value="')[2].partition('"')[0] for page in pages}) == 6
    views = list(Audit.open(audited.world.settings, NAME).views())
    assert [one["reader"] for one in views] == ["wen"] * 6
    assert {one["via"] for one in views} == {"desk"}


def test_places_hold_whatever_is_shown() -> None:
    text = "a\r\n\x00<PERSON:k7f3q2ab> & \u202e<b>"
    bare = html.unescape(str(shown(text)).replace("<mark>", "").replace("</mark>", ""))
    assert bare == "a□\n□<PERSON:k7f3q2ab> & □<b>"
    assert len(bare) == len(text)


def test_readers_are_blind_and_one_verdict_stands(audited: Site) -> None:
    wen, lin = audited.browser("wen"), audited.browser("lin")
    row = row_shown(wen)
    assert wen.post(f"{PLACE}/audit/read", verdict="unsure").status_code == 200
    page = lin.get(f"{PLACE}/audit/read").text
    assert row_shown(lin) == row
    assert "What was said of it" not in page
    again = wen.post(
        f"{PLACE}/audit/read",
        verdict="clean",
        row=str(row),
        id=Audit.open(audited.world.settings, NAME).sample.by_row[row].id,
    )
    assert again.status_code == 409
    assert "has given a verdict" in again.text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"verdict": "leak"}, "a leak says where it stands"),
        ({"verdict": "leak", "leaks": f"PHONE_NUMBER: {SECRET}"}, "leak 1 does not stand in the document"),
        ({"verdict": "leak", "leaks": f"{SECRET}"}, "leak 1 is not ENTITY"),
        ({"verdict": "leak", "leaks": "PHONE_NUMBER 0:5-9999"}, "does not stand within"),
        ({"verdict": "wrong"}, "a verdict is"),
        ({"verdict": "clean", "row": "99"}, "not in the sample"),
        ({"verdict": "clean", "id": "0" * 32}, "not in the sample"),
    ],
)
def test_faulty_verdicts_are_told_and_not_written(
    audited: Site, form: dict[str, str], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = audited.browser("wen").post(f"{PLACE}/audit/read", **form)
    assert answer.status_code == 409
    assert told in answer.text
    assert SECRET not in answer.text + caplog.text
    assert Audit.open(audited.world.settings, NAME).verdicts() == []


def test_who_built_it_and_engineers_do_not_read(audited: Site) -> None:
    note_builder(audited.world.store, ReleaseRef("demo", "1.0.0"), "busy")
    busy = audited.browser("busy")
    assert busy.get(f"{PLACE}/audit/read").status_code == 409
    assert "busy built" in busy.get(f"{PLACE}/audit").text
    assert audited.browser("eng").get(f"{PLACE}/audit/read").status_code == 403
    assert list(Audit.open(audited.world.settings, NAME).views()) == []


def test_a_sample_is_drawn_from_the_desk_once(site: Site) -> None:
    make_release(site.world.settings.store, rows=8)
    note_builder(site.world.store, ReleaseRef("demo", "1.0.0"), "eng")
    wen = site.browser("wen")
    assert wen.post(f"{PLACE}/audit/draw", f"{PLACE}/audit", size="x", twice="0").status_code == 409
    answer = wen.post(f"{PLACE}/audit/draw", f"{PLACE}/audit", size="4", twice="50", passphrase=PHRASE)
    assert "0 of 4 rows" in answer.text
    assert Audit.open(site.world.settings, NAME).progress() == {"rows": 4, "read": 0, "twice": 2, "both": 0}


# ---- erasures ----------------------------------------------------------------------------------------------------


def ask(browser: Browser, **more: str) -> Any:
    form = {
        "kind0": "email",
        "value0": SECRET,
        "trigger": "gdpr-17-b",
        "received": "2026-01-31",
        "reason": "request 17 of the privacy desk",
        "passphrase": PHRASE,
        **more,
    }
    return browser.post("/erasures", "/erasures/new", **form)


def test_an_officer_asks_for_an_erasure_and_the_value_is_nowhere(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    Key.create(site.desk.settings.key_file or "")
    ada = site.browser("ada")
    answer = ask(ada)
    assert answer.status_code == 200, answer.text
    assert "Recorded as e" in answer.text
    entry = json.loads(list(ledger(site.world.store))[-1][1])
    assert (entry["kind"], entry["actor"], "signature" in entry) == ("erasure", "ada", True)
    assert "gdpr-17-b" in json.dumps(entry)
    for where in (everything(site), answer.text.encode(), caplog.text.encode(), ada.get("/erasures").text.encode()):
        assert SECRET.encode() not in where
    assert entry["body"]["erasure"] in site.browser("wen").get("/erasures").text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"value0": ""}, "names nobody"),
        ({"kind0": "name", "value0": "Nobody Invented"}, "no kind"),
        ({"kind0": "shoe", "value0": SECRET}, "of no kind"),
        ({"trigger": "because"}, "trigger"),
        ({"received": "yesterday"}, ""),
        ({"reason": f"about {SECRET.upper()}"}, "the reason holds one of the values"),
        ({"passphrase": "wrong"}, "the passphrase does not open"),
    ],
)
def test_faulty_requests_are_told_without_what_was_typed(
    site: Site, more: dict[str, str], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    Key.create(site.desk.settings.key_file or "")
    before = everything(site)
    answer = ask(site.browser("ada"), **more)
    assert answer.status_code in (400, 409), answer.text
    assert told in answer.text or told == "no kind"
    assert everything(site) == before
    for value in (SECRET, "Nobody Invented"):
        assert value.casefold() not in (answer.text + caplog.text).casefold()


def test_only_officers_ask(site: Site) -> None:
    for name in ("wen", "eng"):
        browser = site.browser(name)
        assert browser.get("/erasures/new").status_code == 403
        assert browser.client.post("/erasures", data={"csrf": browser.csrf("/")}).status_code == 403
