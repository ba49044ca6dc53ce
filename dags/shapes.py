"""The shapes: one DAG of each for a contract or a mix.

An asset's event only wakes a DAG up; what there is to do is always read from the store's manifests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from agreed import asset, defaults
from airflow.sdk import DAG, Asset, AssetAll, AssetAny, Param
from approval import Approval
from steps import build, commit, gates, plan, publish, quality, record, scrub

from schemas.contract import Contract, Mix, MixSource
from schemas.mix_loader import MANUAL

SHARES = """\
{mix.description}

Mix {mix.name} {mix.version}: {mix.purpose} as {mix.format}, counted by the tokenizer `{mix.tokenizer}`,
for {mix.audience}. Digest `{mix.digest:.12}`.

| source | part |
|---|---|
{shares}
"""


def ingest_dag(contract: Contract, doc: str) -> DAG:
    """plan → scrub (mapped over units of work) → quality → commit, which updates the data set's asset."""
    with DAG(
        dag_id=f"ingest.{contract.key}",
        description=contract.title,
        doc_md=doc,
        schedule=contract.schedule,
        catchup=False,
        max_active_runs=1,
        params={"partition": Param("", type="string", description="One partition; empty means all that is new.")},
        tags=[f"contract:{contract.id}", "shape:ingest", f"unit:{contract.unit}"],
        default_args=defaults(contract.owner, contract.unit),
    ) as dag:
        parts = plan(contract.key, "{{ params.partition }}")
        scrub.expand(part=parts) >> quality() >> commit.override(outlets=[_snapshots(contract)])()
    return dag


def release_dag(mix: Mix, contracts: Mapping[str, Contract]) -> DAG:
    """build → gates → approval → publish → record. No answer means no release."""
    keys = sorted({key for source in mix.sources for key in source.datasets})
    units = sorted({key.partition(".")[0] for key in keys})
    with DAG(
        dag_id=f"release.{mix.name}",
        description=mix.description,
        doc_md=SHARES.format(mix=mix, shares="\n".join(f"| {s.name} | {_amount(s)} |" for s in mix.sources)),
        schedule=None if mix.schedule == MANUAL else mix.schedule or _woken_by([contracts[key] for key in keys]),
        catchup=False,
        max_active_runs=1,
        tags=[*(f"contract:{key}" for key in keys), "shape:release", *(f"unit:{unit}" for unit in units)],
        default_args=defaults("clearinghouse", "release"),
    ) as dag:
        outlet = asset(f"release.{mix.name}", "releases", mix.name)
        gates(build(mix.name)) >> Approval.of(mix) >> publish.override(outlets=[outlet])() >> record()
    return dag


def _snapshots(contract: Contract) -> Asset:
    return asset(contract.key, "scrubbed", contract.unit, contract.name)


def _woken_by(contracts: Sequence[Contract]) -> AssetAll | AssetAny:
    """One release a round: once every data set of the most common schedule has been ingested again. Those that come
    on other schedules are taken as they stand. Data sets that are ingested by hand wake it up one by one."""
    common = Counter(contract.schedule for contract in contracts if contract.schedule).most_common(1)
    if not common:
        return AssetAny(*map(_snapshots, contracts))
    return AssetAll(*(_snapshots(contract) for contract in contracts if contract.schedule == common[0][0]))


def _amount(source: MixSource) -> str:
    if source.tokens is not None:
        return f"{source.tokens:,} tokens"
    return "by what it holds" if source.weight is None else f"weight {source.weight}"
