"""Dates of birth, by label: what a form calls one, or somebody says of themselves.

Sentences about lives (born on, 出生于, nacido el) are not read: those are in every article, of people who are public.
"""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import families
from governance.recognisers.pattern import Verdict

ENTITY = "BIRTH_DATE"
_LABELS = {
    "asian": (
        "出生日期, 出生年月, 出生年月日, 出生时间, 生日, 生辰, 我的生日, 阳历生日, 农历生日, 生日日期, 出生日, 出生年月為, 生日為, 出生時間, 生年月日, 誕生日, 생년월일, 생일, 생년, "
        "วันเกิด, วันเดือนปีเกิด, วัน เดือน ปี เกิด, วันที่เกิด, เกิดวันที่"
    ),
    "latin": (
        "date of birth, birth date, birthdate, birth day, birthday, bday, b-day, dob, d.o.b, d.o.b., born date, my birthday, "
        "fecha de nacimiento, fecha nacimiento, fecha de nac, fecha nac, f. nac, f. nac., f.nac, fec. nac, nacimiento, cumpleaños, mi cumpleaños, "
        "data de nascimento, data nascimento, data de nasc, data nasc, dt nascimento, dt. nasc, nasc, nasc., nascimento, aniversário, meu aniversário, "
        "ngày sinh, ngày tháng năm sinh, sinh ngày, sinh nhật, năm sinh, ns, "
        "tanggal lahir, tgl lahir, tgl. lahir, ttl, tarikh lahir, ulang tahun, tempat tanggal lahir, petsa ng kapanganakan, kaarawan, "
        "дата рождения, дата рожд, д.р., д.р, др, год рождения, день рождения, geburtsdatum, date de naissance, data di nascita"
    ),
}
_MONTHS = (
    "jan(?:uary|uari|eiro)?|feb(?:ruary|ruari)?|fev(?:ereiro)?|feb(?:rero)?|ene(?:ro)?|mar(?:ch|et|zo)?|março|apr(?:il)?|abr(?:il)?|may(?:o)?|mei|mai(?:o)?|"
    "june?|juni|junio|junho|july?|juli|julio|julho|aug(?:ust)?|agustus|ago(?:sto)?|sept?(?:ember|iembre)?|set(?:embro|iembre)?|oct(?:ober|ubre)?|okt(?:ober)?|"
    "out(?:ubro)?|nov(?:ember|iembre|embro)?|dec(?:ember)?|des(?:ember)?|dic(?:iembre)?|dez(?:embro)?|"
    "(?:Я|я)нвар[яь]|(?:Ф|ф)еврал[яь]|(?:М|м)арта?|(?:А|а)прел[яь]|(?:М|м)а[яй]|(?:И|и)юн[яь]|(?:И|и)юл[яь]|(?:А|а)вгуста?|(?:С|с)ентябр[яь]|(?:О|о)ктябр[яь]|"
    "(?:Н|н)оябр[яь]|(?:Д|д)екабр[яь]|"
    "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม|"
    "ม[.]ค[.]|ก[.]พ[.]|มี[.]ค[.]|เม[.]ย[.]|พ[.]ค[.]|มิ[.]ย[.]|ก[.]ค[.]|ส[.]ค[.]|ก[.]ย[.]|ต[.]ค[.]|พ[.]ย[.]|ธ[.]ค[.]|tháng [0-9]{1,2}"
)
_DAY, _MONTH, _YEAR = (
    "(?:0?[1-9]|[12][0-9]|3[01])",
    "(?:0?[1-9]|1[0-2])",
    "(?:1[89][0-9]{2}|20[0-4][0-9]|2[45][0-9]{2})",
)
_SIGN = " ?[-/., ] ?"
_DATES = "|".join(
    (
        f"{_YEAR} ?(?:年|년) ?{_MONTH} ?(?:月|월)(?: ?{_DAY} ?(?:日|号|號|일)?)?",
        f"{_YEAR}{_SIGN}{_MONTH}{_SIGN}{_DAY}",
        f"{_DAY}{_SIGN}{_DAY}{_SIGN}(?:{_YEAR}|[0-9]{{2}})",
        "(?:19[0-9]{2}|20[0-4][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        f"[0-9]{{2}}[./-]{_MONTH}[./-]{_DAY}",
        f"{_DAY}(?:st|nd|rd|th)?(?: de| of)?[ -](?:{_MONTHS})(?: de| del|,|[.]| năm)?[ -]{_YEAR}(?: года| г[.]?)?",
        f"(?:{_MONTHS})[.]? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
    )
)


def _whole(found: re.Match[str]) -> Verdict:
    """Four digits at least: a day and a month without a year say little."""
    return True if sum(c.isdigit() for c in found["value"]) >= 4 else None


PATTERNS = families(
    ENTITY, "birth_date", _LABELS, f"(?:{_DATES})(?![0-9A-Za-z])", check=_whole, checked=0.75, reach=256, digits=0, tail="[0-9]", least=4, commas=True,
)  # fmt: skip
