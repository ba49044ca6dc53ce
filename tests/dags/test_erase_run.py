"""The DAG of erasures, run: what was recorded is carried out, and Airflow is given ids alone."""

from __future__ import annotations

import pytest

from clearinghouse.jobs import erase_certificate
from clearinghouse.jobs.decide import decide
from clearinghouse.jobs.erase import Why, request
from clearinghouse.jobs.ingest import ingest
from clearinghouse.jobs.release import build
from clearinghouse.settings import Settings
from governance.erasure import Person
from tests.dags.conftest import Air
from tests.ingest_world import PHONES

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(180, method="thread"),
]


def test_what_was_recorded_is_carried_out_and_certified_once_it_is_signed(air: Air) -> None:
    settings = Settings.from_env()
    ingest(settings, "shop.notes")
    build(settings, "notes")
    assert air.run("erase").tasks["carry_out"] == "skipped"
    people = [Person((("phone", PHONES[1]),))]
    name = request(settings, people, Why("pipl-47-consent", "2026-01-31", "request 17", "olga"))["id"]
    done = air.run("erase")
    assert done.state == "success"
    assert done.tasks["carry_out"] == ["success"]
    found = erase_certificate.status(settings, name)
    assert found["releases"]["notes"]["candidate"] == "notes@1.0.1"
    assert found["certified"] is None
    decide(settings, "notes@1.0.1", "approve", "rita", "clean")
    again = air.run("erase", run_conf={"erasure": name})
    assert again.state == "success"
    assert erase_certificate.status(settings, name)["certified"]
    # Its grace is not over: nothing was deleted.
    assert again.left("purge") == {name: {"files": 0, "in_the_way": []}}
