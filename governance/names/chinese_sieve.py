"""Which stretches of Chinese text are looked at as names at all: by the log odds of their characters, or because they are known."""

from __future__ import annotations

import numpy as np

from governance.names.chinese_lists import Floats, lists
from governance.names.chinese_weigh import JAPANESE, Candidates
from governance.names.lexicon import Ints
from governance.names.reading import Bools, Reading

#: Log odds of its characters from which a candidate is looked at, by the length of surname and given name.
SIEVE = {(1, 1): -0.5, (1, 2): -2.0, (2, 1): -4.0, (2, 2): -6.0, (2, 3): 2.0, (3, 1): -4.0, (3, 2): -4.0}
#: The same for names that are known.
KNOWN = -5.0
#: The same for known names of a surname and two characters more: the list has words among them, "冷开水", "关键帧".
_KNOWN_LONG = -0.5
#: `SIEVE` by surname and given name.
_LIMITS = np.full((4, 4), np.inf, dtype=np.float32)
for _lengths, _limit in SIEVE.items():
    _LIMITS[_lengths] = _limit


def alike(at: Ints, family: int, given: int, odds: Floats, known: Bools, kind: int) -> Candidates:
    """Candidates of one kind, whose surnames are of one length, and so are their given names."""
    each = (np.full(len(at), number) for number in (family, given, kind))
    families, givens, kinds = each
    return Candidates(at, families, givens, odds, known, kinds)


def sieved(read: Reading, at: Ints, odds: Floats, family: int, given: int) -> Candidates:
    """Those that pass of candidates with usual surnames of one length and given names of one length, four at most."""
    near = np.flatnonzero(odds > KNOWN)
    at, odds = at.take(near), odds.take(near)
    listed = read.get(lists().people, at, family + given) > 0
    if given == 2:
        listed &= odds > _KNOWN_LONG
    keep = np.flatnonzero(listed | (odds > SIEVE[family, given]))
    return alike(at.take(keep), family, given, odds.take(keep), listed.take(keep), 0)


def compound(read: Reading, places: Ints) -> list[Candidates]:
    """Candidates with compound and with Japanese surnames, at places where the first two characters of one may stand."""
    found = _begun(read, places) if len(places) else []
    if not found:
        return []
    all_of = Candidates(*map(np.concatenate, zip(*found, strict=True)))
    size = all_of.family + all_of.given
    listed = read.get(lists().people, all_of.start, size * (size < 5)) > 0  # no longer one is known
    enough = listed | (all_of.odds > _LIMITS[all_of.family, all_of.given])
    return [all_of._replace(known=listed).only(np.flatnonzero(enough & (all_of.odds > KNOWN)))]


def _begun(read: Reading, places: Ints) -> list[Candidates]:
    """Candidates behind each such surname, with given names of each length."""
    known, codes, han = lists(), read.codes, read.han
    out = []
    for table, kind in ((known.compound, 0), (known.japanese, JAPANESE)):
        for family in (2, 3):
            hit = places[read.get(table, places, family) > 0]
            hit = hit[han[hit + 2]]
            if not len(hit):
                continue
            for given in (1, 2, 3) if kind else (1, 2):
                if (family, given) not in SIEVE:
                    continue
                at = hit
                for k in range(3, family + given):
                    at = at[han[at + k]]
                odds = np.full(len(at), 4.0, dtype=np.float32)
                if kind:
                    for k in range(given):
                        odds += known.japanese_given[codes[at + family + k]]
                elif given == 1:
                    odds += known.given1[codes[at + family]]
                else:
                    odds += known.first[codes[at + family]] + known.second[codes[at + family + 1]]
                out.append(alike(at, family, given, odds, np.zeros(len(at), dtype=bool), kind))
    return out
