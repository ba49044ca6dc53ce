"""What a step of a job works with: the contract, policy, key and store that its settings name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from clearinghouse.settings import Settings
from schemas.contract import Contract, Policy
from schemas.errors import ClearinghouseError

if TYPE_CHECKING:
    from governance.pseudonyms import Key
    from infra.store import Store


class NotFoundByName(ClearinghouseError):
    """A contract, mix or release that is called by a name nothing has."""

    exit_code = 2


@dataclass(frozen=True)
class Context:
    """Everything that a step of one data set's ingest needs, loaded once."""

    settings: Settings
    contract: Contract
    policy: Policy
    key: Key
    store: Store
    #: Contracts of the data sets that `contract` links to, by key.
    linked: Mapping[str, Contract] = field(default_factory=dict)

    @classmethod
    def load(cls, settings: Settings, contract: str) -> Context:
        """``contract`` is a file or a key such as ``commerce.orders`` of the folder ``settings.contracts``.

        Raises `ContractError`, `PolicyError`, `KeyMissing` or `NotFoundByName`.
        """
        from clearinghouse.keys import load_key
        from infra.store import open_store
        from schemas.policy_loader import load_policy

        policy = load_policy(Path(settings.policy) if settings.policy else None)
        found = find_contract(settings, contract, policy)
        return cls(
            settings=settings,
            contract=found,
            policy=policy,
            key=load_key(settings.key_file),
            store=open_store(settings.store),
            linked={link.dataset: _beside(settings, found, link.dataset, policy) for link in found.links},
        )

    @property
    def scrubbed(self) -> str:
        return f"scrubbed/{self.contract.unit}/{self.contract.name}"

    @property
    def snapshots(self) -> str:
        return f"{self.scrubbed}/snapshots"


def _beside(settings: Settings, contract: Contract, name: str, policy: Policy) -> Contract:
    """The contract of a linked data set: the one beside the contract's own file, else the one of that key."""
    if name == contract.key:
        return contract
    file = Path(contract.file).with_name(f"{name.partition('.')[2]}.odcs.yaml")
    return find_contract(settings, str(file) if file.is_file() else name, policy)


def find_contract(settings: Settings, name: str, policy: Policy | None = None) -> Contract:
    """The contract in the file ``name``, or the one of that key in the folder of contracts.

    A key loads its own file alone where it stands in its usual place, so that a colleague's broken contract does
    not stop a run; `clearinghouse contract check` is what looks at all of them.
    """
    from schemas.contract_loader import load_contract, load_contracts

    file = Path(name)
    if file.suffix in {".yaml", ".yml"}:
        if not file.is_file():
            raise NotFoundByName(f"no contract file {name}", fix="ls schemas/contracts/*/")
        return load_contract(file, policy=policy)
    folder = settings.contracts_path
    unit, _, short = name.partition(".")
    usual = folder / unit / f"{short}.odcs.yaml"
    if usual.is_file():
        return load_contract(usual, policy=policy)
    contracts = load_contracts(folder, policy=policy)
    if name not in contracts:
        import difflib

        near = difflib.get_close_matches(name, contracts, 3, 0.4) or sorted(contracts)[:12]
        raise NotFoundByName(
            f"no contract {name!r} in {folder}; there are: {', '.join(near) or 'none'}",
            fix="clearinghouse contract check --contracts FOLDER",
        )
    return contracts[name]
