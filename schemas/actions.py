"""What can be done with personal data, how each action is set, and which of two is the stricter.

Strictness is no single line: a pseudonym links records and shows nothing of the value, a generalised value links
nobody and shows part of it. `STRICTER` says for each action which others give away no more than it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from schemas.contract import Action

STRICTNESS: tuple[Action, ...] = (
    "keep", "scan", "operator", "encrypt", "generalise", "surrogate", "pseudonym", "placeholder", "mask", "drop",
)  # fmt: skip
"""Every action, roughly from the loosest to the strictest; `STRICTER` is what counts."""

_NOTHING_LEFT: tuple[Action, ...] = ("placeholder", "mask", "drop")

STRICTER: Mapping[Action, tuple[Action, ...]] = {
    "keep": STRICTNESS,
    "scan": tuple(action for action in STRICTNESS if action != "keep"),
    # What another's operator leaves is not known here.
    "operator": _NOTHING_LEFT,
    "encrypt": ("encrypt", "surrogate", "pseudonym", *_NOTHING_LEFT),
    "generalise": ("generalise", *_NOTHING_LEFT),
    "surrogate": ("surrogate", "pseudonym", *_NOTHING_LEFT),
    "pseudonym": ("pseudonym", *_NOTHING_LEFT),
    "placeholder": _NOTHING_LEFT,
    "mask": ("mask", "drop"),
    "drop": ("drop",),
}
"""For each action, those that give away no more. A contract may ask for one of them in place of the policy's."""

KEYED: frozenset[Action] = frozenset({"encrypt", "surrogate", "pseudonym"})
"""Actions whose results lead back to a person for whoever holds a key: personal information still (PIPL art. 73)."""

MARKS: Mapping[str, str] = {
    "pseudonym": "keyed pseudonyms, marked as such; whoever holds the key can link them",
    "surrogate": "invented values that a reader cannot tell from real ones; whoever holds the key can link them",
    "encrypt": "encrypted values; whoever holds the sealing key can read them",
    "generalise": "true values made coarser, which may still point to somebody beside other facts",
    "operator": "what a Presidio operator left, which is not ours to vouch for",
}
"""What stays of personal data in a file after each action that leaves something, in words for those who read it."""

SCOPED: frozenset[Action] = frozenset({"encrypt", "surrogate", "pseudonym"})
"""Actions that have a scope, within which equal values stay equal."""

NEEDS_ENTITY: frozenset[Action] = frozenset({"encrypt", "generalise", "surrogate", "pseudonym", "placeholder"})
"""Actions that cannot be carried out without knowing what a value is."""

#: What `generalise` can make of a value, with the options that each takes.
GENERALISATIONS: Mapping[str, frozenset[str]] = {
    "month": frozenset(),
    "year": frozenset(),
    "decade": frozenset(),
    "ageBand": frozenset({"asOf", "width"}),
    "district": frozenset(),
    "city": frozenset(),
    "province": frozenset(),
    "geohash": frozenset({"precision"}),
    "grid": frozenset({"decimals"}),
    "band": frozenset({"width", "edges"}),
    "network": frozenset({"v4", "v6"}),
    "prefix": frozenset({"keep"}),
}

#: Ladders of generalisations, finest first: a later one says less of the same value.
_LADDERS = (("month", "year", "decade"), ("district", "city", "province"))

#: Options where a smaller number shows less of the value, and their values where none is stated.
SHOWN: Mapping[str, int] = {"keepLast": 0, "precision": 5, "decimals": 1, "v4": 24, "v6": 48, "keep": 3}

_OPTIONS: Mapping[str, frozenset[str]] = {
    "mask": frozenset({"keepLast", "character"}),
    "encrypt": frozenset({"consistent"}),
    "generalise": frozenset({"to"}).union(*GENERALISATIONS.values()),
}


def option_faults(action: str, options: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with an action's options, as (option or empty, message, hint). Their shapes are checked before."""
    known = _OPTIONS.get(action, frozenset())
    for name in options:
        if name not in known:
            hint = f"it takes {', '.join(sorted(known))}" if known else "leave `options` out"
            yield name, f"the action {action!r} has no option {name!r}", hint
    if action != "generalise":
        return
    to = str(options.get("to", ""))
    if to not in GENERALISATIONS:
        if not to:
            yield "", "generalise does not say to what", f"add options: {{to: …}}, one of {', '.join(GENERALISATIONS)}"
        return
    for name in options:
        if name in known and name != "to" and name not in GENERALISATIONS[to]:
            takes = ", ".join(sorted(GENERALISATIONS[to])) or "none"
            yield name, f"generalise to {to} has no option {name!r}", f"its options: {takes}"
    if to == "ageBand":
        yield from _age_faults(options)
    if to == "band":
        edges = options.get("edges")
        if ("width" in options) == (edges is not None):
            yield "", "a band needs either width or edges", "such as width: 100, or edges: [0, 50, 200]"
        elif isinstance(edges, list) and edges != sorted({edge for edge in edges if isinstance(edge, int)}):
            yield "edges", "the edges do not rise", "write them in order, each once"


def _age_faults(options: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    said = options.get("asOf")
    if said is None:
        yield "", "an age needs a day at which it is counted", "add asOf: 2026-01-01; a run never asks a clock"
        return
    try:
        date.fromisoformat(str(said))
    except ValueError:
        yield "asOf", f"{said!r} is not a day", "write it as 2026-01-01"


def stricter_options(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The actions that are stricter than ``mask`` which shows the last characters."""
    return _NOTHING_LEFT if options.get("keepLast") else ()


def as_strict(action: Action, options: Mapping[str, Any], base: Action, base_options: Mapping[str, Any]) -> bool:
    """Whether ``action`` gives away no more than ``base`` does, options included."""
    if action == "mask" and options.get("keepLast", 0) and base != "mask":
        # Some of the value stays in sight, which no placeholder does.
        return base in ("keep", "scan")
    if base == "mask" and action in stricter_options(base_options):
        return options.get("keepLast", 0) <= base_options.get("keepLast", 0)
    if action not in STRICTER[base]:
        return False
    if action != base:
        return True
    if action == "encrypt":
        return bool(base_options.get("consistent", True)) or not options.get("consistent", True)
    if action == "generalise":
        return _as_coarse(options, base_options)
    return options.get("keepLast", 0) <= base_options.get("keepLast", 0)


def _as_coarse(options: Mapping[str, Any], base: Mapping[str, Any]) -> bool:
    to, usual = options.get("to"), base.get("to")
    if to != usual:
        return any(
            to in ladder and usual in ladder and ladder.index(str(to)) >= ladder.index(str(usual))
            for ladder in _LADDERS
        )
    for name in GENERALISATIONS.get(str(to), frozenset()):
        mine, theirs = options.get(name, SHOWN.get(name)), base.get(name, SHOWN.get(name))
        if name in SHOWN:
            if mine > theirs:  # type: ignore[operator]
                return False
        elif name == "width":
            if (mine or 10) % (theirs or 10):
                return False
        elif name == "edges":
            if not set(mine or ()) <= set(theirs or ()):
                return False
        elif mine != theirs:
            return False
    return True
