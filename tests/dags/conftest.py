"""One Airflow for all tests here: its database and first import cost seconds, and must come in this order."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.ingest_world import World, make_world, rows

if TYPE_CHECKING:
    from airflow.sdk import DAG
    from fastapi.testclient import TestClient

DAGS = ROOT / "dags"

MIX = """\
name: notes
version: 1.0.0
purpose: pretrain
format: text
audience: test readers
description: Notes alone.
tokenizer: house
seed: 7
reviewers: [rita]
sources:
  - {dataset: shop.notes, weight: 1}
"""


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migrated SQLite database; the environment is Airflow's for the rest of this process's Airflow tests."""
    home = tmp_path_factory.mktemp("airflow")
    world = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("AIRFLOW_", "CLEARINGHOUSE_")):
                patch.delenv(name)
        for name, value in {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": DAGS,
            "AIRFLOW__CORE__PLUGINS_FOLDER": ROOT / "infra" / "airflow_plugin",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__API_AUTH__JWT_SECRET": "0123456789abcdef" * 4,
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "rita:user,admin:admin",
            "AIRFLOW__DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL": "error",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "CLEARINGHOUSE_STORE": world / "store",
            "CLEARINGHOUSE_CONTRACTS": world / "contracts",
            "CLEARINGHOUSE_MIXES": world / "mixes",
            "CLEARINGHOUSE_KEY_FILE": world / "key",
            "CLEARINGHOUSE_WORKERS": "1",
            "CLEARINGHOUSE_POOLS": "commerce",
        }.items():
            patch.setenv(name, str(value))
        from airflow.utils.db import initdb

        initdb()
        yield home


def bag() -> dict[str, DAG]:
    """Read the DAGs folder as Airflow does, against the contracts and mixes that the environment names."""
    from airflow.dag_processing.dagbag import BundleDagBag

    found = BundleDagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name="dags-folder")
    assert found.import_errors == {}
    return dict(found.dags)


@pytest.fixture(scope="session")
def product(airflow_home: Path) -> dict[str, DAG]:
    """The DAGs of the contracts and mixes that ship with the product."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEARINGHOUSE_CONTRACTS", str(ROOT / "schemas" / "contracts"))
        patch.setenv("CLEARINGHOUSE_MIXES", str(ROOT / "schemas" / "mixes"))
        return bag()


@dataclass(frozen=True)
class Run:
    """How a DAG run ended: its state, and each task's state or, for a mapped task, states."""

    state: str
    tasks: dict[str, Any]
    run: Any

    def left(self, task: str, key: str = "return_value") -> Any:
        """The XCom that a task left."""
        (found,) = [ti for ti in self.run.get_task_instances() if ti.task_id == task]
        return found.xcom_pull(task_ids=task, key=key, run_id=self.run.run_id)


@dataclass(frozen=True)
class Air:
    """A small unit, its store, and the DAGs over them."""

    world: World
    patch: pytest.MonkeyPatch

    def run(self, dag_id: str, **more: Any) -> Run:
        """Run a DAG to its end in this process, with the contract and mix as they stand in their files now."""
        dag = bag()[dag_id]
        # dag.test() waits without an end for a person's answer or for a retry; a run that takes this long has failed.
        watch = threading.Timer(60, give_up, [dag_id])
        watch.start()
        try:
            done = dag.test(**more)
        finally:
            watch.cancel()
        states: dict[str, Any] = {}
        for ti in sorted(done.get_task_instances(), key=lambda ti: (ti.task_id, ti.map_index)):
            if ti.map_index < 0:
                states[ti.task_id] = ti.state and str(ti.state)
            else:
                states.setdefault(ti.task_id, []).append(str(ti.state))
        return Run(str(done.state), states, done)


def give_up(dag_id: str) -> None:
    """Fail every unfinished task of a DAG, so that `dag.test` comes back."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from airflow.utils.state import State
    from sqlalchemy import or_, update

    with create_session() as session:
        unfinished = or_(TaskInstance.state.is_(None), TaskInstance.state.in_(list(filter(None, State.unfinished))))
        session.execute(update(TaskInstance).where(TaskInstance.dag_id == dag_id, unfinished).values(state="failed"))


@pytest.fixture
def air(airflow_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Air:
    world = make_world(tmp_path)
    world.contract()
    (tmp_path / "mixes").mkdir()
    (tmp_path / "mixes" / "notes.mix.yaml").write_text(MIX, encoding="utf-8")
    # Airflow ties an asset's name to one URI, so every test's store stands at the same place, behind a link.
    world.store.mkdir()
    place = Path(os.environ["CLEARINGHOUSE_STORE"])
    place.unlink(missing_ok=True)
    place.symlink_to(world.store)
    for name, value in {
        "CONTRACTS": tmp_path / "contracts",
        "MIXES": tmp_path / "mixes",
        "KEY_FILE": world.settings.key_file,
    }.items():
        monkeypatch.setenv(f"CLEARINGHOUSE_{name}", str(value))
    world.write("2024-05-01.csv", rows(1, 40))
    world.write("2024-05-02.csv", rows(101, 40, "2024-05-02"))
    return Air(world, monkeypatch)


@pytest.fixture(scope="session")
def site(airflow_home: Path) -> Any:
    """Airflow's own API, with our plugin, over the tests' database."""
    from airflow.api_fastapi.app import create_app

    return create_app(apps="core")


def sign_in(site: Any, user: str) -> TestClient:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=user, role="USER", teams=None))
    return TestClient(site, headers={"Authorization": f"Bearer {token}"})
