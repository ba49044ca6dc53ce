"""One ingest DAG for every contract. (Airflow reads a file only if it names both Airflow and a DAG.)

A contract that does not load is an import error of this file which tells every problem of every contract: a set with
a silent hole in it would be worse. A task that is about to run reads its own contract alone, which is quicker, and so
work that is under way does not stop at a colleague's mistake.
"""

from pathlib import Path

from airflow.sdk import get_parsing_context
from shapes import ingest_dag

from clearinghouse.jobs.context import find_contract
from clearinghouse.settings import Settings
from schemas.contract_loader import load_contracts
from schemas.docs_page import docs_page
from schemas.policy_loader import load_policy

settings = Settings.from_env()
policy = load_policy(Path(settings.policy) if settings.policy else None)
only = get_parsing_context().dag_id
if only:
    found = [find_contract(settings, only.removeprefix("ingest."), policy)]
else:
    found = [contract for _, contract in sorted(load_contracts(settings.contracts, policy=policy).items())]
for contract in found:
    globals()[f"ingest.{contract.key}"] = ingest_dag(contract, docs_page(contract, policy))
