"""What one release was drawn from and what it holds, in figures of its files: the basis of everything a report counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.recount.files import Files, entries, summed
from tests.recount.takes import Taker


@dataclass
class Drawn:
    """Documents of one data set under one view: what became of them, and tokens that could be drawn."""

    made: int = 0
    rows_used: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    filtered: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    erased: int = 0
    erased_source_rows: int = 0
    taken: int = 0
    available: int = 0
    #: By source of the mix: tokens that could be drawn, those that are held out among them.
    parts: Counter[str] = field(default_factory=Counter)
    #: The source of the mix that each document belongs to, by its id.
    part_of: dict[str, str] = field(default_factory=dict)


class Tally:
    """The figures of one release."""

    def __init__(self, files: Files) -> None:
        self.files, self.manifest = files, files.manifest
        self.sources: list[dict[str, Any]] = self.manifest["sources"]
        self.datasets = list(dict.fromkeys(source["dataset"] for source in self.sources))
        self.receipts = {source["dataset"]: files.receipts(source) for source in self.sources}
        self.units = {source["dataset"]: source["unit"] for source in self.sources}

    @cached_property
    def kept(self) -> dict[str, int]:
        """Clean rows by data set, by the rows' own files."""
        return {key: self._rows(entries(receipts, "data")) for key, receipts in self.receipts.items()}

    def _rows(self, files: list[dict[str, Any]]) -> int:
        return sum(pq.read_metadata(self.files.store / one["key"]).num_rows for one in files)

    @cached_property
    def redactions(self) -> Counter[tuple[str, ...]]:
        """Values by data set, field, entity, action and recogniser, of the evidence."""
        found: Counter[tuple[str, ...]] = Counter()
        for dataset in self.datasets:
            for row in self.evidence(dataset).to_pylist():
                if row["action"] != "not_scanned":
                    found[dataset, row["field"], row["entity"], row["action"], row["recogniser"]] += 1
        # A column that is kept as public leaves no evidence: its values are counted where they stand.
        for name in self.manifest["redactions"]:
            dataset, column, entity, action, recogniser = name.split("|", 4)
            if (action, recogniser) == ("keep", "column"):
                table = self.files.table(entries(self.receipts[dataset], "data"), [column])
                assert table is not None
                values = table.column(column)
                found[dataset, column, entity, action, recogniser] = len(values) - values.null_count
            elif (entity, action) == ("IMAGE", "drop"):
                # What a picture lost is nowhere but in the unit's own file: units of work say how many cells lost it.
                told = summed([receipt["redactions"] for receipt in self.receipts[dataset]])
                found[dataset, column, entity, action, recogniser] = told[
                    "|".join((column, entity, action, recogniser))
                ]
                assert 0 < found[dataset, column, entity, action, recogniser] <= self.kept[dataset]
        return found

    def evidence(self, dataset: str) -> pa.Table:
        """Every find of a data set's rows."""
        names = ["id", "field", "start", "end", "length", "entity", "recogniser", "reason", "action", "value_hash"]
        table = self.files.table(entries(self.receipts[dataset], "evidence"), names)
        return table if table is not None else pa.table({name: pa.array([], pa.string()) for name in names})

    @cached_property
    def chars(self) -> dict[str, dict[str, int]]:
        """By data set: code points that recognisers read, and those that they replaced."""
        found = {}
        for dataset in self.datasets:
            read = covered = 0
            scanned = self.files.scanned(self.receipts[dataset])
            table = self.files.table(entries(self.receipts[dataset], "data"), scanned)
            for name in scanned:
                assert table is not None
                read += sum(map(code_points, table.column(name).to_pylist()))
            for row in self.evidence(dataset).to_pylist():
                if row["field"].partition(".")[0].partition("[")[0] in scanned and row["action"] not in (
                    "keep",
                    "not_scanned",
                ):
                    # Where the replacement stands now the value stood when it was read.
                    read += row["end"] - row["start"] - row["length"]
                    covered += row["end"] - row["start"]
            found[dataset] = {"scanned": read, "covered": covered}
        return found

    @cached_property
    def drawn(self) -> list[Drawn]:
        """One of each source of the manifest, in its order."""
        return [self._drawn(source) for source in self.sources]

    @cached_property
    def views(self) -> dict[str, dict[str, str]]:
        """By data set that is drawn from under a view: the view of each released document, told by its id."""
        found: dict[str, dict[str, str]] = {}
        for source in self.sources:
            if source.get("view"):
                found.setdefault(source["dataset"], {})
        for dataset, ids in found.items():
            known = [source.get("view", "") for source in self.sources if source["dataset"] == dataset]
            for row in self.files.by_source(dataset).select(["id", "made_of"]).to_pylist():
                made_of = row["made_of"] or [row["id"]]
                ids[row["id"]] = next((view for view in known if document_id(made_of, view) == row["id"]), "")
        return found

    def mine(self, source: dict[str, Any]) -> pa.Table:
        """The released rows of a source."""
        rows = self.files.by_source(source["dataset"])
        views = self.views.get(source["dataset"])
        if not views or len(set(views.values())) < 2:
            return rows
        wanted = [views[one] == source.get("view", "") for one in rows.column("id").to_pylist()]
        return rows.filter(pa.array(wanted))

    def _drawn(self, source: dict[str, Any]) -> Drawn:
        dataset, view = source["dataset"], source.get("view", "")
        found = Drawn()
        mine = self.mine(source)
        live = mine.filter(pc.invert(mine.column("erased")))
        taken = set(live.column("id").to_pylist())
        erased = set(mine.filter(mine.column("erased")).column("id").to_pylist())
        views = self.views.get(dataset, {})
        poor = {one["id"]: one for one in self.files.poor if one["dataset"] == dataset}
        copies = {one["id"] for one in self.files.copies if one["dataset"] == dataset}
        listed = {one["id"] for one in self.files.listed_before if one["dataset"] == dataset} - copies - poor.keys()
        taker = Taker(self.manifest["recipe"], dataset, view)
        groups = self.files.index(dataset)
        for rows, dropped in groups:
            here = {views.get(row["id"], view) for row in rows if row["id"] in taken | erased}
            if here and view not in here:
                continue  # the documents of another view
            asked = taker.asked(self._fields(dataset, taker.fields), rows, view)
            found.dropped.update(dropped)
            for row in rows:
                found.made += 1
                found.rows_used += row["rows"]
                part, reason = taker.judge(row, asked.get(row["id"], {}))
                found.part_of[row["id"]] = part
                if row["id"] in listed | erased:
                    reason = ""
                if row["reason"] is not None:
                    found.filtered[row["reason"]] += 1
                elif reason:
                    found.filtered[reason] += 1
                elif row["id"] in poor:
                    found.filtered["quality." + first_rule(poor[row["id"]])] += 1
                elif row["id"] in copies:
                    found.copies += 1
                elif row["id"] in erased or row["id"] in listed:
                    found.erased += 1
                    found.erased_source_rows += row["rows"]
                else:
                    found.available += row["tokens"]
                    found.parts[part] += row["tokens"]
                    found.taken += row["id"] in taken
                    found.filtered["not_sampled"] += row["id"] not in taken
        return found

    def _fields(self, dataset: str, names: list[str]) -> list[dict[str, Any]]:
        if not names:
            return []
        table = self.files.table(entries(self.receipts[dataset], "data"), ["_id", *names])
        return table.to_pylist() if table is not None else []

    def superseded(self, dataset: str) -> int:
        """Rows of which a later one has the id."""
        table = self.files.table(entries(self.receipts[dataset], "data"), ["_id"])
        ids = table.column("_id").to_pylist() if table is not None else []
        return len(ids) - len(set(ids))

    def unit_tokens(self, unit: str | None = None) -> int:
        """Tokens that could be drawn, of several views of a data set those of the largest."""
        found: dict[str, int] = {}
        for source, drawn in zip(self.sources, self.drawn, strict=True):
            if unit is None or source["unit"] == unit:
                found[source["dataset"]] = max(found.get(source["dataset"], 0), drawn.available)
        return sum(found.values())

    def unit_rows(self, unit: str | None = None) -> int:
        return sum(count for key, count in self.source_rows.items() if unit is None or self.units[key] == unit)

    @cached_property
    def source_rows(self) -> dict[str, int]:
        """Rows of each data set's snapshot, as it was when the release was first built."""
        found = {}
        for source in self.sources:
            snapshot = self.files.snapshot(source["dataset"], source["snapshot"]["ordinal"])
            found[source["dataset"]] = sum(receipt["counts"]["kept"] for receipt in snapshot["receipts"])
        return found

    @cached_property
    def cells(self) -> Counter[tuple[str, str, str]]:
        """Values by unit, entity and action."""
        found: Counter[tuple[str, str, str]] = Counter()
        for (dataset, _, entity, action, _), count in self.redactions.items():
            found[self.units[dataset], entity, action] += count
        return found

    def changed(self, unit: str | None = None, entity: str | None = None) -> int:
        return sum(
            count
            for (of, kind, action), count in self.cells.items()
            if action != "keep" and unit in (None, of) and entity in (None, kind)
        )


def document_id(made_of: list[str], view: str) -> str:
    """The id of a document of these rows: the row's own where it is the only one and there is no view."""
    if len(made_of) == 1 and not view:
        return made_of[0]
    return blake2b("\n".join([*sorted(made_of), *([view] if view else [])]).encode(), digest_size=16).hexdigest()


def first_rule(poor: dict[str, Any]) -> str:
    (rules,) = [value for name, value in poor.items() if name not in ("id", "dataset")]
    return str(rules[0] if isinstance(rules, list) else rules)


def code_points(value: Any) -> int:
    """Of a text, or of all texts in a list or structure."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(code_points, value.values()))
    return sum(map(code_points, value)) if isinstance(value, list) else 0
