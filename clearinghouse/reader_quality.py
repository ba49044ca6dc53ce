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
    sources: list[str] = []
    tokens: list[int] = []
    for batch in batches:
        sources += batch.column("source").to_pylist()
        tokens += batch.column("n_tokens").to_pylist()
    total = sum(tokens)
    if not total:
        return 0.0
    whole: dict[str, int] = {}
    for source, count in zip(sources, tokens, strict=True):
        whole[source] = whole.get(source, 0) + count
    had, prefix, worst = dict.fromkeys(whole, 0), 0, 0
    for source, count in zip(sources, tokens, strict=True):
        had[source] += count
        prefix += count
        worst = max(worst, *(abs(had[one] * total - whole[one] * prefix) for one in whole))
    return worst / total / (total / len(tokens))
