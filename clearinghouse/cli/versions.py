"""``clearinghouse diff``, ``explain`` and ``purge-shards``: versions of releases, and where a document stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from clearinghouse.cli.output import JsonOption, StoreOption, emit, table


def diff(
    first: Annotated[str, typer.Argument(metavar="RELEASE", help="mix@version, or mix for its latest.")],
    second: Annotated[str, typer.Argument(metavar="RELEASE", help="The other one.")],
    changes: Annotated[
        Path | None, typer.Option(help="Write every document that is not the same in both to this Parquet file.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two releases: documents by id, tokens, sources, what they were made under, and the shards they share."""
    from clearinghouse.jobs.diff import diff as job
    from clearinghouse.jobs.scratch import scratch
    from clearinghouse.settings import Settings
    from infra.store import open_store

    opened = open_store(Settings.from_env(store=store).store)
    opened.check()
    with scratch() as folder:
        found = job(opened, first, second, folder, changes)
    emit(found, lambda: _diff_text(found, changes), as_json=as_json)


_COUNTS = ("from", "to", "kept", "added", "removed", "erased", "other_tokens", "tokens_from", "tokens_to")


def _diff_text(found: Mapping[str, Any], changes: Path | None) -> str:
    one, two = found["from"], found["to"]
    facts = [
        (name.replace("_", " "), one[name], two[name])
        for name in ("status", "rows", "tokens", "bytes", "shards", "erased", "digest")
    ]
    heads = ("documents", *(name.replace("_", " ") for name in _COUNTS))
    lines = [("all", *(found["documents"][name] for name in _COUNTS))]
    for source in found["sources"]:
        lines.append((source["dataset"], *(source["documents"].get(name, 0) for name in _COUNTS)))
        if len(source["languages"]) > 1 and source["documents"]["kept"]:
            lines += [
                (f"  {name}", *(counts[what] for what in _COUNTS)) for name, counts in source["languages"].items()
            ]
    shards = found["shards"]
    parts = [
        table(("", one["release"], two["release"]), facts),
        table(heads, lines),
        f"shards: {shards['same']:,} of {shards['to']:,} are those of {one['release']}"
        + ("" if shards["shared"] == shards["same"] else " by their bytes, in a pool of their own")
        + f"; new are {shards['new_bytes']:,} bytes",
    ]
    changed = _changed(found)
    parts.append(table(("changed", one["release"], two["release"]), changed) if changed else "made under the same")
    if changes is not None:
        parts.append(f"documents that are not the same: {changes}")
    return "\n\n".join(parts)


def _changed(found: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for source in found["sources"]:
        # A source that only one of them has is told once.
        whole = ("contract", "snapshot", "licence", "legal_basis") if all(source["snapshot"]) else ("snapshot",)
        for what in whole:
            before, after = (_short(value) for value in source[what])
            if before != after:
                rows.append((f"{source['dataset']}: {what.replace('_', ' ')}", before, after))
    for name, value in found["changed"].items():
        if isinstance(value, Mapping):
            rows += [(f"{name}: {inner}", *map(_short, pair)) for inner, pair in value.items()]
        else:
            rows.append((name.replace("_", " "), _short(value[0]), _short(value[1])))
    return rows


def _short(value: Any) -> str:
    """A value of a manifest in a line: of a gate what came of it, of a digest its beginning."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        if "threshold" in value:
            passed = "passed" if value.get("passed") is True else "failed"
            return f"{value.get('value')} {value.get('comparison')} {value['threshold']}, {passed}"
        said = " ".join(_short(value[name]) for name in ("name", "version", "ordinal", "digest") if name in value)
        return said or ("…" if value else "none")
    text = str(value)
    if len(text) == 64 and not set(text) - set("0123456789abcdef"):
        return text[:12]
    return text if len(text) <= 60 else text[:59] + "…"


def explain(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT_ID", help="The id of a document, or of one of its rows.")
    ],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell where a document comes from, what was redacted in it, and which releases hold it, or why they do not."""
    from clearinghouse.jobs.explain import explain as job
    from clearinghouse.settings import Settings
    from infra.store import open_store

    opened = open_store(Settings.from_env(store=store).store)
    opened.check()
    found = job(opened, document)
    emit(found, lambda: _explain_text(found), as_json=as_json)


def _explain_text(found: Mapping[str, Any]) -> str:
    parts: list[str] = []
    heads: tuple[str, ...]
    lines: list[tuple[Any, ...]]
    origin = found["origin"]
    if origin is None:
        parts.append(
            f"{found['id']} is in no snapshot any more: its rows were superseded, erased or are past their time"
        )
    else:
        snapshots = ", ".join(map(str, origin["snapshots"]))
        rows = [
            ("unit", origin["unit"]),
            ("data set", origin["dataset"]),
            ("snapshots", snapshots if origin["newest"] else f"{snapshots}; the newest has it no more"),
            ("partition", origin["partition"]),
            ("record", f"{origin['position']:,}"),
            ("rows", ", ".join(origin["rows"][:8]) + (" …" if len(origin["rows"]) > 8 else "")),
            *([] if origin["complete"] else [("", "further rows of it are not to be found in this snapshot")]),
            ("from", ", ".join(sorted({str(one.get("uri", "")) for one in origin["inputs"]})[:4]) or "–"),
        ]
        parts.append(table(("", found["id"]), rows))
    if found["redactions"]:
        heads = ("field", "entity", "action", "recogniser", "policy", "count")
        lines = [
            (
                *(one[name] for name in heads[:4]),
                found["policies"].get(one["policy"], _short(one["policy"])),
                one["count"],
            )
            for one in found["redactions"]
        ]
        parts.append(table(heads, lines, "redactions"))
    elif origin is not None:
        parts.append("nothing was redacted in it")
    if found["not_scanned"]:
        heads = ("field", "reason", "count")
        parts.append(table(heads, [tuple(one[name] for name in heads) for one in found["not_scanned"]], "not read"))
    if found["releases"]:
        lines = [
            (
                one["release"],
                one["status"] + (", latest" if one["latest"] else ""),
                row["row"],
                row["epoch"],
                row["split"],
                row["stage"],
                row["shard"],
                row["n_tokens"],
                row["state"]
                + (f" by {row['erasure']}" if row["erasure"] else "")
                + (f", in document {row['id']}" if row["id"] != found["id"] else ""),
            )
            for one in found["releases"]
            for row in one["rows"]
        ]
        heads = ("release", "status", "row", "epoch", "split", "stage", "shard", "tokens", "state")
        parts.append(table(heads, lines))
    if found["absent"]:
        lines = [(one["release"], one["status"], _reason(one)) for one in found["absent"]]
        parts.append(table(("not in release", "status", "why"), lines))
    if not found["releases"] and not found["absent"]:
        parts.append("there is no release yet")
    parts += [f"could not be looked at: {said}" for said in found["unread"]]
    return "\n\n".join(parts)


def _reason(one: Mapping[str, Any]) -> str:
    reason = str(one["reason"])
    said = {
        "duplicate": lambda: (
            f"{one['kind']} duplicate of {one['winner'] or 'a document since erased'} of {one['winner_dataset']}"
            + (f", similarity {one['similarity']:.2f}" if one["kind"] == "near" else "")
        ),
        "quality": lambda: f"breaks quality rules: {', '.join(one['reasons'])}",
        "not_drawn_from": lambda: (
            f"draws nothing from {one['dataset']}" if one["dataset"] else "its data set is unknown"
        ),
        "snapshot": lambda: (
            f"was made from snapshot {one['snapshot']}, which did not hold it "
            f"({_s('snapshot', one['held_by'])} {', '.join(map(str, one['held_by']))})"
        ),
        "not_sampled": lambda: "not sampled: the budget or the weights did not reach it",
        "one_of": lambda: f"one of: {', '.join(name.replace('_', ' ') for name in one['reasons'])}",
        "benchmark": lambda: "overlaps with a benchmark",
    }
    return said[reason]() if reason in said else reason.replace("_", " ")


def _s(word: str, items: Sequence[Any]) -> str:
    return word if len(items) == 1 else f"{word}s"


def purge_shards(
    mix: Annotated[str | None, typer.Argument(metavar="[MIX]", help="Only the pool of this mix.")] = None,
    older_than: Annotated[int, typer.Option(min=1, help="Days that what no manifest names is left alone.")] = 7,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and remove nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove shards that no manifest names: what builds that did not end have left. Releases lose nothing."""
    from datetime import timedelta

    from clearinghouse import catalog
    from clearinghouse.jobs.context import NotFoundByName
    from clearinghouse.jobs.release_pool import purge
    from clearinghouse.settings import Settings
    from infra.store import open_store

    opened = open_store(Settings.from_env(store=store).store)
    opened.check()
    there = list(opened.folders("releases/"))
    if mix is not None and mix not in there:
        raise NotFoundByName(
            f"there is no pool of {mix!r} in {opened.uri}; there are those of {catalog.some(there)}",
            fix="clearinghouse ls releases",
        )
    done = [
        purge(opened, name, grace=timedelta(days=older_than), dry_run=dry_run) for name in ([mix] if mix else there)
    ]
    value = {
        "dry_run": dry_run,
        "pools": [
            {
                "mix": one.mix,
                "removed": [entry.key for entry in one.removed],
                "bytes": one.bytes,
                "kept": [entry.key for entry in one.kept],
            }
            for one in done
        ],
    }

    def text() -> str:
        rows = [(one.mix, len(one.removed), one.bytes, len(one.kept)) for one in done]
        lines = [table(("mix", "removed", "bytes", f"younger than {older_than} days"), rows)]
        return "\n".join([*lines, *(["nothing was removed: --dry-run"] if dry_run else [])])

    emit(value, text, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("diff")(diff)
    app.command("explain")(explain)
    app.command("purge-shards")(purge_shards)
