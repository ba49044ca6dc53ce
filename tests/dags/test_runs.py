"""Every shape run to its end in one process, on a small unit and a real store."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from clearinghouse import catalog
from clearinghouse.settings import Settings
from infra.store import open_store
from tests.dags.conftest import Air, sign_in
from tests.ingest_world import rows

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

# By a thread: reading a DAG file takes the process's alarm away from pytest. `Air.run` gives up long before.
pytestmark = [
    pytest.mark.airflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(170, method="thread"),
]

MIX = "release.notes"
APPROVAL = "/api/v2/dags/release.notes/dagRuns/{run}/taskInstances/approval/-1/hitlDetails"


def question(client: TestClient) -> dict[str, Any]:
    """Wait until the reviewer is asked; the question as the site shows it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = client.get("/api/v2/dags/release.notes/dagRuns/~/hitlDetails", params={"state": "awaiting_input"})
        for asked in found.json()["hitl_details"]:
            if not asked["response_received"]:
                return dict(asked)
        time.sleep(0.1)
    raise AssertionError("nobody was asked")


@contextmanager
def meanwhile(work: Any) -> Iterator[list[Any]]:
    """Do ``work`` in a thread while the body runs; the list gets its result."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    try:
        yield found
    finally:
        thread.join(60)


def answer(site: Any, user: str, choice: str, reason: str = "") -> Any:
    def work() -> tuple[dict[str, Any], int]:
        client = sign_in(site, user)
        asked = question(client)
        done = client.patch(
            APPROVAL.format(run=asked["task_instance"]["dag_run_id"]),
            json={"chosen_options": [choice], "params_input": {"reason": reason}},
        )
        return asked, done.status_code

    return work


def decisions(air: Air) -> list[dict[str, Any]]:
    """What the ledger says of decisions."""
    store = open_store(str(air.world.store))
    entries = [json.loads(data) for _, data in catalog.ledger(store)]
    return [{**entry["body"], "actor": entry["actor"]} for entry in entries if entry["kind"] == "decision"]


def latest(air: Air) -> str | None:
    return catalog.latest_version(open_store(str(air.world.store)), "notes")


def ingested() -> None:
    from clearinghouse.jobs.ingest import ingest

    ingest(Settings.from_env(), "shop.notes")


# ---- ingest ------------------------------------------------------------------------------------------------------


def test_ingest_maps_over_units_and_commits(air: Air) -> None:
    done = air.run("ingest.shop.notes")
    assert done.state == "success"
    assert done.tasks == {"plan": "success", "scrub": ["success"] * 2, "quality": "success", "commit": "success"}
    committed = done.left("commit")
    assert committed["snapshot"] == 1
    assert committed["counts"]["kept"] == 80
    assert air.world.snapshot().digest == committed["digest"]
    again = air.run("ingest.shop.notes")
    # Nothing is left to scrub, and the commit says so.
    assert again.tasks == {"plan": "success", "scrub": "skipped", "quality": "success", "commit": "success"}
    assert again.left("commit")["no_op"]
    assert air.world.snapshot().ordinal == 1


def test_ingest_takes_one_partition_when_told(air: Air) -> None:
    done = air.run("ingest.shop.notes", run_conf={"partition": "2024-05-02"})
    assert done.state == "success"
    assert {receipt.partition for receipt in air.world.snapshot().receipts} == {"2024-05-02"}


def test_a_breach_fails_the_run_with_its_evidence_published(air: Air) -> None:
    air.world.contract(
        **{
            "replace:{name: day, logicalType: date, classification: none}": (
                "{name: day, logicalType: date, classification: none, "
                "quality: [{type: library, metric: nullValues, mustBe: 0}]}"
            )
        }
    )
    air.world.write("2024-05-01.csv", [*rows(1, 5), "7,王小明,13800138001,好,"])
    done = air.run("ingest.shop.notes")
    assert done.state == "failed"
    # Failed at once: a breach is not a thing that trying again can mend.
    assert (done.tasks["quality"], done.tasks["commit"]) == ("failed", "upstream_failed")
    assert list((air.world.store / "quality/shop/notes").rglob("summary.json"))
    assert not list((air.world.store / "scrubbed/shop/notes").rglob("snapshots/*.json"))


def test_drift_that_is_held_back_is_red_and_wakes_no_release_up_before_it_is_accepted(air: Air) -> None:
    from clearinghouse.jobs.drift import accept

    limits = "drift, value: {volume: {hold: 0.5, fail: 0.9}}"
    air.world.contract(**{"replace:  - {property: retention": f"  - {{property: {limits}}}\n  - {{property: retention"})
    assert air.run("ingest.shop.notes").state == "success"
    air.world.write("2024-05-03.csv", rows(201, 12, "2024-05-03"))
    held = air.run("ingest.shop.notes")
    # Failed at once, and the asset was not updated; the snapshot is there to be looked at.
    assert (held.state, held.tasks["commit"]) == ("failed", "failed")
    assert air.world.snapshot().ordinal == 2
    assert air.run(MIX).tasks["build"] == "failed"
    accept(Settings.from_env(), "shop.notes", "rita", "A holiday.")
    again = air.run("ingest.shop.notes")
    assert (again.state, again.left("commit")["drift_status"]) == ("success", "accepted")

    air.world.write("2024-05-04.csv", rows(301, 2, "2024-05-04"))
    refused = air.run("ingest.shop.notes")
    assert (refused.state, refused.tasks["commit"]) == ("failed", "failed")
    assert air.world.snapshot().ordinal == 2


def test_nothing_that_airflow_keeps_holds_a_raw_value(air: Air, airflow_home: Any) -> None:
    from tests.ingest_world import PHONES

    air.run("ingest.shop.notes")
    for file in airflow_home.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            assert not [phone for phone in PHONES if phone.encode() in held], file
            assert "王小明".encode() not in held, file


# ---- release -----------------------------------------------------------------------------------------------------


def test_an_approved_release_is_signed_by_who_answered(air: Air, site: Any) -> None:
    ingested()
    with meanwhile(answer(site, "rita", "Approve", "read the report")) as asked:
        done = air.run(MIX)
    (question, status) = asked[0]
    built = done.left("build")
    assert status == 200
    assert question["subject"] == f"Release notes@{built['version']}"
    report, desk = (f"/{kind}/{built['version']}" for kind in ("release.notes", "releases/notes"))
    for part in (
        built["digest"],
        f"{report}/report.html",
        f"/clearinghouse/desk{desk}",
        "shop.notes",
        f"{built['rows']:,}",
    ):
        assert part in question["body"]
    assert done.state == "success"
    assert set(done.tasks.values()) == {"success"}
    assert latest(air) == built["version"]
    (decided,) = decisions(air)
    assert decided["actor"] == "rita"
    assert decided["reason"] == "read the report"
    assert (decided["verdict"], decided["manifest_digest"]) == ("approve", built["digest"])
    # Woken up again with nothing new, the DAG asks nobody.
    again = air.run(MIX)
    assert again.state == "success"
    assert again.tasks == {
        "build": "success",
        "gates": "success",
        "approval": "skipped",
        "publish": "skipped",
        "record": "skipped",
    }
    assert len(decisions(air)) == 1


def test_a_reject_is_recorded_and_the_run_is_not_green(air: Air, site: Any) -> None:
    ingested()
    with meanwhile(answer(site, "rita", "Reject", "too many duplicates")):
        done = air.run(MIX)
    assert done.state == "failed"
    assert (done.tasks["approval"], done.tasks["publish"], done.tasks["record"]) == ("success", "skipped", "failed")
    assert latest(air) is None
    (decided,) = decisions(air)
    assert (decided["verdict"], decided["actor"], decided["reason"]) == ("reject", "rita", "too many duplicates")


def test_silence_is_a_reject_in_nobodys_name(air: Air, site: Any) -> None:
    from airflow.jobs.job import Job
    from airflow.jobs.scheduler_job_runner import SchedulerJobRunner
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy import update

    ingested()

    def sweep() -> None:
        asked = question(sign_in(site, "rita"))["task_instance"]
        with create_session() as session:
            # The deadline passes; the rest is what the scheduler does then.
            session.execute(
                update(TaskInstance)
                .where(TaskInstance.id == UUID(asked["id"]))
                .values(trigger_timeout=TaskInstance.start_date)
            )
        SchedulerJobRunner(Job()).check_awaiting_input_timeouts()

    with meanwhile(sweep):
        done = air.run(MIX)
    assert done.state == "failed"
    assert (done.tasks["publish"], done.tasks["record"]) == ("skipped", "failed")
    (decided,) = decisions(air)
    assert (decided["verdict"], decided["actor"]) == ("reject", "nobody")
    assert "no answer within 72 hours" in decided["reason"]
    assert latest(air) is None


def test_only_a_reviewer_of_the_mix_may_answer(air: Air, site: Any) -> None:
    ingested()

    def work() -> int:
        _, refused = answer(site, "mallory", "Approve")()
        answer(site, "rita", "Reject")()
        return int(refused)

    with meanwhile(work) as refused:
        done = air.run(MIX)
    assert refused == [403]
    assert done.state == "failed"
    assert latest(air) is None


def test_an_approval_marked_as_done_signs_nothing(air: Air) -> None:
    """Anyone who may edit runs can mark a task as successful; that is no answer."""
    ingested()
    done = air.run(MIX, mark_success_pattern="approval")
    assert done.state == "failed"
    assert (done.tasks["publish"], done.tasks["record"]) == ("failed", "upstream_failed")
    assert latest(air) is None
    assert decisions(air) == []


def test_a_release_left_unasked_is_asked_about_by_the_next_run(air: Air, site: Any) -> None:
    from clearinghouse.jobs.release import build

    ingested()
    built = build(Settings.from_env(), "notes")
    with meanwhile(answer(site, "rita", "Approve", "fine")):
        done = air.run(MIX)
    assert done.left("build")["no_op"]
    assert done.state == "success"
    assert latest(air) == built["version"]


def test_a_failed_gate_asks_nobody_and_says_which(air: Air, capfd: pytest.CaptureFixture[str]) -> None:
    air.world.write("2024-05-03.csv", [*rows(201, 5), *(f"bad{n},b,c,d,e" for n in range(20))])
    ingested()
    done = air.run(MIX)
    assert done.state == "failed"
    assert (done.tasks["gates"], done.tasks["approval"]) == ("failed", "upstream_failed")
    out = capfd.readouterr()
    assert "source_rejection_rate" in out.out + out.err
    assert decisions(air) == []
