"""The review desk: who gets in, what they see, what they may sign, and what the desk refuses."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef, decision_of, latest_version, ledger
from clearinghouse.desk.words import SHORT, WORDS
from clearinghouse.jobs.audit import viewed
from clearinghouse.jobs.signatures import note_builder
from clearinghouse.people_file import set_password
from governance.ledger import verify as verify_chain
from tests.builders import FAILED, PASSED, make_release
from tests.conftest import ROOT
from tests.desk import Site, hashed, with_passwords
from tests.governed import PHRASE, World, pem

PLACE = "/releases/demo/1.0.0"
REF = ReleaseRef("demo", "1.0.0")
SCRIPT = "<script>alert(1)</script>"


def release(world: World, risk: str = "normal", *, built_by: str = "eng", **more: Any) -> Any:
    recipe = {"name": "demo", "reviewers": [], "risk": risk, **more.pop("recipe", {})}
    made = make_release(world.settings.store, rows=8, recipe=recipe, **more)
    note_builder(world.store, ReleaseRef(made.mix, made.version), built_by)
    return made


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = with_passwords(World(tmp_path, monkeypatch))
    made.anchor()
    return made


@pytest.fixture
def site(world: World) -> Site:
    return Site.of(world)


def state(world: World) -> dict[str, bytes]:
    root = Path(world.settings.store)
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file() and f.name[0] != "."}


# ---- the door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", PLACE, f"{PLACE}/files/report.html", "/erasures", "/ledger", f"{PLACE}/audit"])
def test_without_sign_in_there_is_nothing(site: Site, path: str) -> None:
    release(site.world)
    answer = site.browser().client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


def test_sign_in_leads_on_and_starts_a_new_session(site: Site) -> None:
    release(site.world)
    browser = site.browser()
    browser.client.cookies.set("desk", "of-the-attacker")
    form = browser.get(f"/sign-in?next={PLACE}")
    hidden = dict(re.findall(r'name="(csrf|next)" value="([^"]*)"', form.text))
    answer = browser.client.post(
        "/sign-in", data={**hidden, "name": "wen", "password": "a word for the desk"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("desk="))
    assert "of-the-attacker" not in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Secure" not in cookie
    first = cookie.split(";")[0]
    again = site.browser("wen").client.cookies["desk"]
    assert first != f"desk={again}"


def test_over_https_the_cookie_is_bound_to_the_host(site: Site) -> None:
    browser = site.browser(https=True)
    answer = browser.sign_in("wen")
    assert "__Host-desk" in browser.client.cookies
    assert answer.headers["strict-transport-security"]
    cookie = answer.history[0].headers["set-cookie"]
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_sign_in_leads_nowhere_else(site: Site, elsewhere: str) -> None:
    browser = site.browser()
    answer = browser.client.post(
        "/sign-in",
        data={"csrf": browser.csrf("/sign-in"), "next": elsewhere, "name": "wen", "password": "a word for the desk"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("wen", "wrong"), ("stranger", "a word for the desk"), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(site: Site, name: str, password: str) -> None:
    answer = site.browser().sign_in(name, password)
    assert answer.status_code == 403
    assert "Name and password do not fit." in answer.text
    assert password not in answer.text or not password


def test_guessing_is_slowed_down_and_the_right_word_does_not_help(site: Site) -> None:
    browser = site.browser()
    for _ in range(3):
        assert browser.sign_in("wen", "wrong").status_code == 403
    answer = browser.sign_in("wen")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    site.clock.now += 901
    assert browser.sign_in("wen").status_code == 200


def test_a_session_ends(site: Site) -> None:
    browser = site.browser("wen")
    for _ in range(30):
        site.clock.now += 20 * 60
        if "Sign in" in browser.get("/").text:
            break
    assert site.clock.now - 1000 == pytest.approx(10 * 3600, abs=1200)
    idle = site.browser("wen")
    site.clock.now += 31 * 60
    assert "<h1>Sign in</h1>" in idle.get("/").text


def test_a_form_of_an_ended_session_writes_nothing(site: Site) -> None:
    release(site.world)
    browser = site.browser("wen")
    token = browser.csrf(PLACE)
    site.clock.now += 31 * 60
    before = state(site.world)
    answer = browser.client.post(f"{PLACE}/decision", data={"csrf": token, "verdict": "reject", "reason": "x"})
    assert answer.status_code == 401
    assert state(site.world) == before


@pytest.mark.parametrize("forged", ["", "x" * 43, "../../etc/passwd", "\u00e9", "a" * 5000])
def test_forged_sessions_are_none(site: Site, forged: str) -> None:
    site.browser("wen")
    answer = site.browser().client.get("/", headers={"Cookie": f"desk={forged}".encode()}, follow_redirects=False)
    assert answer.status_code == 303


def test_signing_out_ends_the_session_for_whoever_copied_it(site: Site) -> None:
    browser = site.browser("wen")
    copied = browser.client.cookies["desk"]
    browser.post("/sign-out", "/")
    answer = site.browser().client.get("/", headers={"Cookie": f"desk={copied}"}, follow_redirects=False)
    assert answer.status_code == 303


def test_a_new_password_ends_sessions(site: Site) -> None:
    browser = site.browser("wen")
    set_password(site.world.people, "wen", hashed("another word for it"))
    assert "<h1>Sign in</h1>" in browser.get("/").text


def test_the_way_from_another_site_does_not_end_at_the_door(site: Site) -> None:
    # The browser holds back a strict cookie when a link elsewhere leads here; the page then asks for itself again.
    answer = site.browser().client.get("/", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text


def test_another_name_for_this_address_is_not_answered(site: Site) -> None:
    answer = site.browser("wen").get("/", headers={"Host": "rebound.example"})
    assert answer.status_code == 421
    assert "demo" not in answer.text


# ---- forms -------------------------------------------------------------------------------------------------------


def forms(site: Site) -> list[str]:
    from clearinghouse.desk.app import PAGES

    fill = {"{mix}": "demo", "{version}": "1.0.0", "{file}": "report.html", "{erasure}": "e0"}
    found = []
    for page in PAGES:
        path = page.path
        for name, value in fill.items():
            path = path.replace(name, value)
        if page.method == "POST":
            found.append(path)
    return found


def test_every_form_needs_the_token_of_its_session(site: Site) -> None:
    release(site.world)
    browser, other = site.browser("ada"), site.browser("wen")
    theirs = other.csrf("/")
    before = state(site.world)
    for path in forms(site):
        for token in ("", "x", theirs):
            answer = browser.client.post(path, data={"csrf": token, "verdict": "approve", "reason": "x"})
            assert answer.status_code in (403, 429), path
            site.clock.now += 5
    assert state(site.world) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_another_site_is_refused(site: Site, headers: dict[str, str]) -> None:
    browser = site.browser("ada")
    answer = browser.client.post("/ledger", data={"csrf": browser.csrf("/ledger")}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_too_many_and_too_large_forms_are_refused(site: Site) -> None:
    browser = site.browser("ada")
    token = browser.csrf("/ledger")
    answer = browser.client.post("/ledger", data={"csrf": token, "head": "x" * 600_000})
    assert answer.status_code == 413
    codes = [browser.client.post("/ledger", data={"csrf": token}).status_code for _ in range(60)]
    assert codes[0] == 200
    assert codes[-1] == 429
    broken = site.browser().client.post(
        "/sign-in", content=b"--x\r\nbroken", headers={"Content-Type": "multipart/form-data"}
    )
    assert broken.status_code == 400


def test_every_answer_is_locked_down(site: Site) -> None:
    release(site.world)
    browser = site.browser("wen")
    for path in ("/", "/sign-in", PLACE, f"{PLACE}/report", "/nothing", "/ledger", f"{PLACE}/files/report.html"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors" in policy
        assert "base-uri 'none'" in policy
        if path.endswith("report.html"):
            assert "sandbox allow-downloads" in policy
            assert "script-src" not in policy
        else:
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
    shown = browser.get(f"{PLACE}/report").text
    assert 'sandbox="allow-downloads"' in shown


def test_no_page_has_a_script_or_style_of_its_own() -> None:
    for page in (ROOT / "clearinghouse" / "desk" / "pages").glob("*.html"):
        text = page.read_text()
        assert not re.search(r"<style|style=|\son\w+=|<script(?! src=)|\|\s*safe|autoescape", text), page


# ---- what is seen ------------------------------------------------------------------------------------------------


def test_releases_are_listed_with_their_state_and_who_may_act(site: Site) -> None:
    release(site.world, built_by="busy")
    release(site.world, version="1.1.0", gates=(PASSED, FAILED), parent="1.0.0")
    text = site.browser("eng").get("/").text
    assert "demo@1.0.0" in text
    assert "1 of 2 passed" in text
    row = next(part for part in text.split("<tr>") if "demo@1.0.0" in part)
    assert "wen" in row
    assert "busy" not in row
    assert "eng" not in row.replace("engineer", "")


def test_a_damaged_release_does_not_hide_the_others(site: Site) -> None:
    release(site.world)
    release(site.world, version="1.1.0")
    site.world.store.put("releases/demo/1.1.0/manifest.json", b"{")
    text = site.browser("wen").get("/").text
    assert "demo@1.0.0" in text
    assert "Damaged" in text


@pytest.mark.parametrize(
    "path",
    [
        "/releases/demo/..",
        "/releases/..%2f..%2fpeople/1.0.0",
        "/releases/demo/..%2f1.0.0",
        "/releases/%2e%2e/%2e%2e",
        "/releases/demo/latest",
        "/releases/demo/shards",
        "/releases/demo/9.9.9",
        f"{PLACE}/files/manifest.json",
        f"{PLACE}/files/..%2fmanifest.json",
        f"{PLACE}/files/decision.json",
        "/static/..%2fapp.py",
        "/static/app.py",
        "/erasures/..%2f..%2fledger",
        "/releases/demo%00/1.0.0",
    ],
)
def test_names_lead_nowhere_else(site: Site, path: str) -> None:
    release(site.world)
    answer = site.browser("wen").get(path)
    assert answer.status_code == 404, answer.text
    assert "manifest_digest" not in answer.text
    assert str(site.world.folder) not in answer.text or "erasures" in path


def test_what_is_planted_in_names_and_reasons_stays_text(site: Site) -> None:
    planted = {"description": SCRIPT, "audience": f'"><img src=x onerror=alert(1)>{SCRIPT}'}
    release(
        site.world,
        recipe=planted,
        gates=({**PASSED, "name": SCRIPT, "citation": SCRIPT, "value": SCRIPT},),
        built_by=SCRIPT,
    )
    browser = site.browser("wen")
    assert browser.decide(PLACE, "reject", f"{SCRIPT} {{{{7*7}}}}").status_code == 200
    for path in ("/", PLACE, "/ledger"):
        text = browser.get(path).text
        assert "<script>alert" not in text, path
        assert "<img src=x" not in text, path
    assert "{{7*7}}" in browser.get("/ledger").text
    assert "&lt;script&gt;" in browser.get(PLACE).text


def test_a_report_is_shown_as_the_store_holds_it_and_that_is_written_down(site: Site) -> None:
    release(site.world)
    site.world.store.put("releases/demo/1.0.0/signed.html", b"<p>signed</p>")
    browser = site.browser("wen")
    assert "signed.html" in browser.get(f"{PLACE}/report").text
    assert list(viewed(site.world.store, REF)) == []
    assert browser.get(f"{PLACE}/files/report.html").text == "<p>report</p>"
    saved = browser.get(f"{PLACE}/files/report.json")
    assert saved.headers["content-disposition"] == 'attachment; filename="demo-1.0.0-report.json"'
    found = [(one["reader"], one["via"], one["rows"]) for one in viewed(site.world.store, REF)]
    assert found == [("wen", "desk report.html", []), ("wen", "desk report.json", [])]
    assert "desk report.html" in browser.get(f"{PLACE}/views").text
    assert site.browser("eng").get(f"{PLACE}/views").status_code == 403


def test_people_of_a_unit_see_what_draws_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    text = world.people.read_text()
    for name, unit in (("lin", "commerce"), ("eng", "media"), ("ada", "commerce")):
        text = re.sub(rf"(- name: {name}\n    roles: .*\n)", rf"\1    units: [{unit}]\n", text)
    world.people.write_text(text)
    site = Site.of(with_passwords(world))
    world.anchor()
    release(world)  # of media.notes
    assert site.browser("lin").get(PLACE).status_code == 404
    assert "demo@1.0.0" not in site.browser("lin").get("/").text
    assert site.browser("lin").get(f"{PLACE}/files/report.html").status_code == 404
    for name in ("eng", "ada", "wen"):  # of the unit; officer; held to none
        assert site.browser(name).get(PLACE).status_code == 200, name


def test_both_languages_say_all_of_it(site: Site) -> None:
    release(site.world)
    browser = site.browser("wen")
    chinese = browser.get("/?lang=zh").text
    assert 'lang="zh-Hans"' in chinese
    assert "发布" in chinese
    assert "Who may sign" not in chinese
    assert "Who may sign" in browser.get("/?lang=en").text
    assert "审核台" in site.browser().get("/sign-in", headers={"Accept-Language": "zh-CN,en;q=0.8"}).text


def test_the_table_of_words_is_complete() -> None:
    folder = ROOT / "clearinghouse" / "desk"
    said = set()
    for page in (folder / "pages").glob("*.html"):
        said |= set(re.findall(r"""\bt\((?:"([^"]+)"|'([^']+)')[,)]""", page.read_text()))
    for module in folder.glob("*.py"):
        said |= set(re.findall(r"""say\(\s*(?:"([^"]+)"|'([^']+)')[,)]""", module.read_text()))
    texts = {one or other for one, other in said}
    assert len(texts) > 100
    assert texts <= set(WORDS)
    assert set(SHORT) <= set(WORDS)
    for english, chinese in WORDS.items():
        assert re.findall(r"\{\w+\}", english) == sorted(re.findall(r"\{\w+\}", chinese), key=english.find), english


# ---- decisions ---------------------------------------------------------------------------------------------------


def test_an_approval_is_signed_published_and_recorded(site: Site) -> None:
    release(site.world)
    answer = site.browser("wen").decide(PLACE, reason="gates hold, report read")
    assert answer.status_code == 200
    assert "Approved and published" in answer.text
    assert latest_version(site.world.store, "demo") == "1.0.0"
    found = list(ledger(site.world.store))
    assert verify_chain(found) == []
    entry = json.loads(found[-1][1])
    assert (entry["actor"], entry["kind"], entry["body"]["reason"]) == ("wen", "decision", "gates hold, report read")
    assert "signature" in entry


def test_a_key_may_be_sent_and_is_not_kept(world: World, caplog: pytest.LogCaptureFixture) -> None:
    release(world)
    site = Site.of(world, signing_key=None)
    browser = site.browser("wen")
    assert "no key was given" in browser.decide(PLACE).text
    answer = browser.decide(PLACE, files={"key": ("wen.pem", pem("wen"))})
    assert answer.status_code == 200, answer.text
    everything = b"".join(state(world).values())
    assert b"ENCRYPTED PRIVATE KEY" not in everything
    for secret in (PHRASE, "a word for the desk"):
        assert secret.encode() not in everything
        assert secret not in caplog.text
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("name", "more", "status", "told"),
    [
        ("eng", {}, 403, "Your role does not let you"),
        ("busy", {}, 409, "busy built demo@1.0.0"),
        ("wen", {"passphrase": "not the one"}, 400, "the passphrase does not open"),
        ("wen", {"files": {"key": ("x.pem", pem("lin"))}}, 409, "key is lin&#39;s"),
        ("wen", {"files": {"key": ("x.pem", b"nothing")}}, 400, "no PKCS #8 key"),
        ("wen", {"reason": "  "}, 409, "needs a reason"),
        ("wen", {"read": ""}, 409, "has read its report"),
        ("wen", {"verdict": "maybe"}, 409, "approve or reject"),
        ("wen", {"manifest": "0" * 64}, 409, "not what your page showed"),
    ],
)
def test_what_may_not_be_signed_writes_nothing(
    site: Site, name: str, more: dict[str, Any], status: int, told: str
) -> None:
    release(site.world, built_by="busy")
    before = state(site.world)
    answer = site.browser(name).decide(PLACE, **more)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text
    assert state(site.world) == before


def test_the_desk_signs_with_nobodys_passphrase_but_the_typed_one(site: Site) -> None:
    # The settings of the world name a passphrase that opens every key; the desk must not use it.
    assert site.world.settings.signing_passphrase
    release(site.world)
    assert site.browser("wen").decide(PLACE, passphrase="").status_code == 400
    assert decision_of(site.world.store, REF) is None


def test_passphrases_cannot_be_tried_without_end(site: Site) -> None:
    release(site.world)
    browser = site.browser("wen")
    for _ in range(10):
        assert browser.decide(PLACE, passphrase="wrong").status_code == 400
    assert "too many wrong passphrases" in browser.decide(PLACE).text
    assert decision_of(site.world.store, REF) is None


def test_high_risk_takes_a_reviewer_and_an_officer(site: Site) -> None:
    release(site.world, "high")
    wen = site.browser("wen")
    assert "two persons approve" in wen.get(PLACE).text
    first = wen.decide(PLACE)
    assert "It waits for: officer" in first.text
    assert latest_version(site.world.store, "demo") is None
    shown = site.browser("ada").get(PLACE).text
    assert re.search(r"Signed by</dt><dd>wen", shown)
    second = site.browser("ada").decide(PLACE)
    assert "Approved and published" in second.text
    assert latest_version(site.world.store, "demo") == "1.0.0"


def test_two_reviewers_at_once(site: Site) -> None:
    release(site.world)
    browsers = {"wen": site.browser("wen"), "lin": site.browser("lin")}

    def go(name: str) -> Any:
        return browsers[name].decide(PLACE, "approve" if name == "wen" else "reject")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(go, browsers))
    assert sorted(one.status_code for one in answers) == [200, 409]
    lost = next(one for one in answers if one.status_code == 409)
    assert "decided already" in lost.text
    assert len(list(catalog.recorded(site.world.store, "decision"))) == 1


def test_a_release_whose_shards_changed_is_not_approved(site: Site) -> None:
    made = release(site.world)
    key = made.shard_key(made.shards[0])
    path = Path(site.world.settings.store, key)
    data = bytearray(path.read_bytes())
    data[50] ^= 1
    path.chmod(0o644)
    path.write_bytes(bytes(data))
    answer = site.browser("wen").decide(PLACE)
    assert answer.status_code == 409
    assert "not what its manifest names" in answer.text
    assert decision_of(site.world.store, REF) is None


def test_failed_gates_are_not_signed_away(site: Site) -> None:
    release(site.world, gates=(PASSED, FAILED))
    answer = site.browser("wen").decide(PLACE)
    assert answer.status_code == 409
    assert "failed 1 of 2 gates" in answer.text


def test_before_people_are_in_force_nobody_signs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = with_passwords(World(tmp_path, monkeypatch))
    release(world)
    browser = Site.of(world).browser("wen")
    assert "clearinghouse people anchor" in browser.get(PLACE).text
    answer = browser.decide(PLACE)
    assert answer.status_code == 409
    assert "not in force" in answer.text


# ---- the ledger --------------------------------------------------------------------------------------------------


def test_the_ledger_is_shown_and_checked(site: Site) -> None:
    release(site.world)
    browser = site.browser("wen")
    browser.decide(PLACE)
    done = browser.post("/ledger")
    assert "The ledger holds: 2 entries, 2 signed." in done.text
    head = re.search(r"elsewhere: <code>(2:[0-9a-f]{64})<", done.text)
    assert head
    assert "The ledger holds" in browser.post("/ledger", head=head[1]).text
    Path(site.world.settings.store, "ledger/00000002.json").unlink()
    cut = browser.post("/ledger", head=head[1])
    assert "The ledger is broken" in cut.text
    assert browser.post("/ledger", head="nonsense").status_code == 400


def test_an_unforeseen_error_tells_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("13900001111")

    monkeypatch.setattr("clearinghouse.catalog.versions", broken)
    release(site.world)
    answer = site.browser()
    answer.sign_in("wen")
    shown = answer.get("/")
    assert shown.status_code == 500
    assert "13900001111" not in shown.text + caplog.text
    assert "RuntimeError" in caplog.text
