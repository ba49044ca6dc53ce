"""OpenLineage run events of a release and of the snapshots that it was drawn from.

Run identifiers are UUIDs of version 5 from digests, so that the same release gives the same events. Column lineage says
which columns were masked and how (facet 1-2-0); values never appear. Event times are when the store says that the
manifest was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from governance.exports.facts import Facts

PRODUCER = "urn:clearinghouse"
SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = {
    "schema": "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet",
    "version": "https://openlineage.io/spec/facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet",
    "ownership": "https://openlineage.io/spec/facets/1-0-1/OwnershipDatasetFacet.json#/$defs/OwnershipDatasetFacet",
    "columnLineage": "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet",
    "outputStatistics": "https://openlineage.io/spec/facets/1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet",
    "documentation": "https://openlineage.io/spec/facets/1-0-1/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet",
}
#: What the policy's actions are called in OpenLineage: all of these hide the value, so ``masking`` is true.
_MASKED = ("drop", "mask", "placeholder", "pseudonym", "surrogate", "generalise", "encrypt", "operator", "scan")


def openlineage(facts: Facts) -> list[dict[str, Any]]:
    """Events in order: START and COMPLETE of each source's ingest, then of the release."""
    return [event for run in _runs(facts) for event in run]


def _runs(facts: Facts) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    inputs = []
    for source in facts.sources:
        unit, key = source["unit"], source["dataset"]
        snapshot = source["snapshot"]
        raw = {"namespace": f"clearinghouse://{unit}/source", "name": key, "facets": {}}
        made = {
            "namespace": f"clearinghouse://{unit}/scrubbed",
            "name": key,
            "facets": {
                "version": _facet("version", datasetVersion=snapshot["digest"]),
                "ownership": _facet("ownership", owners=[{"name": str(source["owner"]), "type": "OWNER"}]),
                "documentation": _facet("documentation", description=str(source["description"])),
                "columnLineage": _facet("columnLineage", fields=_columns(facts, source, raw)),
            },
            "outputFacets": {"outputStatistics": _facet("outputStatistics", rowCount=source["ingest"]["kept"])},
        }
        yield _run(facts, f"ingest.{key}", snapshot["digest"], [raw], [made])
        inputs.append({"namespace": made["namespace"], "name": key, "facets": {"version": made["facets"]["version"]}})
    manifest = facts.manifest
    release = {
        "namespace": "clearinghouse://releases",
        "name": manifest.mix,
        "facets": {
            "version": _facet("version", datasetVersion=f"{manifest.version}+{manifest.digest[:12]}"),
            "schema": _facet("schema", fields=[{"name": name, "type": kind} for name, kind in facts.columns]),
            "documentation": _facet("documentation", description=str(facts.release["description"])),
        },
        "outputFacets": {
            "outputStatistics": _facet(
                "outputStatistics", rowCount=manifest.totals["rows"], fileCount=len(manifest.shards)
            )
        },
    }
    yield _run(facts, f"release.{manifest.mix}", manifest.digest, inputs, [release])


def _run(
    facts: Facts, job: str, digest: str, inputs: list[dict[str, Any]], outputs: list[dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    both = {
        "eventTime": facts.at,
        "producer": PRODUCER,
        "schemaURL": SPEC,
        "run": {"runId": str(uuid5(NAMESPACE_URL, f"{PRODUCER}/{job}/{digest}"))},
        "job": {"namespace": "clearinghouse", "name": job},
        "inputs": inputs,
    }
    return {**both, "eventType": "START", "outputs": []}, {**both, "eventType": "COMPLETE", "outputs": outputs}


def _columns(facts: Facts, source: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for rule in facts.report["rules"]:
        if rule["dataset"] != source["dataset"] or rule["action"] == "drop":
            continue
        entity = "personal data in free text" if rule["entity"] in ("*", None) else rule["entity"]
        found[rule["field"]] = {
            "inputFields": [
                {
                    "namespace": raw["namespace"],
                    "name": raw["name"],
                    "field": rule["field"],
                    "transformations": [
                        {
                            "type": "DIRECT",
                            "subtype": "TRANSFORMATION" if rule["action"] != "keep" else "IDENTITY",
                            "description": f"{rule['action']} of {entity}",
                            "masking": rule["action"] in _MASKED,
                        }
                    ],
                }
            ]
        }
    return found


def _facet(kind: str, **values: Any) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": _FACETS[kind], **values}


def faults(event: Mapping[str, Any]) -> list[str]:
    """What keeps a run event from being one (OpenLineage 2-0-2, ``RunEvent`` and its facets); empty for none."""
    found = [f"lacks {name}" for name in ("eventTime", "producer", "schemaURL", "run", "job") if not event.get(name)]
    if found:
        return found
    if event.get("eventType") not in ("START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"):
        found.append("eventType is none of the six")
    try:
        UUID(event["run"]["runId"])
    except (KeyError, ValueError):
        found.append("run.runId is not a UUID")
    for place in ("inputs", "outputs"):
        for number, dataset in enumerate(event.get(place, ())):
            where = f"{place}[{number}]"
            found += [f"{where} lacks {name}" for name in ("namespace", "name") if not dataset.get(name)]
            facets = {**dataset.get("facets", {}), **dataset.get("outputFacets", {})}
            found += [
                f"{where}.{name} lacks {needed}"
                for name, facet in facets.items()
                for needed in ("_producer", "_schemaURL")
                if not facet.get(needed)
            ]
    return found
