"""The release as a whole: totals, the matrix with its series, what changed since the release before, how much was read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow.compute as pc

from tests.recount.files import Files
from tests.recount.tally import Tally
from tests.recount.walk import Book


def count(files: Files, facts: dict[str, Any], book: Book) -> None:
    tally = tally_of(files)
    _totals(files, tally, facts, book)
    before = [tally_of(Files(files.store, files.mix, one["version"])) for one in facts["history"][:-1]]
    series = [*before, tally]
    for number, (row, one) in enumerate(zip(facts["history"], series, strict=True)):
        live = one.files.rows
        book.put_all(
            f"history[{number}]",
            {
                "rows": len(live),
                "tokens": pc.sum(live.column("n_tokens")).as_py(),
                "redacted": one.changed(),
                "drawn_from": one.unit_tokens(),
            },
        )
        assert row["version"] == one.files.version
    _matrix(tally, series, facts, book)
    _changes(tally, before[-1] if before else None, facts, book)
    chars = Counter[str]()
    for said, (dataset, found) in zip(
        facts["over"]["chars"], [one for one in tally.chars.items() if one[1]["scanned"]], strict=True
    ):
        assert said["dataset"] == dataset
        chars.update(found)
        book.put_all(f"over.chars[{facts['over']['chars'].index(said)}]", found)
    book.put_all("chars", {name: chars[name] for name in ("scanned", "covered")})
    _strings(tally, facts["over"], book)
    looked = len(files.rows)
    assert looked <= 100_000 or facts["seen"]["rows"] >= 100_000
    book.put_all("seen", {"rows": facts["seen"]["rows"] if looked > 100_000 else looked, "of": looked})


_KNOWN: dict[tuple[str, str, str], Tally] = {}


def tally_of(files: Files) -> Tally:
    """One of each release: several parts of a report ask for it."""
    key = (str(files.folder), files.manifest["digest"], str(files.folder.stat().st_mtime_ns))
    if key not in _KNOWN:
        _KNOWN[key] = Tally(files)
    return _KNOWN[key]


def _totals(files: Files, tally: Tally, facts: dict[str, Any], book: Book) -> None:
    rows = files.rows
    totals = {
        "rows": len(rows),
        "tokens": pc.sum(rows.column("n_tokens")).as_py(),
        "bytes": sum(file.stat().st_size for file in files.shard_files),
        "documents": sum(one.made for one in tally.drawn),
        "taken": sum(one.taken for one in tally.drawn),
        "duplicates": len(files.copies),
    }
    if "erased" in facts["release"]["totals"]:
        totals["erased"] = pc.sum(rows.column("erased")).as_py()
    book.put_all("release.totals", totals)
    book.put("release.shards", len(files.shard_files))


def _matrix(tally: Tally, series: list[Tally], facts: dict[str, Any], book: Book) -> None:
    told = {(row["unit"], row["entity"], action) for row in facts["matrix"] for action in row["actions"]}
    assert told == set(tally.cells)
    for number, row in enumerate(facts["matrix"]):
        unit, entity, place = row["unit"], row["entity"], f"matrix[{number}]"
        for action in row["actions"]:
            book.put(f"{place}.actions.{action}", tally.cells[unit, entity, action])
        book.put(f"{place}.changed", tally.changed(unit, entity))
        book.put(f"{place}.unit_rows", tally.unit_rows(unit))
        book.put(f"{place}.unit_tokens", tally.unit_tokens(unit))
        assert len(row["series"]) == len(series)
        for at, one in enumerate(series):
            book.put(f"{place}.series[{at}].count", one.changed(unit, entity))
            book.put(f"{place}.series[{at}].tokens", one.unit_tokens(unit))
    found = {
        (row["dataset"], row["field"], row["entity"], row["action"], row["recogniser"]) for row in facts["redactions"]
    }
    assert found == set(tally.redactions)
    for number, row in enumerate(facts["redactions"]):
        key = (row["dataset"], row["field"], row["entity"], row["action"], row["recogniser"])
        book.put(f"redactions[{number}].count", tally.redactions[key])


def _changes(tally: Tally, before: Tally | None, facts: dict[str, Any], book: Book) -> None:
    if before is None:
        assert facts["changes"] is None
        return
    said = facts["changes"]
    for number, row in enumerate(said["tokens"]):
        for name, one in (("before", before), ("now", tally)):
            there = row["dataset"] in one.datasets
            tokens = pc.sum(one.files.by_source(row["dataset"]).column("n_tokens")).as_py()
            book.put(f"changes.tokens[{number}].{name}", (tokens or 0) if there else None)
    kinds = sorted({entity for _, entity, _ in (*before.cells, *tally.cells)})
    wanted = [one for one in kinds if before.changed(entity=one) or tally.changed(entity=one)]
    assert [row["entity"] for row in said["entities"]] == wanted
    sizes = before.unit_rows(), tally.unit_rows()
    book.put_all("changes.rows", {"before": sizes[0], "now": sizes[1]})
    for number, row in enumerate(said["entities"]):
        counts = before.changed(entity=row["entity"]), tally.changed(entity=row["entity"])
        book.put_all(f"changes.entities[{number}]", {"before": counts[0], "now": counts[1]})
        assert row["flag"] == flag(counts[0], sizes[0], counts[1], sizes[1]), row


def flag(before: int, of_before: int, now: int, of_now: int) -> str:
    """Whether a rate moved by three standard errors of two proportions and by a fifth: in floats, apart from the product."""
    if not of_before or not of_now:
        return ""
    old, new, pooled = before / of_before, now / of_now, (before + now) / (of_before + of_now)
    spread = pooled * (1 - pooled) if pooled < 0.5 else pooled
    error = (spread * (1 / of_before + 1 / of_now)) ** 0.5
    if abs(new - old) <= 3 * error or abs(new - old) < max(old, new) / 5:
        return ""
    if not before or not now:
        return "new" if now else "gone"
    return "rise" if new > old else "fall"


def _strings(tally: Tally, over: dict[str, Any], book: Book) -> None:
    """Strings of free text that were redacted most often, by keyed hash."""
    found: Counter[tuple[str, str, str]] = Counter()
    finds = 0
    for dataset in tally.datasets:
        for row in tally.evidence(dataset).to_pylist():
            finds += 1
            guessed = row["recogniser"] != "column" and not row["recogniser"].startswith("known.")
            if guessed and row["value_hash"] and row["action"] not in ("keep", "not_scanned"):
                found[dataset, row["entity"], row["value_hash"]] += 1
    book.put_all("over", {"finds": finds, "of": finds})
    assert over["exact"] is True
    often = sorted((-count, *name) for name, count in found.items() if count >= 5)[:12]
    assert [(row["dataset"], row["entity"], row["hash"]) for row in over["strings"]] == [
        (dataset, entity, hashed[:12]) for _, dataset, entity, hashed in often
    ]
    for number, (less, *_) in enumerate(often):
        book.put(f"over.strings[{number}].count", -less)
