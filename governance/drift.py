"""How far one set of rows is from those before it: drops as well as rises, from counts alone. Pure.

    volume       rows, and
    redactions   values redacted per 1,000 rows, by entity: 1 - smaller/larger, so that half as many and twice as many
                 are both 0.5; a recogniser that goes blind is a drop of 1
    nulls        share of rows without a value, by field: difference of the two shares
    psi          lengths and languages of texts, and values of fields of few values: the population stability index
                 sum((p - q) * ln(p / q)) over bins, with half a row added to every bin so that none is empty

The index is twice the symmetrised Kullback-Leibler divergence of Jeffreys (1946); below 0.1 it is by convention called
stable, above 0.25 a shift (Siddiqi, Credit Risk Scorecards, 2006). Bins of lengths are doublings.

What chance alone explains is no drift, however large it looks on few rows. Shares and rates must differ by
`SIGMAS` standard errors (two-proportion test with pooled variance; for rates that of counts), and the index must be
above (k - 1 + 3 * sqrt(2 * (k - 1))) * (1/n + 1/m), three deviations above the mean that it has for equal
distributions of k bins and n and m rows (Yurdakul, Statistical Properties of Population Stability Index, 2018).
Values of one document come together, so for redactions the test is an approximation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from schemas.contract import Drift, Levels

SIGMAS = 3
_PLACES = Decimal("0.0001")
Profile = Mapping[str, Any]
"""Counts of rows as `clearinghouse.jobs.profile` adds them up, with ``volume``: what is compared as their number."""


@dataclass(frozen=True)
class Change:
    """One measure of one thing, before and now. ``level`` is ``warn``, ``hold``, ``fail`` or empty.

    ``what`` names a field or an entity. Numbers are decimals as text, so that they may stand in a manifest.
    """

    measure: str
    what: str
    before: str
    now: str
    change: str
    level: str
    threshold: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    def __str__(self) -> str:
        return f"{said(self.measure, self.what)} {self.before} -> {self.now} ({self.change}, {self.level} from {self.threshold})"


def said(measure: str, what: str) -> str:
    """What a measure of something is called in a sentence."""
    words = {
        "volume": "rows",
        "redactions": f"{what} redacted per 1,000 rows",
        "nulls": f"share of {what} without a value",
        "lengths": f"lengths of {what}",
        "values": f"values of {what}",
        "languages": f"languages of {what}",
    }
    return words[measure]


def compare(now: Profile, before: Sequence[Profile], limits: Drift, *, volume: bool = True) -> list[Change]:
    """Every measure of ``now`` against the mean of ``before`` (at least one), in a fixed order.

    ``volume`` says whether numbers of rows can be compared at all: ranges of an incremental pull cannot.
    """
    count = len(before)
    found = list(_volume(now, before, limits.volume)) if volume else []
    rows = sum(one["rows"] for one in before) / count
    if not now["rows"] or not rows:
        return found
    found += _nulls(now, before, rows, limits.nulls)
    for kind in ("lengths", "values", "languages"):
        for name in sorted(set(now[kind]) & set.intersection(*(set(one[kind]) for one in before))):
            found += _bins(kind, name, now, before, limits.psi)
    return found + list(_redactions(now, before, rows, limits.redactions))


def unchanged(changes: Sequence[Change], own: Sequence[Change]) -> list[Change]:
    """``changes`` without a level where ``own``, the comparison with what stood there before, shows the very same figures.

    What was let pass once, by the limits or by a person, is no news when the same rows are scrubbed again.
    """
    same = {(one.measure, one.what) for one in own if one.before == one.now and not Decimal(one.change)}
    return [replace(one, level="", threshold="") if (one.measure, one.what) in same else one for one in changes]


def _volume(now: Profile, before: Sequence[Profile], levels: Levels) -> Iterator[Change]:
    old, new = sum(one["volume"] for one in before) / len(before), now["volume"]
    sure = abs(new - old) > SIGMAS * math.sqrt(new + old)
    yield _change("volume", "", f"{_number(old)}", f"{_number(new)}", _proportion(new, old), sure, levels)


def _nulls(now: Profile, before: Sequence[Profile], rows: float, levels: Levels) -> Iterator[Change]:
    for name in sorted(now["nulls"]):
        if not all(name in one["nulls"] for one in before):
            continue
        old = sum(one["nulls"][name] for one in before) / len(before)
        p, q = now["nulls"][name] / now["rows"], old / rows
        pooled = (now["nulls"][name] + old) / (now["rows"] + rows)
        error = math.sqrt(pooled * (1 - pooled) * (1 / now["rows"] + 1 / rows))
        yield _change("nulls", name, _text(q), _text(p), abs(p - q), abs(p - q) > SIGMAS * error, levels)


def _redactions(now: Profile, before: Sequence[Profile], rows: float, levels: Levels) -> Iterator[Change]:
    for name in sorted({*now["redacted"], *(entity for one in before for entity in one["redacted"])}):
        new = now["redacted"].get(name, 0)
        old = sum(one["redacted"].get(name, 0) for one in before) / len(before)
        p, q = new / now["rows"], old / rows
        error = math.sqrt((new + old) / (now["rows"] + rows) * (1 / now["rows"] + 1 / rows))
        sure = abs(p - q) > SIGMAS * error
        yield _change("redactions", name, _text(q * 1000), _text(p * 1000), _proportion(p, q), sure, levels)


def _bins(kind: str, name: str, now: Profile, before: Sequence[Profile], levels: Levels) -> Iterator[Change]:
    """The index of one distribution; it is passed over where there are too many values on either side."""
    new, olds = now[kind][name], [one[kind][name] for one in before]
    if new is None or any(one is None for one in olds):
        return
    bins = sorted({*new, *(place for one in olds for place in one)})
    a = [new.get(place, 0) for place in bins]
    b = [sum(one.get(place, 0) for one in olds) / len(olds) for place in bins]
    n, m, k = sum(a), sum(b), len(bins)
    if not n or not m:
        return
    shares = [((x + 0.5) / (n + k / 2), (y + 0.5) / (m + k / 2)) for x, y in zip(a, b, strict=True)]
    index = math.fsum((p - q) * math.log(p / q) for p, q in shares)
    chance = (k - 1 + SIGMAS * math.sqrt(2 * (k - 1))) * (1 / n + 1 / m)
    most, least = max(shares, key=lambda s: s[0] - s[1]), min(shares, key=lambda s: s[0] - s[1])
    # The bin that rose most and the one that fell most: where nothing moved they are one.
    shown = list(dict.fromkeys((most, least)))
    told = (", ".join(f"{_bin(kind, bins[shares.index(one)])} {_percent(one[1])}" for one in shown),
            ", ".join(_percent(one[0]) for one in shown))  # fmt: skip
    yield _change(kind, name, *told, index, index > chance, levels)


def _bin(kind: str, place: str) -> str:
    if kind != "lengths":
        return place
    return f"{1 << (int(place) - 1)} to {(1 << int(place)) - 1} characters" if int(place) else "no characters"


def _change(measure: str, what: str, before: str, now: str, size: float, sure: bool, levels: Levels) -> Change:
    value = Decimal(repr(size)).quantize(_PLACES, ROUND_HALF_EVEN)
    level, threshold = "", ""
    for name in ("warn", "hold", "fail"):
        limit = getattr(levels, name)
        if sure and limit is not None and value >= limit:
            level, threshold = name, f"{limit:f}"
    return Change(measure, what, before, now, f"{value:f}", level, threshold)


def _proportion(new: float, old: float) -> float:
    larger = max(new, old)
    return 1 - min(new, old) / larger if larger else 0.0


def _text(value: float) -> str:
    return f"{Decimal(repr(value)).quantize(_PLACES, ROUND_HALF_EVEN).normalize():f}"


def _number(value: float) -> str:
    return f"{round(value):,}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
