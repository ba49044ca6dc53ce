"""Data Docs at the desk: reached from the report, shown as the store holds them, to those who may see the release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clearinghouse.jobs.audit import viewed
from schemas.canonical import canonical_json
from tests.clearinghouse.test_desk import PLACE, REF, release
from tests.desk import Site, with_passwords
from tests.governed import World

KEY = f"quality/media/notes/{'3e' * 16}"
DOCS = f"{PLACE}/quality/media.notes"


def facts(key: str = KEY) -> bytes:
    source = {"unit": "media", "dataset": "media.notes", "tokens_available": 0, "quality": {"key": key}}
    lists: dict[str, list[object]] = {name: [] for name in ("matrix", "unchecked", "risks", "gates", "signing_gates")}
    return canonical_json({"format": 2, "release": {"mix": "demo"}, "sources": [source], "changes": None, **lists})


def with_docs(world: World, key: str = KEY) -> Site:
    release(world, artefacts={"report.html": b"<p>report</p>", "report.json": facts(key)})
    world.store.put(f"{KEY}/data_docs/index.html", b'<p>quality</p><a href="suite.html">Suite</a>')
    world.store.put(f"{KEY}/data_docs/suite.html", b"<p>suite</p>")
    return Site.of(world)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = with_passwords(World(tmp_path, monkeypatch))
    made.anchor()
    return made


def test_the_report_leads_to_the_data_docs_of_each_data_set(world: World) -> None:
    browser = with_docs(world).browser("wen")
    assert f'href="{DOCS}/index.html"' in browser.get(f"{PLACE}/report").text
    shown = browser.get(f"{DOCS}/index.html")
    assert shown.text.startswith("<p>quality</p>")
    assert shown.headers["content-type"].startswith("text/html")
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert browser.get(f"{DOCS}/suite.html").text == "<p>suite</p>"
    looked = [(one["reader"], one["via"]) for one in viewed(world.store, REF)]
    assert looked == [("wen", f"desk quality media.notes {name}.html") for name in ("index", "suite")]


@pytest.mark.parametrize("path", ["media.notes/summary.json", "media.other/index.html", "..%2f..%2fkey/index.html"])
def test_nothing_else_of_the_store_is_reached(world: World, path: str) -> None:
    site = with_docs(world)
    world.store.put(f"{KEY}/data_docs/summary.json", b"{}")
    assert site.browser("wen").get(f"{PLACE}/quality/{path}").status_code == 404
    assert list(viewed(world.store, REF)) == []


@pytest.mark.parametrize("key", ["", "releases/demo", "quality/../ledger/x", f"{KEY}/../.."])
def test_a_report_that_names_another_place_leads_nowhere(world: World, key: str) -> None:
    browser = with_docs(world, key).browser("wen")
    assert "/quality/" not in browser.get(f"{PLACE}/report").text
    assert browser.get(f"{DOCS}/index.html").status_code == 404


def test_who_does_not_see_the_release_does_not_see_its_quality(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    text = world.people.read_text()
    world.people.write_text(re.sub(r"(- name: lin\n    roles: .*\n)", r"\1    units: [commerce]\n", text))
    with_passwords(world).anchor()
    site = with_docs(world)
    assert site.browser("lin").get(f"{DOCS}/index.html").status_code == 404
    assert site.browser("wen").get(f"{DOCS}/index.html").status_code == 200
    assert site.browser().client.get(f"{DOCS}/index.html", follow_redirects=False).status_code == 303
