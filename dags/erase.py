"""The DAG of erasures: carry out what was recorded, certify what a reviewer signed since, delete what is due.

Requests are recorded by the command line or the desk. Here are only their ids: what Airflow is given it keeps, in its
database and in its logs, and a value of a person has no place there.
"""

from __future__ import annotations

from typing import Any

from agreed import MAPS, defaults
from airflow.sdk import DAG, Param, get_current_context, task

from clearinghouse.settings import Settings


@task
def requests() -> list[list[str]]:
    """Ids of the requests that are not certified, dealt to at most `MAPS` tasks; the one that was asked for, alone."""
    from clearinghouse.jobs.erase import still_open

    asked = get_current_context()["params"].get("erasure")
    found = [asked] if asked else still_open(Settings.from_env())
    count = min(MAPS, len(found))
    return [found[start::count] for start in range(count)]


# One after the other: two that rewrite the same mix at a time would each leave out their own people alone.
@task(max_active_tis_per_dag=1)
def carry_out(erasures: list[str]) -> dict[str, str]:
    from clearinghouse.jobs.erase import run

    return {one: run(Settings.from_env(), one)["state"] for one in erasures}


@task(trigger_rule="none_failed")
def purge() -> dict[str, Any]:
    """Delete old objects whose grace is over; how many files of each erasure, and what stands in the way."""
    from clearinghouse.jobs.erase_purge import purge as job

    done = job(Settings.from_env())["erasures"]
    return {one["erasure"]: {"files": len(one["files"]), "in_the_way": one["in_the_way"]} for one in done}


with DAG(
    dag_id="erase",
    description="Erasures: carry out, certify, delete what is due",
    doc_md=__doc__,
    schedule="@daily",
    catchup=False,
    max_active_runs=1,
    params={"erasure": Param("", type="string", description="One erasure; empty means all that are open.")},
    tags=["shape:erase"],
    default_args=defaults("clearinghouse", "erase"),
):
    carry_out.expand(erasures=requests()) >> purge()
