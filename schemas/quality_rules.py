"""Quality rules of a mix: which signals a document must keep to, by the sort of text that it is.

Rules are data: a bundled file by name, changed by what the mix says (`schemas/quality/house.quality.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from schemas.names import did_you_mean
from schemas.raw import as_mapping, is_number
from schemas.yaml_lines import Place, YamlFile

SCRIPTS = ("all", "spaced", "dense")
SIGNALS = (
    "chars", "words", "word_length", "distinct_share", "entropy", "letter_share", "digit_share", "upper_share",
    "punctuation_share", "symbol_share", "emoji_share", "space_share", "hash_per_word", "ellipsis_per_word",
    "brace_count", "broken_share", "control_share", "zero_width_share", "worded_share", "function_words",
    "function_share", "lines", "line_chars", "bullet_line_share", "ellipsis_line_share", "stop_line_share",
    "short_line_share", "again_line_share", "again_line_char_share", "top_2_share", "top_3_share", "top_4_share",
    "again_5_share", "again_6_share", "again_7_share", "again_8_share", "again_9_share", "again_10_share",
    "link_share", "redacted_share", "tags", "mojibake", "code_words", "policy_words",
)  # fmt: skip
"""Signals that a rule may speak of (`transforms.signals`)."""

NAMES = tuple(f"{bound}_{signal}" for signal in SIGNALS for bound in ("min", "max"))
OTHER = "other"


@dataclass(frozen=True)
class Limit:
    """One rule: a signal that must be at least (``min``) or at most (``max``) a value, in some scripts or ``all``."""

    name: str
    script: str
    value: Decimal

    @property
    def signal(self) -> str:
        return self.name[4:]

    @property
    def least(self) -> bool:
        return self.name.startswith("min_")


@dataclass(frozen=True)
class QualityRules:
    """The limits of each profile, sorted by name; ``other`` judges every profile that is not named."""

    name: str
    profiles: Mapping[str, tuple[Limit, ...]]

    def of(self, profile: str) -> tuple[Limit, ...]:
        return self.profiles.get(profile) or self.profiles.get(OTHER, ())


@lru_cache(maxsize=4)
def _bundled(name: str) -> Mapping[str, Any]:
    path = resources.files("schemas") / "quality" / f"{name}.quality.yaml"
    found: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def bundled_rules() -> tuple[str, ...]:
    """Names of the rules that come with the package."""
    folder = resources.files("schemas") / "quality"
    return tuple(sorted(p.name.removesuffix(".quality.yaml") for p in folder.iterdir() if p.name.endswith(".yaml")))


def read_rules(found: YamlFile, body: Mapping[str, Any], place: Place) -> QualityRules | None:
    """The rules that a mix's ``quality`` asks for; what is wrong with it is reported."""
    name = body.get("rules", "house")
    if name not in bundled_rules():
        found.report(
            (*place, "rules"),
            f"there are no quality rules {name!r}",
            did_you_mean(str(name), bundled_rules(), what="bundled"),
        )
        return None
    base = _bundled(name)
    profiles = {key: _merged(base["every"], value) for key, value in base["profiles"].items()}
    for profile, scripts in as_mapping(body.get("profiles")).items():
        start = profiles.get(profile, profiles[OTHER])
        profiles[profile] = _merged(start, _checked(found, as_mapping(scripts), (*place, "profiles", profile)))
    return QualityRules(name, {key: _limits(value) for key, value in sorted(profiles.items())})


def _checked(found: YamlFile, scripts: Mapping[str, Any], place: Place) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for script, limits in scripts.items():
        if script not in SCRIPTS:
            found.report((*place, script), f"{script!r} is no sort of script", f"one of {', '.join(SCRIPTS)}")
            continue
        for name, value in as_mapping(limits).items():
            if name not in NAMES:
                found.report(
                    (*place, script, name), f"there is no rule {name!r}", did_you_mean(name, NAMES, what="rules")
                )
            elif value is not None and (not is_number(value) or value < 0):
                found.report((*place, script, name), f"{name} must be a number of 0 or more, or null for no limit")
            else:
                kept.setdefault(script, {})[name] = value
    return kept


def _merged(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {script: {**one.get(script, {}), **two.get(script, {})} for script in SCRIPTS}


def _limits(scripts: Mapping[str, Mapping[str, Any]]) -> tuple[Limit, ...]:
    made = []
    for script, limits in scripts.items():
        made += [Limit(name, script, Decimal(repr(value))) for name, value in limits.items() if value is not None]
    # What is said of one sort of script stands before what is said of all.
    own = {(limit.name, limit.script) for limit in made}
    kept = [
        limit for limit in made if limit.script != "all" or not {(limit.name, "spaced"), (limit.name, "dense")} <= own
    ]
    return tuple(sorted(kept, key=lambda limit: (limit.name, limit.script)))
