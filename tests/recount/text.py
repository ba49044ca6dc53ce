"""Figures in the sentences of a report: what was not checked and what risk is left, in both languages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.recount.files import Files
from tests.recount.release import tally_of
from tests.recount.tally import Tally
from tests.recount.walk import Book

#: Sentences with figures that count nothing of the release, by how they begin: the rule of three, articles of laws.
_CONSTANT = {"none was drawn when this was built": (0, 3, 95), "构建时尚未抽样": (3, 95)}


def count(files: Files, facts: dict[str, Any], book: Book) -> None:
    tally = tally_of(files)
    _not_scanned(tally, facts, book)
    cells = sum(row["cells"] for row in facts["not_scanned"])
    for number, row in enumerate(facts["unchecked"]):
        for name in ("why", "why_zh"):
            said = row[name]
            constant = next((value for start, value in _CONSTANT.items() if said.startswith(start)), None)
            about_cells = row["what"] == "Parts of free text"
            book.put(f"unchecked[{number}].{name}", (cells,) if about_cells else constant or ())
    left = _left(tally)
    keys = sorted({source["snapshot"]["key_id"] for source in tally.sources})
    for number, said in enumerate(facts["risks"]):
        for name in ("risks", "risks_zh"):
            book.put(f"{name}[{number}]", _risk(tally, said, facts[name][number], left, keys))


def _not_scanned(tally: Tally, facts: dict[str, Any], book: Book) -> None:
    found: Counter[tuple[str, str, str]] = Counter()
    for dataset in tally.datasets:
        cells = {
            (row["id"], row["field"], row["reason"])
            for row in tally.evidence(dataset).to_pylist()
            if row["action"] == "not_scanned"
        }
        for _, field, reason in cells:
            found[dataset, field, reason] += 1
    assert {(row["dataset"], row["field"], row["reason"]) for row in facts["not_scanned"]} == set(found)
    for number, row in enumerate(facts["not_scanned"]):
        book.put(f"not_scanned[{number}].cells", found[row["dataset"], row["field"], row["reason"]])


def _left(tally: Tally) -> Counter[str]:
    """Values by what was done with them."""
    found: Counter[str] = Counter()
    for (_, _, _, action, _), values in tally.redactions.items():
        found[action] += values
    return found


def _risk(tally: Tally, said: str, shown: str, left: Counter[str], keys: list[str]) -> tuple[int, ...]:
    """The numbers of one sentence; those in the names of keys are told apart by the names."""
    named = tuple(int(key) for key in keys if key.isdecimal() and key in shown)
    article = (73,) if "art. 73" in shown else ()
    if "keyed pseudonyms" in said:
        return (left["pseudonym"], *named)
    if " were replaced by " in said:
        for action, word in (("surrogate", "invented"), ("encrypt", "encrypted"), ("generalise", "coarse")):
            if word in said:
                return (left[action], *named, *article)
    if "found and kept" in said:
        return (left["keep"],)
    if "were left out, not scrubbed again" in said:
        return (sum(_stale(tally, source) for source in {one["dataset"]: one for one in tally.sources}.values()),)
    if " of near duplicates stood in more documents " in said:
        # Work that the search did not do: nothing but the manifest has it.
        return (tally.manifest["curation"]["duplicates"]["cut"],)
    if said.startswith("Rows were scrubbed by "):
        return (len({receipt["basis"]["code"] for receipts in tally.receipts.values() for receipt in receipts}),)
    if said.startswith(("Free text was searched", "Gates not passed")):
        return ()
    raise AssertionError(f"a sentence whose figures nobody counts: {said}")


def _stale(tally: Tally, source: dict[str, Any]) -> int:
    return int(source["row_counts"]["filtered"].get("stale", 0))
