"""Releases, snapshots and rows as people read them and as JSON gives them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseInfo, ReleaseRef
from clearinghouse.cli.output import table
from schemas.errors import IntegrityError
from schemas.manifest import SnapshotManifest

if TYPE_CHECKING:
    from infra.store import Store


def list_releases(store: Store) -> list[dict[str, Any]]:
    """One line a release. A damaged one is listed as such: the others are still to be seen."""
    found = []
    for mix in store.folders("releases/"):
        for version in catalog.versions(store, mix):
            line: dict[str, Any] = dict.fromkeys(
                ("status", "latest", "rows", "tokens", "gates", "reviewer", "at", "reason", "digest")
            )
            line |= {"mix": mix, "version": version}
            try:
                info = catalog.release(store, ReleaseRef(mix, version))
            except IntegrityError as error:
                found.append({**line, "status": "damaged", "problem": error.message})
                continue
            manifest, decision = info.manifest, info.decision
            passed = sum(gate.get("passed") is True for gate in manifest.gates)
            line |= {
                "status": info.status,
                "latest": info.is_latest,
                "rows": manifest.totals.get("rows"),
                "tokens": manifest.totals.get("tokens"),
                "gates": f"{passed}/{len(manifest.gates)}",
                "digest": manifest.digest,
            }
            if decision is not None:
                line |= {"reviewer": decision.reviewer, "at": decision.at, "reason": decision.reason}
            found.append(line)
    return found


def list_snapshots(store: Store) -> list[dict[str, Any]]:
    """One line a data set: its newest snapshot."""
    found = []
    for key in catalog.datasets(store):
        snapshot = catalog.find_snapshot(store, key)
        counts = snapshot.counts
        found.append(
            {
                "dataset": key,
                "snapshot": snapshot.ordinal,
                "partitions": len({receipt.partition for receipt in snapshot.receipts}),
                "rows_in": counts.rows_in,
                "kept": counts.kept,
                "quarantined": sum(counts.quarantined.values()),
                "duplicates": counts.duplicates,
                "digest": snapshot.digest,
            }
        )
    return found


def releases_table(lines: Sequence[Mapping[str, Any]]) -> str:
    """`list_releases` as a table; empty for none."""
    heads = ("release", "status", "latest", "rows", "tokens", "gates passed", "decided by", "at")
    names = ("status", "latest", "rows", "tokens", "gates", "reviewer", "at")
    rows = [(f"{line['mix']}@{line['version']}", *(line[name] for name in names)) for line in lines]
    return table(heads, rows) if rows else ""


def snapshots_table(lines: Sequence[Mapping[str, Any]]) -> str:
    """`list_snapshots` as a table; empty for none."""
    heads = ("data set", "snapshot", "partitions", "rows", "quarantined", "duplicates", "digest")
    names = ("dataset", "snapshot", "partitions", "kept", "quarantined", "duplicates")
    rows = [(*(line[name] for name in names), line["digest"][:16]) for line in lines]
    return table(heads, rows) if rows else ""


def release_facts(info: ReleaseInfo) -> dict[str, Any]:
    """Manifest, status and decision as JSON."""
    decision = json.loads(info.decision.to_json()) if info.decision else None
    return {
        "release": str(info.ref),
        "status": info.status,
        "latest": info.is_latest,
        "decision": decision,
        "content_digest": info.manifest.content_digest,
        "manifest": json.loads(info.manifest.to_json()),
    }


def release_text(info: ReleaseInfo, uri: str) -> str:
    manifest, decision = info.manifest, info.decision
    status: str = info.status
    if decision is not None:
        status += f" by {printable(decision.reviewer)} on {decision.at}: {printable(decision.reason)}"
    facts = [
        ("status", status + ("; latest" if info.is_latest else "")),
        ("digest", manifest.digest),
        ("purpose, format", f"{manifest.purpose}, {manifest.sample_format}"),
        ("rows", f"{manifest.totals.get('rows', 0):,}"),
        ("tokens", f"{manifest.totals.get('tokens', 0):,} by {manifest.tokenizer.get('name')}"),
        ("shards", f"{len(manifest.shards):,} ({manifest.totals.get('bytes', 0):,} bytes)"),
        ("policy", f"{manifest.policy.get('name')} {manifest.policy.get('version')}"),
        ("code", manifest.code),
        ("follows", manifest.parent or "–"),
    ]
    parts = [table(("", str(info.ref)), facts)]
    if manifest.sources:
        rows = [
            (
                source.get("dataset"),
                (source.get("snapshot") or {}).get("ordinal") if isinstance(source.get("snapshot"), Mapping) else None,
                source.get("licence"),
                source.get("legal_basis"),
                source.get("documents"),
                source.get("rows"),
                source.get("tokens"),
            )
            for source in manifest.sources
        ]
        parts.append(table(("source", "snapshot", "licence", "basis", "documents", "rows", "tokens"), rows))
    if manifest.gates:
        gates = [
            (
                gate.get("name"),
                "passed" if gate.get("passed") is True else "FAILED",
                str(gate.get("value")),
                f"{gate.get('comparison')} {gate.get('threshold')}",
                gate.get("citation") or None,
            )
            for gate in manifest.gates
        ]
        parts.append(table(("gate", "", "value", "must be", "after"), gates))
    parts.append(_redactions(manifest.redactions))
    files = [f"{uri}/{info.ref.folder}/{name}" for name in sorted(manifest.artefacts)]
    if "?" not in uri:
        parts.append("\n".join(files))
    if decision is None:
        parts.append(f'undecided: clearinghouse approve {info.ref} --reviewer NAME --reason "…"  (or reject)')
    return "\n\n".join(part for part in parts if part)


def snapshot_facts(snapshot: SnapshotManifest) -> dict[str, Any]:
    """Manifest and totals as JSON."""
    counts = snapshot.counts
    return {
        "dataset": snapshot.dataset,
        "snapshot": snapshot.ordinal,
        "counts": {
            "rows_in": counts.rows_in,
            "kept": counts.kept,
            "filtered": dict(counts.filtered),
            "quarantined": dict(counts.quarantined),
            "duplicates": counts.duplicates,
            "balanced": counts.balanced,
        },
        "manifest": json.loads(snapshot.to_json()),
    }


def snapshot_text(snapshot: SnapshotManifest) -> str:
    counts = snapshot.counts
    facts = [
        ("digest", snapshot.digest),
        ("contract", f"{snapshot.contract.get('id')} {snapshot.contract.get('version')}"),
        ("policy", f"{snapshot.policy.get('name')} {snapshot.policy.get('version')}"),
        ("pseudonym key", snapshot.key_id),
        ("code", snapshot.code),
        ("quality", ", ".join(f"{snapshot.quality[k]} {k}" for k in ("checks", "passed") if k in snapshot.quality)),
    ]
    rows = [
        ("rows in", counts.rows_in),
        ("kept", counts.kept),
        *((f"filtered: {reason}", number) for reason, number in sorted(counts.filtered.items())),
        *((f"quarantined: {reason}", number) for reason, number in sorted(counts.quarantined.items())),
        ("duplicates", counts.duplicates),
    ]
    partitions: dict[str, Counter[str]] = {}
    redacted: Counter[str] = Counter()
    for receipt in snapshot.receipts:
        one = partitions.setdefault(receipt.partition, Counter())
        one.update(
            units=1,
            kept=receipt.counts.kept,
            quarantined=sum(receipt.counts.quarantined.values()),
            bytes=sum(entry.bytes for entry in receipt.data),
        )
        redacted.update(receipt.redactions)
    heads = ("partition", "units of work", "rows", "quarantined", "bytes")
    lines = [(name, c["units"], c["kept"], c["quarantined"], c["bytes"]) for name, c in sorted(partitions.items())]
    shown = lines[-20:]
    title = f"newest 20 of {len(lines):,} partitions" if len(lines) > 20 else ""
    balance = "rows add up" if counts.balanced else "ROWS DO NOT ADD UP"
    parts = [
        table(("", f"{snapshot.dataset}, snapshot {snapshot.ordinal}"), facts),
        table(("", "rows"), rows) + f"\n{balance}",
        table(heads, shown, title),
        _redactions(redacted),
    ]
    return "\n\n".join(part for part in parts if part)


def _redactions(redactions: Mapping[str, int]) -> str:
    """By entity and action; the fields and recognisers stand in the manifest."""
    found: Counter[tuple[str, str]] = Counter()
    for name, count in redactions.items():
        *_, entity, action, _ = name.split("|")
        found[entity, action] += count
    lines = [(entity, action, count) for (entity, action), count in sorted(found.items())]
    return table(("entity", "action", "values"), lines) if lines else ""


def row_text(number: int, row: Mapping[str, Any], width: int | None = None) -> str:
    """One row as lines ``column  value``, each cut to the terminal."""
    from rich.cells import cell_len, set_cell_size

    width = width or shutil.get_terminal_size((100, 24)).columns
    names = max((len(name) for name in row), default=0)
    room = max(20, width - names - 2)
    lines = [f"── {number} " + "─" * max(0, min(width, 60) - len(str(number)) - 4)]
    for name, value in row.items():
        text = printable(value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False, default=str))
        if cell_len(text) > room:
            text = set_cell_size(text[:room], room - 1).rstrip() + "…"
        lines.append(f"{name:<{names}}  {text}")
    return "\n".join(lines)


def plain(value: Any) -> Any:
    """A value of a row as JSON takes it: bytes become hex digits."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def printable(text: str) -> str:
    """Text on one line that a terminal only shows: controls, escapes and direction marks are written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
