"""The tasks. Each calls one step of the jobs that the command line runs, and returns ids, keys, digests and counts.

Whatever is heavy is imported inside the step: every task process reads these files again before it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreed import MAPS
from airflow.sdk import get_current_context, task
from approval import answered

from clearinghouse.settings import Settings
from schemas.errors import DriftBreach, ReleaseRefused


def pulled(task_id: str, key: str = "return_value") -> Any:
    """What an earlier task of this run left. Pulled by name, not passed as an argument: an argument would make the
    asking task a direct child, and a rejected approval skips its direct children whatever their trigger rule."""
    return get_current_context()["ti"].xcom_pull(task_ids=task_id, key=key)


@task
def plan(contract: str, partition: str) -> list[dict[str, Any]]:
    """Deal the units of work to at most `MAPS` tasks; to none when every unit was done before."""
    from clearinghouse.jobs import ingest

    planned = ingest.plan(Settings.from_env(), contract, partition or None)
    get_current_context()["ti"].xcom_push("plan", planned["plan"])
    count = min(MAPS, planned["to_do"])
    parts = [planned["units"][start::count] for start in range(count)]
    return [
        {"plan": planned["plan"], "name": f"{number} of {count} ({len(part)} units of work)", "units": part}
        for number, part in enumerate(parts, 1)
    ]


@task(map_index_template="{{ task.op_kwargs['part']['name'] }}", multiple_outputs=False)
def scrub(part: Mapping[str, Any]) -> dict[str, int]:
    from clearinghouse.jobs import ingest

    settings = Settings.from_env()
    done = [ingest.run_unit(settings, part["plan"], unit)["counts"] for unit in part["units"]]
    return {name: sum(counts[name] for counts in done) for name in ("rows_in", "kept", "duplicates")}


# A run with nothing left to scrub skips `scrub`; its quality and commit still run, and then change nothing.
@task(trigger_rule="none_failed", multiple_outputs=False)
def quality() -> dict[str, Any]:
    from clearinghouse.jobs import ingest

    return ingest.quality(Settings.from_env(), pulled("plan", "plan"))


@task(multiple_outputs=False)
def commit() -> dict[str, Any]:
    """Commit. A snapshot that is held back for its drift is committed, but the run is red and wakes no release up:
    once it is accepted, clearing this task does."""
    from clearinghouse.jobs import ingest

    done = ingest.commit(Settings.from_env(), pulled("plan", "plan"))
    if done["drift_status"] == "held":
        key = done["contract"]
        raise DriftBreach(
            f"{key}: snapshot {done['snapshot']} is held back: {'; '.join(done['drift_remarks'])}",
            state="the snapshot is committed; no release takes it before it is accepted",
            fix=f"clearinghouse drift accept {key} --reviewer NAME --reason TEXT, then clear this task; "
            "or mend the source and run the DAG again",
        )
    return done


@task(multiple_outputs=False)
def build(mix: str) -> dict[str, Any]:
    from clearinghouse.jobs import release

    return release.build(Settings.from_env(), mix)


@task.short_circuit
def gates(built: Mapping[str, Any]) -> bool:
    """Ask the reviewer only about a release that passed its gates and that nobody has decided on yet: a build that
    finds nothing new may still have left its question unasked."""
    from clearinghouse import catalog
    from clearinghouse.jobs.waivers import applied
    from infra.store import open_store

    store = open_store(Settings.from_env().store)
    ref = catalog.ReleaseRef(built["mix"], built["version"])
    if catalog.decision_of(store, ref) is not None:
        return False
    # What an officer let through counts as it will when somebody signs.
    manifest = catalog.manifest_of(store, ref)
    failed = [
        f"{gate['name']} is {gate['value']}, wanted {gate['comparison']} {gate['threshold']}"
        for gate in applied(store, manifest, manifest.gates)
        if gate["passed"] is not True
    ]
    if failed:
        raise ReleaseRefused(
            f"{built['mix']}@{built['version']} failed {len(failed)} of its gates: {'; '.join(failed)}",
            state="the release stays in the store, unsigned; nobody was asked to approve it",
            fix=f"read {built['report']}, mend the data or the mix, then build again",
        )
    return True


@task(multiple_outputs=False)
def publish() -> dict[str, Any]:
    """Sign in the name of the reviewer who approved."""
    from clearinghouse.jobs import decide

    name, answer = built_name(), answered()
    if answer is None or answer["verdict"] != "approve":
        raise ReleaseRefused(
            f"nobody approved {name}: its approval was passed over without an answer",
            state="the release stays in the store, unsigned",
            fix=f"clear the task approval and answer it, or run: clearinghouse approve {name}",
        )
    done = decide.decide(Settings.from_env(), name, **answer)
    if done["waits_for"]:
        # Of high risk: the first of two signatures publishes nothing, and a run that published nothing is not green.
        raise ReleaseRefused(
            f"{name} is signed by {answer['reviewer']} and waits for: {', '.join(done['waits_for'])}",
            state=f"the signature is ledger entry {done['ledger']}; `latest` was not moved",
            fix=f"let them run: clearinghouse approve {name}; then clear this task",
        )
    return done


# Hangs off `publish`, which a reject skips: then this runs. After a failure it does not.
@task(trigger_rule="none_failed")
def record() -> str:
    """Write a reject, or the lack of an answer, to the ledger; then fail, because a release that was not published is
    no green run."""
    from clearinghouse.jobs import decide

    name, answer = built_name(), answered()
    if answer is None:
        raise ReleaseRefused(f"nobody decided on {name}", state="the release stays in the store, unsigned")
    if answer["verdict"] == "approve":
        return f"{name} approved by {answer['reviewer']}"
    done = decide.decide(Settings.from_env(), name, **answer)
    raise ReleaseRefused(
        f"{name} rejected by {answer['reviewer']}: {answer['reason']}",
        state=f"recorded as ledger entry {done['ledger']}; `latest` was not moved",
        fix="mend what the reason names; to be asked again about the same data, raise the mix's version",
    )


def built_name() -> str:
    built = pulled("build")
    return f"{built['mix']}@{built['version']}"
