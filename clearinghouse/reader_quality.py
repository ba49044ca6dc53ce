"""How well an order holds the shares of its sources: measured, not promised."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa


def worst_prefix_error(batches: Iterable[pa.RecordBatch]) -> float:
    """The most by which a source is off its share of tokens in any prefix, in samples of mean size.

    ``batches`` have the columns ``source`` and ``n_tokens`` and are an epoch of one rank alone
    (``release.stream(columns=["source", "n_tokens"], remainder="short")``). With T the tokens of a prefix and s a
    source's share of all tokens, a source that has t of them is off by |t − s·T|. Memory is a few numbers a sample.
    """
    sources, tokens = _read(batches)
    total, whole = sum(tokens), _whole(sources, tokens)
    if not total:
        return 0.0
    had, prefix, worst = dict.fromkeys(whole, 0), 0, 0
    for source, count in zip(sources, tokens, strict=True):
        had[source] += count
        prefix += count
        worst = max(worst, *(abs(had[one] * total - whole[one] * prefix) for one in whole))
    return worst / total / (total / len(tokens))


def least_prefix_error(batches: Iterable[pa.RecordBatch]) -> float:
    """What `worst_prefix_error` is at least, in whatever order the same documents come: half of what the longest document
    of some source moves it by. Where a document of L tokens stands, a source of share s goes from one error to another
    that is L·(1 − s) away, so one of the two is half of that or more.
    """
    sources, tokens = _read(batches)
    total, whole = sum(tokens), _whole(sources, tokens)
    if not total:
        return 0.0
    longest: dict[str, int] = {}
    for source, count in zip(sources, tokens, strict=True):
        longest[source] = max(longest.get(source, 0), count)
    least = max(longest[one] * (total - whole[one]) for one in whole) / total / 2
    return least / (total / len(tokens))


def _read(batches: Iterable[pa.RecordBatch]) -> tuple[list[str], list[int]]:
    sources: list[str] = []
    tokens: list[int] = []
    for batch in batches:
        sources += batch.column("source").to_pylist()
        tokens += batch.column("n_tokens").to_pylist()
    return sources, tokens


def _whole(sources: Iterable[str], tokens: Iterable[int]) -> dict[str, int]:
    """Tokens of each source."""
    found: dict[str, int] = {}
    for source, count in zip(sources, tokens, strict=True):
        found[source] = found.get(source, 0) + count
    return found


__all__ = ["least_prefix_error", "worst_prefix_error"]
