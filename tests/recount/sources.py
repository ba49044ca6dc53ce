"""Each source: rows and documents with what became of them, tokens, languages, rejects, checks, copies, the mix's parts."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pyarrow.compute as pc

from tests.recount.files import Files, entries
from tests.recount.release import tally_of
from tests.recount.tally import Drawn, Tally
from tests.recount.walk import Book


def count(files: Files, facts: dict[str, Any], book: Book) -> None:
    tally = tally_of(files)
    assert [(one["dataset"], one.get("view", "")) for one in facts["sources"]] == [
        (one["dataset"], one.get("view", "")) for one in tally.sources
    ]
    wanted = sum(one["tokens_wanted"] for one in facts["sources"])
    for number, (source, drawn) in enumerate(zip(facts["sources"], tally.drawn, strict=True)):
        place = f"sources[{number}]"
        book.put(f"{place}.wanted_of", wanted)
        book.put(f"{place}.tokens_of", pc.sum(files.rows.column("n_tokens")).as_py())
        _released(tally, source, drawn, book, place)
        _rows(tally, source, drawn, book, place)
        _ingest(files, tally, source, book, place)
        _quality(files, source, book, place)
        book.put(f"{place}.snapshot.ordinal", _ordinal(files, source))
        book.put(f"digests.sources[{number}].ordinal", _ordinal(files, source))
    for number, one in enumerate(facts["drift"]):
        (ordinal,) = {
            source["snapshot"]["ordinal"] for source in facts["sources"] if source["dataset"] == one["dataset"]
        }
        book.put(f"drift[{number}].snapshot", ordinal)
        for at, earlier in enumerate(one["baseline"]):
            assert files.snapshot(one["dataset"], earlier)
            book.put(f"drift[{number}].baseline[{at}]", earlier)
    _rejects(files, tally, facts, book)
    _copies(files, tally, facts, book)
    _wanted(tally, facts, book)
    _parts(tally, facts, book)


def _ordinal(files: Files, source: dict[str, Any]) -> int:
    """The number of the snapshot that has the digest."""
    folder = files.store / "scrubbed" / source["dataset"].replace(".", "/", 1) / "snapshots"
    (found,) = [
        int(file.stem)
        for file in folder.glob("*.json")
        if json.loads(file.read_text(encoding="utf-8"))["digest"] == source["snapshot"]["digest"]
    ]
    return found


def _released(tally: Tally, source: dict[str, Any], drawn: Drawn, book: Book, place: str) -> None:
    mine = tally.mine(source)
    live = mine.filter(pc.invert(mine.column("erased")))
    first = live.filter(pc.equal(live.column("epoch"), 1))
    documents = dict(zip(first.column("id").to_pylist(), first.column("language").to_pylist(), strict=True))
    tokens = pc.sum(mine.column("n_tokens")).as_py() or 0
    book.put_all(
        place, {"rows": len(mine), "documents": len(documents), "tokens": tokens, "tokens_available": drawn.available}
    )
    if "erased" in source:
        book.put(f"{place}.erased", pc.sum(mine.column("erased")).as_py())
    languages = Counter(documents.values())
    assert set(source["languages"]) == set(languages), place
    book.put_all(f"{place}.languages", languages)
    filtered = Counter(drawn.filtered)
    if drawn.erased:
        filtered["erased"] = drawn.erased
    assert {name for name, one in source["counts"]["filtered"].items() if one} == {
        n for n, one in filtered.items() if one
    }
    book.put_all(f"{place}.counts", {"rows_in": drawn.made, "kept": len(documents), "duplicates": drawn.copies})
    book.put_all(f"{place}.counts.filtered", {name: filtered[name] for name in source["counts"]["filtered"]})
    for number, section in enumerate(source.get("sections", ())):
        here = mine.filter(
            pc.and_(pc.equal(mine.column("split"), section["split"]), pc.equal(mine.column("stage"), section["stage"]))
        )
        book.put_all(
            f"{place}.sections[{number}]",
            {"stage": section["stage"], "rows": len(here), "tokens": pc.sum(here.column("n_tokens")).as_py() or 0},
        )


def _rows(tally: Tally, source: dict[str, Any], drawn: Drawn, book: Book, place: str) -> None:
    """Rows of the snapshot: each in one document, or left out for one reason."""
    left = Counter(drawn.dropped)
    left["superseded"] += tally.superseded(source["dataset"])
    if drawn.erased:
        left["erased"] = drawn.erased_source_rows
    left = Counter({name: one for name, one in left.items() if one})
    assert set(source["row_counts"]["filtered"]) == set(left), (place, source["row_counts"], left)
    book.put_all(
        f"{place}.row_counts",
        {
            "rows_in": tally.source_rows[source["dataset"]],
            "kept": drawn.rows_used - left["erased"],
            "duplicates": 0,
        },
    )
    book.put_all(f"{place}.row_counts.filtered", left)


def _ingest(files: Files, tally: Tally, source: dict[str, Any], book: Book, place: str) -> None:
    """Rows that came from the unit: clean and rejected ones are counted, the others are what is left of the receipts."""
    receipts = tally.receipts[source["dataset"]]
    table = files.table(entries(receipts, "quarantine"), ["reason"])
    rejected = Counter(table.column("reason").to_pylist()) if table is not None else Counter[str]()
    others: Counter[str] = Counter()
    for receipt in receipts:
        counts = receipt["counts"]
        others["duplicates"] += counts["duplicates"]
        others.update(counts["filtered"])
    kept = tally.kept[source["dataset"]]
    assert set(source["ingest"]["quarantined"]) == set(rejected), place
    book.put_all(f"{place}.ingest.quarantined", rejected)
    filtered = {name: others[name] for name in source["ingest"]["filtered"]}
    book.put_all(f"{place}.ingest.filtered", filtered)
    book.put_all(
        f"{place}.ingest",
        {
            "kept": kept,
            "duplicates": others["duplicates"],
            "rows_in": kept + rejected.total() + sum(filtered.values()) + others["duplicates"],
        },
    )
    partitions = sorted({receipt["partition"] for receipt in receipts})
    book.put(f"{place}.partitions", len(partitions))
    assert [source["first_partition"], source["last_partition"]] == [partitions[0], partitions[-1]]
    for name in ("first_partition", "last_partition"):
        if source[name].isdecimal():
            book.put(f"{place}.{name}", source[name])


def _quality(files: Files, source: dict[str, Any], book: Book, place: str) -> None:
    """Checks by their outcome, of the results that were kept beside the rows."""
    found: Counter[str] = Counter()
    if source["quality"]["key"]:
        summary = files.store / source["quality"]["key"] / "summary.json"
        checks = json.loads(summary.read_text(encoding="utf-8"))["checks"]
        found = Counter(one["status"] for one in checks)
        found["checks"] = len(checks)
    names = {"checks": "checks", "passed": "passed", "warnings": "warning", "skipped": "skipped"}
    book.put_all(f"{place}.quality", {name: found[status] for name, status in names.items()})


def _rejects(files: Files, tally: Tally, facts: dict[str, Any], book: Book) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for dataset in [source["dataset"] for source in tally.sources]:
        table = files.table(entries(tally.receipts[dataset], "quarantine"), ["reason"])
        for reason in table.column("reason").to_pylist() if table is not None else ():
            found[dataset, reason] += 1
    for number, row in enumerate(facts["quarantine"]):
        views = sum(source["dataset"] == row["dataset"] for source in tally.sources)
        book.put(f"quarantine[{number}].rows", found[row["dataset"], row["reason"]] // views)
    assert {(row["dataset"], row["reason"]) for row in facts["quarantine"]} == set(found)


def _copies(files: Files, tally: Tally, facts: dict[str, Any], book: Book) -> None:
    said = facts["duplicates"]
    made: Counter[str] = Counter()
    for source, drawn in zip(tally.sources, tally.drawn, strict=True):
        made[source["dataset"]] += drawn.made
    lost = Counter((one["dataset"], one["kind"]) for one in files.copies)
    book.put("duplicates.near", sum(one["kind"] == "near" for one in files.copies))
    assert {row["dataset"] for row in said["sources"]} == {dataset for dataset, _ in lost}
    for number, row in enumerate(said["sources"]):
        key = row["dataset"]
        book.put_all(
            f"duplicates.sources[{number}]",
            {"documents": made[key], "exact": lost[key, "exact"], "near": lost[key, "near"]},
        )
    clusters: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in files.copies:
        if one["winner"] is None:
            continue  # a copy of a document that was erased since
        clusters[one["winner_dataset"], one["winner"]][one["kind"]] += 1
    largest = sorted((-kinds.total(), *name) for name, kinds in clusters.items())[:10]
    assert [(row["dataset"], row["id"]) for row in said["largest"]] == [(key, own) for _, key, own in largest]
    for number, (less, key, own) in enumerate(largest):
        book.put_all(f"duplicates.largest[{number}]", {"documents": 1 - less, "near": clusters[key, own]["near"]})


def _wanted(tally: Tally, facts: dict[str, Any], book: Book) -> None:
    """What each source was to give is a plan and no count. What it gave is that, and less than a document more; where
    several data sets make up a source of the mix, or stages share it, that holds of them together."""
    recipe, every = tally.manifest["recipe"], facts["sources"]
    for number, source in enumerate(every):
        book.put(f"sources[{number}].tokens_wanted", source["tokens_wanted"])
    if "erased" in tally.manifest["curation"]:
        return  # what was erased was given once
    largest = [max(tally.mine(source).column("n_tokens").to_pylist(), default=0) for source in every]
    if recipe["stages"] or recipe["split"] or any(one["unit"] for one in recipe["sources"]):
        sections = max(1, *(len(source.get("sections", ())) for source in every))
        apart = sum(source["tokens"] - source["tokens_wanted"] for source in every)
        assert abs(apart) <= (max(largest) + 1) * sections * len(recipe["sources"])
        return
    for source, most in zip(every, largest, strict=True):
        assert 0 <= source["tokens"] - source["tokens_wanted"] < max(1, most), source["dataset"]
    weights = {one["dataset"]: Fraction(one["weight"]) for one in recipe["sources"] if one["weight"] is not None}
    if recipe["budget"] is None and recipe["temperature"] in (None, "1") and len(weights) == len(every):
        # Weights alone decide: all give the same to a unit of weight, but for tokens that were cut off.
        shares = [Fraction(source["tokens_wanted"]) / weights[source["dataset"]] for source in every]
        assert max(shares) - min(shares) <= 1 / min(weights.values())


def _parts(tally: Tally, facts: dict[str, Any], book: Book) -> None:
    """Tokens by source of the mix: a document is of the first that takes it, and of no other."""
    said = facts["parts"]
    if not said:
        return
    erased = "erased" in tally.manifest["curation"]
    given: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    there: Counter[str] = Counter()
    for source, drawn in zip(tally.sources, tally.drawn, strict=True):
        there.update(drawn.parts)
        for row in tally.mine(source).select(["id", "n_tokens", "split", "stage"]).to_pylist():
            given[drawn.part_of[row["id"]]][row["split"], row["stage"]] += row["n_tokens"]
    for number, row in enumerate(said["rows"]):
        place, name = f"parts.rows[{number}]", row["source"]
        # What a source holds out is not sampled from; of the rest it says what it could give.
        book.put(f"{place}.held_out", row["held_out"] if erased else there[name] - row["available"])
        book.put(f"{place}.available", row["available"] if erased else there[name] - row["held_out"])
        for stage, tokens in enumerate(row["tokens"]):
            book.put(f"{place}.tokens[{stage}]", tokens if erased else given[name]["train", stage])
        book.put(f"{place}.validation", row["validation"] if erased else given[name]["validation", 0])
