"""What is left of rows of digits before they are looked up as telephone numbers."""

from __future__ import annotations

import pickle
import random
import re
from typing import Any

import phonenumbers as lib

from governance.recognisers.library import phone_ways
from governance.recognisers.library.phone_forms import plan
from governance.recognisers.library.phone_metadata import candidates, groups, look_up, shapes


def _written(expression: str, chance: random.Random) -> str:
    """Something like what an expression matches: its look-ahead may deny it."""

    def some(nodes: Any) -> str:
        out = ""
        for code, argument in nodes:
            op = str(code)
            if op == "LITERAL":
                out += chr(argument)
            elif op == "IN":
                kind, value = chance.choice([each for each in argument if str(each[0]) in ("LITERAL", "RANGE")])
                out += chr(value) if str(kind) == "LITERAL" else chr(chance.randint(*value))
            elif op == "SUBPATTERN":
                out += some(argument[3])
            elif op == "BRANCH":
                out += some(chance.choice(argument[1]))
            elif op == "MAX_REPEAT":
                out += "".join(some(argument[2]) for _ in range(chance.randint(argument[0], argument[1])))
        return out

    return some(re._parser.parse(expression))


def test_numbers_left_without_a_parse_are_valid_nowhere():
    kinds = (lib.PhoneNumberType.FIXED_LINE, lib.PhoneNumberType.MOBILE, lib.PhoneNumberType.VOIP)
    regions = ("US", "CA", "GB", "SG", "IN", "BR", "AR", "MX", "IT", "RU", "VN", "TH", "JP")
    examples = [lib.example_number_for_type(region, kind) for region in lib.SUPPORTED_REGIONS for kind in kinds]
    examples += [lib.example_number_for_type(region, kind) for region in regions for kind in range(11)]
    ways = {region: re.compile(candidates(region).expression) for region in regions}
    left_out = 0
    for number in filter(None, examples):
        national = lib.national_significant_number(number)
        code = str(number.country_code)
        for before in ("", "0", "8", code, f"00{code}", f"{code}0", f"810{code}8"):
            digits = before + national
            for region in regions:
                known = look_up(digits, region)
                may = ways[region].fullmatch(digits) is not None
                left_out += not may
                assert may or known is None or not known.valid, (digits, region)
                if may and known is not None and known.valid:
                    assert candidates(region).may_begin(digits[:2], len(digits)), (digits, region)
                    assert candidates(region).may_begin(digits[:1], len(digits)), (digits, region)
    assert left_out > 10_000


def test_numbers_are_shown_in_the_groups_of_their_region():
    seen = 0
    for region in lib.SUPPORTED_REGIONS:
        for kind in range(11):
            number = lib.example_number_for_type(region, kind)
            if number is None:
                continue
            shown = groups(lib.national_significant_number(number), region)
            assert len(shown) == 1 or shown in shapes(region), (region, shown)
            seen += len(shown) > 1
    assert seen > 500


def test_ways_looked_up_by_groups_are_all_the_ways():
    chance = random.Random(5)
    for regions in (("US", "GB", "IN", "SG"), ("ES", "MX", "AR"), ("RU",), ("HK", "MO", "TW")):
        ways = phone_ways.Ways(regions)
        all_of = [way for region in regions for way in phone_ways._alternatives(region)]
        some = [way for region in regions for way in phone_ways._HYPHENED.get(region, "").split()]
        expressions = [re.compile("|".join(each).replace("D", "[0-9]")) for each in (all_of, [*all_of, *some])]
        told = 0
        for _ in range(3000):
            way = chance.choice([*all_of, *some])
            joined = _written(way.replace("D", "[0-9]"), chance)
            joined = joined[: chance.choice((len(joined), len(joined) - 1))]
            shape = tuple(map(len, joined.split("-")))
            if not all(shape):
                continue
            for signs, expression in enumerate(expressions):
                holds = expression.fullmatch(joined) is not None
                assert any(fits(joined) for fits in ways.of(shape, joined[:2], bool(signs))) == holds, joined
                told += holds
        assert told > 500


def test_a_form_is_ruled_out_whatever_its_digits():
    known = plan(("AU", "CA", "GB", "US"))
    for written in ("241883 517301", "203.0.113.143", "4755782714677954", "4960 4912 4618", "4201990", "651128226"):
        assert known.tries(written, len(written)) == (), written
    for written in (
        "(212) 555-0123",
        "2125550123",
        "786 032 0031",
        "020 7946 0018",
        "020 7946 0018 77",
        "1-212-555-0123",
    ):
        assert known.tries(written, len(written)), written
    # Of digits with the same first two the same is asked, and with the first two of another region something else.
    assert known.tries("212-555-0123", 12) == known.tries("219-999-9999", 12) != known.tries("012-555-0123", 12)
    assert pickle.loads(pickle.dumps(known)).regions == known.regions
