"""The values of gates and the figures in their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import yaml

from tests.recount.files import Files, entries
from tests.recount.release import tally_of
from tests.recount.tally import Tally
from tests.recount.walk import Book, in_words

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = (ROOT.parent / "schemas" / "contracts", ROOT / "real" / "contracts")
Said = tuple[Any, tuple[int, ...]]


def count(files: Files, facts: dict[str, Any], book: Book) -> None:
    tally = tally_of(files)
    for number, gate in enumerate(facts["gates"]):
        value, words = MEASURES[gate["name"]](tally, facts, gate) if gate["name"] in MEASURES else (None, None)
        if words is not None:
            book.put(f"gates[{number}].detail", words)
        if gate["value"] not in ("true", "false", "nothing to measure", "not measured"):
            book.put(f"gates[{number}].value", value)
            assert gate["passed"] is compared(value, gate) or gate.get("waived"), gate["name"]


def compared(value: Any, gate: dict[str, Any]) -> bool:
    limit = Fraction(gate["threshold"])
    answers: dict[str, bool] = {"<=": value <= limit, ">=": value >= limit, "==": value == limit}
    return answers[gate["comparison"]]


def _contracts(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    count = len(tally.sources)
    return None, (count, count) if gate["value"] == "true" else ()


def _rejection(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    found = []
    for source in tally.sources:
        receipts = tally.receipts[source["dataset"]]
        table = tally.files.table(entries(receipts, "quarantine"), ["reason"])
        rejected = len(table) if table is not None else 0
        others = sum(sum(one["counts"]["filtered"].values()) + one["counts"]["duplicates"] for one in receipts)
        rows = tally.kept[source["dataset"]] + rejected + others
        found.append((Fraction(rejected, rows) if rows else Fraction(0), rejected, rows))
    worst = max(found, key=lambda one: one[0])
    return worst[0], worst[1:]


def _unscanned(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    cells = unread = 0
    for source in tally.sources:
        dataset = source["dataset"]
        scanned = tally.files.scanned(tally.receipts[dataset])
        cells += len(scanned) * tally.kept[dataset]
        seen = {
            (row["id"], row["field"], row["reason"])
            for row in tally.evidence(dataset).to_pylist()
            if row["action"] == "not_scanned"
        }
        unread += sum(field in scanned for _, field, _ in seen)
    return Fraction(unread, cells) if cells else Fraction(0), (unread, cells)


def _duplicates(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    made = sum(one.made for one in tally.drawn)
    gone = len(tally.files.copies)
    return Fraction(gone, made) if made else Fraction(0), (gone, made)


def _checks(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    # Counted one by one among the sources.
    return None, (sum(one["quality"]["checks"] for one in facts["sources"]),) if gate["value"] == "true" else ()


def _drift(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    kinds: Counter[str] = Counter()
    for source in tally.sources:
        drift = tally.files.snapshot(source["dataset"], source["snapshot"]["ordinal"])["drift"]
        accepted = drift.get("held") or drift["status"] == "accepted"
        kinds["accepted by a person" if accepted else drift["status"]] += 1
    return None, tuple(count for _, count in sorted(kinds.items()))


def _anonymity(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    """The smallest class of the columns that the gate names, among rows that released documents are made of."""
    if gate["value"] == "nothing to measure":
        return None, ()
    names, _, dataset = gate["detail"].partition(" classes of ")[2].partition(" in ")
    dataset = dataset.rpartition(" of ")[2]
    fields = names.split(", ")
    rows = tally.files.by_source(dataset)
    wanted = set()
    for row in rows.select(["id", "made_of"]).to_pylist():
        wanted |= set(row["made_of"] or [row["id"]])
    table = tally.files.table(entries(tally.receipts[dataset], "data"), ["_id", *fields])
    assert table is not None
    classes: Counter[tuple[Any, ...]] = Counter()
    for row in {row["_id"]: row for row in table.to_pylist()}.values():
        if row["_id"] in wanted:
            classes[tuple(row[name] for name in fields)] += 1
    return min(classes.values()), (len(classes), classes.total())


def _kinds(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    """The fewest data sets that a language has documents of, among those with their least share."""
    kinds: dict[str, Counter[str]] = {}
    for source in tally.sources:
        mine = tally.mine(source)
        first = mine.filter(pc.and_(pc.equal(mine.column("epoch"), 1), pc.invert(mine.column("erased"))))
        for language in dict(
            zip(first.column("id").to_pylist(), first.column("language").to_pylist(), strict=True)
        ).values():
            kinds.setdefault(language, Counter())[source["dataset"]] += 1
    return _fewest(kinds, gate)


def _fewest(kinds: dict[str, Counter[str]], gate: dict[str, Any]) -> Said:
    said = in_words(gate["detail"])
    total = sum(sets.total() for sets in kinds.values())
    least = Fraction(gate["detail"].partition(" of less than ")[2].partition(" ")[0] or "0")
    counted = {kind: sets for kind, sets in kinds.items() if sets.total() >= least * total}
    small = len(kinds) - len(counted)
    words = (len(counted), small) if small else (len(counted),)
    return min(len(sets) for sets in counted.values()), words + said[len(words) :]


def _types(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    """The same by the type of document that the contract's own file names."""
    kinds: dict[str, Counter[str]] = {}
    for source, drawn in zip(tally.sources, tally.drawn, strict=True):
        if drawn.taken:
            kinds.setdefault(_profile(source["dataset"], source.get("view", "")), Counter())[source["dataset"]] += (
                drawn.taken
            )
    return _fewest(kinds, gate)


def _profile(dataset: str, view: str) -> str:
    name = f"{dataset.replace('.', '/', 1)}.odcs.yaml"
    (file,) = [folder / name for folder in CONTRACTS if (folder / name).exists()]
    stated = {
        one["property"]: one["value"] for one in yaml.safe_load(file.read_text(encoding="utf-8"))["customProperties"]
    }
    return str(
        (stated["views"][view] if view else stated["document"]).get("profile", stated["document"].get("profile"))
    )


def _warnings(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    found = {}
    for source in tally.sources:
        drift = tally.files.snapshot(source["dataset"], source["snapshot"]["ordinal"])["drift"]
        found[source["dataset"]] = len(drift.get("changes", ())) + drift.get("further", 0)
    return sum(found.values()), ()


def _generated(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    made = total = 0
    for source in tally.sources:
        tokens = pc.sum(tally.mine(source).column("n_tokens")).as_py() or 0
        total += tokens
        made += tokens if source.get("synthetic", "") != "none" else 0
    return Fraction(made, total), (made, total)


def _none(tally: Tally, facts: dict[str, Any], gate: dict[str, Any]) -> Said:
    return None, ()


MEASURES: dict[str, Callable[[Tally, dict[str, Any], dict[str, Any]], Said]] = {
    "contract_complete": _contracts,
    "purpose_allowed": _contracts,
    "licence_present": _contracts,
    "consent_recorded": _contracts,
    "consent_for_personal": _contracts,
    "snapshots_current": _contracts,
    "synthetic_declared": _contracts,
    "drift_accepted": _drift,
    "quality_passed": _checks,
    "accounting_balanced": _none,
    "source_rejection_rate": _rejection,
    "unscanned_share": _unscanned,
    "duplicate_share": _duplicates,
    "k_anonymity": _anonymity,
    "sources_per_language": _kinds,
    "sources_per_type": _types,
    "drift_warnings": _warnings,
    "decontaminated": _none,
    "export_recorded": _none,
    "synthetic_share": _generated,
}
