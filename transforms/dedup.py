"""Exact deduplication of documents by a 16-byte digest of their normalised text.

Documents are compared within and across data sets and units. Memory is 16 bytes a document for the digest and 8 for
the sort; no set, no dictionary, no text is held. Which copy stays is a rule and not a race: see `winners`.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Digests or ids of 16 bytes as two 64-bit words, shape (n, 2)."""

DUPLICATES = pa.schema(
    [
        ("id", pa.string()),
        ("dataset", pa.string()),
        ("winner", pa.string()),
        ("winner_dataset", pa.string()),
        ("kind", pa.string()),
        ("similarity", pa.float32()),
    ]
)
"""One row a document that was left out because another stays for it: its id and data set, those of the winner (whose
id names the cluster), ``exact`` or ``near``, and the similarity of the two texts, 1 where they say the same."""


_ODD = (
    r"[^\x00-\x{2ff}\x{2010}-\x{2027}\x{2030}-\x{205e}\x{3000}-\x{3029}\x{3041}-\x{3096}\x{30a0}-\x{30ff}\x{3400}-\x{4dbf}"
    r"\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3}\x{ff01}-\x{ffef}]"
)
"""Signs that normalisation may change, alone or beside others; most texts have none of them and need none."""


def digests(texts: pa.Array | pa.ChunkedArray) -> Words:
    """BLAKE2b-128 (RFC 7693) of each text after Unicode NFC (UAX #15) with runs of white space as one space.

    Two different texts share a digest with a chance of about n²/2¹²⁹ among n documents: nil at any size we meet.
    Nulls count as empty.
    """
    series = pl.from_arrow(texts)
    assert isinstance(series, pl.Series)
    series = series.fill_null("")
    odd = series.str.contains(_ODD)
    if odd.any():
        series = series.scatter(odd.arg_true(), series.filter(odd).str.normalize("NFC"))
    # Single spaces, which most are, are left as they stand.
    plain = series.str.replace_all(r"[^\S ]\s*| \s+", " ").str.strip_chars()
    found = b"".join(blake2b(text, digest_size=16).digest() for text in plain.cast(pl.Binary))
    return np.frombuffer(found, ">u8").astype(np.uint64).reshape(-1, 2)


def canonical_order(partition: NDArray[np.integer], position: NDArray[np.integer], ids: Words) -> NDArray[np.int64]:
    """Places of one data set's documents by partition rank, position and id: the order in which equals are judged.

    It depends on the documents alone, never on the files or workers that they came through.
    """
    return np.lexsort((ids[:, 1], ids[:, 0], position, partition))


def winners(digest: Words) -> NDArray[np.int64]:
    """For each document the place of the equal document that stays; its own place if that is itself.

    ``digest`` stands in the order of precedence: data sets in the order of the mix, then each in its
    `canonical_order`. The first of equals wins, and each group of equals keeps exactly one.
    """
    count = len(digest)
    found = np.arange(count, dtype=np.int64)
    if count < 2:
        return found
    # lexsort is stable, so the first of each run of equal digests is the one of highest precedence.
    order = np.lexsort((digest[:, 1], digest[:, 0]))
    first = np.ones(count, bool)
    first[1:] = (digest[order[1:]] != digest[order[:-1]]).any(axis=1)
    starts = np.flatnonzero(first)
    found[order] = order[np.repeat(starts, np.diff(np.append(starts, count)))]
    return found


def hex_ids(ids: Words) -> pa.Array:
    """Ids as 32 lower-case hex digits, the inverse of `transforms.documents.identity`."""
    data = np.ascontiguousarray(ids.astype(">u8")).tobytes().hex().encode()
    ends = np.arange(len(ids) + 1, dtype=np.int64) * 32
    array = pa.Array.from_buffers(pa.large_string(), len(ids), [None, pa.py_buffer(ends), pa.py_buffer(data)])
    return array.cast(pa.string())


def duplicates(
    winner: NDArray[np.int64],
    ids: Words,
    dataset: NDArray[np.integer],
    names: list[str],
    *,
    kind: str = "exact",
    similarity: NDArray[np.float32] | None = None,
) -> pa.Table:
    """The table of losers, ordered as the documents are; ``dataset`` holds each document's place in ``names``."""
    losers = np.flatnonzero(winner != np.arange(len(winner)))
    kept = winner[losers]
    name = pa.array(names, pa.string())

    def dataset_of(places: NDArray[np.int64]) -> pa.Array:
        return name.take(pa.array(dataset[places]))

    alike = np.ones(len(losers), np.float32) if similarity is None else similarity[losers]
    columns = [hex_ids(ids[losers]), dataset_of(losers), hex_ids(ids[kept]), dataset_of(kept)]
    return pa.table([*columns, pa.repeat(kind, len(losers)), pa.array(alike)], schema=DUPLICATES)


def settled(table: pa.Table) -> pa.Table:
    """The table with each loser's winner the one that stays in the end: what an equal document went for may have gone
    itself for one that is near to it."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    step = frame.select("id", "dataset", to="winner", to_dataset="winner_dataset", alike="similarity")
    # Winners are fewer than those that went, and mostly none of them went itself.
    stays = frame.select(id="winner", dataset="winner_dataset").unique().join(step, on=["id", "dataset"], how="semi")
    if not len(stays):
        return table
    while True:
        frame = frame.join(
            step, left_on=["winner", "winner_dataset"], right_on=["id", "dataset"], how="left", maintain_order="left"
        )
        if not frame["to"].count():
            return frame.select(DUPLICATES.names).to_arrow().cast(DUPLICATES)
        frame = frame.select(
            "id",
            "dataset",
            "kind",
            winner=pl.coalesce("to", "winner"),
            winner_dataset=pl.coalesce("to_dataset", "winner_dataset"),
            similarity=pl.min_horizontal("similarity", "alike"),
        )


def losses(table: pa.Table) -> dict[str, dict[str, int]]:
    """Of each data set that lost documents, how many as ``exact`` and how many as ``near`` duplicates."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    found: dict[str, dict[str, int]] = {}
    for dataset, kind, count in frame.group_by("dataset", "kind").len().sort("dataset", "kind").rows():
        found.setdefault(dataset, {"exact": 0, "near": 0})[kind] = count
    return found


def largest(table: pa.Table, count: int = 10) -> list[dict[str, Any]]:
    """The clusters of most documents: id and data set of the one that stays, documents with it, and how many of those
    that went are near duplicates."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    clusters = frame.group_by(id="winner", dataset="winner_dataset").agg(
        documents=pl.len().cast(pl.Int64) + 1, near=(pl.col("kind") == "near").sum().cast(pl.Int64)
    )
    order = clusters.sort("documents", "dataset", "id", descending=[True, False, False])
    return order.head(count).to_dicts()
