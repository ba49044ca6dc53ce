"""Which documents of each source go into a release, decided on their indexes alone: no text is read here.

A *source* of the mix is a part of one data set's documents, or of several's (a unit); candidates are kept by data set,
and each knows the source that it belongs to and whether the split holds it out.

Memory: about 400 bytes a document while the source at hand is chosen from, 60 a document of the release after that;
text is never held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from clearinghouse.jobs import release_fields
from clearinghouse.jobs.release_select import Chosen
from schemas.contract import Split
from schemas.errors import AccountingError
from schemas.manifest import Counts
from schemas.quality_rules import QualityRules
from transforms import dedup, quality
from transforms.documents import identity
from transforms.language import matches
from transforms.signals import SIGNALS
from transforms.split import held_out, keys_of

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass
class Candidates:
    """One data set's documents that may be used, in canonical order; arrays of one entry a document.

    ``task`` and ``row`` say where a document can be made again, ``language`` is a place in ``languages``, and of two
    that say the same the one of higher ``quality`` stays. ``part`` is the place of the mix's source that it belongs to,
    ``held`` whether the split holds it out for validation, ``least`` the fewest code points that it may have.
    ``filtered`` and ``filtered_tokens`` count who was left out, by reason. ``overlaps`` counts documents by the bits of
    the benchmarks that they overlap with; ``poor`` has id and reasons of those that break the mix's quality rules.
    """

    dataset: str
    ids: Words
    digest: Words
    tokens: Ints
    bytes: Ints
    task: NDArray[np.int32]
    row: NDArray[np.int32]
    language: NDArray[np.int32]
    quality: NDArray[np.float32]
    languages: tuple[str, ...]
    made: int
    filtered: Mapping[str, int]
    rows_used: int
    overlaps: Mapping[int, int]
    poor: pl.DataFrame
    part: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))
    held: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    least: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    filtered_tokens: Mapping[str, int] = field(default_factory=dict)
    made_tokens: int = 0

    def __post_init__(self) -> None:
        for name in ("part", "held", "least"):
            if not len(getattr(self, name)):
                setattr(self, name, np.zeros(len(self.tokens), getattr(self, name).dtype))

    def __len__(self) -> int:
        return len(self.tokens)

    def only(self, keep: NDArray[np.bool_]) -> None:
        """Drop the documents that are not to be kept."""
        for name in ("ids", "digest", "tokens", "bytes", "task", "row", "language", "quality", "part", "held", "least"):
            setattr(self, name, getattr(self, name)[keep])


def candidates(
    chosen: Chosen,
    tables: Iterable[tuple[int, pa.Table]],
    rules: QualityRules | None = None,
    *,
    fields: pl.DataFrame | None = None,
    split: Split | None = None,
) -> Candidates:
    """Join the indexes of a data set's tasks (number and table each), filter by the mix, put into canonical order.

    With ``rules`` the tables have the columns of `transforms.signals` too. ``fields`` is what the mix asks of the rows
    (`release_fields.rows_asked`). A document belongs to the first source that takes it; one that none takes is left out
    for the reason of the source that it came nearest to.
    """
    frames = []
    for number, table in tables:
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        places = frame.with_columns(task=pl.lit(number, pl.Int32), row=pl.int_range(frame.height, dtype=pl.Int32))
        # Signals are most of a row, and are needed for no more than this.
        frames.append(_judged(places, chosen, rules))
    everything = pl.concat(frames) if frames else _judged(_empty(), chosen, rules)
    if fields is not None:
        everything = _with_fields(everything, fields)
    if "overlap" not in everything.columns:
        everything = everything.with_columns(overlap=pl.lit(0, pl.UInt64))
    overlap = pl.col("overlap")
    part, step = _parts(chosen, everything)
    left_out = pl.col("step").replace_strict(list(range(len(_STEPS))), _STEPS, default=None, return_dtype=pl.String)
    reason = pl.coalesce(
        pl.col("reason"),
        left_out,
        pl.when(overlap != 0).then(pl.lit("benchmark")),
        pl.lit("quality.") + pl.col("broken").list.first(),
    )
    everything = everything.with_columns(part=pl.Series(part), step=pl.Series(step)).with_columns(reason=reason)
    refused = everything.filter(pl.col("reason").is_not_null()).group_by("reason")
    counted = refused.agg(documents=pl.len(), tokens=pl.col("tokens").sum()).sort("reason")
    usable = everything.filter(pl.col("reason").is_null())
    languages = sorted(usable["language"].unique().to_list())
    code = {tag: place for place, tag in enumerate(languages)}
    partitions = sorted(usable["partition"].unique().to_list())
    rank = {name: place for place, name in enumerate(partitions)}
    ids, digest = _words(usable["id"]), _words(usable["digest"])
    order = dedup.canonical_order(_codes(usable["partition"], rank), usable["position"].to_numpy(), ids)
    least = dict(zip(chosen.places, (source.min_chars for source in chosen.sources), strict=True))
    return Candidates(
        dataset=chosen.contract.key,
        ids=ids[order],
        digest=digest[order],
        tokens=usable["tokens"].to_numpy()[order],
        bytes=usable["bytes"].to_numpy()[order],
        task=usable["task"].to_numpy()[order],
        row=usable["row"].to_numpy()[order],
        language=_codes(usable["language"], code)[order],
        quality=usable["grade"].to_numpy()[order],
        languages=tuple(languages),
        made=everything.height,
        filtered=dict(zip(counted["reason"], counted["documents"], strict=True)),
        rows_used=int(everything["rows"].sum()),
        overlaps=dict(everything.filter(overlap != 0).group_by(overlap.alias("overlap")).len().rows()),
        poor=everything.filter(pl.col("reason").str.starts_with("quality.")).select("id", "broken"),
        part=usable["part"].to_numpy()[order],
        held=_held(usable, ids, chosen, split)[order],
        least=usable["part"].replace_strict(list(least), list(least.values()), return_dtype=pl.Int64).to_numpy()[order],
        filtered_tokens=dict(zip(counted["reason"], counted["tokens"], strict=True)),
        made_tokens=int(everything["tokens"].sum()),
    )


_STEPS = ("language", "where", "too_short", "too_long")
"""Why a source does not take a document, in the order in which it asks."""


def _parts(chosen: Chosen, frame: pl.DataFrame) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """The place of the source that each document belongs to, -1 for none, and how far it came (a place in `_STEPS`)."""
    part = np.full(frame.height, -1, np.int16)
    furthest = np.zeros(frame.height, np.int8)
    chars, index = frame["chars"].to_numpy(), None
    for place, source in zip(chosen.places, chosen.sources, strict=True):
        wrong = []
        if source.languages:
            wrong.append(~frame.select(matches(pl.col("language"), source.languages)).to_series().to_numpy())
        else:
            wrong.append(np.zeros(frame.height, bool))
        passes = np.ones(frame.height, bool)
        if source.where:
            index = frame.select(sorted(release_fields.INDEXED.values())).to_arrow() if index is None else index
            passes = release_fields.of_documents(source, index)
            if (name := f"passes_{place}") in frame.columns:
                passes = passes & frame[name].fill_null(False).to_numpy()
        wrong += [~passes, chars < source.min_chars]
        wrong.append(chars > source.max_chars if source.max_chars is not None else np.zeros(frame.height, bool))
        step = np.select(wrong, list(range(len(_STEPS))), len(_STEPS)).astype(np.int8)
        part[(part < 0) & (step == len(_STEPS))] = place
        furthest = np.maximum(furthest, step)
    return part, furthest


def _with_fields(frame: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    """With what the documents' rows answer, and ``by`` where the split goes by a field."""
    key = pl.coalesce(pl.col("group"), pl.col("id").bin.encode("hex"))
    return frame.with_columns(key=key).join(fields, on="key", how="left", maintain_order="left")


def _held(frame: pl.DataFrame, ids: Words, chosen: Chosen, split: Split | None) -> NDArray[np.bool_]:
    """Whether each document is held out: by its field, else by what its rows share, else by its row's id, so that all
    views of one row go the same way."""
    if split is None:
        return np.zeros(frame.height, bool)
    document, keys = chosen.contract.document, ids.copy()
    shared = frame["group"]
    if document is None or document.group is None:
        if len(own := shared.drop_nulls()):
            keys[shared.is_not_null().to_numpy()] = identity(own.to_arrow())
        shared = pl.Series([None] * frame.height, dtype=pl.String)
    if "by" in frame.columns:
        shared = frame["by"].zip_with(frame["by"].is_not_null(), shared)
    of = np.flatnonzero(shared.is_not_null().to_numpy())
    if len(of):
        keys[of] = keys_of(shared.drop_nulls().to_list())
    return held_out(keys, split.salt, split.validation)


def _judged(frame: pl.DataFrame, chosen: Chosen, rules: QualityRules | None) -> pl.DataFrame:
    """With the limits that each document breaks in ``broken`` and how good it is in ``grade``."""
    if rules is None or not frame.height:
        none = pl.lit([], pl.List(pl.String))
        return frame.with_columns(broken=none, grade=pl.lit(0, pl.Float32))
    document = chosen.contract.document
    limits = rules.of(document.profile if document is not None else "")
    return frame.with_columns(broken=quality.broken(frame, limits), grade=quality.grade(frame)).drop(
        set(SIGNALS) - {"chars"}, strict=False
    )


def _empty() -> pl.DataFrame:
    from clearinghouse.jobs.release_tasks import INDEX

    frame = pl.from_arrow(INDEX.empty_table())
    assert isinstance(frame, pl.DataFrame)
    return frame.with_columns(task=pl.lit(0, pl.Int32), row=pl.lit(0, pl.Int32))


def _words(column: pl.Series) -> Words:
    array = column.to_arrow().cast(pa.large_binary())
    _, offsets, values = array.buffers()
    if not len(array):
        return np.empty((0, 2), np.uint64)
    first, last = np.frombuffer(offsets, np.int64)[[array.offset, array.offset + len(array)]].tolist()
    return np.frombuffer(values, ">u8", (last - first) // 8, first).astype(np.uint64).reshape(-1, 2)


def _codes(column: pl.Series, places: Mapping[str, int]) -> NDArray[np.int32]:
    return column.replace_strict(list(places), list(places.values()), return_dtype=pl.Int32).to_numpy()


def drop_duplicates(sources: Sequence[Candidates]) -> tuple[pa.Table, list[int]]:
    """Leave one of each group of equal documents, within and across sources; the first of the mix's order wins.

    Returns the table of losers and how many each source lost.
    """
    sizes = [len(one) for one in sources]
    digest = np.concatenate([one.digest for one in sources])
    winner = dedup.winners(digest)
    source = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    ids = np.concatenate([one.ids for one in sources])
    table = dedup.duplicates(winner, ids, source, [one.dataset for one in sources])
    kept = winner == np.arange(len(winner))
    lost = []
    start = 0
    for one, size in zip(sources, sizes, strict=True):
        keep = kept[start : start + size]
        lost.append(int(size - keep.sum()))
        one.only(keep)
        start += size
    return table, lost


def check(counts: Counts, what: str) -> Counts:
    """The counts, if they add up. Raises `AccountingError`."""
    if not counts.balanced:
        filtered = sum(counts.filtered.values())
        raise AccountingError(
            f"{what}: {counts.rows_in} in are not {counts.kept} kept + {filtered} filtered + "
            f"{counts.duplicates} duplicates",
            state="nothing was released",
            fix="this is a bug: please report it with the mix and the figures",
        )
    return counts
