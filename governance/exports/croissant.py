"""A release as Croissant 1.1 with the responsible-AI fields of Croissant RAI 1.0 (MLCommons).

Shards are `FileObject`s with their SHA-256, or, where they are many, one `FileSet` under the listing that holds their
digests. The only time in it is that of the approval, once there is one.
"""

from __future__ import annotations

from typing import Any

from governance.exports.facts import UNSTATED, Facts, words

CORE = "http://mlcommons.org/croissant/1.1"
RAI = "http://mlcommons.org/croissant/RAI/1.0"
PARQUET = "application/vnd.apache.parquet"
#: More shards than that are told by their listing.
MOST_FILES = 1000

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_MEANING = {
    "id": "Identity of the document: 32 hexadecimal digits.",
    "source": "The data set it comes from.",
    "language": "BCP 47 tag; `und` where unknown.",
    "epoch": "From 1; a document that is drawn several times has a row for each.",
    "n_tokens": "Tokens by the tokenizer that the release names.",
    "text": "The document, scrubbed.",
    "messages": "The turns of a conversation, scrubbed; `train` marks what is learnt.",
    "erased": "The row was erased: its content is null.",
}


def croissant(facts: Facts) -> dict[str, Any]:
    """The JSON-LD document as plain values."""
    manifest = facts.manifest
    files, where = _distribution(facts)
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [CORE, RAI],
        "name": manifest.mix,
        "description": facts.release["description"] or manifest.mix,
        "version": manifest.version,
        "license": facts.values("licence") or [UNSTATED],
        "creator": [{"@type": "Organization", "name": name} for name in facts.values("owner")],
        "inLanguage": [tag for tag in facts.languages if tag != "und"],
        "isLiveDataset": False,
        "identifier": f"sha256:{manifest.content_digest}",
        "distribution": files,
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "documents",
                "name": "documents",
                "description": f"{manifest.totals['rows']} documents of {manifest.totals['tokens']} tokens.",
                "key": [{"@id": "documents/id"}, {"@id": "documents/epoch"}],
                "field": [_field(name, kind, where) for name, kind in facts.columns if "struct" not in kind],
            }
        ],
        **_responsible(facts),
    }
    if facts.decision is not None and facts.decision["verdict"] == "approve":
        found["datePublished"] = facts.decision["at"]
    if facts.stated.url:
        found["url"] = facts.stated.url
    return found


def _distribution(facts: Facts) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    manifest = facts.manifest
    listing = manifest.listing
    if listing is None and len(manifest.shards) <= MOST_FILES:
        files: list[dict[str, Any]] = [
            {
                "@type": "cr:FileObject",
                "@id": shard.key,
                "name": shard.key.rpartition("/")[2],
                "description": f"{shard.split}, stage {shard.stage}: {shard.rows} documents, {shard.tokens} tokens",
                "contentUrl": manifest.shard_key(shard),
                "contentSize": f"{shard.bytes} B",
                "encodingFormat": PARQUET,
                "sha256": shard.sha256,
            }
            for shard in manifest.shards
        ]
        inside: list[dict[str, str]] = [{"@id": one["@id"]} for one in files]
    else:
        assert listing is not None
        inside = [{"@id": "listing"}]
        files = [
            {
                "@type": "cr:FileObject",
                "@id": "listing",
                "name": "listing",
                "description": f"Names, sizes and SHA-256 of {len(manifest.shards)} shards.",
                "contentUrl": listing.shards.key,
                "contentSize": f"{listing.shards.bytes} B",
                "encodingFormat": PARQUET,
                "sha256": listing.shards.sha256,
            }
        ]
    shards = {
        "@type": "cr:FileSet",
        "@id": "shards",
        "name": "shards",
        "description": "The shards of the release, in the order of the manifest.",
        "containedIn": inside,
        "encodingFormat": PARQUET,
        "includes": "*.parquet",
    }
    return [*files, shards], {"fileSet": {"@id": "shards"}}


def _field(name: str, kind: str, where: dict[str, Any]) -> dict[str, Any]:
    found = {
        "@type": "cr:Field",
        "@id": f"documents/{name}",
        "name": name,
        "description": _MEANING.get(name, name),
        "dataType": _type(kind),
        "source": {**where, "extract": {"column": name}},
    }
    return found | ({"repeated": True} if kind.startswith(("list", "large_list")) else {})


def _type(kind: str) -> str:
    inner = kind.partition("<")[2] if kind.startswith(("list", "large_list")) else kind
    if "bool" in inner:
        return "sc:Boolean"
    if "int" in inner:
        return "sc:Integer"
    if "float" in inner or "double" in inner:
        return "sc:Float"
    return "sc:Text"


def _responsible(facts: Facts) -> dict[str, Any]:
    report, sources = facts.report, facts.sources
    removed = [f"{entity}: {sum(actions.values())}" for entity, actions in facts.redacted.items()]
    unchecked = [f"{one['what']}: {one['why']}" for one in report["unchecked"]]
    first = min((source["first_partition"] for source in sources if source["first_partition"]), default="")
    last = max((source["last_partition"] for source in sources if source["last_partition"]), default="")
    return {
        "rai:dataCollection": "; ".join(f"{one['dataset']}: {one['description']}" for one in sources) or UNSTATED,
        "rai:dataCollectionType": ["Secondary Data Analysis"],
        "rai:dataCollectionTimeframe": [part for part in (first, last) if part] or [UNSTATED],
        "rai:dataCollectionMissingData": "; ".join(
            f"{one['dataset']}: {one['rows']} rows rejected ({one['reason']})" for one in report["quarantine"]
        )
        or "no row was rejected",
        "rai:dataPreprocessingProtocol": [
            f"Personal data scrubbed under policy {facts.manifest.policy['name']} {facts.manifest.policy['version']}.",
            f"{facts.manifest.totals['duplicates']} duplicate documents taken out.",
            "Unicode NFC; white space and mark-up normalised.",
        ],
        "rai:dataManipulationProtocol": "Values of persons in all rows that could be drawn from, by entity: "
        + (words(removed) if removed else "none found"),
        "rai:personalSensitiveInformation": [
            *(f"{one['dataset']}: legal basis {one['legal_basis']}" for one in sources),
            *report["risks"],
        ],
        "rai:dataLimitations": [
            *(f"{one['dataset']}: {one['limitations']}" for one in sources if one.get("limitations")),
            *unchecked,
        ],
        "rai:dataBiases": "Shares of tokens follow the mix: "
        + words([f"{one['dataset']} {one['tokens']}" for one in sources]),
        "rai:dataUseCases": f"{facts.manifest.purpose}, for {facts.release['audience']}",
        "rai:dataReleaseMaintenancePlan": "Releases are immutable. An erasure leads to a new version; "
        f"retention: {words(facts.values('retention'))}.",
        "rai:machineAnnotationTools": [f"clearinghouse {facts.manifest.code}"],
    }
