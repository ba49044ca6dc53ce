"""The patterns, one module a family. To add an entity, write a `Pattern` and name its module's tuple in `_ALL`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from governance.recognisers.library import (
    account_url,
    accounts,
    bank_card,
    birth,
    cn_phone,
    cn_resident_id,
    devices,
    email,
    identity,
    identity_labels,
    logistics,
    money,
    network,
    phone,
    pickup,
    places,
    records,
    secrets,
    service_line,
    shields,
)
from governance.recognisers.pattern import Pattern

#: In order of rank: of two hits that are equally long and sure, the earlier pattern's stands.
_ALL: tuple[Pattern, ...] = (
    *email.PATTERNS,
    *account_url.PATTERNS,
    *cn_resident_id.PATTERNS,
    *bank_card.PATTERNS,
    *cn_phone.PATTERNS,
    *network.IP_PATTERNS,
    *network.MAC_PATTERNS,
    *money.PATTERNS,
    *identity.PATTERNS,
    *identity.SOLE_TRADER_PATTERNS,
    *identity_labels.PATTERNS,
    *identity.ORGANISATION_PATTERNS,
    *logistics.PATTERNS,
    *pickup.PATTERNS,
    *secrets.PATTERNS,
    *accounts.PATTERNS,
    *devices.DEVICE_PATTERNS,
    *devices.PLATE_PATTERNS,
    *places.PATTERNS,
    *birth.PATTERNS,
    *records.PATTERNS,
)


@lru_cache(maxsize=64)
def patterns_for(regions: tuple[str, ...], entities: tuple[str, ...] | None = None) -> tuple[Pattern, ...]:
    """The patterns of `regions` (ISO 3166-1) for `entities` (``None``: all), in order of rank, shields last.

    Shields and public numbers always come along: without them an article number would be a telephone.
    """
    chosen = (*_ALL, *service_line.patterns(regions), *phone.patterns(regions))
    return tuple(
        pattern
        for pattern in (*chosen, *account_url.SHIELDS, *shields.PATTERNS)
        if (not pattern.regions or pattern.regions & set(regions))
        and (entities is None or pattern.kind != "pii" or pattern.entity in entities)
    )


@lru_cache(maxsize=1)
def all_needles() -> tuple[str, ...]:
    """The needles of every pattern for every region, so that a process compiles one automaton and no more."""
    everything = patterns_for(tuple(sorted(service_line.REGIONS | {r for p in _ALL for r in p.regions} | {"KR"})))
    return tuple(dict.fromkeys(pattern.needle for pattern in everything))


def entities() -> tuple[str, ...]:
    """Every entity that some pattern finds and a policy may speak of."""
    everything: Iterable[Pattern] = (*_ALL, *service_line.patterns(("CN",)), *phone.patterns(()))
    return tuple(dict.fromkeys(pattern.entity for pattern in everything))
