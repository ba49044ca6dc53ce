"""Numbers are looked for only where digits stand close enough: what is told of needles holds, and nothing is missed."""

from __future__ import annotations

import re
from random import Random

import phonenumbers
import pyarrow as pa
import pytest
from recogniser_samples import ALONE, LABELLED

from governance.recognisers.automata import HyperscanAutomaton, ReAutomaton, cut
from governance.recognisers.chains import Chain, chain
from governance.recognisers.engine import buffers
from governance.recognisers.library import all_needles, phone_forms, phone_ways

VALUES = [value for values in ALONE.values() for value in values]
PHRASES = ["".join(parts) for rows in LABELLED.values() for parts in rows]


@pytest.mark.parametrize(
    ("needle", "digits", "gap", "found"),
    [
        ("(?:^|[^0-9])[0-9]{12}", 12, 0, Chain(12, 0, 1, 0)),
        ("(?:^|[^0-9])[0-9]{12}", 13, 0, None),
        ("[0-9](?:[ -]{0,3}[0-9]){6}", 7, 3, Chain(7, 3, 0, 0)),
        ("[0-9](?:[ -]{0,3}[0-9]){6}", 7, 2, None),
        ("[0-9](?:（[0-9]){6}", 7, 3, Chain(7, 3, 0, 0)),
        ("[A-Z]{2}[0-9]{3}(?:[0-9]|[A-Z]{2})[0-9]{2}[A-Z]", 3, 0, Chain(3, 0, 2, 5)),
        ("[A-Z]{2}[0-9]{3}(?:[0-9]|[A-Z]{2})[0-9]{2}[A-Z]", 5, 2, Chain(5, 2, 2, 1)),
        ("(?:[0-9]{6}|[A-Z]{6})", 1, 0, None),
        ("[0-9A-F]{12}", 1, 0, None),
        ("[0-9]{6}[A-Z]{0,60}", 6, 0, None),  # reaches too far to be looked for around its digits
    ],
)
def test_chain_of_a_needle(needle: str, digits: int, gap: int, found: Chain | None):
    assert chain(needle, digits, gap) == found


def _texts(rng: Random) -> list[str]:
    out = []
    for _ in range(400):
        parts = []
        for _ in range(rng.randrange(1, 7)):
            kind = rng.random()
            if kind < 0.35:
                parts.append(rng.choice(VALUES))
            elif kind < 0.5:
                parts.append(rng.choice(PHRASES))
            elif kind < 0.8:
                parts.append("".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 14))))
            else:
                parts.append("".join(rng.choice(" -.()/（）:转A一x") for _ in range(rng.randrange(1, 9))))
        out.append("".join(parts))
    return [*out, "", "1", "12", *out[:5]]


def test_scan_finds_what_every_needle_finds():
    """Also at the edges of rows, in rows without digits and where a row ends with digits and the next begins with some."""
    needles = [needle for needle in all_needles() if any(chain(needle, *kind) for kind in ((6, 15), (2, 0)))]
    assert len(needles) > 60
    array = pa.array(_texts(Random(29)), pa.large_string())
    units = cut(*buffers(array))
    near = [0] * len(needles)
    wanted = set(zip(*(column.tolist() for column in ReAutomaton(needles).pairs(units, near)), strict=True))
    found = set(zip(*(column.tolist() for column in HyperscanAutomaton(needles).pairs(units, near)), strict=True))
    assert len(wanted) > 1000
    assert wanted <= found


def _most_hyphens(nodes) -> int:
    total = 0
    for code, argument in nodes:
        op = str(code)
        if op == "LITERAL":
            total += argument == ord("-")
        elif op == "SUBPATTERN":
            total += _most_hyphens(argument[3])
        elif op == "BRANCH":
            total += max(_most_hyphens(branch) for branch in argument[1])
        elif op == "MAX_REPEAT":
            total += argument[1] * _most_hyphens(argument[2])
    return total


def test_no_number_is_written_in_more_groups_than_are_asked_about():
    ways = [way for region in phone_ways._WAYS for way in phone_ways._alternatives(region)]
    ways += [way for some in phone_ways._HYPHENED.values() for way in some.split()]
    for way in ways:
        assert _most_hyphens(re._parser.parse(way.replace("D", "[0-9]"))) < phone_forms.MOST_GROUPS, way
    for region in phonenumbers.SUPPORTED_REGIONS:
        for shown in phonenumbers.PhoneMetadata.metadata_for_region(region).number_format:
            prefix = re.findall("[0-9]+", (shown.national_prefix_formatting_rule or "").replace("$NP", "0"))
            assert len(re.findall(r"\\[0-9]|[0-9]+", shown.format)) + len(prefix) <= phone_forms.MOST_GROUPS, region
