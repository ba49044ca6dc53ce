"""A small signed release whose text can be learnt: after every word of one kind comes one of the other."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import clearinghouse
from clearinghouse.reader import Release
from tests.builders import make_release, release_table

WORDS = ("red", "green", "blue", "one", "two", "three")


def small_release(folder: Path, rows: int = 300) -> Release:
    """Rows of colour, number, colour, number…; row groups of 16, shards of 64."""
    import pyarrow as pa

    rng = random.Random(3)
    table = release_table(rows)
    texts = [" ".join(WORDS[3 * (n % 2) + rng.randrange(3)] for n in range(2 * rng.randint(2, 6))) for _ in range(rows)]
    counts = [len(text.split()) for text in texts]
    for name, values in (("text", texts), ("n_tokens", counts)):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(name), pa.array(values, table.schema.field(name).type))
    make_release(folder, rows=table, rows_per_group=16, shard_rows=64)
    return clearinghouse.open_release(folder, "demo", "1.0.0", allow_unsigned=True)


def tokens_release(folder: Path) -> Release:
    """The same with the words' numbers as tokens, which lie as bytes."""
    import numpy as np
    import pyarrow as pa

    from schemas.shard_numbers import KEY

    table = small_release(folder).table()
    values = [
        np.array([WORDS.index(word) for word in text.split()], "<u2").tobytes() for text in table["text"].to_pylist()
    ]
    table = table.append_column(
        pa.field("input_ids", pa.binary(), metadata={KEY: "uint16"}), pa.array(values, pa.binary())
    )
    make_release(folder, "tokens", rows=table, rows_per_group=16, shard_rows=64)
    return clearinghouse.open_release(folder, "tokens", "1.0.0", allow_unsigned=True)


def pairs(texts: list[str]) -> list[tuple[int, int]]:
    """Each word and the one after it, by number."""
    found = []
    for text in texts:
        words = [WORDS.index(word) for word in text.split()]
        found += pairwise(words)
    return found
