"""What a record says of itself: values of its personal columns, looked for in its own free text.

A contract declares that a column holds the courier's name; then that name is known for this record, and it is found in
the record's message whatever its width, case, separators or polite form, by comparison and not by a guess. Values live
in memory for one batch and are never written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from governance.pseudonyms import PLACEHOLDER
from governance.recognisers.engine import Spans

#: Column entities whose values are looked for, and as what a find counts. Attributes and dates are too common a
#: text to be searched for literally.
SEARCHED = frozenset(
    {
        "PERSON", "PHONE_NUMBER", "EMAIL_ADDRESS", "CN_RESIDENT_ID", "NATIONAL_ID", "BANK_CARD", "ADDRESS", "USER_ID",
        "USERNAME", "WAYBILL", "PLATE", "DEVICE_ID", "IP_ADDRESS", "MAC_ADDRESS", "ACCOUNT_URL", "SECRET",
    }
)  # fmt: skip
_NUMBERS = frozenset({"PHONE_NUMBER", "CN_RESIDENT_ID", "NATIONAL_ID", "BANK_CARD", "WAYBILL", "DEVICE_ID", "USER_ID"})

#: Row, start, end, place of the column, 1 for a partial form.
_Hit = tuple[int, int, int, int, int]

FULL, PARTIAL = "known value", "form of a known value"

_SEPARATORS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-‐-―−_.·・/*()（）,'’]+")
_GAP = r"[\s\u200b-\u200f\u2060\ufeff\-‐-―−_.·・/*()（）]{0,3}"
_THIN = r"[\s\u200b-\u200f\u2060\ufeff·]{0,2}"
_POLITE = (
    "先生|女士|小姐|太太|夫人|老师|师傅|经理|主任|总监|总|老板|医生|大夫|律师|教授|同学|同志|警官|工程师|"
    "大哥|大姐|哥|姐|阿姨|叔叔|叔|伯|爷爷|奶奶|妈妈|爸爸|某某|某|氏"
)
_POLITELY = re.compile(rf"{_THIN}(?:{_POLITE})")
_CALLED = re.compile(rf"(?={_POLITE}|[，。！？!?,.\s：:]|$)")
_NO_PLACE = re.compile(r"(?![\u3400-\u9fff]?(?:市|区|县|镇|路|街))")
_TAIL = re.compile(
    r"(?:尾号|后四位|末四位|后4位|末4位|ending(?: in)?|last (?:four|4)(?: digits)?)\D{0,4}([0-9]{3}[0-9x])(?![0-9])"
)
_TAILED = frozenset({"PHONE_NUMBER", "BANK_CARD", "CN_RESIDENT_ID"})
_COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 端木 轩辕 南宫 西门 独孤 申屠 闾丘 呼延 澹台".split()
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]")


class _Fold(dict[int, int]):
    """Code point to code point: width, case and accents off. One to one, so that places stay places."""

    def __missing__(self, code: int) -> int:
        whole = unicodedata.normalize("NFKC", chr(code))
        if len(whole) == 1:
            base = unicodedata.normalize("NFD", whole.casefold())[0]
            found = ord(base) if not unicodedata.combining(base) else code
        else:
            found = code
        self[code] = found
        return found


_FOLD = _Fold({ord("đ"): ord("d"), ord("Đ"): ord("d"), ord("ı"): ord("i"), ord("ø"): ord("o"), ord("Ø"): ord("o")})


def fold(text: str) -> str:
    """The text as values are compared: same length, width and case and accents folded."""
    return text.translate(_FOLD)


def squeeze(folded: str) -> str:
    """Folded text without what people put between the parts of a value."""
    return _SEPARATORS.sub("", folded)


class KnownValues:
    """Looks for the values of some columns of each row in the row's own text.

    ``columns`` maps names of columns to their entity; those not in `SEARCHED` are left out.
    """

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = {name: entity for name, entity in columns.items() if entity in SEARCHED}
        # Remembered for this object alone, which lives for one batch.
        self._forms = lru_cache(maxsize=1 << 14)(_forms)
        self._compiled = lru_cache(maxsize=1 << 12)(re.compile)

    def scan(self, batch: pa.RecordBatch, texts: pa.Array, rows: Sequence[int] | None = None) -> Spans:
        """Finds in ``texts``; ``rows`` are their places in ``batch``, all in order when ``None``."""
        names = [name for name in self.columns if name in batch.schema.names]
        hits: list[_Hit] = []
        cells = []
        for name in names:
            column = batch.column(name)
            cells.append((column if rows is None else column.take(pa.array(rows))).to_pylist())
        for row, text in enumerate(texts.to_pylist() if names else ()):
            if not text:
                continue
            folded, bare, done = "", "", []
            for place, name in enumerate(names):
                value = cells[place][row]
                if value is None or value == "" or PLACEHOLDER.fullmatch(str(value)):
                    continue
                if not folded:
                    folded = fold(text)
                    bare = squeeze(folded)
                    done = [m.span() for m in PLACEHOLDER.finditer(text)] if "<" in text else []
                hits.extend(
                    (row, start, end, place, int(partial))
                    for start, end, partial in self._find(self.columns[name], str(value), text, folded, bare)
                    if not any(start < b and a < end for a, b in done)
                )
        return _spans(hits, [self.columns[n] for n in names], [f"known.{n}" for n in names])

    def _find(self, entity: str, value: str, text: str, folded: str, bare: str) -> Iterator[tuple[int, int, bool]]:
        for form in self._forms(entity, value):
            there = bare.count(form.needle)
            if not there:
                continue
            for start in _places(folded, form.literal):
                end = start + len(form.literal)
                if form.after is not None:
                    tail = form.after.match(folded, end)
                    if tail is None:
                        continue
                    end = tail.end()
                if form.bounded and not _apart(folded, start, end):
                    continue
                if form.capital and not text[start].isupper():
                    continue  # "rose" is a flower, "Rose" may be the buyer
                yield start, end, form.partial
            # Written with separators somewhere: only then is a pattern for this one value worth compiling.
            if form.body is not None and there > folded.count(form.literal):
                for match in self._compiled(form.body).finditer(folded):
                    yield match.start(), match.end(), form.partial
        if entity in _TAILED:
            last = "".join(c for c in value if c.isalnum())[-4:]
            for match in _TAIL.finditer(folded):
                if match[1] == last:
                    yield match.start(), match.end(), True


def _places(text: str, literal: str) -> Iterator[int]:
    place = text.find(literal)
    while place >= 0:
        yield place
        place = text.find(literal, place + 1)


def _apart(text: str, start: int, end: int) -> bool:
    """Whether the place does not stand inside a longer Latin word or number; Han letters are no boundary."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


class _Form(NamedTuple):
    """One way in which a value may stand in a text.

    ``needle`` must be in the squeezed text at all; ``literal`` is looked for as it is, followed by ``after`` if that
    is given; ``body`` is the pattern for what has separators inside.
    """

    needle: str
    literal: str
    body: str | None = None
    partial: bool = False
    bounded: bool = False
    capital: bool = False
    after: re.Pattern[str] | None = None


def _forms(entity: str, value: str) -> tuple[_Form, ...]:
    folded = fold(value).strip()
    if entity in _NUMBERS and sum(c.isdigit() for c in folded) * 2 >= len(folded):
        return tuple(_number(entity, folded))
    if entity == "PERSON":
        return tuple(_person(folded))
    if entity == "ADDRESS":
        return tuple(_address(folded))
    return tuple(_literal(folded, 4))


def _literal(folded: str, least: int) -> Iterator[_Form]:
    needle = squeeze(folded)
    if len(folded) >= least and needle:
        body = rf"(?<![a-z0-9]){_THIN.join(map(re.escape, folded))}(?![a-z0-9])" if len(folded) < 60 else None
        yield _Form(needle, folded, body, bounded=True)


def _number(entity: str, folded: str) -> Iterator[_Form]:
    bare = "".join(c for c in folded if c.isalnum())
    if entity == "PHONE_NUMBER":
        for code in ("0086", "86"):
            if bare.startswith(code) and len(bare) - len(code) == 11:
                bare = bare.removeprefix(code)
    if len(bare) < 6:
        return
    body = _GAP.join(map(re.escape, bare))
    if entity == "PHONE_NUMBER":
        body = rf"(?:\+?{_GAP}(?:00)?86{_GAP})?{body}"
    yield _Form(bare, bare, rf"(?<![0-9a-z]){body}(?![0-9a-z])", bounded=True)
    if entity == "PHONE_NUMBER":
        for code in ("+86", "86", "0086"):
            yield _Form(code.lstrip("+") + bare, code + bare, bounded=True)


def _person(folded: str) -> Iterator[_Form]:
    if _HAN.fullmatch(folded) and 2 <= len(folded) <= 4:
        yield from _han_name(folded)
        return
    tokens = [t for t in re.split(r"[\s.,·'’-]+", folded) if t]
    if not tokens or len(folded) < 3:
        return
    if not _LATIN.search(folded):
        for token in tokens:
            if len(token) >= 3:
                yield _Form(token, token, partial=len(tokens) > 1)
        return
    gap = r"[\s.,·'’-]{1,3}"
    if len(tokens) > 1:
        for order, partial in ((tokens, False), ([tokens[-1], *tokens[:-1]], True)):
            body = rf"(?<![a-z0-9]){gap.join(map(re.escape, order))}(?![a-z0-9])"
            yield _Form("".join(order), " ".join(order), body, partial, bounded=True)
    for token in tokens:
        if len(token) >= 3:
            yield _Form(token, token, partial=len(tokens) > 1, bounded=True, capital=True)


def _han_name(name: str) -> Iterator[_Form]:
    size = 2 if name[:2] in _COMPOUND and len(name) > 2 else 1
    surname, given = name[:size], name[size:]
    yield _Form(name, name, _THIN.join(name))
    yield _Form(surname, surname, partial=True, after=_POLITELY)
    if size == 1:
        for prefix in "小老阿大":
            yield _Form(prefix + surname, prefix + surname, partial=True, after=_NO_PLACE)
    if len(given) == 2:
        yield _Form(given, given, _THIN.join(given), partial=True)
    for prefix in "小阿":
        yield _Form(prefix + given[-1], prefix + given[-1], partial=True, after=_CALLED)


_STREET = re.compile(r"(?:.*?(?:省|自治区|特别行政区))?(?:.*?[市州盟])?(?:.*?[区县旗市])?(?P<rest>.+)")


def _address(folded: str) -> Iterator[_Form]:
    yield from _literal(folded, 6)
    # People leave out what the other knows: province, city and district.
    match = _STREET.fullmatch(folded)
    if match and len(match["rest"]) >= 6 and match["rest"] != folded:
        rest = match["rest"].strip()
        yield _Form(squeeze(rest), rest, _THIN.join(map(re.escape, rest)), partial=True)
    head = folded.split(",")[0].strip()
    if head != folded and len(head) >= 8 and any(c.isdigit() for c in head):
        yield _Form(squeeze(head), head, partial=True, bounded=True)


def _spans(hits: Iterable[_Hit], entities: list[str], recognisers: list[str]) -> Spans:
    """Sorted, the longest of overlapping finds first, overlaps joined."""
    kept: list[list[int]] = []
    for row, start, end, place, reason in sorted(hits, key=lambda h: (h[0], h[1], -h[2], h[4])):
        if kept and kept[-1][0] == row and start < kept[-1][2]:
            kept[-1][2] = max(kept[-1][2], end)
            continue
        kept.append([row, start, end, place, reason])
    table = np.array(kept, dtype=np.int64).reshape(-1, 5)
    names = tuple(dict.fromkeys(entities))
    codes = np.array([names.index(entity) for entity in entities], dtype=np.int32)
    return Spans(
        row=table[:, 0],
        start=table[:, 1],
        end=table[:, 2],
        entity=codes[table[:, 3]] if len(table) else np.empty(0, dtype=np.int32),
        score=np.where(table[:, 4] == 0, 1.0, 0.9).astype(np.float32),
        recogniser=table[:, 3].astype(np.int32),
        reason=table[:, 4].astype(np.int32),
        keep=np.zeros(len(table), dtype=np.bool_),
        entities=names,
        recognisers=tuple(recognisers),
        reasons=(FULL, PARTIAL),
    )
