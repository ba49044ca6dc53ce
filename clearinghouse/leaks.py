"""Which planted values survive: a scan of everything in a store for the values of a ground truth.

Values are looked for as they were written and in normal form: width and case folded (NFKC), and, for numbers, with
separators and the country code taken off, in text with its separators taken off. Matching is by Aho–Corasick
automata (Polars), many values in one pass; matches may overlap, so the scan errs towards reporting too much.
Memory is bounded by `_VALUES` values and one batch of rows at a time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from infra.store import Store

_VALUES = 300_000
_BATCH_ROWS = 8_192
_BATCH_BYTES = 32 << 20
_NO_HITS = pl.DataFrame(schema=dict.fromkeys(("area", "dataset", "column", "value"), pl.String))
_SEPARATORS = r"[\s\-().·_/]"
#: Kinds that are numbers in the main, and so are looked for without their separators too.
_NUMBERS = frozenset({"PHONE_NUMBER", "CN_RESIDENT_ID", "NATIONAL_ID", "BANK_CARD", "WAYBILL", "PLATE"})
_SHORTEST_NUMBER = 8
"""Without separators, fewer characters than these would be met by chance in other numbers."""
_COUNTRY = re.compile(r"^(?:\+|00)(?:86|62|66|84|55|52|1)(?=\d{9,})")

AREAS = ("snapshots", "releases", "rest")
"""Newest snapshots; shards of all releases; and everything else: older scrubbed files, quarantine, evidence, reports,
manifests, ledger."""


@dataclass(frozen=True, order=True)
class Survivors:
    """Distinct planted values of one kind: how many there are and how many were found in each area of the store.

    ``place`` is ``column`` or ``text`` (where they were planted), ``expect`` is ``redact`` or ``keep``.
    """

    expect: str
    kind: str
    place: str
    planted: int
    snapshots: int
    releases: int
    rest: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Target:
    """One file of a store to scan; ``dataset`` is empty where the file does not belong to one."""

    key: str
    area: str
    dataset: str = ""


def read_truth(folder: Path) -> pl.LazyFrame:
    """Distinct (kind, value, expect, dataset, field, place) of the truth files in a folder.

    Raises `FileNotFoundError` when there is none.
    """
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"no ground truth (*.parquet) in {folder}")
    names = ("kind", "value", "expect", "dataset", "field", "place")
    return pl.scan_parquet(files).select(pl.col(name).cast(pl.String) for name in names).unique()


def scan_store(store: Store, truth: pl.LazyFrame) -> list[Survivors]:
    """Look for every planted value in every file of the store.

    Returns one line per (expect, kind, place), sorted. A value that was planted in a column and in a text of the same
    data set and that turns up in a release counts as surviving from the text.
    """
    targets = sorted(targets_of(store), key=lambda target: target.key)
    passes = max(1, -(-truth.select(pl.col("value").n_unique()).collect().item() // _VALUES))
    found = []
    for number in range(passes):
        part = truth.filter(pl.col("value").hash(seed=11) % passes == number).collect()
        if part.height:
            found.append(_tally(part, _hits(store, targets, part)))
    if not found:
        return []
    total = pl.concat(found).group_by("expect", "kind", "place").sum().sort("expect", "kind", "place")
    return [Survivors(**row) for row in total.iter_rows(named=True)]


def targets_of(store: Store) -> Iterator[Target]:
    """Every object of a store, with its area and data set. A scrubbed file counts as ``snapshots`` while its data
    set's newest snapshot holds it, or while there is none; later it is one of the ``rest``, and still searched."""
    from clearinghouse import catalog

    held: dict[str, set[str]] = {}
    for dataset in catalog.datasets(store):
        receipts = catalog.find_snapshot(store, dataset).receipts
        held[dataset] = {entry.key for receipt in receipts for entry in receipt.data}
    for entry in store.list(""):
        parts = entry.key.split("/")
        if parts[0] == "scrubbed" and entry.key.endswith(".parquet"):
            dataset = ".".join(parts[1:3])
            current = entry.key in held.get(dataset, {entry.key})
            yield Target(entry.key, "snapshots" if current else "rest", dataset)
        elif parts[0] == "releases" and "shards" in parts:
            yield Target(entry.key, "releases")
        else:
            yield Target(entry.key, "rest")


def normal(value: str) -> str:
    """Width and case folded."""
    return unicodedata.normalize("NFKC", value).casefold()


def squeezed(kind: str, value: str) -> str | None:
    """A number without separators and country code; ``None`` if the value is not a number or too short for it."""
    if kind not in _NUMBERS:
        return None
    bare = re.sub(_SEPARATORS, "", _COUNTRY.sub("", re.sub(_SEPARATORS, "", normal(value))))
    return bare if len(bare) >= _SHORTEST_NUMBER else None


def _hits(store: Store, targets: Sequence[Target], truth: pl.DataFrame) -> pl.DataFrame:
    """Where values were found: distinct (area, dataset, column, value)."""
    values = truth.select("kind", "value").unique(maintain_order=True)
    plain: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for kind, value in values.iter_rows():
        plain.setdefault(normal(value), set()).add(value)
        short = squeezed(kind, value)
        if short:
            bare.setdefault(short, set()).add(value)
    tables = [(_table(plain), False), (_table(bare), True)]
    found = [_NO_HITS, *(_search(frame, tables) for frame in _frames(store, targets))]
    return pl.concat(found).unique()


def _frames(store: Store, targets: Sequence[Target]) -> Iterator[pl.DataFrame]:
    """The store's texts, each with where it stands, in frames of about `_BATCH_BYTES`."""
    waiting: list[pl.DataFrame] = []
    size = 0
    for target in targets:
        for dataset, column, texts in _texts(store, target):
            distinct = texts.drop_nulls().unique()
            place = {"area": target.area, "dataset": dataset, "column": column}
            waiting.append(pl.DataFrame({"text": distinct}).with_columns(pl.lit(v).alias(k) for k, v in place.items()))
            size += int(distinct.str.len_bytes().sum())
            if size >= _BATCH_BYTES:
                yield pl.concat(waiting)
                waiting, size = [], 0
    if waiting:
        yield pl.concat(waiting)


def _search(frame: pl.DataFrame, tables: Sequence[tuple[pl.DataFrame, bool]]) -> pl.DataFrame:
    folded = frame.with_columns(pl.col("text").str.normalize("NFKC").str.to_lowercase())
    found = [_NO_HITS]
    for table, squeeze in tables:
        if not table.height:
            continue
        texts = folded["text"].str.replace_all(_SEPARATORS, "") if squeeze else folded["text"]
        # One automaton a frame: building it costs as much as reading some megabytes of text.
        matched = texts.str.extract_many(table["pattern"].unique().to_list(), overlapping=True)
        hits = folded.select("area", "dataset", "column").with_columns(pattern=matched)
        hits = hits.filter(pl.col("pattern").list.len() > 0).explode("pattern").unique()
        found.append(hits.join(table, on="pattern").select(_NO_HITS.columns))
    return pl.concat(found).unique()


def _table(patterns: dict[str, set[str]]) -> pl.DataFrame:
    pairs = [(pattern, value) for pattern, values in patterns.items() if pattern for value in sorted(values)]
    return pl.DataFrame(
        {"pattern": [pattern for pattern, _ in pairs], "value": [value for _, value in pairs]},
        schema={"pattern": pl.String, "value": pl.String},
    )


def _texts(store: Store, target: Target) -> Iterator[tuple[str, str, pl.Series]]:
    """A file's texts as (data set, column, texts), a batch at a time."""
    if not target.key.endswith(".parquet"):
        text = store.read(target.key).decode("utf-8", "replace")
        yield target.dataset, "", pl.Series([text], dtype=pl.String)
        return
    with store.open(target.key) as source:
        for batch in pq.ParquetFile(source).iter_batches(_BATCH_ROWS):
            table = pa.table(batch)
            if target.area == "releases" and "source" in table.column_names:
                for dataset in table["source"].unique().to_pylist():
                    mine = table.filter(pc.equal(table["source"], dataset))
                    yield from ((str(dataset), column, texts) for column, texts in _columns(mine))
            else:
                yield from ((target.dataset, column, texts) for column, texts in _columns(table))


def _columns(table: pa.Table) -> Iterator[tuple[str, pl.Series]]:
    """Every text of a table by its top-level column, however deeply it is nested."""
    for name in table.column_names:
        for chunk in table[name].chunks:
            for array in _strings(chunk):
                made = pl.from_arrow(array)
                assert isinstance(made, pl.Series)
                yield name, made.cast(pl.String)


def _strings(array: pa.Array) -> Iterable[pa.Array]:
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _strings(array.dictionary)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield array
    elif pa.types.is_struct(kind):
        for child in array.flatten():
            yield from _strings(child)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        yield from _strings(array.flatten() if not pa.types.is_map(kind) else array.items)
    elif pa.types.is_date(kind):
        yield array.cast(pa.string())
    elif pa.types.is_integer(kind):
        # A telephone number kept as a number is as much a leak as one kept as text. Counts and places are too small
        # to be one.
        largest = pc.max(array).as_py()
        if largest is not None and len(str(largest)) >= _SHORTEST_NUMBER:
            yield array.cast(pa.string())


def _tally(truth: pl.DataFrame, hits: pl.DataFrame) -> pl.DataFrame:
    key = ("expect", "kind", "place")
    # Two ways of typing one number are one value to whoever finds it.
    forms = {
        (kind, value): squeezed(kind, value) or normal(value) for kind, value in truth["kind", "value"].iter_rows()
    }
    truth = truth.with_columns(
        form=pl.Series([forms[pair] for pair in truth["kind", "value"].iter_rows()], dtype=pl.String)
    )
    planted = truth.unique([*key, "value"]).group_by(key).agg(planted=pl.len().cast(pl.Int64))
    for area in AREAS:
        mine = hits.filter(pl.col("area") == area)
        if area == "snapshots":
            there = mine.rename({"column": "field"})
            left = truth.join(there, on=("dataset", "field", "value"), how="semi")
        elif area == "releases":
            found = truth.join(mine.select("dataset", "value").unique(), on=("dataset", "value"), how="semi")
            in_text = found.filter(pl.col("place") == "text")
            only = found.filter(pl.col("place") != "text").join(in_text, on=("dataset", "form"), how="anti")
            left = pl.concat([in_text, only])
        else:
            left = truth.join(mine.select("value").unique(), on="value", how="semi")
        count = left.unique([*key, "value"]).group_by(key).agg(pl.len().cast(pl.Int64).alias(area))
        planted = planted.join(count, on=key, how="left")
    return planted.with_columns(pl.col(*AREAS).fill_null(0))
