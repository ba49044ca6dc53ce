"""What a release is to be made of: mix, contracts, policy, tokenizer and the newest snapshots, or why not.

Everything that stands in the way is told at once. What is selected decides every byte of the release, so its digest
(the plan) tells whether there is anything to do at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clearinghouse.catalog import snapshot_of
from clearinghouse.code import code_version
from clearinghouse.jobs.context import NotFoundByName, find_contract
from clearinghouse.jobs.drift import is_held, told
from clearinghouse.settings import Settings
from schemas.canonical import canonical_json, digest
from schemas.contract import Contract, Mix, MixSource, Policy
from schemas.contract_document import misfit
from schemas.errors import ContractError, MixError, Problem, ReleaseRefused
from schemas.manifest import FileEntry, Receipt, SnapshotManifest
from schemas.mix_loader import SUFFIX as MIX_SUFFIX
from schemas.mix_units import Fault
from schemas.yaml_lines import json_path

if TYPE_CHECKING:
    from infra.store import Store


@dataclass(frozen=True)
class Chosen:
    """One data set of the mix: its contract, its newest snapshot, and the receipts whose rows may be used.

    ``sources`` are the parts of the mix that draw from it, ``places`` where they stand in the mix. ``current`` were scrubbed under the contract and policy of today and under the snapshot's key; ``stale_rows`` are
    rows of older partitions that were not, and stay out.
    """

    sources: tuple[MixSource, ...]
    places: tuple[int, ...]
    contract: Contract
    snapshot: SnapshotManifest
    current: tuple[Receipt, ...]
    stale_rows: int

    @property
    def source(self) -> MixSource:
        """The first of its sources."""
        return self.sources[0]

    @property
    def files(self) -> tuple[FileEntry, ...]:
        """Scrubbed files in the snapshot's order: oldest partition first."""
        return tuple(entry for receipt in self.current for entry in receipt.data)


@dataclass(frozen=True)
class Selection:
    """All that a release is made from."""

    mix: Mix
    policy: Policy
    chosen: tuple[Chosen, ...]
    tokenizer: bytes

    @property
    def datasets(self) -> tuple[Chosen, ...]:
        """One of those chosen a data set: several views of it are drawn from the same rows."""
        found: dict[str, Chosen] = {}
        for one in self.chosen:
            found.setdefault(one.contract.key, one)
        return tuple(found.values())

    @property
    def tokenizer_facts(self) -> dict[str, str]:
        return {"name": self.mix.tokenizer, "sha256": digest(self.tokenizer)}

    @cached_property
    def plan(self) -> bytes:
        """Canonical JSON of everything that decides the release's content: same plan, same bytes."""
        return canonical_json(
            {
                "mix": self.recipe,
                "policy": policy_facts(self.policy),
                "tokenizer": self.tokenizer_facts,
                "code": code_version(),
                "sources": [
                    {
                        "dataset": one.contract.key,
                        "contract": one.contract.digest,
                        "snapshot": one.snapshot.digest,
                        "units": [receipt.unit_id for receipt in one.current],
                    }
                    for one in self.chosen
                ],
            }
        )

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """The mix as it stands in the manifest: plain values, decimals as text."""
        from schemas.plans import exact

        body = asdict(self.mix)
        del body["file"]
        found: dict[str, Any] = exact(body)
        return found


def policy_facts(policy: Policy) -> dict[str, str]:
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}


def select(settings: Settings, name: str, store: Store) -> Selection:
    """Load the mix ``name`` (or the file of that path) and find what it asks for.

    Raises `MixError`, `ContractError` or `PolicyError` for files that do not load, and `ReleaseRefused` with every
    data set that is missing, may not be used for the mix's purpose, or has nothing that may be used.
    """
    from schemas.mix_loader import load_mix, tokenizer_path
    from schemas.mix_units import check
    from schemas.policy_loader import load_policy

    file = mix_file(settings, name)
    policy = load_policy(Path(settings.policy) if settings.policy else None)
    mix = _expanded(load_mix(file), settings, policy)
    chosen, problems = [], []
    broken: list[Problem] = []
    drawn: dict[tuple[str, str], list[int]] = {}
    for place, source in enumerate(mix.sources):
        for key in source.datasets:
            drawn.setdefault((key, source.view), []).append(place)
    for (key, _), places in drawn.items():
        try:
            found, faults = _choose(settings, store, mix, key, places, policy)
        except ContractError as error:
            broken += error.problems
            continue
        problems += faults
        if found is not None:
            chosen.append(found)
    if broken:
        raise ContractError(broken, what=f"the contracts of {mix.name}")
    wrong = check(mix, {one.contract.key: one.contract for one in chosen}, policy)
    if wrong:
        raise _mix_error(mix, wrong)
    if problems:
        raise ReleaseRefused(
            f"{mix.name} cannot be released; {len(problems)} thing{'s' * (len(problems) != 1)} in the way:\n"
            + "\n".join(f"  {said}" for said, _ in problems),
            state="nothing was written",
            fix="; ".join(dict.fromkeys(fix for _, fix in problems)),
        )
    return Selection(mix, policy, tuple(chosen), tokenizer_path(mix).read_bytes())


def _expanded(mix: Mix, settings: Settings, policy: Policy) -> Mix:
    """The mix with the data sets of each unit that it draws from. Raises `MixError` or `ContractError`."""
    from schemas.contract_loader import load_contracts
    from schemas.mix_units import expand

    contracts: dict[str, Contract] = {}
    for unit in dict.fromkeys(source.unit for source in mix.sources if source.unit):
        usual = settings.contracts_path / unit
        contracts |= load_contracts(usual if usual.is_dir() else settings.contracts_path, policy=policy)
    found, faults = expand(mix, contracts)
    if faults:
        raise _mix_error(mix, faults)
    return found


def _mix_error(mix: Mix, faults: Sequence[Fault]) -> MixError:
    places = [(json_path(fault.place), fault) for fault in faults]
    return MixError([Problem(mix.file, 0, place, one.message, one.hint) for place, one in places], what=mix.file)


def mix_file(settings: Settings, name: str) -> Path:
    """The file of a mix, given by path or by name. Raises `NotFoundByName` with near names."""
    if name.endswith((".yaml", ".yml")):
        if Path(name).is_file():
            return Path(name)
        raise NotFoundByName(f"no mix file {name}", fix=f"ls {settings.mixes}")
    folder = Path(settings.mixes)
    usual = folder / f"{name}{MIX_SUFFIX}"
    if usual.is_file():
        return usual
    import difflib

    below = sorted(folder.rglob(f"*{MIX_SUFFIX}"))
    for path in below:
        if path.name == usual.name:
            return path
    there = [path.name.removesuffix(MIX_SUFFIX) for path in below]
    near = difflib.get_close_matches(name, there, 3, 0.4) or there[:12]
    raise NotFoundByName(
        f"no mix {name!r} in {folder}; there are: {', '.join(near) or 'none'}",
        fix="name a mix of that folder, a file, or another folder with --mixes",
    )


_Faults = list[tuple[str, str]]


def _choose(
    settings: Settings, store: Store, mix: Mix, key: str, places: Sequence[int], policy: Policy
) -> tuple[Chosen | None, _Faults]:
    """What may be drawn from a data set by the mix's sources at ``places``, or (what is in the way, what mends it)."""
    from schemas.plans import rows_digest

    sources = tuple(mix.sources[place] for place in places)
    try:
        contract = find_contract(settings, key, policy)
    except NotFoundByName as error:
        return None, [(f"{key}: {error.message}", error.fix)]
    faults: _Faults = []
    if mix.purpose not in contract.purposes:
        allowed = ", ".join(contract.purposes) or "nothing"
        faults.append(
            (f"{key}: its contract allows {allowed}, not {mix.purpose}", f"take {key} out of the mix, or ask its owner")
        )
    view = sources[0].view
    misfits = misfit(contract, view, mix.format)
    if misfits:
        faults.append((f"{key}: {misfits[0]}", misfits[1]))
    snapshot = snapshot_of(store, contract.unit, contract.name)
    if snapshot is None:
        return None, [*faults, (f"{key}: has no snapshot in {store.uri}", f"clearinghouse ingest {key}")]
    if is_held(store, snapshot):
        why = "; ".join(told(snapshot.drift, 3))
        faults.append(
            (
                f"{key}: snapshot {snapshot.ordinal} is held back, too far from the last ones: {why}",
                f"clearinghouse drift show {key}; clearinghouse drift accept {key} --reviewer NAME --reason TEXT",
            )
        )
    now = {"rows": rows_digest(contract, policy), "key": snapshot.key_id}
    current = tuple(r for r in snapshot.receipts if all(r.basis.get(name) == value for name, value in now.items()))
    stale = snapshot.counts.kept - sum(receipt.counts.kept for receipt in current)
    if stale and not any(receipt.counts.kept for receipt in current):
        faults.append(
            (
                f"{key}: contract or policy changed since snapshot {snapshot.ordinal}, and none of its rows were "
                "scrubbed under what holds today",
                f"clearinghouse ingest {key}",
            )
        )
    seen = contract if misfits else contract.seen(view)
    return Chosen(sources, tuple(places), seen, snapshot, current, stale), faults
