"""Thai names: behind a title or a cue a given name and a surname, parted by a space; and known given names."""

from __future__ import annotations

import re
from functools import lru_cache

from governance.names.block import Block, Found
from governance.names.lexicon import load, unpacked

RECOGNISER = "names_thai"
_TITLE = (
    "นางสาว|น\\.ส\\.|นาย|นาง|ด\\.ช\\.|ด\\.ญ\\.|เด็กชาย|เด็กหญิง|คุณหญิง|คุณ|ดร\\.|ผศ\\.|รศ\\.|ศ\\.|ร\\.ต\\.อ\\.|ร\\.ต\\.ท\\.|ร\\.ต\\.ต\\.|"
    "ร\\.ต\\.|ร\\.ท\\.|ร\\.อ\\.|พ\\.ต\\.อ\\.|พ\\.ต\\.ท\\.|พ\\.ต\\.ต\\.|พล\\.ต\\.อ\\.|พล\\.ต\\.ท\\.|พล\\.ต\\.ต\\.|พล\\.อ\\.|พล\\.ท\\.|พล\\.ต\\.|พ\\.อ\\.|พ\\.ท\\.|"
    "จ\\.ส\\.อ\\.|จ\\.ส\\.ต\\.|ส\\.ต\\.อ\\.|ด\\.ต\\.|ว่าที่ ร\\.ต\\.|นพ\\.|พญ\\.|นายแพทย์|แพทย์หญิง|อาจารย์|อ\\.|ครู|ม\\.ร\\.ว\\.|ม\\.ล\\.|หม่อม|พระครู|พลตำรวจเอก|พันตำรวจเอก|พันตำรวจโท|พลเอก|พลโท|พลตรี|พันเอก|พันโท|ร้อยตำรวจเอก|ดาบตำรวจ|น้อง|พี่|ลุง|ป้า|น้า"
)
_CUE = "ชื่อ|ชื่อว่า|ชื่อ-นามสกุล|ชื่อผู้รับ|ผู้รับ|ผู้ส่ง|ติดต่อ|ผมชื่อ|ดิฉันชื่อ|ฉันชื่อ|ผู้ติดต่อ|ลูกค้า|พนักงานชื่อ"
_C = "\u0e01-\u0e3a\u0e40-\u0e4e"
_FOUND = re.compile(
    f"(?:(?P<title>{_TITLE})|(?P<cue>{_CUE})[ :：]*)[ ]?(?P<given>[{_C}]{{2,22}})(?P<more>[ ]{{1,2}}(?:ณ [{_C}]{{2,16}}|[{_C}]{{2,26}}))?"
)
#: What stands behind a title that is no title ("นายก", "คุณภาพ", "นางแบบ", "ครูบา").
_NOT = re.compile(
    "^(?:ก(?:รัฐมนตรี|ฯ|สมาคม|เทศมนตรี|องค์การ|อบจ|อบต|$)|ภาพ|สมบัติ|ค่า|ธรรม|ประโยชน์|แบบ|ฟ้า|เอก|พยาบาล|งาม|ร้าย|ทุน|จ้าง|หน้า|ทหาร|ตำรวจ|แพทย์|ช่าง|อำเภอ|"
    "ท้าย|สถานี|พล|ประกัน|เวร|กฯ|ว่า|เป็น|ที่|ของ|และ|จะ|ได้|ไม่|มี|ให้|ใน|นี้|นั้น|คือ|ต้อง|ก็|ครับ|ค่ะ|คะ|ใหญ่|สาว|ชาย|หญิง|นักเรียน|ใหม่|ใด|ไหน|จริง|เล่น|เสียง|ต้น|ผู้|ลูก|น้อย|อ่าน|ชอบ|อยาก|ช่วย|รู้|คิด|ทำ|สามารถ|กำลัง|พ่อ|แม่|เขา|เธอ|เรา)"
)
#: Words that do not belong to a name behind it.
_VERBS = re.compile(
    "(?:กล่าว|เปิดเผย|ระบุ|บอก|แจ้ง|เผย|ชี้แจง|ยืนยัน|ให้สัมภาษณ์|อายุ|พร้อม|และ|ได้|เป็น|ที่|ซึ่ง|จะ|ว่า|กับ|มี|ใน|ไป|มา|เดินทาง|ประธาน|รอง|ผู้|อดีต|"
    "โทร|เบอร์|ครับ|ค่ะ|คะ|นะ|เข้า|ออก|ถูก|ยัง|ก็|โดย|เพื่อ|จาก|อยู่|ไม่|รับ|ส่ง|เมื่อ|ตำแหน่ง|ลง|ต่อ|ของ|ทำ|ให้|หรือ|แต่|คือ|แล้ว|เลย|สามี|ภรรยา|นำ|ร่วม|รัฐมนตรี|นายก|ปลัด|เลขา|โฆษก|หัวหน้า|อธิบดี|กรรมการ|สมาชิก|ส\\.ส\\.|ชาว|บ้าน|เลข)"
)


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    data = load("others")
    return frozenset(unpacked(data["th_given"])), frozenset(unpacked(data["th_words"]))


def find(block: Block) -> list[Found]:
    """Thai names of a block."""
    out: list[Found] = []
    known, words = _lists()
    text = block.text
    at = 0
    while found := _FOUND.search(text, at):
        at = found.start() + 1
        given, title = found["given"], found["title"]
        before = text[found.start() - 1 : found.start()]
        # A title within a word is none, unless a name's list knows what follows.
        inside = bool(before) and "\u0e01" <= before <= "\u0e4e"
        if _NOT.match(given):
            continue
        start = found.start("given")
        cut = _VERBS.search(given, 2)
        end = found.end("given") if cut is None else start + cut.start()
        given = text[start:end]
        if len(given) < 2 or (
            title in ("คุณ", "น้อง", "พี่", "ลุง", "ป้า", "น้า", "ครู", "อ.", "อาจารย์", "นาง")
            and given in words
            and given not in known
            and not found["more"]
        ):
            continue
        if (
            inside
            and given not in known
            and title in ("คุณ", "น้อง", "พี่", "ลุง", "ป้า", "น้า", "ครู", "นาง", "อาจารย์", "หม่อม", None, "นาย")
            and not (title == "นาย" and found["more"])
        ):
            continue
        if title is None and given in words and given not in known:
            continue
        more = found["more"]
        if more and cut is None:
            rest = more.lstrip()
            stop = _VERBS.match(rest)
            if stop is None:
                inner = _VERBS.search(rest, 4)
                size = inner.start() if inner else len(rest)
                formal = title in ("นาย", "นาง", "นางสาว", "น.ส.", "ด.ช.", "ด.ญ.")
                if size >= 3 and (formal or given in known or rest[:size] not in words or size > 4):
                    end = found.start("more") + (len(more) - len(rest)) + size
        score = 0.85 if title and title not in ("น้อง", "พี่", "ลุง", "ป้า", "น้า") else 0.65
        out.append(Found(start, end, "PERSON", score, RECOGNISER, "context"))
        at = end
    return out
