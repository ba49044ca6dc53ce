"""Thai addresses: house number, village, lane, road, sub-district, district, province and postal code in a chain."""

from __future__ import annotations

import re

from governance.names.block import DIGIT, Block, Found

RECOGNISER = "addresses_thai"

_T = "\u0e01-\u0e4e\u0e2f"
_WORDS = "หมู่บ้าน|หมู่ที่|หมู่|ม\\.|มบ\\.|อาคาร|ตึก|ชั้น|ห้อง|คอนโด|หอพัก|แมนชั่น|อพาร์ทเม้นท์|อพาร์ตเมนต์|ซอย|ซ\\.|ตรอก|แยก|เลขที่|ถนน|ถ\\.|แขวง|ตำบล|ต\\.|เขต|อำเภอ|อ\\.|จังหวัด|จ\\."
#: What stands between the number and the road as well; by itself it announces nothing.
_MORE = "บ้าน|โครงการ|นิคม|ตลาด|ทาวน์โฮม"
_PART = f"(?:{_WORDS}|{_MORE}) ?[{_T}A-Za-z0-9/.-]+(?: \\d{{1,4}}(?:/\\d{{1,3}})?(?![\\d/]))?"
_BANGKOK = "กรุงเทพมหานคร|กรุงเทพฯ|กรุงเทพ|กทม\\.?"
_SEP = "[ ,]{1,2}"
#: Provinces, which may stand without their word.
_PROVINCES = (
    "กระบี่|กาญจนบุรี|กาฬสินธุ์|กำแพงเพชร|ขอนแก่น|จันทบุรี|ฉะเชิงเทรา|ชลบุรี|ชัยนาท|ชัยภูมิ|ชุมพร|เชียงราย|เชียงใหม่|ตรัง|ตราด|ตาก|นครนายก|นครปฐม|นครพนม|นครราชสีมา|นครศรีธรรมราช|"
    "นครสวรรค์|นนทบุรี|นราธิวาส|น่าน|บึงกาฬ|บุรีรัมย์|ปทุมธานี|ประจวบคีรีขันธ์|ปราจีนบุรี|ปัตตานี|พระนครศรีอยุธยา|อยุธยา|พะเยา|พังงา|พัทลุง|พิจิตร|พิษณุโลก|เพชรบุรี|เพชรบูรณ์|แพร่|ภูเก็ต|มหาสารคาม|"
    "มุกดาหาร|แม่ฮ่องสอน|ยโสธร|ยะลา|ร้อยเอ็ด|ระนอง|ระยอง|ราชบุรี|ลพบุรี|ลำปาง|ลำพูน|เลย|ศรีสะเกษ|สกลนคร|สงขลา|สตูล|สมุทรปราการ|สมุทรสงคราม|สมุทรสาคร|สระแก้ว|สระบุรี|สิงห์บุรี|สุโขทัย|สุพรรณบุรี|"
    "สุราษฎร์ธานี|สุรินทร์|หนองคาย|หนองบัวลำภู|อ่างทอง|อำนาจเจริญ|อุดรธานี|อุตรดิตถ์|อุทัยธานี|อุบลราชธานี"
)
#: Sub-district and district without their words, as far as the province or the postal code.
_BARE = f"(?:{_SEP}[{_T}]{{2,20}}(?=(?:{_SEP}[{_T}]{{2,20}}){{0,2}}{_SEP}(?:จ\\.|จังหวัด|อ\\.|อำเภอ|เขต|{_BANGKOK}|{_PROVINCES}|\\d{{5}}(?!\\d)))){{0,3}}"
_TAIL = (
    f"{_BARE}(?:{_SEP}(?:เขต|อำเภอ|อ\\.|จังหวัด|จ\\.) ?[{_T}]+){{0,2}}"
    f"(?:{_SEP}(?:{_BANGKOK}|(?:{_PROVINCES})(?![{_T}])|[{_T}]{{3,15}}(?= \\d{{5}}(?!\\d))))?(?:{_SEP}\\d{{5}}(?!\\d))?"
)
#: A building in Latin letters between the number and the floor.
_ROMAN = "(?:(?: [A-Z][A-Za-z'&.]{0,15}){1,4}(?= ))?"
_ADDRESS = re.compile(
    f"(?:(?:บ้านเลขที่|เลขที่|ห้อง) ?)?(?<![\\d/])\\d{{1,5}}(?:/\\d{{1,4}})?(?:-\\d{{1,4}})?{_ROMAN}{_SEP}{_PART}(?:{_SEP}?{_PART}){{0,9}}{_TAIL}"
    f"|[{_T}]{{0,18}}(?:อาคาร|คอนโด|หมู่บ้าน|หอพัก|โรงแรม|บริษัท|โครงการ|มหาวิทยาลัย|โรงพยาบาล|โรงเรียน)[{_T}A-Za-z0-9 /-]{{0,36}}?(?:{_SEP}?{_PART}){{2,9}}{_TAIL}"
    f"|(?:ถนน|ถ\\.|ซอย|ซ\\.|แขวง|ตำบล|ต\\.) ?[{_T}0-9/.-]{{2,20}}(?: \\d{{1,3}}(?:/\\d{{1,3}})?(?!\\d))?(?: ?\\([{_T}]{{2,20}}\\))?(?: ?(?:แยก|ตรอก) ?\\d{{1,3}}(?!\\d))?(?:{_SEP}(?:แขวง|ตำบล|ต\\.|เขต|อำเภอ|อ\\.|จังหวัด|จ\\.) ?[{_T}]+){{1,4}}{_TAIL}"
)
#: Whom it is for and how to reach them is no part of it.
_BEYOND = re.compile(" (?:ชื่อ|คุณ|โทร|เบอร์|ผู้รับ|ติดต่อ|มือถือ)")
_DIGIT = re.compile("[0-9]")
_HINT = re.compile(f"{_WORDS}")
#: The province or Bangkok by name, or a postal code: with a road or a village before it an address.
_WHOLE = re.compile(f" (?:{_PROVINCES}|{_BANGKOK})(?![{_T}])|[ ,]\\d{{5}}\\Z")


def find(block: Block) -> list[Found]:
    """Addresses in the rows of a block that hold a digit."""
    if not block.has(DIGIT):
        return []
    out: list[Found] = []
    done = -1
    for hint in _HINT.finditer(block.text):
        if hint.start() < done:
            continue
        for found in _ADDRESS.finditer(block.text, max(done, hint.start() - 40, 0), hint.end() + 220):
            if found.start() > hint.start():
                break
            said = found[0]
            beyond = _BEYOND.search(said, 8)
            said = (said[: beyond.start()] if beyond else said).rstrip(" ,")
            told = len(_HINT.findall(said)) + (_WHOLE.search(said) is not None)
            if told > 1 and len(said) > 9 and _DIGIT.search(said):
                done = found.start() + len(said)
                out.append(Found(found.start(), done, "ADDRESS", 0.75, RECOGNISER, "grammar"))
    return out
