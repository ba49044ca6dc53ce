"""Airflow's site around the DAGs: the reports it serves, and the demo's start, which listens on loopback alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from infra.airflow_demo import environment, pools
from infra.store import open_store
from tests.conftest import ROOT
from tests.dags.conftest import MIX, Air, sign_in
from tests.ingest_world import make_world

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(240, method="thread"),
]

REPORT = "/clearinghouse/reports/release.notes/1.0.0/"


# ---- reports -----------------------------------------------------------------------------------------------------


@pytest.fixture
def released(air: Air) -> Air:
    store = open_store(str(air.world.store))
    for name in ("report.html", "report.json", "redactions.csv", "manifest.json"):
        store.put(f"releases/notes/1.0.0/{name}", f"this is {name}".encode())
    return air


def test_a_report_is_for_those_who_may_see_the_dag(released: Air, site: Any) -> None:
    from fastapi.testclient import TestClient

    stranger = TestClient(site).get(REPORT + "report.html")
    assert stranger.status_code == 401
    assert "this is" not in stranger.text
    shown = sign_in(site, "rita").get(REPORT + "report.html")
    assert (shown.status_code, shown.text) == (200, "this is report.html")
    assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in shown.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        REPORT + "manifest.json",
        REPORT + "nothing.html",
        "/clearinghouse/reports/release.notes/9.9.9/report.html",
        "/clearinghouse/reports/ingest.notes/1.0.0/report.html",
        "/clearinghouse/reports/release.notes/%2e%2e/report.html",
        "/clearinghouse/reports/release...%2Fnotes/1.0.0/report.html",
    ],
)
def test_nothing_but_reports_is_served(released: Air, site: Any, path: str) -> None:
    assert sign_in(site, "rita").get(path).status_code == 404


# ---- the start ---------------------------------------------------------------------------------------------------


def test_every_unit_gets_a_pool_that_its_dags_are_told_of(tmp_path: Path) -> None:
    made = pools(("commerce", "media"))
    told = environment(tmp_path, 8080, ("rita",), ("commerce", "media"))["CLEARINGHOUSE_POOLS"]
    assert set(made) == set(told.split(",")) == {"commerce", "media", "release"}
    assert all(pool["slots"] > 0 for pool in made.values())


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, list[str]]]:
    """`python -m infra.airflow_demo` on a small unit: its process, its port, and what it said until it was ready."""
    world = make_world(tmp_path / "world")
    world.contract()
    mixes = tmp_path / "mixes"
    mixes.mkdir()
    (mixes / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW_", "CLEARINGHOUSE_"))}
    env |= {
        "CLEARINGHOUSE_DEMO": str(world.root),
        "CLEARINGHOUSE_CONTRACTS": str(tmp_path / "world" / "contracts"),
        "CLEARINGHOUSE_MIXES": str(mixes),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.airflow_demo", "--port", str(port), "--home", str(tmp_path / "home")],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C stops everything" in line:
            break
    try:
        yield process, port, said
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.mark.slow
def test_the_demo_starts_listens_on_loopback_alone_and_stops_whole(
    started: tuple[subprocess.Popen[str], int, list[str]],
) -> None:
    import psutil

    process, port, said = started
    text = "".join(said)
    assert f"http://127.0.0.1:{port}" in text, text
    assert "rita" in text
    family = psutil.Process(process.pid).children(recursive=True)
    listening = {
        (connection.laddr.ip, connection.laddr.port)
        for child in family
        for connection in child.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", port)}
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    end = time.monotonic() + 10
    while any(child.is_running() for child in family) and time.monotonic() < end:
        time.sleep(0.2)
    assert [child.pid for child in family if child.is_running()] == []
