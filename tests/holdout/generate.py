"""Write ``dev.jsonl`` and ``heldout.jsonl``: ``python -m tests.holdout.generate [FOLDER]``. The same bytes every time."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.holdout import carriers_abroad, carriers_zh, clean, kinds_abroad, kinds_cn, kinds_trade, people
from tests.holdout.carriers_zh import Carriers
from tests.holdout.kind import Kind, digits, hexes, letters

SEED = 20261122
FILES = ("dev.jsonl", "heldout.jsonl")
KINDS: tuple[Kind, ...] = (*kinds_cn.KINDS, *kinds_trade.KINDS, *kinds_abroad.KINDS)
FAMILIES: dict[str, Carriers] = {**carriers_zh.FAMILIES, **carriers_abroad.FAMILIES}
#: Telephones that go with a recipient, by language.
_PHONE_OF = {
    "en": ("sg_phone", "ph_phone"),
    "es": ("mx_phone", "cl_phone", "co_phone", "ar_phone", "pe_phone", "es_phone"),
    "pt": ("br_phone",),
    "id": ("id_phone",),
    "ms": ("my_phone",),
    "vi": ("vn_phone",),
    "th": ("th_phone",),
    "ko": ("kr_phone",),
    "ru": ("ru_phone",),
}
_RECIPIENTS_ZH, _PARTIAL_ZH, _RECIPIENTS_ABROAD, _CLEAN_ZH, _CLEAN_ABROAD = 120, 60, 24, 360, 48

Value = tuple[str, str, str, str]
"""Entity, kind, form, text."""
Fill = Callable[[str], Value | str]
_SLOT = re.compile(r"\{(\w+)\}|\{\{|\}\}")


def record(language: str, genre: str, template: str, fill: Fill) -> dict[str, Any]:
    """A message with its labels; code points, end exclusive."""
    parts: list[str] = [""]
    spans: list[dict[str, Any]] = []
    at = size = 0
    for slot in _SLOT.finditer(template):
        if slot.start() > at:
            parts.append(template[at : slot.start()])
            size += len(parts[-1])
        at = slot.end()
        value = fill(slot[1]) if slot[1] else slot[0][0]
        if isinstance(value, tuple):
            entity, kind, form, text = value
            if parts[-1][-1:].isascii() and parts[-1][-1:].isalnum() and text[0].isascii() and text[0].isalnum():
                # Nobody types WeChatsunny88.
                parts.append(" ")
                size += 1
            spans.append({"start": size, "end": size + len(text), "entity": entity, "kind": kind, "form": form})
        else:
            text = value
        parts.append(text)
        size += len(text)
    return {"text": "".join(parts) + template[at:], "language": language, "genre": genre, "spans": spans}


def _made(rng: Random, half: int, kind: Kind, turn: int) -> Value:
    forms = [form for form in kind.forms if "dh"[half] in form[0]]
    _, name, maker = forms[turn % len(forms)]
    return kind.entity, kind.name, name, maker(rng)


def _noise(rng: Random, slot: str) -> str:
    if slot == "price":
        return f"{rng.randint(9, 2999)}.{rng.randint(0, 99):02d}"
    if slot == "date":
        return f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
    if slot == "u":
        return letters(rng, 2)
    if slot == "isbn":
        body = "9787" + digits(rng, 8)
        check = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10
        return f"978-7-{body[4:8]}-{body[8:]}-{check}"
    if slot.startswith("h"):
        return hexes(rng, int(slot[1:]))
    return digits(rng, int(slot[1:] or 2), "123456789")


def _filler(rng: Random, half: int, language: str, turn: int) -> Fill:
    """Fills the slots of recipients and noise."""
    named = {kind.name: kind for kind in KINDS}
    tongue = language.partition("-")[0]

    def fill(slot: str) -> Value | str:
        if slot == "name":
            return "PERSON", "recipient_name", "name", people.name(rng, half, tongue)
        if slot == "address":
            return "ADDRESS", "recipient_address", "address", people.address(rng, half, tongue)
        if slot in ("mobile", "phone"):
            kind = named["mobile"] if slot == "mobile" else named[rng.choice(_PHONE_OF[tongue])]
            entity, _, form, text = _made(rng, half, kind, turn)
            return entity, "recipient_phone", form, text
        return _noise(rng, slot)

    return fill


def _of_kind(rng: Random, half: int, kind: Kind) -> Iterator[dict[str, Any]]:
    for turn in range(kind.count):
        language = kind.languages[turn % len(kind.languages)]
        families = [f for f in kind.carriers if f.partition("_")[0] == language.partition("-")[0]]
        family = rng.choice(families)
        if language == "zh-Hant":
            family = "zh-Hant_labelled"
        messages = FAMILIES[family][half]
        genre, template = messages[rng.randrange(len(messages))]
        word = rng.choice(kind.words[half])
        value = _made(rng, half, kind, turn)
        rest = _filler(rng, half, language, turn)

        def fill(slot: str, value: Value = value, word: str = word, rest: Fill = rest) -> Value | str:
            return value if slot == "x" else word if slot == "l" else rest(slot)

        yield record(language, genre, template, fill)


def _from(
    rng: Random, half: int, language: str, messages: tuple[tuple[str, str], ...], count: int
) -> Iterator[dict[str, Any]]:
    for turn in range(count):
        genre, template = messages[turn % len(messages)]
        yield record(language, genre, template, _filler(rng, half, language, turn))


def records(half: int) -> list[dict[str, Any]]:
    """All records of one half (0 development, 1 held out), shuffled."""
    found: list[dict[str, Any]] = []
    for kind in KINDS:
        found += _of_kind(Random(f"{SEED}/{half}/{kind.name}"), half, kind)
    for family, count in (("zh_recipient", _RECIPIENTS_ZH), ("zh_partial", _PARTIAL_ZH)):
        found += _from(Random(f"{SEED}/{half}/{family}"), half, "zh", FAMILIES[family][half], count)
    for language, carriers in carriers_abroad.RECIPIENTS.items():
        found += _from(Random(f"{SEED}/{half}/to/{language}"), half, language, carriers[half], _RECIPIENTS_ABROAD)
    for language in clean.TEXTS:
        count = _CLEAN_ZH if language == "zh" else _CLEAN_ABROAD
        messages = tuple(clean.lines(language, half))
        found += _from(Random(f"{SEED}/{half}/clean/{language}"), half, language, messages, count)
    Random(f"{SEED}/{half}").shuffle(found)
    found = list({item["text"]: item for item in found}.values())
    return [{"id": f"{'dh'[half]}{i:05d}", **item} for i, item in enumerate(found)]


def write(folder: Path) -> None:
    for half, name in enumerate(FILES):
        lines = (json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n" for item in records(half))
        (folder / name).write_bytes("".join(lines).encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
