"""Exact deduplication of documents by a 16-byte digest of their normalised text.

Documents are compared within and across data sets and units. Memory is 16 bytes a document for the digest and 8 for
the sort; no set, no dictionary, no text is held. Which copy stays is a rule and not a race: see `winners`.
"""

from __future__ import annotations

from hashlib import blake2b

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


def digests(texts: pa.Array | pa.ChunkedArray) -> Words:
    """BLAKE2b-128 (RFC 7693) of each text after Unicode NFC (UAX #15) with runs of white space as one space.

    Two different texts share a digest with a chance of about n²/2¹²⁹ among n documents: nil at any size we meet.
    Nulls count as empty.
    """
    series = pl.from_arrow(texts)
    assert isinstance(series, pl.Series)
    plain = series.fill_null("").str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()
    found = b"".join(blake2b(text.encode(), digest_size=16).digest() for text in plain)
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
    data = np.ascontiguousarray(ids.astype(">u8")).tobytes().hex()
    return pa.array([data[start : start + 32] for start in range(0, len(data), 32)], pa.string())


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
        return name.take(pa.array(dataset[places].tolist(), pa.int64()))

    alike = np.ones(len(losers), np.float32) if similarity is None else similarity[losers]
    columns = [hex_ids(ids[losers]), dataset_of(losers), hex_ids(ids[kept]), dataset_of(kept)]
    return pa.table([*columns, pa.array([kind] * len(losers), pa.string()), pa.array(alike)], schema=DUPLICATES)
