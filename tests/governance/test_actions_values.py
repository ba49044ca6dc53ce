"""Generalised, encrypted and masked values, and the one place that carries actions out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.actions.encrypt import LONGEST, NotDecrypted, decrypt, encrypt
from governance.actions.generalise import generalise
from governance.actions.replace import Order, Replacer
from governance.pseudonyms import PLACEHOLDER, Key
from schemas.actions import GENERALISATIONS, STRICTER, STRICTNESS, as_strict
from schemas.errors import KeyMissing

KEY, SEALING = Key(b"k" * 32), Key(b"s" * 32)
REPLACE = Replacer(KEY.value_hash, SEALING)


@pytest.mark.parametrize(
    ("value", "options", "made"),
    [
        ("1990-03-07", {"to": "month"}, "1990-03"),
        ("1990年3月7日", {"to": "month"}, "1990-03"),
        ("07/03/1990", {"to": "month"}, "1990-03"),
        ("03/27/1990", {"to": "month"}, "1990-03"),
        ("19900307", {"to": "year"}, "1990"),
        ("1990-03-07T10:00:00", {"to": "year"}, "1990"),
        ("1990-03-07", {"to": "decade"}, "1990s"),
        ("1990-13-07", {"to": "month"}, None),
        ("1990", {"to": "month"}, None),
        ("yesterday", {"to": "year"}, None),
        ("1990-03-07", {"to": "ageBand", "asOf": "2026-01-01"}, "30-39"),
        ("1990-03-07", {"to": "ageBand", "asOf": "2026-01-01", "width": 5}, "35-39"),
        ("1990-03-07", {"to": "ageBand", "asOf": "2020-03-06"}, "20-29"),
        ("1920-03-07", {"to": "ageBand", "asOf": "2026-01-01"}, "90+"),
        ("42", {"to": "ageBand", "asOf": "2026-01-01"}, "40-49"),
        ("2030-01-01", {"to": "ageBand", "asOf": "2026-01-01"}, None),
        ("浙江省杭州市西湖区文三路90号", {"to": "district"}, "浙江省杭州市西湖区"),
        ("浙江省杭州市西湖区文三路90号", {"to": "city"}, "浙江省杭州市"),
        ("浙江省杭州市西湖区文三路90号", {"to": "province"}, "浙江省"),
        ("北京市朝阳区建国路88号", {"to": "district"}, "北京市朝阳区"),
        ("北京市北京市朝阳区建国路88号", {"to": "district"}, "北京市朝阳区"),
        ("北京市朝阳区建国路88号", {"to": "city"}, "北京市"),
        ("广西壮族自治区南宁市青秀区民族大道1号", {"to": "city"}, "广西壮族自治区南宁市"),
        ("朝阳区建国路88号", {"to": "district"}, "朝阳区"),
        ("12 Main Street", {"to": "city"}, None),
        ("39.9042, 116.4074", {"to": "grid"}, "39.9,116.4"),
        ("116.4074,39.9042", {"to": "grid", "decimals": 0}, "40,116"),
        ("39.9042,116.4074", {"to": "geohash", "precision": 5}, "wx4g0"),
        ("wx4g0bm6c", {"to": "geohash", "precision": 4}, "wx4g"),
        ("somewhere", {"to": "geohash"}, None),
        ("￥1,234.50", {"to": "band", "width": 500}, "1000-1500"),
        ("-20", {"to": "band", "width": 500}, "<0"),
        ("75", {"to": "band", "edges": [0, 50, 200]}, "50-200"),
        ("200", {"to": "band", "edges": [0, 50, 200]}, "≥200"),
        ("-1", {"to": "band", "edges": [0, 50, 200]}, "<0"),
        ("dear", {"to": "band", "width": 5}, None),
        ("203.0.113.77", {"to": "network"}, "203.0.113.0/24"),
        ("2001:db8:1:2::3", {"to": "network"}, "2001:db8:1::/48"),
        ("300.1.1.1", {"to": "network"}, None),
        ("310012", {"to": "prefix", "keep": 2}, "31*"),
        ("SW1A 1AA", {"to": "prefix"}, "SW1*"),
        ("", {"to": "prefix"}, None),
    ],
)
def test_values_become_coarse(value: str, options: dict, made: str | None) -> None:
    assert generalise(value, options) == made
    if made is not None and options["to"] != "month":
        assert generalise(made, options) == made


OPTIONS = {"ageBand": {"asOf": "2026-01-01"}, "band": {"width": 10}}


@given(st.sampled_from(sorted(GENERALISATIONS)), st.text(max_size=30))
def test_what_is_coarse_stays_so(to: str, value: str) -> None:
    options = {"to": to, **OPTIONS.get(to, {})}
    made = generalise(value, options)
    assert made is None or generalise(made, options) == made


@given(st.text(max_size=60), st.sampled_from(["PERSON", "PHONE_NUMBER"]), st.text(max_size=8))
def test_what_is_encrypted_comes_back(value: str, entity: str, scope: str) -> None:
    token = encrypt(SEALING, entity, value, scope)
    assert token is not None
    assert PLACEHOLDER.fullmatch(token)
    assert decrypt(token, SEALING) == value
    assert token == encrypt(SEALING, entity, value, scope)
    assert token != encrypt(SEALING, entity, value, scope + "x")
    if len(value) > 3:
        assert value not in token


def test_a_token_is_authentic_or_nothing() -> None:
    token = encrypt(SEALING, "PERSON", "王小明", "u") or ""
    for bad in (token.replace("PERSON", "ADDRESS"), token[:-4] + ("a" if token[-4] != "a" else "b") + token[-3:]):
        with pytest.raises(NotDecrypted) as caught:
            decrypt(bad, SEALING)
        assert "王" not in str(caught.value)
    with pytest.raises(NotDecrypted, match="was made with key"):
        decrypt(token, KEY)
    with pytest.raises(NotDecrypted, match="no encrypted value"):
        decrypt("<PERSON>", SEALING)
    assert encrypt(SEALING, "PERSON", "x" * (LONGEST + 1)) is None


def test_masks_show_their_end_and_nothing_of_short_values() -> None:
    order = Order("mask", "BANK_CARD", {"keepLast": 4, "character": "•"})
    made, done = REPLACE(order, ["4111 1111 1111 1234", "1234567", "12"], "")
    assert made == ["<•••1234>", "<•••>", "<•••>"]
    assert set(done) == {"mask"}
    assert all(PLACEHOLDER.fullmatch(text) for text in made)
    assert not PLACEHOLDER.fullmatch("<***12345>"), "no whole value hides behind a mask"


def test_what_cannot_be_done_falls_back_and_says_so() -> None:
    assert REPLACE(Order("surrogate", "PERSON"), ["王小明", "🙂"], "u")[1] == ["surrogate", "pseudonym"]
    assert REPLACE(Order("generalise", "BIRTH_DATE", {"to": "year"}), ["1990-01-02", "?"], "u") == (
        ["1990", "<BIRTH_DATE>"], ["generalise", "placeholder"],
    )  # fmt: skip
    assert REPLACE(Order("encrypt", "PERSON"), ["x" * 999], "u")[1] == ["placeholder"]
    with pytest.raises(KeyMissing):
        Replacer(KEY.value_hash)(Order("encrypt", "PERSON"), ["王"], "")


def test_surrogates_are_consistent_in_their_scope() -> None:
    order = Order("surrogate", "PHONE_NUMBER")
    (first, again, other), _ = REPLACE(order, ["13800138000", "+86 138-0013-8000", "13800138000"], ["a", "a", "b"])
    assert first == again.removeprefix("+86 ").replace("-", "")
    assert first != other


def test_strictness_is_an_order() -> None:
    assert set(STRICTER) == set(STRICTNESS)
    options: dict = {}
    for one in STRICTNESS:
        for other in STRICTER[one]:
            assert set(STRICTER[other]) <= set(STRICTER[one]), (one, other)
            if other != "generalise":
                assert as_strict(other, options, one, options)
    assert not as_strict("generalise", {"to": "year"}, "pseudonym", {})
    assert not as_strict("pseudonym", {}, "generalise", {"to": "year"})
    assert as_strict("generalise", {"to": "decade"}, "generalise", {"to": "year"})
    assert not as_strict("generalise", {"to": "month"}, "generalise", {"to": "year"})
    assert as_strict("generalise", {"to": "network", "v4": 16}, "generalise", {"to": "network"})
    assert not as_strict("mask", {"keepLast": 4}, "placeholder", {})
    assert not as_strict("mask", {"keepLast": 4}, "mask", {"keepLast": 2})
    assert as_strict("placeholder", {}, "mask", {"keepLast": 2})
    assert not as_strict("placeholder", {}, "mask", {})
