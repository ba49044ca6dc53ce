"""Which documents of each source go into a release, decided on their indexes alone: no text is read here.

Memory: about 100 bytes a document of the source at hand, 60 a document of the release; text is never held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from clearinghouse.jobs.release_select import Chosen
from schemas.contract import Mix
from schemas.errors import AccountingError
from schemas.manifest import Counts
from schemas.quality_rules import QualityRules
from transforms import dedup, quality, sample
from transforms.language import matches
from transforms.signals import SIGNALS

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]


@dataclass
class Candidates:
    """One source's documents that may be used, in canonical order; arrays of one entry a document.

    ``task`` and ``row`` say where a document can be made again, ``language`` is a place in ``languages``, and of two
    that say the same the one of higher ``quality`` stays. ``overlaps`` counts documents by the bits of the benchmarks
    that they overlap with; ``poor`` has id and reasons of those that break the mix's quality rules.
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

    def __len__(self) -> int:
        return len(self.tokens)

    def only(self, keep: NDArray[np.bool_]) -> None:
        """Drop the documents that are not to be kept."""
        for name in ("ids", "digest", "tokens", "bytes", "task", "row", "language", "quality"):
            setattr(self, name, getattr(self, name)[keep])


def candidates(chosen: Chosen, tables: Sequence[tuple[int, pa.Table]], rules: QualityRules | None = None) -> Candidates:
    """Join the indexes of a source's tasks (number and table each), filter by the mix, put into canonical order.

    With ``rules`` the tables have the columns of `transforms.signals` too.
    """
    frames = []
    for number, table in tables:
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        frames.append(frame.with_columns(task=pl.lit(number, pl.Int32), row=pl.int_range(frame.height, dtype=pl.Int32)))
    everything = pl.concat(frames) if frames else _empty()
    everything = _judged(everything, chosen, rules)
    source = chosen.source
    if "overlap" not in everything.columns:
        everything = everything.with_columns(overlap=pl.lit(0, pl.UInt64))
    overlap = pl.col("overlap")
    reason = pl.coalesce(
        pl.col("reason"),
        pl.when(~matches(pl.col("language"), source.languages)).then(pl.lit("language"))
        if source.languages
        else pl.lit(None, pl.String),
        pl.when(pl.col("chars") < source.min_chars).then(pl.lit("too_short")),
        pl.when(pl.col("chars") > source.max_chars).then(pl.lit("too_long"))
        if source.max_chars is not None
        else pl.lit(None, pl.String),
        pl.when(overlap != 0).then(pl.lit("benchmark")),
        pl.lit("quality.") + pl.col("broken").list.first(),
    )
    everything = everything.with_columns(reason=reason)
    refused = everything.filter(pl.col("reason").is_not_null()).group_by("reason").len()
    usable = everything.filter(pl.col("reason").is_null())
    languages = sorted(usable["language"].unique().to_list())
    code = {tag: place for place, tag in enumerate(languages)}
    partitions = sorted(usable["partition"].unique().to_list())
    rank = {name: place for place, name in enumerate(partitions)}
    ids, digest = _words(usable["id"]), _words(usable["digest"])
    order = dedup.canonical_order(_codes(usable["partition"], rank), usable["position"].to_numpy(), ids)
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
        filtered=dict(sorted(refused.rows())),
        rows_used=int(everything["rows"].sum()),
        overlaps=dict(everything.filter(overlap != 0).group_by(overlap.alias("overlap")).len().rows()),
        poor=everything.filter(pl.col("reason").str.starts_with("quality.")).select("id", "broken"),
    )


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
    data = b"".join(column.to_list())
    return np.frombuffer(data, ">u8").astype(np.uint64).reshape(-1, 2)


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


@dataclass(frozen=True)
class Order:
    """The release's rows in their order; arrays of one entry a row: source, place in its candidates, epoch, split (a
    place in `transforms.split.SPLITS`) and stage of the curriculum, from 0. Sorted by split, then stage."""

    source: NDArray[np.int32]
    place: Ints
    epoch: NDArray[np.int16]
    tokens: Ints
    bytes: Ints
    split: NDArray[np.int8]
    stage: NDArray[np.int16]
    wanted: tuple[int, ...]


def draw(mix: Mix, sources: Sequence[Candidates]) -> Order:
    """Sample every source to its target and merge them. Raises `ReleaseRefused` where the budget cannot be met."""
    pools = [
        sample.Pool(one.dataset, int(one.tokens.sum()), part.weight, part.tokens, part.epochs)
        for one, part in zip(sources, mix.sources, strict=True)
    ]
    wanted = sample.targets(pools, mix.budget)
    taken = [
        sample.take(one.ids, one.tokens, target, seed=mix.seed, dataset=one.dataset)
        if target
        else sample.Taken(np.empty(0, np.int64), np.empty(0, np.int16))
        for one, target in zip(sources, wanted, strict=True)
    ]
    source, at = sample.interleave([one.tokens[part.places] for one, part in zip(sources, taken, strict=True)])
    place = np.empty(len(source), np.int64)
    epoch = np.empty(len(source), np.int16)
    tokens = np.empty(len(source), np.int64)
    size = np.empty(len(source), np.int64)
    for number, (one, part) in enumerate(zip(sources, taken, strict=True)):
        mine = source == number
        where = at[mine]
        place[mine], epoch[mine] = part.places[where], part.epochs[where]
        tokens[mine], size[mine] = one.tokens[place[mine]], one.bytes[place[mine]]
    split, stage = np.zeros(len(source), np.int8), np.zeros(len(source), np.int16)
    return Order(source, place, epoch, tokens, size, split, stage, wanted)


@dataclass(frozen=True)
class Drawn:
    """What one source gave, in figures. ``available`` are its tokens in one epoch, after filters and duplicates."""

    documents: Counts
    rows: int
    tokens: int
    available: int
    languages: Mapping[str, int]


def account(sources: Sequence[Candidates], lost: Sequence[int], order: Order) -> list[Drawn]:
    """Figures of each source, and the identity of its documents: made = taken + duplicates + filtered by reason,
    with ``not_sampled`` among the reasons. Raises `AccountingError` where it does not hold."""
    found = []
    for number, (one, duplicates) in enumerate(zip(sources, lost, strict=True)):
        mine = order.source == number
        distinct = np.unique(order.place[mine & (order.epoch == 1)])
        counts = Counts(
            rows_in=one.made,
            kept=len(distinct),
            filtered={**one.filtered, "not_sampled": len(one) - len(distinct)},
            duplicates=duplicates,
        )
        check(counts, f"{one.dataset}: documents")
        tags = Counter(one.language[distinct].tolist())
        found.append(
            Drawn(
                documents=counts,
                rows=int(mine.sum()),
                tokens=int(order.tokens[mine].sum()),
                available=int(one.tokens.sum()),
                languages={one.languages[tag]: count for tag, count in sorted(tags.items())},
            )
        )
    return found


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
