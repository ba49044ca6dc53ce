"""The review desk as part of Airflow's site: Airflow says who somebody is, the registry what they may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from clearinghouse.catalog import ReleaseRef, latest_version
from clearinghouse.jobs.audit import viewed
from clearinghouse.jobs.signatures import note_builder
from tests.builders import make_release
from tests.dags.conftest import Air, sign_in
from tests.governed import PHRASE, World

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(240, method="thread"),
]

DESK = "/clearinghouse/desk"
PLACE = f"{DESK}/releases/demo/1.0.0"


@pytest.fixture
def governed(air: Air, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The store of the DAGs, governed, with a release that waits."""
    folder = tmp_path / "people"
    folder.mkdir()
    world = World(folder, monkeypatch, store=str(air.world.store))
    monkeypatch.setenv("CLEARINGHOUSE_STORE", str(air.world.store))
    monkeypatch.setenv("CLEARINGHOUSE_SIGNING_KEY", world.settings.signing_key or "")
    world.anchor()
    make_release(world.settings.store, rows=8, recipe={"name": "demo", "reviewers": []})
    note_builder(world.store, ReleaseRef("demo", "1.0.0"), "eng")
    return world


def test_a_stranger_sees_nothing(governed: World, site: Any) -> None:
    from fastapi.testclient import TestClient

    for path in (f"{DESK}/", PLACE, f"{PLACE}/files/report.html", f"{DESK}/static/desk.css", f"{DESK}/sign-in"):
        answer = TestClient(site).get(path, follow_redirects=False)
        assert answer.status_code == 401, path
    assert TestClient(site).post(f"{PLACE}/decision", data={"verdict": "approve"}).status_code == 401


def test_a_user_whom_the_registry_does_not_name_sees_nothing(governed: World, site: Any) -> None:
    answer = sign_in(site, "rita").get(f"{DESK}/")
    assert answer.status_code == 403
    assert "demo" not in answer.text


def test_airflows_user_reads_and_signs_under_their_own_key(site: Any, governed: World) -> None:
    wen = sign_in(site, "wen")
    listed = wen.get(f"{DESK}/")
    assert listed.status_code == 200
    assert f'href="{PLACE}"' in listed.text
    assert "Sign out" not in listed.text
    assert "frame-ancestors 'self'" in listed.headers["content-security-policy"]
    assert wen.get(f"{PLACE}/files/report.html").text == "<p>report</p>"
    assert [one["reader"] for one in viewed(governed.store, ReleaseRef("demo", "1.0.0"))] == ["wen"]
    assert wen.get(f"{DESK}/static/desk.css").status_code == 200
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', wen.get(PLACE).text))
    form |= {"verdict": "approve", "reason": "read it", "read": "yes", "passphrase": PHRASE}
    assert wen.post(f"{PLACE}/decision", data={**form, "csrf": ""}).status_code == 403
    theirs = sign_in(site, "lin")
    assert theirs.post(f"{PLACE}/decision", data=form).status_code == 403
    assert latest_version(governed.store, "demo") is None
    done = wen.post(f"{PLACE}/decision", data=form)
    assert "Approved and published" in done.text, done.text
    assert latest_version(governed.store, "demo") == "1.0.0"


def test_roles_are_those_of_the_registry(governed: World, site: Any) -> None:
    engineer = sign_in(site, "eng")
    token = re.search(r'name="csrf" value="([^"]+)"', sign_in(site, "wen").get(f"{DESK}/ledger").text)
    assert token
    assert engineer.get(f"{PLACE}/views").status_code == 403
    assert engineer.get(f"{DESK}/erasures/new").status_code == 403
    assert engineer.post(f"{PLACE}/decision", data={"csrf": token[1]}).status_code == 403


def test_who_may_not_see_the_dag_does_not_see_the_release(
    governed: World, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.api_fastapi.app import get_auth_manager

    monkeypatch.setattr(get_auth_manager(), "is_authorized_dag", lambda **_: False)
    wen = sign_in(site, "wen")
    assert "demo@1.0.0" not in wen.get(f"{DESK}/").text
    assert wen.get(PLACE).status_code == 404
