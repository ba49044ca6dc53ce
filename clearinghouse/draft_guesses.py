"""What the columns of a sample hold: guesses for a person to decide on, never a value.

By the column's name; by the shape of its values; and by the recognisers, which look at the values as an ingest would
look at free text. A column in which they find anything is never guessed to be harmless.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from clearinghouse.draft_samples import Column
from schemas.contract import Policy

# Guesses by a column's name, then by the shape of its values. The first that fits; a person decides.
_BY_NAME = (
    (r"password|passwd|secret|(^|_)token($|_)|api_?key|密码|密钥", "secret"),
    (r"e_?mail|邮箱|邮件", "person.email"),
    (r"phone|mobile|(^|_)tel($|_)|telephone|手机|电话", "person.phone"),
    (r"id_?card|resident_?id|national_?id|身份证|(^|_)ssn($|_)", "person.national_id"),
    (r"bank_?card|card_?(no|number)|credit_?card|银行卡|卡号", "person.bank_card"),
    (r"birth|(^|_)dob($|_)|生日|出生", "person.birth_date"),
    (r"waybill|tracking_?(no|number|code)|运单|快递单", "logistics.waybill"),
    (r"(^|_)(number_?|licen[cs]e_?)?plate($|_)|车牌", "person.plate"),
    (r"(^|_)ip(_|$)|ip_?addr", "person.ip"),
    (r"(^|_)mac(_|$)|mac_?addr", "person.mac"),
    (r"imei|device_?id|idfa|oaid|设备", "person.device"),
    (r"address|street|addr($|_)|postal|zip_?code|地址|邮编", "person.address"),
    (r"(^|_)(lat|lon|lng|latitude|longitude|geo)(_|$)|经度|纬度", "person.location"),
    (r"user_?name|nick_?name|screen_?name|login|昵称|用户名", "person.username"),
    (
        r"(user|customer|buyer|member|client|account|rider|courier|seller)_?(id|no|number|key)$|用户编?号|会员",
        "person.user_id",
    ),
    (
        r"(first|last|middle|full|buyer|customer|receiver|sender|contact|reviewer)_?name|姓名|收货人|联系人",
        "person.name",
    ),
    (
        r"(^|_)(user|customer|buyer|client|member|courier|rider|receiver|recipient|sender|author)$|客户|买家",
        "person.user_id",
    ),
    (r"gender|(^|_)sex($|_)|marital|income|性别|婚姻|收入", "person.attribute"),
    (r"(^|_)(id|no|key|uuid|code)$|编号|单号", "identifier.record"),
    (
        r"comment|review|message|body|content|remark|note|description|text|query|utterance|评论|内容|备注|留言",
        "text.free",
    ),
)
_BY_VALUE = (
    (r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}", "person.email"),
    (r"\d{17}[\dXx]", "person.national_id"),
    (r"\+?\d[\d\s().-]{8,16}\d", "person.phone"),
    (r"\d{1,3}(\.\d{1,3}){3}", "person.ip"),
    (r"([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", "person.mac"),
)
_LONG_TEXT = 40
#: Terms that stay whatever is found in parts of the values: a number of an order often looks like another number. They
#: give way where most values are nothing but one find.
_NUMBERS = ("identifier.record", "person.user_id")
_SCANNED_CHARS = 2000
#: A value is of one kind when a find covers so much of it; a column is, when so many of its values are.
_WHOLE = 0.8
_MOST = 0.5


@dataclass(frozen=True)
class Finds:
    """What the recognisers find in a column: values looked at, values with a find, those of each entity, and values
    that are nothing but one."""

    values: int
    found: int
    entities: Mapping[str, int]
    whole: Mapping[str, int]

    def __str__(self) -> str:
        kinds = ", ".join(sorted(self.entities, key=lambda name: (-self.entities[name], name))[:4])
        return f"found in {self.found:,} of {self.values:,} values: {kinds}"


def look(columns: Sequence[Column]) -> list[Finds | None]:
    """The finds of each column with text or whole numbers, each value once; ``None`` where there is none."""
    from clearinghouse.scrub import default_engine
    from governance.recognisers.regions import regions_for

    held: list[str] = []
    rows_of: list[range] = []
    for column in columns:
        first = len(held)
        held += [
            str(value)[:_SCANNED_CHARS]
            for value in column.values
            if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip()
        ]
        rows_of.append(range(first, len(held)))
    entities: list[dict[str, int]] = [{} for _ in held]
    for span in default_engine(regions_for(None, "")).scan(pa.array(held, pa.large_string())):
        if not span.keep:
            covered = entities[span.row]
            covered[span.entity] = covered.get(span.entity, 0) + span.end - span.start
    out: list[Finds | None] = []
    for rows in rows_of:
        seen = Counter(entity for row in rows for entity in entities[row])
        whole = Counter(
            entity
            for row in rows
            for entity, chars in entities[row].items()
            if chars >= _WHOLE * len(held[row].strip())
        )
        found = sum(bool(entities[row]) for row in rows)
        out.append(Finds(len(rows), found, seen, whole) if found else None)
    return out


def guess(column: Column, finds: Finds | None, policy: Policy) -> str:
    """The classification that the column most likely has, one of the policy's terms."""
    named = _by_name(column)
    if named is not None and named not in _NUMBERS:
        return named
    texts = [value.strip() for value in column.values if isinstance(value, str) and value.strip()]
    if finds is not None:
        entity, rows = max(finds.whole.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
        terms = [term for term, of in policy.categories.items() if of == entity]
        if rows > _MOST * finds.values:
            return terms[0] if terms else "text.free"
    if named is not None:
        return named
    if texts and column.kind in ("string", "integer"):
        for pattern, term in _BY_VALUE:
            if sum(bool(re.fullmatch(pattern, text)) for text in texts) > _MOST * len(texts):
                return term
    long = texts and sum(map(len, texts)) / len(texts) >= _LONG_TEXT
    return "text.free" if finds is not None or long or column.kind in ("object", "array") else "none"


def logical_type(column: Column, classification: str) -> str:
    """The type for the draft. What points at a person is text where the file has text: digits that nobody adds up, with
    zeros and signs in front; and so is a number of a record that JSON has in quotes."""
    kind = column.kind
    if column.type is not None or not any(isinstance(value, str) for value in column.values):
        return kind
    personal = classification.startswith(("person.", "logistics.")) or classification == "secret"
    number = personal or (column.quotes and classification in _NUMBERS)
    return "string" if number and kind in ("integer", "number") else kind


def _by_name(column: Column) -> str | None:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.path).lower()
    name = re.sub(r"[ .-]", "_", name)
    for pattern, term in _BY_NAME:
        if re.search(pattern, name) and not (term == "text.free" and column.kind not in ("string", "object", "array")):
            return term
    return None
