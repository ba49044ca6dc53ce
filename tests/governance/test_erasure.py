"""Erasure as rules: what leads to a person, when it is due, what the certificate says."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.erasure import BadRequest, Person, deadlines, due, forms, hashed, page, standing
from schemas.erasure_rules import BUNDLED, load_erasure_rules
from schemas.errors import PolicyError
from schemas.subject import ALONE, KINDS, TOGETHER
from tests.conftest import ROOT


def plainly(entity: str, value: str) -> bytes:
    return hashlib.blake2b(f"{entity}\0{value}".encode(), digest_size=16).digest()


def test_a_telephone_is_looked_for_with_and_without_its_country() -> None:
    same = [forms("PHONE_NUMBER", text) for text in ("+86 138-0013-8001", "0086 13800138001", "13800138001")]
    assert all("13800138001" in one for one in same)
    assert {"91234567", "6591234567"} <= forms("PHONE_NUMBER", "+65 9123 4567")
    assert "2125550123" in forms("PHONE_NUMBER", "+1 (212) 555-0123")
    assert forms("PHONE_NUMBER", "12") == set()
    assert forms("EMAIL_ADDRESS", "Ann.Lee@Example.COM") == {"ann.lee@example.com"}
    assert forms("CN_RESIDENT_ID", "11010519491231002x") == forms("CN_RESIDENT_ID", "11010519491231002X")


def test_every_kind_leads_to_known_entities() -> None:
    assert {entity for entities in KINDS.values() for entity in entities} <= ALONE | TOGETHER
    assert not ALONE & TOGETHER


def test_hashes_number_the_people_and_a_name_needs_company() -> None:
    people = [Person((("phone", "13800138001"),)), Person((("name", "王小明"), ("address", "北京市海淀区1号")))]
    found = hashed(people, plainly)
    assert {number for _, _, number in found} == {0, 1}
    assert {entity for _, entity, number in found if number == 1} == {"PERSON", "ADDRESS", "LOCATION"}
    with pytest.raises(BadRequest, match="shared by many"):
        hashed([Person((("name", "王小明"),))], plainly)


def test_people_are_not_shown() -> None:
    assert repr(Person((("phone", "13800138001"),))) == "Person(phone)"


@pytest.mark.parametrize(
    ("received", "period", "last"),
    [
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2026-11-30", "P3M", "2027-02-28"),
        ("2026-12-20", "P15D", "2027-01-04"),
        ("2026-12-20", "P2W", "2027-01-03"),
    ],
)
def test_last_days(received: str, period: str, last: str) -> None:
    assert due(received, period) == last


@given(st.dates(max_value=date(2990, 1, 1)), st.integers(0, 30))
def test_a_month_ends_in_the_month_it_ends_in(day: object, months: int) -> None:
    found = due(str(day), f"P{months}M")
    year, month = divmod(int(str(day)[:4]) * 12 + int(str(day)[5:7]) - 1 + months, 12)
    assert found[:7] == f"{year:04d}-{month + 1:02d}"


def test_every_trigger_has_its_law_and_its_days() -> None:
    rules = load_erasure_rules()
    for name in rules.triggers:
        found = deadlines(rules, name, "2026-01-31")
        assert found["due"] > "2026-01-31"
        assert found["clause"]
        assert found["verified_by"]
    assert deadlines(rules, "gdpr-17-b", "2026-01-31")["due"] == "2026-02-28"
    assert deadlines(rules, "gdpr-17-b", "2026-01-31")["extended"] == "2026-04-30"
    # No law text that we read names PIPL's days, and the rules say so.
    assert "house value" in deadlines(rules, "pipl-47-consent", "2026-01-31")["verified_by"]


def test_deadlines_met_late_open_and_overdue() -> None:
    asked = {"due": "2026-02-28"}
    assert standing(asked, "2026-02-28T23:00:00Z", "2026-03-09T00:00:00Z") == "met"
    assert standing(asked, "2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z") == "late"
    assert standing(asked, None, "2026-02-28T12:00:00Z") == "open"
    assert standing(asked, None, "2026-03-01T00:00:00Z") == "overdue"


def test_rules_that_do_not_hold_together_are_told_all_at_once(tmp_path: Path) -> None:
    text = (ROOT / "schemas" / BUNDLED).read_text(encoding="utf-8")
    file = tmp_path / "own.erasure.yaml"
    file.write_text(
        text.replace("deadline: P1M", "deadline: one month")
        .replace("gdpr-17-a: {law: gdpr", "gdpr-17-a: {law: gdrp")
        .replace("grace: P30D", "grass: P30D"),
        encoding="utf-8",
    )
    with pytest.raises(PolicyError) as caught:
        load_erasure_rules(file)
    said = str(caught.value)
    assert "one month" in said
    assert "gdrp" in said
    assert "grass" in said


def test_a_reason_cannot_break_the_page() -> None:
    certificate = {
        "erasure": "e1", "state": "complete", "law_title": "GDPR", "clause": "art. 17", "why": "why",
        "reason": "a | b\n# <script>", "received": "2026-01-31", "due": "2026-02-28", "deadline": "met",
        "citation": "c", "verified_by": "v", "by": "olga", "subjects": 1, "found": {"subjects": 1, "rows": 1234},
        "frozen_at": None, "rewritten_at": None, "purge": "kept", "releases": {}, "datasets": {},
        "verification": {"said": ["0 left"]}, "remains": ["models"],
    }  # fmt: skip
    text = page(certificate)
    assert "a \\| b # &lt;script&gt;" in text
    assert "1,234" in text
    assert "<script>" not in text
