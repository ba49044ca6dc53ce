"""Which values may stand in which texts at all, told for a whole batch at once.

Every form in which a matcher finds a value holds one of the value's anchors: the last four digits of a number, a
name's first or last character, a part of it, the local part of an address. Anchors are made and looked for column by
column, so that only rows that hold one cost time in Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from governance.known_values.folding import Folded, Ints, fold
from governance.known_values.numbers import TAIL
from governance.known_values.people import PARTS, parts_of, thai_parts
from governance.known_values.places import KEYLESS, KEYS

LONGEST = 32
"""Code points of an anchor: enough to tell texts apart, and no text of its own to be looked for."""


def anchors(entity: str, kind: str, values: pa.Array) -> list[pl.Series]:
    """The anchors of each value: columns as long as ``values``, null where there is none."""
    found = _anchors(entity, kind, values)
    return [one.str.head(LONGEST) if (one.str.len_bytes().max() or 0) > LONGEST else one for one in found]  # type: ignore[operator]


def _anchors(entity: str, kind: str, values: pa.Array) -> list[pl.Series]:
    if kind == "number":
        digits = Folded(values, kind="number")
        tails = [_or_null(series(digits).str.tail(TAIL))]
        if len(digits.at) == digits.offsets[-1]:
            return tails
        whole = Folded(values)
        odd = digits.lengths() != whole.lengths()
        return [*tails, _where(series(whole).str.tail(TAIL), odd)] if odd.any() else tails
    if kind == "person":
        return _of_people(values)
    if kind == "address":
        return _of_addresses(values)
    squeezed = Folded(values)
    bare = series(squeezed)
    if entity == "EMAIL_ADDRESS":
        return [_or_null(bare.str.split("@").list.first())]
    if entity in ("IP_ADDRESS", "ACCOUNT_URL", "SECRET"):
        return [_or_null(bare)]
    # A plate may lack its province.
    return [_or_null(bare.str.tail(5) if entity == "PLATE" else bare)]


def series(folded: Folded) -> pl.Series:
    """The squeezed texts."""
    found = pl.from_arrow(folded.arrow())
    assert isinstance(found, pl.Series)
    return found


def _or_null(column: pl.Series, least: int = 1) -> pl.Series:
    frame = pl.DataFrame({"x": column})
    return frame.select(pl.when(pl.col("x").str.len_bytes() >= least).then(pl.col("x")))["x"]


def _of_addresses(values: pa.Array) -> list[pl.Series]:
    frame = pl.DataFrame({"x": series(Folded(values))}).with_columns(k=pl.col("x").str.extract_all(KEYS))
    size = pl.col("k").list.len()
    none = (size == 0) & (pl.col("x").str.len_chars() >= KEYLESS)
    most = max(1, *frame["k"].list.len().to_list())
    gets = [pl.col("k").list.get(i, null_on_oob=True).alias(str(i)) for i in range(most)]
    gets[0] = pl.when(none).then(pl.col("x").str.tail(KEYLESS)).otherwise(gets[0]).alias("0")
    return frame.select(gets).get_columns()


def _of_people(values: pa.Array) -> list[pl.Series]:
    squeezed = Folded(values)
    first, sizes = squeezed.first(), squeezed.lengths()
    bare = series(squeezed)
    han = (first >= 0x3400) & (first <= 0x9FFF) & (sizes <= 4)
    if han.all():
        return [bare.str.head(1), bare.str.tail(1)]
    latin = (first > 0) & (first < 0x400)
    out = [_where(bare.str.head(1), han), _where(bare.str.tail(1), han)]
    if latin.any():
        parts = series(Folded(values, kind="name")).str.strip_chars(" ").str.split(" ")
        if bool((parts.list.eval(pl.element() == "").list.any() & pl.Series(latin)).any()):
            parts = parts.list.eval(pl.element().filter(pl.element() != ""))
        # One part more than is looked for alone: the first may be a title.
        out += [_where(parts.list.get(i, null_on_oob=True), latin) for i in (0, 1, 2, 3, -1)]
    rest = np.flatnonzero(~han & ~latin & (first > 0))
    if len(rest):
        texts = values.take(pa.array(rest)).to_pylist()
        columns: list[list[Any]] = [[None] * len(values) for _ in range(PARTS)]
        for row, text in zip(rest.tolist(), texts, strict=True):
            for i, anchor in enumerate(_of_other_scripts(text)[:PARTS]):
                columns[i][row] = anchor
        out += [pl.Series(column, dtype=pl.String) for column in columns]
    return [column for column in out if column.null_count() < len(column)]


def _of_other_scripts(value: str) -> list[str]:
    parts = parts_of(fold(value).strip())
    joined = "".join(parts)
    if not joined:
        return []
    if "가" <= joined[0] <= "힣" and len(joined) <= 4:
        return [joined[0], joined[-1]]
    if "\u0e00" <= joined[0] <= "\u0e7f":
        return thai_parts(parts)
    if "\u0400" <= joined[0] <= "\u04ff":
        # What all cases share.
        return [part[: max(2, len(part) - 3)] for part in parts]
    return parts


def _where(column: pl.Series, mask: npt.NDArray[np.bool_]) -> pl.Series:
    frame = pl.DataFrame({"x": column, "m": mask})
    return frame.select(pl.when((pl.col("x").str.len_bytes() > 1) & pl.col("m")).then(pl.col("x")))["x"]


def candidates(texts: pl.Series, columns: list[pl.Series], rows: Ints, values: Ints) -> npt.NDArray[np.bool_]:
    """Which pairs (text, value) have an anchor of the value in the squeezed text."""
    found = np.zeros(len(rows), dtype=np.bool_)
    if not len(rows):
        return found
    own = len(rows) == len(texts) and rows[0] == 0 and rows[-1] == len(rows) - 1
    hay = texts if own and bool((np.diff(rows) == 1).all()) else texts.gather(rows)
    same = len(columns) and len(values) == len(columns[0]) and bool((values == np.arange(len(values))).all())
    for column in columns:
        needles = column if same else column.gather(values)
        frame = pl.DataFrame({"t": hay, "n": needles})
        hit = frame.select(pl.col("t").str.contains(pl.col("n"), literal=True).fill_null(False))["t"]
        found |= hit.to_numpy()
    return found


def kind_of(entity: str, numbers: frozenset[str]) -> str:
    """``number``, ``person``, ``address`` or ``other``."""
    if entity in numbers:
        return "number"
    return {"PERSON": "person", "ADDRESS": "address"}.get(entity, "other")
