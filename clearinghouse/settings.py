"""Where a run finds its store, contracts, mixes, policy and key: from arguments, else the environment."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ENVIRONMENT = {
    "store": "CLEARINGHOUSE_STORE",
    "contracts": "CLEARINGHOUSE_CONTRACTS",
    "mixes": "CLEARINGHOUSE_MIXES",
    "policy": "CLEARINGHOUSE_POLICY",
    "key_file": "CLEARINGHOUSE_KEY_FILE",
    "workers": "CLEARINGHOUSE_WORKERS",
    "executor": "CLEARINGHOUSE_EXECUTOR",
    "people": "CLEARINGHOUSE_PEOPLE",
    "actor": "CLEARINGHOUSE_ACTOR",
    "signing_key": "CLEARINGHOUSE_SIGNING_KEY",
    "signing_passphrase": "CLEARINGHOUSE_SIGNING_PASSPHRASE",
}


@dataclass(frozen=True)
class Settings:
    """One run's surroundings. Small, picklable, free of secrets: keys are named by their places, never held here.

    ``people`` is a people file (`schemas.people`), ``actor`` who is at work, ``signing_key`` the file of a signing key
    and ``signing_passphrase`` a reference (`infra.secrets`) to what opens it; in both ``{name}`` stands for the person.
    """

    store: str = "store"
    contracts: str = "schemas/contracts"
    mixes: str = "schemas/mixes"
    policy: str | None = None
    key_file: str | None = None
    workers: int = 0
    executor: str = "processes"
    people: str | None = None
    actor: str | None = None
    signing_key: str | None = None
    signing_passphrase: str | None = None

    @classmethod
    def from_env(cls, **overrides: Any) -> Settings:
        """Arguments that are not ``None`` win over the environment, which wins over the defaults."""
        found: dict[str, Any] = {}
        for name, variable in ENVIRONMENT.items():
            value = overrides.get(name)
            if value is None:
                value = os.environ.get(variable) or None
            if value is not None:
                found[name] = int(value) if name == "workers" else str(value)
        unknown = set(overrides) - set(ENVIRONMENT)
        if unknown:
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
        return replace(cls(), **found)

    @property
    def worker_count(self) -> int:
        """Workers to use: as told, else one per processor that this process may run on."""
        return self.workers if self.workers > 0 else len(os.sched_getaffinity(0))

    @property
    def who(self) -> str:
        """Who is at work: the actor, else the user of the operating system; ``unknown`` where that has no name."""
        if self.actor and self.actor.strip():
            return self.actor.strip()
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return "unknown"

    @property
    def contracts_path(self) -> Path:
        return Path(self.contracts)
