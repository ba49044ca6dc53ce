"""What a release of a mix would be, before anything is written: what there is, what every filter costs, who gives what.

It counts documents as a release does, and keeps the counts in the store where releases keep them too (the index under
``scrubbed/…/index``): a second plan, or the release after it, counts only what is new. Nothing else is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from clearinghouse import catalog
from clearinghouse.jobs.release import newest_release, prepare
from clearinghouse.jobs.release_choose import Candidates
from clearinghouse.jobs.release_draw import Order, Part, Supply, draw, limiting, supplies
from clearinghouse.jobs.release_select import Chosen, Selection, select
from clearinghouse.jobs.scratch import scratch
from clearinghouse.settings import Settings
from governance.gates import shown
from schemas.canonical import digest
from schemas.contract import Mix
from schemas.errors import ReleaseRefused
from schemas.manifest import Counts
from transforms.split import sections


def plan(settings: Settings, name: str) -> dict[str, Any]:
    """The plan of a mix, given by name or file, as plain JSON values; shares are decimals as text.

    ``refused`` says why the mix cannot be met and what would do, else it is ``None``; what there is to draw from is told
    either way. Raises what `clearinghouse.jobs.release.build` raises for mixes that do not get so far.
    """
    from infra.store import open_store

    store = open_store(settings.store)
    selection = select(settings, name, store)
    with scratch() as folder:
        found = prepare(settings, store, selection, folder)
        mix, sources = selection.mix, found.sources
        order, refused = None, None
        try:
            order = draw(mix, sources)
        except ReleaseRefused as error:
            refused = {"message": error.message, "fix": error.fix}
        parts = order.parts if order is not None else ()
        return {
            "mix": mix.name,
            "version": mix.version,
            "purpose": mix.purpose,
            "format": mix.format,
            "tokenizer": selection.tokenizer_facts,
            "seed": mix.seed,
            "budget": mix.budget,
            "temperature": f"{mix.temperature:f}",
            "plan": digest(selection.plan),
            "same_as": _same_as(store, selection),
            "datasets": [
                _dataset(chosen, rows, one, lost, order, number)
                for number, (chosen, rows, one, lost) in enumerate(
                    zip(selection.chosen, found.rows, sources, _costs(found.costs.of), strict=True)
                )
            ],
            "sources": _sources(mix, supplies(mix, sources), parts),
            "limited_by": limiting(mix.budget, parts),
            "stages": _stages(mix, order),
            "totals": None if order is None else _totals(order),
            "refused": refused,
        }


def _same_as(store: Any, selection: Selection) -> str | None:
    """The newest release of the mix, where it was made from the very same plan: a release would change nothing."""
    from infra.store import NotFound

    parent = newest_release(store, selection.mix.name)
    if parent is None:
        return None
    ref = catalog.ReleaseRef(parent.mix, parent.version)
    try:
        same = store.read(f"releases/{ref.mix}/{ref.version}/plan.json") == selection.plan
    except NotFound:
        return None
    return str(ref) if same else None


def _costs(every: Sequence[Mapping[str, Any]]) -> list[list[dict[str, Any]]]:
    return [[{"reason": reason, **asdict(cost)} for reason, cost in one.items()] for one in every]


def _dataset(
    chosen: Chosen, rows: Counts, one: Candidates, lost: list[dict[str, Any]], order: Order | None, number: int
) -> dict[str, Any]:
    return {
        "dataset": chosen.contract.key,
        "view": chosen.source.view,
        "unit": chosen.contract.unit,
        "snapshot": chosen.snapshot.ordinal,
        "rows": rows.rows_in,
        "rows_left_out": dict(rows.filtered),
        "documents": one.made,
        "tokens": one.made_tokens,
        "lost": lost,
        "documents_left": len(one),
        "tokens_left": int(one.tokens.sum()),
        "held_out": {"documents": int(one.held.sum()), "tokens": int(one.tokens[one.held].sum())},
        "taken": None if order is None else int(order.tokens[order.source == number].sum()),
    }


def _sources(mix: Mix, every: Sequence[Supply], parts: Sequence[Part]) -> list[dict[str, Any]]:
    whole = sum(sum(part.wanted) for part in parts)
    got = sum(sum(part.tokens) for part in parts)
    found = []
    for place, (source, one) in enumerate(zip(mix.sources, every, strict=True)):
        part = parts[place] if parts else None
        wanted, tokens = (sum(part.wanted), sum(part.tokens)) if part else (0, 0)
        found.append(
            {
                "source": one.name,
                "datasets": list(one.datasets),
                "weight": None if source.weight is None else f"{source.weight:f}",
                "documents": one.documents,
                "available": one.available,
                "epochs": f"{source.epochs:f}",
                "capacity": one.capacity,
                "held_out": one.held_out,
                "wanted": wanted if part else None,
                "tokens": tokens if part else None,
                "rows": part.rows if part else None,
                "repeats": shown(Fraction(tokens, one.available)) if part and one.available else None,
                "share_wanted": shown(Fraction(wanted, whole)) if whole else None,
                "share": shown(Fraction(tokens, got)) if got else None,
                "stages": [
                    {"wanted": asked, "tokens": gave} for asked, gave in zip(part.wanted, part.tokens, strict=True)
                ]
                if part
                else [],
                "validation": {"wanted": part.validation_wanted, "tokens": part.validation_tokens} if part else None,
            }
        )
    return found


def _stages(mix: Mix, order: Order | None) -> list[dict[str, Any]]:
    """Each section of the release to be: the stages of training, then validation."""
    if order is None:
        return []
    names = [stage.name for stage in mix.stages] or ["train"]
    return [
        {
            "split": one.split,
            "stage": one.stage,
            "name": names[one.stage] if one.split == "train" else one.split,
            "rows": one.stop - one.start,
            "tokens": int(order.tokens[one.start : one.stop].sum()),
        }
        for one in sections(order.split, order.stage)
    ]


def _totals(order: Order) -> dict[str, int]:
    train = order.split == 0
    return {
        "rows": len(order.tokens),
        "tokens": int(order.tokens.sum()),
        "train_rows": int(train.sum()),
        "train_tokens": int(order.tokens[train].sum()),
        "validation_rows": int((~train).sum()),
        "validation_tokens": int(order.tokens[~train].sum()),
    }
