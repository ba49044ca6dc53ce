"""A release beside those before it: what was redacted of every 10,000 tokens, over up to five releases, and what changed.

Counts are of the rows that could be drawn from; so are the rows and tokens that they are told beside, and no sampling
moves a rate. A rate has changed where it differs by `SIGMAS` standard errors (two-proportion test, pooled) and by a
fifth: falls as well as rises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from clearinghouse import catalog
from clearinghouse.catalog import ReleaseRef
from schemas.manifest import ReleaseManifest

if TYPE_CHECKING:
    from infra.store import Store

BEFORE = 5
SIGMAS = 3
LEAST_CHANGE = Fraction(1, 5)
#: Releases of up to this many tries to read: one that is damaged or gone is passed over.
_LOOKED_AT = 20


def earlier(store: Store, manifest: ReleaseManifest) -> list[ReleaseManifest]:
    """Up to `BEFORE` releases of the mix before this one, oldest first."""
    from schemas.errors import ClearinghouseError

    this = catalog.version_key(manifest.version)
    there = [name for name in catalog.versions(store, manifest.mix) if catalog.version_key(name) < this]
    found: list[ReleaseManifest] = []
    for version in reversed(there[-_LOOKED_AT:]):
        if len(found) == BEFORE:
            break
        try:
            found.append(catalog.manifest_of(store, ReleaseRef(manifest.mix, version)))
        except ClearinghouseError:
            continue  # what is wrong with it is told by `clearinghouse verify`, and does not concern this release
    return found[::-1]


def rows_of(manifest: ReleaseManifest, unit: str | None = None) -> int:
    """Rows that could be drawn from, those of several views of a data set once."""
    found = {
        source["dataset"]: source["row_counts"]["rows_in"]
        for source in manifest.sources
        if unit is None or source["unit"] == unit
    }
    return sum(found.values())


def tokens_of(manifest: ReleaseManifest, unit: str | None = None) -> int:
    """Tokens that could be drawn, of several views of a data set those of the largest."""
    found: Counter[str] = Counter()
    for source in manifest.sources:
        if unit is None or source["unit"] == unit:
            found[source["dataset"]] = max(found[source["dataset"]], source.get("tokens_available", 0))
    return found.total()


def by_kind(manifest: ReleaseManifest) -> dict[tuple[str, str], Counter[str]]:
    """Values by (unit, entity) and action."""
    units = {source["dataset"]: source["unit"] for source in manifest.sources}
    found: dict[tuple[str, str], Counter[str]] = {}
    for name, count in manifest.redactions.items():
        dataset, _, entity, action, _ = name.split("|", 4)
        unit = units.get(dataset, dataset.partition(".")[0])
        found.setdefault((unit, entity), Counter())[action] += count
    return found


def changed(actions: Mapping[str, int]) -> int:
    """Values that were not kept."""
    return sum(count for action, count in actions.items() if action != "keep")


def matrix(manifest: ReleaseManifest, before: Sequence[ReleaseManifest]) -> list[dict[str, Any]]:
    """Unit × entity × action, beside the unit's rows and tokens, with the same of each release before (``series``)."""
    kinds = by_kind(manifest)
    series = [(one.version, by_kind(one), _by_unit(one)) for one in [*before, manifest]]
    tokens = _by_unit(manifest)
    return [
        {
            "unit": unit,
            "entity": entity,
            "actions": dict(sorted(actions.items())),
            "changed": changed(actions),
            "unit_rows": rows_of(manifest, unit),
            "unit_tokens": tokens[unit],
            "series": [
                {"version": version, "count": changed(there.get((unit, entity), {})), "tokens": size.get(unit, 0)}
                for version, there, size in series
            ],
        }
        for (unit, entity), actions in sorted(kinds.items())
    ]


def _by_unit(manifest: ReleaseManifest) -> dict[str, int]:
    return {unit: tokens_of(manifest, unit) for unit in sorted({source["unit"] for source in manifest.sources})}


def history(manifest: ReleaseManifest, before: Sequence[ReleaseManifest]) -> list[dict[str, Any]]:
    """The releases that the series are of, oldest first, with their totals."""
    return [
        {
            "version": one.version,
            "digest": "" if one is manifest else one.digest,
            "rows": one.totals["rows"],
            "tokens": one.totals["tokens"],
            "redacted": sum(map(changed, by_kind(one).values())),
            "drawn_from": tokens_of(one),
        }
        for one in [*before, manifest]
    ]


def changes(manifest: ReleaseManifest, parent: ReleaseManifest | None) -> dict[str, Any] | None:
    """This release beside the one before: tokens of each source, and redactions by entity with ``flag`` (``rise``,
    ``fall``, ``gone``, ``new`` or empty)."""
    if parent is None:
        return None
    before, now = _tokens(parent), _tokens(manifest)
    old, new = _by_entity(parent), _by_entity(manifest)
    sizes = (rows_of(parent), rows_of(manifest))
    return {
        "version": parent.version,
        "tokens": [{"dataset": key, "before": before.get(key), "now": now.get(key)} for key in sorted({*before, *now})],
        "entities": [
            {
                "entity": entity,
                "before": old[entity],
                "now": new[entity],
                "flag": flag(old[entity], sizes[0], new[entity], sizes[1]),
            }
            for entity in sorted({*old, *new})
            if old[entity] or new[entity]
        ],
        "rows": {"before": sizes[0], "now": sizes[1]},
        "policy": {"before": dict(parent.policy), "now": dict(manifest.policy)},
        "code": {"before": parent.code, "now": manifest.code},
    }


def flag(before: int, of_before: int, now: int, of_now: int) -> str:
    """Whether a rate rose or fell by more than chance and a fifth. Exact: no rounding decides."""
    if not of_before or not of_now:
        return ""
    old, new = Fraction(before, of_before), Fraction(now, of_now)
    pooled = Fraction(before + now, of_before + of_now)
    # A row may hold several values, so a rate may be above one; the variance of a count is then its mean.
    spread = pooled * (1 - pooled) if pooled < Fraction(1, 2) else pooled
    variance = spread * (Fraction(1, of_before) + Fraction(1, of_now))
    if (new - old) ** 2 <= SIGMAS**2 * variance or abs(new - old) < LEAST_CHANGE * max(old, new):
        return ""
    if not before or not now:
        return "new" if now else "gone"
    return "rise" if new > old else "fall"


def _tokens(manifest: ReleaseManifest) -> Counter[str]:
    """Tokens by data set, all its views together."""
    found: Counter[str] = Counter()
    for source in manifest.sources:
        found[source["dataset"]] += source["tokens"]
    return found


def _by_entity(manifest: ReleaseManifest) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, entity), actions in by_kind(manifest).items():
        found[entity] += changed(actions)
    return found


def named(keys: Iterable[str]) -> str:
    """Data sets in a sentence: a few names, and how many more."""
    return catalog.some(keys, 8)
