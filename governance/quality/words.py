"""What a check expects, in the words of Great Expectations' own renderers, without the seconds of importing them.

`said` has the sentences of the expectations that `direct` knows; tests compare them with the library's. A share is
written as the contract has it (99.999 %), where the library multiplies floats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from governance.quality import measured

_SENTENCES = {
    "expect_column_values_to_be_unique": "values must be unique",
    "expect_column_values_to_match_regex": "values must match this regular expression: $regex",
    "expect_column_values_to_not_match_regex": "values must not match this regular expression: $regex",
    "expect_column_values_to_be_in_set": "values must belong to this set: $value_set",
    "expect_column_values_to_not_be_in_set": "values must not belong to this set: $value_set",
}
_PLACE = re.compile(r"\$([a-z_]+)")


def said(kind: str, arguments: Mapping[str, Any]) -> Markup | None:
    """The sentence, its values marked as such; ``None`` for an expectation or arguments that are not known here."""
    if "row_condition" in arguments or "condition_parser" in arguments:
        return None
    sentence = _sentence(kind, arguments)
    return None if sentence is None else _filled(sentence, arguments)


def _sentence(kind: str, arguments: Mapping[str, Any]) -> str | None:
    mostly = arguments.get("mostly")
    share = "" if mostly is None else f", at least {_percent(mostly)} % of the time"
    if kind == "expect_column_values_to_not_be_null":
        return f"values must not be null{share}." if share else "values must never be null."
    if kind in _SENTENCES:
        return f"{_SENTENCES[kind]}{share}."
    if kind == "expect_column_values_to_be_multiple_of":
        return measured.MULTIPLE_WORDS
    if kind == "expect_measured_rows_to_satisfy":
        return measured.words(arguments)
    if kind == "expect_compound_columns_to_be_unique":
        return f"Values for given compound columns must be unique together{share}: $column_list"
    if kind == "expect_table_columns_to_match_ordered_list":
        return "Must have these columns in this order: $column_list"
    limits = _limits(arguments)
    if limits is None:
        return None
    if kind == "expect_column_values_to_be_between":
        return f"values must be {limits}{share}."
    if kind == "expect_column_value_lengths_to_be_between":
        return f"values must {'' if share else 'always '}be {limits} characters long{share}."
    if kind == "expect_table_row_count_to_be_between":
        return f"Must have {limits} rows."
    return None


def _limits(arguments: Mapping[str, Any]) -> str | None:
    parts = []
    if arguments.get("min_value") is not None:
        parts.append(f"greater than {'' if arguments.get('strict_min') else 'or equal to '}$min_value")
    if arguments.get("max_value") is not None:
        parts.append(f"less than {'' if arguments.get('strict_max') else 'or equal to '}$max_value")
    return " and ".join(parts) or None


def _percent(mostly: Any) -> str:
    return f"{(100 * Decimal(str(mostly))).normalize():f}"


def _filled(sentence: str, arguments: Mapping[str, Any]) -> Markup:
    """The sentence with each ``$name`` replaced by the argument of that name; a list's members stand one by one."""
    parts, at = [], 0
    for found in _PLACE.finditer(sentence):
        parts += [escape(sentence[at : found.start()]), _value(found[1], arguments[found[1]])]
        at = found.end()
    return Markup("").join([*parts, escape(sentence[at:])])


def _value(name: str, value: Any) -> Markup:
    if isinstance(value, Sequence) and not isinstance(value, str):
        between = escape(", " if name == "column_list" else " ")
        return between.join(map(_badge, value)) or escape("[ ]")
    return _badge(value)


def _badge(value: Any) -> Markup:
    return Markup('<span class="badge">{}</span>').format(value)
