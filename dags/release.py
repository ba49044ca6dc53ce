"""One release DAG for every mix. (Airflow reads a file only if it names both Airflow and a DAG.)"""

from pathlib import Path

from shapes import release_dag

from clearinghouse.settings import Settings
from schemas.contract_loader import load_contracts
from schemas.mix_loader import load_mixes
from schemas.policy_loader import load_policy

settings = Settings.from_env()
policy = load_policy(Path(settings.policy) if settings.policy else None)
contracts = load_contracts(settings.contracts, policy=policy)
for name, mix in sorted(load_mixes(settings.mixes, contracts).items()):
    globals()[f"release.{name}"] = release_dag(mix, contracts)
