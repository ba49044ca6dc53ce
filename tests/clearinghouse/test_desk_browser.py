"""The desk in a browser, from sign-in to a published release, by keyboard where people would use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clearinghouse.catalog import ReleaseRef, latest_version
from clearinghouse.jobs.audit import Audit, viewed
from clearinghouse.jobs.audit_sample import draw
from clearinghouse.jobs.signatures import note_builder
from governance.pseudonyms import Key
from tests.audit_world import LEAK, REDACTIONS, SIGN, rows_of, text_of
from tests.builders import PASSED, make_release
from tests.chromium import Tab, chromium
from tests.conftest import ROOT
from tests.desk import PASSWORD, with_passwords
from tests.governed import PHRASE, World

pytestmark = [pytest.mark.service, pytest.mark.slow]

REF = ReleaseRef("demo", "1.0.0")
PLACE = "releases/demo/1.0.0"
REPORT = (
    b"<!doctype html><html lang=en><title>Report</title><h1>Redaction report</h1><p>Invented rows.</p>"
    b"<script>top.location = 'https://evil.example/'; document.title = 'ran'</script>"
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = with_passwords(World(tmp_path, monkeypatch))
    made.anchor()
    texts = [text_of(n) for n in range(12)]
    texts[3] = f"请打 😀{LEAK} 找 <PERSON:k7f3q2ab>"
    gates = [{**PASSED, "name": name} for name in ("contract_complete", "licence_present", "quality_passed")]
    sign = [{**SIGN[0]}, {**SIGN[1], "threshold": "0.7"}]
    make_release(
        made.settings.store,
        rows=rows_of(texts),
        redactions=REDACTIONS,
        gates=gates,
        recipe={"name": "demo", "reviewers": [], "audience": "pretraining team", "signing_gates": sign, "risk": "high"},
        artefacts={"report.html": REPORT, "report.json": b"{}"},
    )
    note_builder(made.store, REF, "eng")
    draw(made.acting("lin"), str(REF), size=12, twice=0.25)
    Key.create(tmp_path / "key")
    return made


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """The desk as its command serves it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("CLEARINGHOUSE_")}
    command = ["-m", "clearinghouse", "desk", "--port", "0", "--json", "--store", world.settings.store]
    command += ["--people", str(world.people), "--signing-key", str(world.folder / "{name}.pem")]
    command += ["--key-file", str(world.folder / "key")]
    with (world.folder / "desk.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=log)
        try:
            assert process.stdout is not None
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            process.wait(30)


class Walk:
    """A tab on the desk; every page that it looks at is checked for names, and kept as a picture where asked for."""

    def __init__(self, tab: Tab, url: str) -> None:
        self.tab, self.url = tab, url
        self.pictures = os.environ.get("CLEARINGHOUSE_DESK_PICTURES")

    def go(self, path: str, wanted: str) -> None:
        self.tab.open(self.url + path)
        self.look(wanted)

    def look(self, wanted: str, picture: str = "") -> None:
        assert wanted in self.tab.text(), self.tab.text()
        assert self.tab.labels() == [], self.tab.run("location.pathname")
        assert self.tab.run("document.querySelectorAll('main, header').length") == 2
        for width in (1180, 390):
            self.tab.size(width, 860)
            wide = self.tab.run("document.documentElement.scrollWidth")
            assert wide <= width, (self.tab.run("location.pathname"), wide)
            if picture and self.pictures:
                self.tab.picture(Path(self.pictures, f"{picture}-{width}.png"))
        self.tab.size(1180, 860)

    def sign_in(self, name: str, picture: str = "") -> None:
        self.tab.open(self.url)
        self.look("Sign in", picture)
        self.tab.fill("name", name)
        self.tab.fill("password", PASSWORD)
        self.tab.click("main button")
        self.look("Releases")

    def sign_out(self) -> None:
        self.tab.click(".me button")

    def read(self, store_of: World, reader: str, picture: str = "") -> set[int]:
        """Read all that is left, by keys alone; returns the rows."""
        rows = set[int]()
        self.go(f"{PLACE}/audit", "Left for you")
        if "Read the next document" not in self.tab.text():
            return rows
        self.tab.click("main .button")
        while self.tab.run("!!document.getElementById('verdict')"):
            rows.add(int(self.tab.run("document.querySelector('[name=row]').value")))
            if LEAK in self.tab.text():
                self.look("Is personal data left", picture)
                self.tab.key("l", leaves=False)
                assert "Mark where the leak stands first." in self.tab.text()
                self.tab.run("document.activeElement.blur()")
                self.tab.run("document.getElementById('entity').value = 'PHONE_NUMBER'")
                start = 4  # 请打 and a space and one emoji: three code points and two halves
                self.tab.run(
                    "(() => { const text = document.querySelector('.text').firstChild, range = document.createRange();"
                    f"range.setStart(text, {start + 1}); range.setEnd(text, {start + 1 + len(LEAK)});"
                    "getSelection().removeAllRanges(); getSelection().addRange(range); })()"
                )
                assert self.tab.run("getSelection().toString()") == LEAK
                self.tab.key("l")
            else:
                self.tab.key("c")
        self.look("Left for you")
        if 3 in rows:
            (mark,) = next(one for one in Audit.open(store_of.settings, str(REF)).verdicts() if one.row == 3).spans
            assert (mark.part, mark.start, mark.end, mark.entity) == (0, 4, 4 + len(LEAK), "PHONE_NUMBER")
        return rows


def test_from_sign_in_to_a_published_release(world: World, url: str, tmp_path: Path) -> None:
    with chromium(tmp_path) as tab:
        walk = Walk(tab, url)
        walk.sign_in("wen", "sign-in")
        walk.look("demo@1.0.0", "releases")
        assert "HIGH RISK" in tab.text().upper()
        walk.go(f"{PLACE}/report", "That you opened it is written down.")
        tab.until("document.querySelector('iframe') !== null")
        walk.look("report.json", "report")
        # The report's script neither ran nor left its frame.
        assert tab.run("location.pathname") == f"/{PLACE}/report"
        assert any(one["via"] == "desk report.html" for one in viewed(world.store, REF))
        walk.go(f"{PLACE}/audit", "Read the next document")
        walk.look("Left for you", "audit")
        assert walk.read(world, "wen", "read") == set(range(12))
        walk.sign_out()
        walk.sign_in("lin")
        audit = Audit.open(world.settings, str(REF))
        assert walk.read(world, "lin") == audit.sample.double
        assert audit.progress()["both"] == audit.progress()["twice"] > 0
        walk.sign_out()

        walk.sign_in("ada")
        walk.go(f"{PLACE}/audit", "Left for you")
        while "Settle where readers differ" in tab.text():
            tab.click("main .button.second")
            walk.look("Readers differ", "settle")
            tab.click("button[value=clean]")
            walk.go(f"{PLACE}/audit", "Left for you")
        walk.go(PLACE, "Sign or refuse")
        tab.run("document.getElementById('decide').scrollIntoView()")
        walk.look("two persons approve", "decide")
        walk.go("erasures/new", "Erase a person")
        walk.look("Who: values of one person", "erasure")
        walk.go("ledger", "Check the whole chain")
        tab.click("main button")
        walk.look("The ledger holds", "ledger")
        walk.sign_out()
        walk.sign_in("wen")
        walk.go(f"{PLACE}/audit", "Close the audit")
        tab.fill("passphrase", PHRASE)
        tab.click("main form button")
        walk.look("The audit is closed", "closed")

        for name, told in (("wen", "It waits for: officer"), ("ada", "Approved and published")):
            walk.go(PLACE, "Sign or refuse")
            tab.run("document.querySelector('input[value=approve]').click()")
            tab.run("document.querySelector('input[name=read]').click()")
            tab.fill("reason", "report read, audit closed")
            tab.fill("passphrase", PHRASE)
            tab.click("section form button")
            walk.look(told, f"signed-{name}")
            if name == "wen":
                assert latest_version(world.store, "demo") is None
                walk.sign_out()
                walk.sign_in("ada")
        tab.open(f"{url}{PLACE}?lang=zh")
        walk.look("已批准", "chinese")
        assert tab.errors == [] or all("sandbox" in one or "Content Security" in one for one in tab.errors), tab.errors
    assert latest_version(world.store, "demo") == "1.0.0"
    log = (world.folder / "desk.log").read_text()
    for secret in (PHRASE, PASSWORD, LEAK):
        assert secret not in log
