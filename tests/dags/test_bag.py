"""Policy that every DAG of the product keeps, checked on the whole bag at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schemas.contract import Contract, Mix
from schemas.contract_loader import load_contracts
from schemas.mix_loader import load_mixes
from tests.conftest import ROOT
from tests.dags.conftest import DAGS, Air

if TYPE_CHECKING:
    from airflow.sdk import DAG

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.timeout(180, method="thread"),
]

HEAVY = {"polars", "great_expectations", "presidio_analyzer", "presidio_anonymizer", "boto3", "tokenizers", "ray"}


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    return load_contracts(ROOT / "schemas" / "contracts")


@pytest.fixture(scope="module")
def mixes(contracts: dict[str, Contract]) -> dict[str, Mix]:
    return load_mixes(ROOT / "schemas" / "mixes", contracts)


def serialised(dag: DAG) -> dict[str, Any]:
    from airflow.serialization.serialized_objects import DagSerialization

    found: dict[str, Any] = json.loads(json.dumps(DagSerialization.to_dict(dag)))
    return found


def test_one_dag_for_each_contract_and_mix(
    product: dict[str, DAG], contracts: dict[str, Contract], mixes: dict[str, Mix]
) -> None:
    wanted = [*(f"ingest.{key}" for key in contracts), *(f"release.{name}" for name in mixes), "erase"]
    assert sorted(product) == sorted(wanted)
    assert {Path(dag.fileloc).name for dag in product.values()} == {"ingest.py", "release.py", "erase.py"}


def test_every_dag_says_whose_it_is_and_what_it_stands_on(
    product: dict[str, DAG], contracts: dict[str, Contract], mixes: dict[str, Mix]
) -> None:
    for key, contract in contracts.items():
        dag = product[f"ingest.{key}"]
        assert set(dag.tags) == {f"contract:{contract.id}", "shape:ingest", f"unit:{contract.unit}"}
        assert {task.owner for task in dag.tasks} == {contract.owner}
        assert contract.version in (dag.doc_md or "")
    for name, mix in mixes.items():
        dag = product[f"release.{name}"]
        keys = {key for source in mix.sources for key in source.datasets}
        assert {tag for tag in dag.tags if tag.startswith("contract:")} == {f"contract:{key}" for key in keys}
        assert {tag for tag in dag.tags if tag.startswith("unit:")} == {f"unit:{key.split('.')[0]}" for key in keys}
        assert mix.digest[:12] in (dag.doc_md or "")


def test_one_run_at_a_time_and_no_catching_up(product: dict[str, DAG]) -> None:
    assert {(dag.max_active_runs, dag.catchup) for dag in product.values()} == {(1, False)}


def test_every_task_retries_by_our_errors_in_a_pool_that_exists(product: dict[str, DAG]) -> None:
    from agreed import RetryTransient

    for dag in product.values():
        for task in dag.tasks:
            assert task.retries == 3
            assert isinstance(task.retry_policy, RetryTransient)
            # The tests name one pool; a unit without its own falls back, or its tasks would wait for ever.
            assert task.pool == ("commerce" if dag.dag_id.startswith("ingest.commerce.") else "default_pool")


def test_the_retry_policy_tries_again_only_what_can_help() -> None:
    from agreed import RetryTransient
    from airflow.sdk import RetryAction

    from infra.executors import WorkerDied
    from schemas.errors import ClearinghouseError, KeyMissing, QualityBreach, ReleaseRefused, SourceChanged, StoreError

    def said(error: BaseException) -> RetryAction:
        return RetryTransient().evaluate(exception=error, try_number=1, max_tries=3, context=None).action

    assert {said(kind("x")) for kind in (StoreError, WorkerDied)} == {RetryAction.RETRY}
    # A changed source needs a new plan, which another try of the same task does not make.
    refused = (ClearinghouseError, KeyMissing, QualityBreach, ReleaseRefused, SourceChanged)
    assert {said(kind("x")) for kind in refused} == {RetryAction.FAIL}
    assert said(ConnectionError("x")) is RetryAction.DEFAULT


def test_schedules_and_assets_come_from_contracts_and_mixes(
    product: dict[str, DAG], contracts: dict[str, Contract], mixes: dict[str, Mix]
) -> None:
    made: dict[str, str] = {}
    for key, contract in contracts.items():
        dag = product[f"ingest.{key}"]
        assert (contract.schedule is None) == (dag.timetable.can_be_scheduled is False)
        (outlet,) = dag.get_task("commit").outlets
        assert outlet.name == key
        assert outlet.uri == f"file://{os.environ['CLEARINGHOUSE_STORE']}/scrubbed/{key.replace('.', '/')}"
        made[outlet.name] = outlet.uri
    for name, mix in mixes.items():
        dag = product[f"release.{name}"]
        if mix.schedule == "manual":
            assert dag.timetable.can_be_scheduled is False
            continue
        waits = {asset.name: asset.uri for asset in dag.timetable.asset_condition.objects}
        assert waits
        assert waits.items() <= made.items()
        assert set(waits) <= {key for source in mix.sources for key in source.datasets}


def test_a_reviewer_is_asked_and_silence_is_a_reject(product: dict[str, DAG], mixes: dict[str, Mix]) -> None:
    for name, mix in mixes.items():
        approval = product[f"release.{name}"].get_task("approval")
        assert approval.defaults == ["Reject"]
        assert approval.response_timeout.total_seconds() == 72 * 3600
        assert [user["id"] for user in approval.assigned_users or []] == sorted(mix.reviewers)


def test_no_dag_code_depends_on_the_moment_it_is_read(airflow_home: Path) -> None:
    from airflow.utils.dag_version_inflation_checker import check_dag_file_stability

    for file in sorted(DAGS.glob("*.py")):
        found = check_dag_file_stability(file)
        assert found.check_level.value == "error"
        assert not found.warnings, f"{file.name}: {found.format_warnings()}"


PROBE = """
import json, sys
from pathlib import Path
from airflow.dag_processing.dagbag import BundleDagBag
from airflow.serialization.serialized_objects import DagSerialization
folder = Path(sys.argv[1])
bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
print(json.dumps({
    "errors": bag.import_errors,
    "dags": {dag_id: DagSerialization.to_dict(dag) for dag_id, dag in bag.dags.items()},
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
}))
"""


@pytest.fixture(scope="module")
def elsewhere(airflow_home: Path) -> dict[str, Any]:
    """The bag as a fresh process with another hash seed reads it."""
    env = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "CLEARINGHOUSE_CONTRACTS": str(ROOT / "schemas" / "contracts"),
        "CLEARINGHOUSE_MIXES": str(ROOT / "schemas" / "mixes"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(DAGS)], env=env, capture_output=True, text=True, timeout=120, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_every_process_reads_the_same_dags_so_versions_do_not_grow(
    product: dict[str, DAG], elsewhere: dict[str, Any]
) -> None:
    assert elsewhere["errors"] == {}
    assert elsewhere["dags"] == {dag_id: serialised(dag) for dag_id, dag in product.items()}


def test_reading_the_dags_imports_nothing_heavy(elsewhere: dict[str, Any]) -> None:
    assert HEAVY.isdisjoint(elsewhere["modules"])


def test_a_task_reads_its_own_contract_alone(air: Air) -> None:
    """A colleague's broken contract is an import error of the whole set, and does not stop work under way."""
    from airflow.dag_processing.dagbag import BundleDagBag

    broken = air.world.root / "contracts" / "shop" / "broken.odcs.yaml"
    broken.write_text("kind: DataContract\n", encoding="utf-8")

    def read() -> BundleDagBag:
        return BundleDagBag(dag_folder=DAGS / "ingest.py", bundle_path=DAGS, bundle_name="dags-folder")

    (told,) = read().import_errors.values()
    assert "broken.odcs.yaml" in told
    air.patch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "ingest.shop.notes")
    one = read()
    assert one.import_errors == {}
    assert list(one.dags) == ["ingest.shop.notes"]
