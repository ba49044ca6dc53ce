"""Airflow on the demo's units in one process: ingests, one of garbled files, and a release that is approved.

``python -m tests.leaks.air HOME DEMO BROKEN``: ``HOME`` gets Airflow's database (SQLite) and logs and a store of its own;
``DEMO`` is the demo's folder, ``BROKEN`` one with garbled units. What it prints is for the scan to read, too.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

MIX = "pretrain"
#: Data sets that are pulled; the others are in the store already.
INGESTS = ("commerce.buyers", "commerce.service_chats", "logistics.courier_notes", "media.comments")
#: Pulled a second time from files that are cut off and garbled.
AGAIN = "ingest.media.comments"
_PATIENCE = 300


def surroundings(home: Path, demo: Path) -> dict[str, str]:
    """The environment of the run, on top of the caller's."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "infra" / "airflow_plugin"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": "0123456789abcdef" * 4,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "demo-reviewer:user",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "CLEARINGHOUSE_STORE": str(home / "store"),
        "CLEARINGHOUSE_DEMO": str(demo),
        "CLEARINGHOUSE_KEY_FILE": str(demo / "key"),
        "CLEARINGHOUSE_CONTRACTS": str(ROOT / "schemas" / "contracts"),
        "CLEARINGHOUSE_MIXES": str(ROOT / "schemas" / "mixes"),
        "CLEARINGHOUSE_EXECUTOR": "inline",
        "CLEARINGHOUSE_WORKERS": "1",
    }


def run(demo: Path, broken: Path) -> dict[str, str]:
    """Run the DAGs in an environment that is set already; the state that each run ended in."""
    from airflow.utils.db import initdb

    from tests.dags.conftest import bag

    initdb()
    dags = bag()
    done = {f"ingest.{key}": _run(dags, f"ingest.{key}") for key in INGESTS}
    os.environ["CLEARINGHOUSE_DEMO"] = str(broken)
    done[f"{AGAIN} (garbled)"] = _run(dags, AGAIN)
    os.environ["CLEARINGHOUSE_DEMO"] = str(demo)
    asking = threading.Thread(target=_approve, daemon=True)
    asking.start()
    done[f"release.{MIX}"] = _run(dags, f"release.{MIX}")
    return done


def _run(dags: Mapping[str, Any], name: str) -> str:
    from tests.dags.conftest import give_up

    watch = threading.Timer(_PATIENCE, give_up, [name])
    watch.start()
    try:
        return str(dags[name].test().state)
    finally:
        watch.cancel()


def _approve() -> None:
    """Answer as the reviewer does on the site, with a reason; nobody is asked where a gate failed."""
    from airflow.api_fastapi.app import create_app

    from tests.dags.conftest import sign_in

    client = sign_in(create_app(apps="core"), "demo-reviewer")
    dag = f"/api/v2/dags/release.{MIX}/dagRuns"
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        there = client.get(f"{dag}/~/hitlDetails", params={"state": "awaiting_input"}).json()["hitl_details"]
        for asked in there:
            if not asked["response_received"]:
                at = f"{dag}/{asked['task_instance']['dag_run_id']}/taskInstances/approval/-1/hitlDetails"
                client.patch(at, json={"chosen_options": ["Approve"], "params_input": {"reason": "read the report"}})
                return
        time.sleep(0.2)


def main() -> int:
    home, demo, broken = (Path(argument).resolve() for argument in sys.argv[1:])
    os.environ.update(surroundings(home, demo))
    done = run(demo, broken)
    for name, state in done.items():
        print(f"{state:10} {name}")
    # Whether garbled files are refused or their rows rejected is the contract's to say; what is said of them is scanned.
    return 1 if any(state != "success" for name, state in done.items() if "garbled" not in name) else 0


if __name__ == "__main__":
    raise SystemExit(main())
