"""Dates of birth, by label: what a form calls one, or somebody says of themselves ("I was born on", "nací el", "我…出生").

Sentences about the lives of others (born on, 出生于, nacido el) are not read: those are in every article, of people who
are public. What a file says of a party is: "男，1980年1月1日出生，汉族".
"""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import families
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "BIRTH_DATE"
_LABELS = {
    "asian": (
        "出生日期, 出生年月, 出生年月日, 出生时间, 生日, 生辰, 我的生日, 阳历生日, 农历生日, 生日日期, 出生日, 出生年月為, 生日為, 出生時間, 生年月日, 誕生日, 생년월일, 생일, 생년, "
        "วันเกิด, วันเดือนปีเกิด, วัน เดือน ปี เกิด, วันที่เกิด, เกิดวันที่, ผมเกิด, ผมเกิดวันที่, ฉันเกิด, ฉันเกิดวันที่, หนูเกิด, หนูเกิดวันที่, "
        "我出生于, 我出生在, 我生于, 我出生, 本人出生于, 本人生于, 我出生日期, 我出生於, 我生於, 本人出生於"
    ),
    "latin": (
        "date of birth, birth date, birthdate, birth day, birthday, bday, b-day, dob, d.o.b, d.o.b., born date, my birthday, "
        "i was born, i was born on, i was born in, i'm born, i am born, i am born on, my birthday is on, we were born on, "
        "nací, naci, nací el, naci el, nací el día, yo nací el, mi cumpleaños es el, mi cumple, mi cumple es el, "
        "nasci, nasci em, nasci no dia, nasci dia, eu nasci em, meu aniversário é dia, meu aniversário é em, meu aniversário é no dia, "
        "saya lahir, saya lahir pada, saya lahir tanggal, saya lahir tgl, saya lahir di tanggal, aku lahir, aku lahir tanggal, gue lahir, gue lahir tanggal, saya dilahirkan pada, tarikh lahir saya, "
        "tôi sinh, tôi sinh ngày, mình sinh, mình sinh ngày, em sinh, em sinh ngày, con sinh ngày, cháu sinh ngày, sinh nhật em, "
        "я родился, я родилась, родился я, родилась я, мой день рождения, г.р., "
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
    "out(?:ubro)?|nov(?:ember|iembre|embro)?|dec(?:ember)?|dis(?:ember)?|des(?:ember)?|mac|julai|ogos|dic(?:iembre)?|dez(?:embro)?|"
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
_ASIAN = f"{_YEAR} ?(?:年|년) ?{_MONTH} ?(?:月|월)(?: ?{_DAY} ?(?:日|号|號|일)?)?"
_ORDERED = f"{_YEAR}{_SIGN}{_MONTH}{_SIGN}{_DAY}"
_DATES = "|".join(
    (
        _ASIAN,
        _ORDERED,
        f"{_DAY}{_SIGN}{_DAY}{_SIGN}(?:{_YEAR}|[0-9]{{2}})",
        "(?:19[0-9]{2}|20[0-4][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        f"[0-9]{{2}}[./-]{_MONTH}[./-]{_DAY}",
        f"(?:ngày )?{_DAY}(?:st|nd|rd|th)?(?: de| of)?[ -](?:{_MONTHS})(?: de| del|,|[.]| năm)?[ -]{_YEAR}(?: года| г[.]?)?",
        f"(?:{_MONTHS})[.]? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
    )
)


def _whole(found: re.Match[str]) -> Verdict:
    """Four digits at least: a day and a month without a year say little."""
    return True if sum(c.isdigit() for c in found["value"]) >= 4 else None


PATTERNS = (
    *families(
        ENTITY, "birth_date", _LABELS, f"(?:{_DATES})(?![0-9A-Za-z])", check=_whole, checked=0.75, reach=256, digits=0, tail="[0-9]", least=4, commas=True,
    ),
    Pattern(
        ENTITY,
        "birth_date.place",
        # "TTL: Jakarta, 15-05-1995": a form's place and day of birth
        needle="(?i)(?:ttl|lahir)[^0-9]{1,64}[0-9]",
        verifier=re.compile(
            "(?<![A-Za-z])(?:ttl|tempat(?: ?[,/&] ?| dan | )(?:tanggal|tgl[.]?|tarikh) ?lahir)[ .:：=-]{1,4}[A-Za-z .'-]{2,32}[ ,/]{1,3}"
            f"(?P<value>{_DATES})(?![0-9A-Za-z])",
            re.IGNORECASE | re.ASCII,
        ),
        check=_whole,
        checked=0.75,
        label=96,
        reach=160,
    ),
    Pattern(
        ENTITY,
        "birth_date.then_born",
        # "我1995年3月2日出生的", "男，1980年1月1日出生，汉族": the word for it behind the day
        needle="(?:[0-9]|年|月|日|号|號|월|일) ?(?:出生|生)",
        verifier=re.compile(
            f"(?:我|本人|男|女)(?:性|是|于|於|在|，|,|、|；| ){{0,3}}(?P<value>{_ASIAN}|{_ORDERED}|{_YEAR}年|(?:19|20)[0-9]{{6}}) ?(?:出生|生(?!产|效|成|意|活|日|命|病|长|前|肖|態|态|物))"
        ),
        checked=0.75,
        reach=64,
    ),
)  # fmt: skip
