"""What rows of digits may be a national number, by their form alone: groups, signs and the first two digits.

Texts are full of digits, and nearly all of them are grouped as no number of the regions is. A form is looked at once;
for each number written in it there is but one look into a table. What is left is asked of the ways of people
(`library.phone_ways`) and of the metadata (`library.phone_metadata`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, Literal, NamedTuple

import numpy as np

from governance.recognisers.library.phone_metadata import Known, candidates, groups, look_up, shapes
from governance.recognisers.library.phone_ways import Ways
from governance.recognisers.library.rows import END, OTHER, Bools, Rows

#: More groups has no number, neither as its country writes it nor as people do: only one in brackets, or with a 0 before
#: it, is taken for valid whatever its groups.
MOST_GROUPS = 9
LEAST, MOST = 7, 15
#: So few regions are asked one by one.
_FEW = 4

#: In Chinese texts these are mainland numbers, and `library.cn_phone` has them.
_CHINESE = frozenset({"CN", "HK", "MO", "TW"})
_OWN_SHAPE = re.compile("1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{8}|0[0-9]{3}-[0-9]{7}|0[0-9]{10,11}")
#: North America and Russia also write all groups with one sign, whatever the brackets of the official form.
_TELLING = frozenset({(3, 3, 4), (1, 3, 3, 4), (1, 3, 3, 2, 2), (3, 3, 2, 2), (2, 5, 4), (3, 4, 4), (3, 3, 3)})

#: Of how many groups a row of a table is told, how many digits the expression for a row takes, how many forms are kept.
_GROUPS, _TAKEN, _KEPT = 5, 17, 1 << 14
_SPACE, _LINE, _BRACKET = ord(" "), ord("\n"), ord("(")
_DRAWN = bytes.maketrans(b"123456789", b"0" * 9)
_RUN = re.compile("[0-9]+")


class Try(NamedTuple):
    """The first ``taken`` groups of a row: ``size`` digits, which end at ``end``, in groups of the lengths ``shape``.

    ``ways`` are those of people that a number with a hyphen between its groups may match. ``ask`` is what else of the
    metadata would make it one: ``alone`` a mobile, ``valid`` any valid number, ``shown`` one that its country writes in
    these groups; ``regions`` are those whose numbers have this form. ``trunk``: it has its 0; ``bracketed``: a bracket."""

    taken: int
    size: int
    end: int
    shape: tuple[int, ...]
    ways: tuple[Callable[[str], object], ...]
    ask: Literal["", "alone", "valid", "shown"]
    trunk: bool
    bracketed: bool
    regions: tuple[str, ...]

    def score(self, digits: str, joined: str, plan: Plan) -> float:
        """A score for these digits without a word beside them; 0 if only a word would make them a number. ``joined``: with
        a hyphen between the groups."""
        rounded = digits.endswith("00000") or (self.shape == (4, 4) and digits[2:4] == "00" == digits[6:])
        if not rounded:
            for way in self.ways:
                if way(joined) is not None:
                    return 0.8
        if self.ask == "valid":
            return 0.8 if next(plan.valid(digits, self.regions), None) else 0.0
        if self.ask == "shown":
            each = plan.valid(digits, self.regions)
            return 0.8 if any(groups(digits, region) == self.shape for region, _ in each) else 0.0
        return self._alone(digits, rounded, plan) if self.ask else 0.0

    def _alone(self, digits: str, rounded: bool, plan: Plan) -> float:
        long = self.size >= 10 and not rounded
        if not (long or self.trunk or self.bracketed):
            return 0.0
        for region, known in plan.valid(digits, self.regions):
            if not known.mobile:
                continue
            if self.trunk or (region == "RU" and self.size == 11):
                return 0.8
            if long:
                # Ten digits and more that are a mobile's are hardly ever anything else.
                return 0.55
        return 0.0


class Plan:
    """What is asked of the rows of digits in texts of some regions."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        self.regions = regions
        self.chinese = _CHINESE.issuperset(regions)
        self._tries = lru_cache(maxsize=1 << 13)(partial(_tries, self))
        #: The regions with numbers of so many digits that begin with a few.
        self.beginning = lru_cache(maxsize=1 << 11)(partial(_beginning, regions))

    def __reduce__(self) -> tuple[Any, ...]:
        return plan, (self.regions,)

    @cached_property
    def ways(self) -> Ways:
        """How people write numbers of the regions."""
        return Ways(self.regions)

    def tries(self, written: str, length: int) -> tuple[Try, ...]:
        """What of a row may be a number, longest first. ``written``: all that was matched, `length` characters of it the
        row itself and the rest an extension."""
        raw = written.encode()
        head = 2 if raw[0] < 58 and raw[0] != 40 else 3 if raw[0] == 40 else 5  # two signs from the first digit on
        return self._tries(raw[:head] + raw[head:].translate(_DRAWN), length)

    def sieve(self, found: Rows) -> Bools:
        """Which runs of digits a number may begin with: all but those whose groups have a space between each two, with
        another group or the end of the line behind them, and of whose form `tries` says nothing."""
        size, at, count = found.size, found.at, len(found.size)
        spaced = found.linked & (found.behind == _SPACE)
        ending = (found.behind == _LINE) | (found.behind == END)
        # As many groups as stand together and have no more digits than a number may: what the expression takes.
        width, here = np.pad(size, (0, _GROUPS)), np.arange(count)
        key = found.digits[at].astype(np.int64) * 10 + found.digits[np.minimum(at + 1, len(found.digits) - 1)]
        taken, total = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        going, told = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
        lengths = []
        for k in range(_GROUPS):
            more = width[here + k]
            fits = going & (total + more <= _TAKEN)
            told |= going & ~fits & (k > 0)  # a group too many, behind a space
            more = np.where(fits, more, 0)
            total, key, taken = total + more, key * 32 + more, taken + fits
            lengths.append(more)
            place = np.minimum(here + k, count - 1)
            told |= fits & ending[place]
            going = fits & spaced[place]
        told &= (size > 1) & (found.before != _BRACKET) & (found.before != OTHER)
        which = np.flatnonzero(told)
        keys, where, of = np.unique(key[which], return_index=True, return_inverse=True)
        first = which[where]
        forms = zip(keys.tolist(), *(length[first].tolist() for length in lengths), strict=True)
        keep = ~told
        keep[which] = np.array([self._alive(code, [n for n in sizes if n]) for code, *sizes in forms], dtype=bool)[of]
        return keep

    def _alive(self, key: int, sizes: Sequence[int]) -> bool:
        """Whether a row of groups of some sizes, whose ``key`` begins with its first two digits, may be a number."""
        known = self._forms.get(key)
        if known is None:
            if len(self._forms) >= _KEPT:
                self._forms.clear()
            begin = f"{key // 32**_GROUPS:02d}"
            written = begin + " ".join("0" * size for size in sizes)[2:]
            known = self._forms[key] = bool(self.tries(written, len(written)))
        return known

    @cached_property
    def _forms(self) -> dict[int, bool]:
        return {}

    @cached_property
    def _fits(self) -> Callable[[str], re.Match[str] | None]:
        """What may be a number of any of the regions; its last group has the name of the first of them."""
        each = (f"(?P<{region}>{candidates(region).expression})" for region in self.regions)
        return re.compile("|".join(each)).fullmatch

    @cached_property
    def _each(self) -> dict[str, Callable[[str], object]]:
        return {region: re.compile(candidates(region).expression).fullmatch for region in self.regions}

    def valid(self, digits: str, regions: tuple[str, ...]) -> Iterator[tuple[str, Known]]:
        """The regions, of some of the plan's, of which digits are a valid number."""
        if len(regions) > _FEW:
            found = self._fits(digits)
            if found is None:
                return
            if found.lastgroup in regions:
                regions = regions[regions.index(found.lastgroup) :]
        for region in regions:
            if self._each[region](digits):
                known = look_up(digits, region)
                if known is not None and known.valid:
                    yield region, known


@lru_cache(maxsize=512)
def plan(regions: tuple[str, ...]) -> Plan:
    """The plan of some regions, made once."""
    return Plan(regions)


def _beginning(regions: tuple[str, ...], begin: str, size: int) -> tuple[str, ...]:
    return tuple(region for region in regions if candidates(region).may_begin(begin, size))


def _tries(plan: Plan, form: bytes, length: int) -> tuple[Try, ...]:
    written = form.decode()
    spans = [run.span() for run in _RUN.finditer(written, 0, length)]
    lengths = tuple(end - start for start, end in spans)
    joined = "-".join(written[start:end] for start, end in spans)
    if plan.chinese and _OWN_SHAPE.fullmatch(joined):
        return ()
    zero = joined[0] == "0"
    # A row of short numbers.
    crowded = len(spans) > MOST_GROUPS and not zero and not any(sign in written[:length] for sign in "(（")
    out = []
    for taken in range(len(spans), 0, -1):
        shape, size = lengths[:taken], sum(lengths[:taken])
        if not LEAST <= size <= MOST or (crowded and taken > MOST_GROUPS):
            continue
        end = spans[taken - 1][1]
        text = written if taken == len(spans) else written[:end]
        if "(" in text and ")" not in text and "(" in text[1:]:
            continue  # what stands in the bracket is something else: "112-108 (28-25, 30-22)"
        bracketed, slashed = "(" in text or "（" in text, "/" in text
        ways = () if slashed else plan.ways.of(shape, joined[:2], bracketed or "-" in text or "." in text)
        trunk = zero and size >= 9
        ask: Literal["", "alone", "valid", "shown"] = ""
        if taken == 1:
            if size >= 10 or trunk or bracketed:
                ask = "alone"
        # Metadata are slow to ask. Where a word beside the number is needed anyway, `phone.labelled` asks for no more.
        # With a slash it is a dose or a fraction.
        elif not slashed and (bracketed or zero or (taken > 2 and size >= 9)):
            if bracketed or trunk or shape in _TELLING:
                ask = "valid"
            elif size >= 8:
                ask = "shown"
        regions: tuple[str, ...] = ()
        if ask:
            regions = plan.beginning(joined[:2].rstrip("-"), size)
        if ask == "shown":
            regions = tuple(region for region in regions if shape in shapes(region))
        if ways or regions:
            out.append(Try(taken, size, len(text), shape, ways, ask if regions else "", trunk, bracketed, regions))
    return tuple(out)
