"""Mixes met with contracts: which data sets a unit's source draws from, and whether filters and split can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from schemas.contract import Contract, Mix, MixSource, Policy
from schemas.contract_document import misfit
from schemas.mix_sources import BY_ITSELF
from schemas.mix_where import DOCUMENT, actions_of, fault
from schemas.names import did_you_mean
from schemas.yaml_lines import Place


@dataclass(frozen=True)
class Fault:
    """What is wrong with a mix beside its contracts: where in its file, what, and what mends it."""

    place: Place
    message: str
    hint: str = ""


def expand(mix: Mix, contracts: Mapping[str, Contract]) -> tuple[Mix, list[Fault]]:
    """The mix with the data sets of each unit's source.

    A unit's source draws from every data set of the unit whose contract allows the mix's purpose and has documents for
    its format, but those that are excepted or that another source names. Which of ``contracts`` are there decides.
    """
    faults: list[Fault] = []
    named = {source.dataset for source in mix.sources if source.dataset}
    sources = []
    for number, source in enumerate(mix.sources):
        if source.unit:
            of = {key: one for key, one in sorted(contracts.items()) if one.unit == source.unit}
            faults += _unit_faults(mix, source, of, contracts, named, ("sources", number))
            fits = [key for key, one in of.items() if _fits(mix, source, one) and key not in named]
            source = replace(source, datasets=tuple(key for key in fits if key not in source.without))
        sources.append(source)
    return replace(mix, sources=tuple(sources)), faults


def _fits(mix: Mix, source: MixSource, contract: Contract) -> bool:
    return mix.purpose in contract.purposes and misfit(contract, source.view, mix.format) is None


def _unit_faults(
    mix: Mix,
    source: MixSource,
    of: Mapping[str, Contract],
    contracts: Mapping[str, Contract],
    named: set[str],
    place: Place,
) -> Iterator[Fault]:
    if not of:
        units = {one.unit for one in contracts.values()}
        said = f"there is no contract of the unit {source.unit!r}"
        yield Fault((*place, "unit"), said, did_you_mean(source.unit, units, what="units"))
        return
    for name in source.without:
        if name not in of:
            said = f"{name!r} is no data set of {source.unit}"
            yield Fault((*place, "except"), said, did_you_mean(name, of, what="data sets"))
    left = [key for key in of if key not in named and key not in source.without]
    if not any(_fits(mix, source, of[key]) for key in left):
        allowed = [key for key in left if mix.purpose in of[key].purposes]
        yield Fault(
            (*place, "unit"),
            f"none of the {len(left)} data sets of {source.unit} that are left to it can be drawn from: "
            f"{len(left) - len(allowed)} do not allow {mix.purpose!r}, {len(allowed)} have no documents for "
            f"format {mix.format!r}",
            "another purpose or format, or take the source out",
        )


def check(mix: Mix, contracts: Mapping[str, Contract], policy: Policy | None = None) -> list[Fault]:
    """What filters and split ask that the contracts' fields cannot answer.

    Args:
        mix: expanded.
        contracts: by key; data sets that are not there are left alone.
        policy: says what redaction does to fields; without it only what the contracts themselves say of that counts.

    Raises:
        ContractError: a contract is looser than the policy.
    """
    faults: list[Fault] = []
    keys = dict.fromkeys(key for source in mix.sources for key in source.datasets if key in contracts)
    actions = {key: actions_of(contracts[key], policy) for key in keys}
    for number, source in enumerate(mix.sources):
        for condition in source.where:
            for key in source.datasets:
                found = fault(condition, contracts[key], actions[key]) if key in keys else None
                if found is not None:
                    faults.append(Fault(("sources", number, "where", condition.field), *found))
                    if condition.field in DOCUMENT:
                        break
    if mix.split is not None:
        faults += _split_faults(mix, {key: contracts[key] for key in keys}, actions)
    return faults


def _split_faults(
    mix: Mix, contracts: Mapping[str, Contract], actions: Mapping[str, Mapping[str, str]]
) -> Iterator[Fault]:
    split = mix.split
    assert split is not None
    for key, name in split.fields.items():
        if key not in contracts:
            hint = did_you_mean(key, contracts, what="data sets")
            yield Fault(("split", "fields", key), f"{key!r} is no data set of the mix", hint)
            continue
        found = _split_field(contracts[key], name, actions[key])
        if found is not None:
            yield Fault(("split", "fields", key), *found)
    groups = [key for key, one in contracts.items() if one.document is not None and one.document.group]
    if split.by == "conversation" and contracts and not groups:
        yield Fault(("split", "by"), "no data set of the mix has conversations", "by: document, or by: <field>")
    if split.by in BY_ITSELF or not contracts:
        return
    having = [key for key, one in contracts.items() if any(field.name == split.by for field in one.fields)]
    if not having:
        every = {field.name for one in contracts.values() for field in one.fields} | set(BY_ITSELF)
        said = f"no data set of the mix has a field {split.by!r}"
        yield Fault(("split", "by"), said, did_you_mean(split.by, every, what="fields"))
    for key in having:
        found = _split_field(contracts[key], split.by, actions[key])
        if found is not None and key not in split.fields:
            yield Fault(("split", "by"), *found)


def _split_field(contract: Contract, name: str, actions: Mapping[str, str]) -> tuple[str, str] | None:
    names = [field.name for field in contract.fields]
    if name not in names:
        return f"{contract.key} has no field {name!r}", did_you_mean(name, names, what="fields")
    action = actions.get(name, "keep")
    if action == "drop":
        return f"the field {name!r} of {contract.key} is dropped by redaction", "go by another field"
    if action in ("placeholder", "mask", "operator", "scan"):
        said = f"the field {name!r} of {contract.key} has the action {action!r}, after which it tells nobody apart"
        return said, "go by a field that is kept or a pseudonym"
    return None


def split_field(mix: Mix, contract: Contract) -> str | None:
    """The field by which a data set's documents go to a split; ``None``: each by itself, conversations by theirs."""
    if mix.split is None:
        return None
    name = mix.split.fields.get(contract.key, mix.split.by)
    return name if name not in BY_ITSELF and any(field.name == name for field in contract.fields) else None
