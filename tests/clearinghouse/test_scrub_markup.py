"""Mark-up comes off before recognisers look: what it hides is found, and what is scanned is what is kept."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pyarrow as pa
import pytest

from clearinghouse.scrub import Scrubber
from schemas.contract import Document, Policy, Rule
from tests.clearinghouse.test_scrub import CATEGORIES, KEY, batch, contract, field
from transforms.markup import MARKUPS
from transforms.normalise_text import normalise

POLICY = Policy("test", "1", (Rule("*", "placeholder"),), CATEGORIES, (), "policy.yaml", "p" * 64)


def scrubbed(text: str, markup: str) -> tuple[str, str]:
    document = Document("text", "{title}\n{body}", markup=markup)  # type: ignore[arg-type]
    made = contract(field("title", "none"), field("body", "text.free"), document=document)
    found = Scrubber(made, POLICY, KEY)(batch(made, [{"title": "<b>Ａ</b>", "body": text}])).batch
    return found.column("title")[0].as_py(), found.column("body")[0].as_py()


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("html", "mail j<b></b>ohn.carter@exam<wbr>ple.com now"),
        ("html", "mail john.carter&#64;example.com now"),
        ("html", "mail john.carter&amp;commat;example.com now"),
        ("html", "mail <a href='x'>john.carter</a>@example.com now"),
        ("chat", "mail john.carter[b]@example.com[/b] now"),
        ("subtitle", r"mail john.carter{\b1}@example.com now"),
        ("none", "mail john.carter\u200b@\u0007example.com now"),
        ("none", "mail ｊｏｈｎ.carter@example.com now"),
    ],
)
def test_what_mark_up_hides_is_found(markup: str, text: str) -> None:
    assert scrubbed(text, markup)[1] == "mail <EMAIL_ADDRESS> now"


def test_numbers_in_entities_are_found() -> None:
    number = "".join(f"&#{ord(digit)};" for digit in "13800138000")
    assert scrubbed(f"电话 {number}。", "html")[1] == "电话 <PHONE_NUMBER>。"


def test_fields_of_the_document_that_are_kept_are_in_normal_form_too() -> None:
    assert scrubbed("x", "html")[0] == "A"


def test_nothing_is_left_to_take_off_after_scrubbing() -> None:
    body = scrubbed("<p>&lt;john.carter@example.com&gt; <i>said</i>", "html")[1]
    assert normalise(pa.array([body]), "html").to_pylist() == [body]


def test_contracts_may_say_what_the_module_does() -> None:
    assert get_args(get_type_hints(Document)["markup"]) == MARKUPS
