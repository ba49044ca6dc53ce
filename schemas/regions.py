"""Regions of residency that are more than one country, and what lies in what. ISO 3166-1 alpha-2 codes.

EU: Treaty on European Union, 27 members since 2020. EEA: the EU with Iceland, Liechtenstein and Norway. ASEAN: with
Timor-Leste, a member since October 2025. GCC: the six of its charter of 1981.
"""

from __future__ import annotations

from collections.abc import Iterable

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
REGIONS = {
    "EU": EU,
    "EEA": EU | frozenset("IS LI NO".split()),
    "ASEAN": frozenset("BN ID KH LA MM MY PH SG TH TL VN".split()),
    "GCC": frozenset("AE BH KW OM QA SA".split()),
}
GLOBAL = "GLOBAL"


def within(place: str, allowed: Iterable[str]) -> bool:
    """Whether data that may be kept in the ``allowed`` countries and regions may be kept in all of ``place``."""
    allowed = tuple(allowed)
    if GLOBAL in allowed:
        return True
    there = frozenset[str]().union(*(REGIONS.get(one, frozenset((one,))) for one in allowed))
    return place in allowed or REGIONS.get(place, frozenset((place,))) <= there


def together(residencies: Iterable[Iterable[str]]) -> frozenset[str] | None:
    """The countries in which all may be kept; ``None`` for everywhere."""
    found: frozenset[str] | None = None
    for allowed in residencies:
        allowed = tuple(allowed)
        if GLOBAL in allowed:
            continue
        there = frozenset[str]().union(*(REGIONS.get(one, frozenset((one,))) for one in allowed))
        found = there if found is None else found & there
    return found
