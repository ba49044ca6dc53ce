"""National ids and telephones of the marketplaces, in the forms that people there write."""

from __future__ import annotations

from random import Random

from tests.holdout import checks
from tests.holdout.kind import Form, Kind, day, digits, form, grouped, letters, words

_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"


def _sg(rng: Random, heads: str = "STFG") -> str:
    head = rng.choice(heads)
    body = (
        rng.choice("789") if head == "S" else rng.choice("01") if head == "T" else rng.choice("0123456789")
    ) + digits(rng, 6)
    return head + body + checks.singapore(head, body)


def _my(rng: Random) -> str:
    y, m, d = day(rng)
    place = rng.choice(("01", "03", "05", "07", "08", "10", "12", "14"))
    return f"{y % 100:02d}{m:02d}{d:02d}{place}{digits(rng, 4)}"


def _nik(rng: Random) -> str:
    y, m, d = day(rng)
    place = rng.choice(("327301", "317405", "357801", "337402", "110101", "640303"))
    return f"{place}{d + rng.choice((0, 40)):02d}{m:02d}{y % 100:02d}{rng.randint(1, 60):04d}"


def _th(rng: Random) -> str:
    body = digits(rng, 12, "12345")
    return body + checks.thai(body)


def _vn(rng: Random) -> str:
    y = day(rng)[0]
    sex = rng.choice("01") if y < 2000 else rng.choice("23")
    return f"{rng.choice(('001', '079', '031', '048', '092', '038'))}{sex}{y % 100:02d}{digits(rng, 6)}"


def _kr(rng: Random, new: bool = False) -> str:
    y, m, d = day(rng)
    body = f"{y % 100:02d}{m:02d}{d:02d}{rng.choice('12' if y < 2000 else '34')}{digits(rng, 1, '012345678')}{digits(rng, 4)}"
    check = checks.korean(body)
    return body + (str((int(check) + rng.randint(1, 9)) % 10) if new else check)


def _cpf(rng: Random) -> str:
    body = digits(rng, 9)
    return body + checks.cpf(body)


def _dotted_cpf(text: str) -> str:
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def _curp(rng: Random) -> str:
    y, m, d = day(rng)
    head = letters(rng, 1, "GHLMRSTV") + rng.choice("AEIOU") + letters(rng, 2, "BCDFGLMNPRST")
    body = f"{head}{y % 100:02d}{m:02d}{d:02d}{rng.choice('HM')}{rng.choice(('DF', 'JC', 'NL', 'MC', 'VZ'))}{letters(rng, 3, _CONSONANTS[:18])}{'0' if y < 2000 else 'A'}"
    return body + checks.curp(body)


def _rfc(rng: Random) -> str:
    y, m, d = day(rng)
    head = letters(rng, 1, "GHLMRSTV") + rng.choice("AEIOU") + letters(rng, 2, "BCDFGLMNPRST")
    return f"{head}{y % 100:02d}{m:02d}{d:02d}{letters(rng, 2)}{digits(rng, 1)}"


def _dots(number: str, mark: str = ".") -> str:
    return f"{int(number):,}".replace(",", mark)


def _rut(rng: Random) -> tuple[str, str]:
    body = str(rng.randint(6_000_000, 25_999_999))
    return body, checks.rut(body)


def _cuit(rng: Random) -> str:
    while True:
        body = rng.choice(("20", "27", "23")) + digits(rng, 8, "1234")
        check = checks.cuit(body)
        if check is not None:
            return body + check


def _dni(rng: Random) -> str:
    n = rng.randint(10_000_000, 79_999_999)
    return f"{n}{checks.nif(n)}"


def _nie(rng: Random) -> str:
    head, n = rng.randint(0, 2), rng.randint(0, 9_999_999)
    return f"{'XYZ'[head]}{n:07d}{checks.nif(head * 10_000_000 + n)}"


def _inn(rng: Random) -> str:
    body = rng.choice(("77", "78", "16", "66")) + digits(rng, 8)
    return body + checks.inn(body)


def _snils(rng: Random) -> str:
    body = digits(rng, 9, "123")
    return body + checks.snils(body)


def _tin(rng: Random) -> str:
    while True:
        body = digits(rng, 8, "1249")
        check = checks.tin(body)
        if check is not None:
            return body + check


def _id(
    name: str,
    languages: str,
    said: tuple[tuple[str, ...], tuple[str, ...]],
    *forms: tuple[str, str, Form],
    count: int = 32,
) -> Kind:
    tags = tuple(languages.split())
    return Kind(name, "NATIONAL_ID", forms, said, tuple(f"{tag}_labelled" for tag in tags), tags, count)


def _phone(
    name: str,
    languages: str,
    said: tuple[tuple[str, ...], tuple[str, ...]],
    *forms: tuple[str, str, Form],
    count: int = 40,
) -> Kind:
    tags = tuple(languages.split())
    return Kind(
        name,
        "PHONE_NUMBER",
        forms,
        said,
        tuple(f"{tag}_{way}" for tag in tags for way in ("labelled", "phone")),
        tags,
        count,
    )


_IDS = (
    _id(
        "my_nric",
        "ms en",
        words("IC|NRIC", "no. kad pengenalan|MyKad"),
        form("hyphens", lambda r: grouped(_my(r), 6, 2, mark="-")),
        form("plain", _my),
        form("h:spaces", lambda r: grouped(_my(r), 6, 2)),
    ),
    _id(
        "sg_nric",
        "en",
        words("NRIC|IC number", "NRIC/FIN|identity card no."),
        form("citizen", lambda r: _sg(r, "ST")),
        form("d:FIN", lambda r: _sg(r, "FG")),
        form("h:FIN M", lambda r: _sg(r, "M")),
        form("h:small", lambda r: _sg(r).lower()),
    ),
    _id(
        "id_nik",
        "id",
        words("NIK|nomor KTP", "No. KTP|nomor induk kependudukan"),
        form("plain", _nik),
        form("d:spaces", lambda r: grouped(_nik(r), 4, 4, 4)),
        form("h:6-6-4", lambda r: grouped(_nik(r), 6, 6, mark="-")),
    ),
    _id(
        "th_id",
        "th",
        words("เลขบัตรประชาชน|บัตรประชาชน", "เลขประจำตัวประชาชน|เลขบัตร ปชช"),
        form("plain", _th),
        form("hyphens", lambda r: grouped(_th(r), 1, 4, 5, 2, mark="-")),
        form("h:spaces", lambda r: grouped(_th(r), 1, 4, 5, 2)),
    ),
    _id(
        "vn_cccd",
        "vi",
        words("CCCD|số căn cước", "căn cước công dân|số CCCD"),
        form("plain", _vn),
        form("d:spaces", lambda r: grouped(_vn(r), 4, 4)),
        form("h:threes", lambda r: grouped(_vn(r), 3, 3, 3)),
    ),
    _id(
        "vn_cmnd",
        "vi",
        words("CMND|số CMND", "chứng minh nhân dân|CMT"),
        form("plain", lambda r: digits(r, 9, "0123")),
        count=20,
    ),
    _id(
        "ph_tin",
        "en",
        words("TIN|tax identification number", "BIR TIN|TIN no."),
        form("hyphens", lambda r: grouped(_tin(r), 3, 3, mark="-")),
        form("branch", lambda r: grouped(_tin(r), 3, 3, mark="-") + "-000"),
        count=24,
    ),
    _id(
        "ph_philsys",
        "en",
        words("PhilSys ID|PhilSys number", "PhilID number|PCN"),
        form("fours", lambda r: grouped(digits(r, 16, "123456789"), 4, 4, 4, mark="-")),
        count=20,
    ),
    _id(
        "ph_umid_or_sss",
        "en",
        words("UMID|UMID CRN", "SSS number|SSS no."),
        form("d:umid", lambda r: grouped(digits(r, 12, "0"), 4, 7, mark="-")),
        form("h:sss", lambda r: grouped(digits(r, 10, "03"), 2, 7, mark="-")),
        count=20,
    ),
    _id(
        "kr_rrn",
        "ko",
        words("주민번호|주민등록번호", "주민 등록 번호|외국인등록번호"),
        form("hyphen", lambda r: grouped(_kr(r), 6, mark="-")),
        form("plain", _kr),
        form("new", lambda r: grouped(_kr(r, True), 6, mark="-")),
        form("h:spaced hyphen", lambda r: grouped(_kr(r), 6, mark=" - ")),
    ),
    _id(
        "br_cpf",
        "pt",
        words("CPF|meu CPF", "CPF do titular|CPF na nota"),
        form("dotted", lambda r: _dotted_cpf(_cpf(r))),
        form("plain", _cpf),
        form("d:spaces", lambda r: grouped(_cpf(r), 3, 3, 3)),
        form("h:hyphen alone", lambda r: grouped(_cpf(r), 9, mark="-")),
    ),
    _id(
        "br_rg",
        "pt",
        words("RG|carteira de identidade", "R.G.|identidade RG"),
        form("dotted", lambda r: f"{digits(r, 2, '1234')}.{digits(r, 3)}.{digits(r, 3)}-{r.choice('0123456789X')}"),
        count=20,
    ),
    _id(
        "mx_curp",
        "es",
        words("CURP|curp", "clave CURP|C.U.R.P."),
        form("plain", _curp),
        form("h:small", lambda r: _curp(r).lower()),
    ),
    _id(
        "mx_rfc",
        "es",
        words("RFC|rfc", "RFC con homoclave|R.F.C."),
        form("plain", _rfc),
        form("d:hyphens", lambda r: grouped(_rfc(r), 4, 6, mark="-")),
        count=24,
    ),
    _id(
        "cl_rut",
        "es",
        words("RUT|rut", "R.U.T.|RUN"),
        form("dotted", lambda r: (v := _rut(r)) and f"{_dots(v[0])}-{v[1]}"),
        form("hyphen", lambda r: "-".join(_rut(r))),
        form("h:small k", lambda r: "-".join(_rut(r)).lower()),
        form("d:plain", lambda r: "".join(_rut(r))),
    ),
    _id(
        "co_cedula",
        "es",
        words("cédula|mi cédula", "C.C.|cédula de ciudadanía"),
        form("dotted", lambda r: _dots(str(r.randint(1_000_000_000, 1_199_999_999)))),
        form("plain", lambda r: str(r.randint(10_000_000, 99_999_999))),
        form("h:eight", lambda r: _dots(str(r.randint(10_000_000, 99_999_999)))),
    ),
    _id(
        "co_nit",
        "es",
        words("NIT", "N.I.T."),
        form("hyphen", lambda r: (b := digits(r, 9, "89")) + "-" + checks.nit(b)),
        count=16,
    ),
    _id(
        "ar_cuit",
        "es",
        words("CUIL|CUIT", "C.U.I.L.|clave CUIT"),
        form("hyphens", lambda r: grouped(_cuit(r), 2, 8, mark="-")),
        form("plain", _cuit),
        count=24,
    ),
    _id(
        "ar_dni",
        "es",
        words("DNI|documento", "D.N.I.|nro. de DNI"),
        form("dotted", lambda r: _dots(str(r.randint(10_000_000, 45_999_999)))),
        form("h:plain", lambda r: str(r.randint(10_000_000, 45_999_999))),
        count=24,
    ),
    _id("pe_dni", "es", words("DNI", "DNI N°"), form("plain", lambda r: digits(r, 8, "01247")), count=20),
    _id(
        "pe_ruc",
        "es",
        words("RUC|ruc", "número de RUC"),
        form("plain", lambda r: (b := "10" + digits(r, 8, "01247")) + checks.ruc(b)),
        count=20,
    ),
    _id(
        "es_dni",
        "es",
        words("DNI|NIF", "DNI/NIE|documento nacional de identidad"),
        form("plain", _dni),
        form("d:hyphen", lambda r: grouped(_dni(r), 8, mark="-")),
        form("nie", _nie),
        form("h:dotted", lambda r: (v := _dni(r)) and f"{_dots(v[:8])}-{v[8]}"),
        form("h:nie hyphens", lambda r: grouped(_nie(r), 1, 7, mark="-")),
        count=40,
    ),
    _id("ru_inn", "ru", words("ИНН|мой ИНН", "ИНН физлица|номер ИНН"), form("plain", _inn)),
    _id(
        "ru_snils",
        "ru",
        words("СНИЛС|номер СНИЛС", "снилс|страховой номер"),
        form("dotted", lambda r: (v := _snils(r)) and f"{grouped(v[:9], 3, 3, mark='-')} {v[9:]}"),
        form("h:plain", _snils),
    ),
    _id(
        "ru_passport",
        "ru",
        words("паспорт|серия и номер паспорта", "паспорт РФ|паспортные данные"),
        form("spaced", lambda r: f"{digits(r, 2, '1467')} {r.randint(1, 24):02d} {digits(r, 6)}"),
        form("h:number sign", lambda r: f"{digits(r, 2, '1467')}{r.randint(1, 24):02d} № {digits(r, 6)}"),
        form("d:4-6", lambda r: f"{digits(r, 2, '1467')}{r.randint(1, 24):02d} {digits(r, 6)}"),
    ),
)
_N = "0123456789"
_PHONES = (
    _phone(
        "my_phone",
        "ms en",
        words("telefon|no. tel", "nombor telefon|H/P"),
        form("01x-", lambda r: f"01{r.choice('23679')}-{digits(r, 3, '2345678')} {digits(r, 4)}"),
        form("d:plain", lambda r: f"01{r.choice('23679')}{digits(r, 7, '2345678')}"),
        form("+60", lambda r: f"+601{r.choice('23679')}-{digits(r, 7, '2345678')}"),
        form("h:+60 spaced", lambda r: f"+60 1{r.choice('23679')} {digits(r, 3, '2345678')} {digits(r, 4)}"),
        form("h:landline", lambda r: f"03-{digits(r, 4, '2789')} {digits(r, 4)}"),
    ),
    _phone(
        "sg_phone",
        "en",
        words("phone|mobile", "HP|contact no."),
        form("spaced", lambda r: f"{digits(r, 4, '9')[:1]}{r.choice('0123456')}{digits(r, 2)} {digits(r, 4)}"),
        form("+65", lambda r: f"+65 9{r.choice('012346')}{digits(r, 2)} {digits(r, 4)}"),
        form("d:plain", lambda r: f"9{r.choice('012346')}{digits(r, 6)}"),
        form("h:+65 plain", lambda r: f"+658{r.choice('1234567')}{digits(r, 6)}"),
    ),
    _phone(
        "ph_phone",
        "en",
        words("cell|mobile number", "CP no.|Viber"),
        form("09", lambda r: f"09{r.choice(('17', '18', '27', '28', '56'))}{digits(r, 7)}"),
        form("spaced", lambda r: f"09{r.choice(('17', '18', '27', '28'))} {digits(r, 3)} {digits(r, 4)}"),
        form("d:+63", lambda r: f"+63 9{r.choice(('17', '18', '27'))} {digits(r, 3)} {digits(r, 4)}"),
        form("h:+63 plain", lambda r: f"+639{r.choice(('17', '18', '27'))}{digits(r, 7)}"),
        form("h:hyphens", lambda r: f"09{r.choice(('17', '28'))}-{digits(r, 3)}-{digits(r, 4)}"),
    ),
    _phone(
        "id_phone",
        "id",
        words("no. HP|WA", "nomor WhatsApp|telp"),
        form(
            "hyphens",
            lambda r: f"08{r.choice(('12', '13', '21', '57', '78'))}-{digits(r, 4, '123456789')}-{digits(r, 4)}",
        ),
        form("plain", lambda r: f"08{r.choice(('12', '13', '21', '57', '78'))}{digits(r, 8, '123456789')}"),
        form("+62", lambda r: f"+62 8{r.choice(('12', '13', '57'))}-{digits(r, 4, '123456789')}-{digits(r, 4)}"),
        form("h:62", lambda r: f"628{r.choice(('12', '21', '78'))}{digits(r, 8, '123456789')}"),
        form("d:landline", lambda r: f"(021) {digits(r, 7, '5')}"),
        form("h:landline", lambda r: f"022-{digits(r, 7, '27')}"),
    ),
    _phone(
        "th_phone",
        "th",
        words("โทร|เบอร์", "เบอร์โทรศัพท์|มือถือ"),
        form("hyphens", lambda r: f"0{r.choice('689')}{digits(r, 1, '1234569')}-{digits(r, 3)}-{digits(r, 4)}"),
        form("plain", lambda r: f"0{r.choice('689')}{digits(r, 1, '1234569')}{digits(r, 7)}"),
        form("d:3-7", lambda r: f"0{r.choice('89')}{digits(r, 1, '1234569')}-{digits(r, 7)}"),
        form("h:+66", lambda r: f"+66 {r.choice('89')}{digits(r, 1, '1234569')} {digits(r, 3)} {digits(r, 4)}"),
        form("h:landline", lambda r: f"02-{digits(r, 3, '235')}-{digits(r, 4)}"),
        form(
            "h:thai digits",
            lambda r: f"0{r.choice('89')}{digits(r, 1, '1234569')}-{digits(r, 3)}-{digits(r, 4)}".translate(
                str.maketrans(_N, "๐๑๒๓๔๕๖๗๘๙")
            ),
        ),
    ),
    _phone(
        "vn_phone",
        "vi",
        words("SĐT|số điện thoại", "ĐT|Zalo"),
        form("plain", lambda r: f"0{r.choice(('90', '91', '98', '38', '79', '35'))}{digits(r, 7)}"),
        form(
            "4-3-3",
            lambda r: f"0{r.choice(('90', '91', '98', '38', '79'))}{digits(r, 1)} {digits(r, 3)} {digits(r, 3)}",
        ),
        form("d:dots", lambda r: f"0{r.choice(('90', '91', '98'))}{digits(r, 1)}.{digits(r, 3)}.{digits(r, 3)}"),
        form("h:3-3-4 dots", lambda r: f"0{r.choice(('90', '91', '98'))}.{digits(r, 3)}.{digits(r, 4)}"),
        form("+84", lambda r: f"+84 {r.choice(('90', '91', '98'))} {digits(r, 3)} {digits(r, 4)}"),
        form("h:+84 plain", lambda r: f"+84{r.choice(('90', '98'))}{digits(r, 7)}"),
    ),
    _phone(
        "kr_phone",
        "ko",
        words("전화|휴대폰", "핸드폰|연락처"),
        form("hyphens", lambda r: f"010-{digits(r, 4, '23456789')}-{digits(r, 4)}"),
        form("plain", lambda r: f"010{digits(r, 8, '23456789')}"),
        form("d:+82", lambda r: f"+82 10-{digits(r, 4, '23456789')}-{digits(r, 4)}"),
        form("h:+82-", lambda r: f"+82-10-{digits(r, 4, '23456789')}-{digits(r, 4)}"),
        form("h:dots", lambda r: f"010.{digits(r, 4, '23456789')}.{digits(r, 4)}"),
        form("d:seoul", lambda r: f"02-{digits(r, 3, '3457')}-{digits(r, 4)}"),
        form("h:gyeonggi", lambda r: f"031-{digits(r, 3, '2378')}-{digits(r, 4)}"),
        form("h:spaces", lambda r: f"010 {digits(r, 4, '23456789')} {digits(r, 4)}"),
    ),
    _phone(
        "br_phone",
        "pt",
        words("telefone|celular", "WhatsApp|fone"),
        form(
            "brackets", lambda r: f"({r.choice(('11', '21', '31', '41', '51', '81'))}) 9{digits(r, 4)}-{digits(r, 4)}"
        ),
        form("d:plain", lambda r: f"{r.choice(('11', '21', '31'))}9{digits(r, 8, '6789')}"),
        form("+55", lambda r: f"+55 {r.choice(('11', '21', '41'))} 9{digits(r, 4, '6789')}-{digits(r, 4)}"),
        form(
            "h:+55 brackets", lambda r: f"+55 ({r.choice(('11', '48', '81'))}) 9{digits(r, 4, '6789')}-{digits(r, 4)}"
        ),
        form("h:landline", lambda r: f"({r.choice(('11', '21'))}) {digits(r, 4, '23')}-{digits(r, 4)}"),
        form("h:spaced", lambda r: f"{r.choice(('11', '21'))} 9{digits(r, 4, '6789')} {digits(r, 4)}"),
    ),
    _phone(
        "mx_phone",
        "es",
        words("teléfono|cel", "número de celular|tel."),
        form("spaced", lambda r: f"{r.choice(('55', '33', '81'))} {digits(r, 4, '12345678')} {digits(r, 4)}"),
        form("+52", lambda r: f"+52 {r.choice(('55', '33', '81'))} {digits(r, 4, '12345678')} {digits(r, 4)}"),
        form("h:+52 1", lambda r: f"+52 1 {r.choice(('55', '33'))} {digits(r, 4, '12345678')} {digits(r, 4)}"),
        form("d:brackets", lambda r: f"({r.choice(('55', '33'))}) {digits(r, 4, '12345678')}-{digits(r, 4)}"),
    ),
    _phone(
        "cl_phone",
        "es",
        words("celular|teléfono", "fono|WhatsApp"),
        form("+56", lambda r: f"+56 9 {digits(r, 4, '3456789')} {digits(r, 4)}"),
        form("9 spaced", lambda r: f"9 {digits(r, 4, '3456789')} {digits(r, 4)}"),
        form("h:+569", lambda r: f"+569{digits(r, 8, '3456789')}"),
        form("d:(+56)", lambda r: f"(+56) 9 {digits(r, 4, '3456789')} {digits(r, 4)}"),
        count=28,
    ),
    _phone(
        "co_phone",
        "es",
        words("celular|cel", "móvil|WhatsApp"),
        form("3-3-4", lambda r: f"3{r.choice(('00', '10', '15', '20'))} {digits(r, 3)} {digits(r, 4)}"),
        form("plain", lambda r: f"3{r.choice(('00', '10', '15', '20'))}{digits(r, 7)}"),
        form("+57", lambda r: f"+57 3{r.choice(('00', '10', '15'))} {digits(r, 3)} {digits(r, 4)}"),
        form("h:+57 plain", lambda r: f"+573{r.choice(('00', '10'))}{digits(r, 7)}"),
        count=28,
    ),
    _phone(
        "ar_phone",
        "es",
        words("celular|teléfono", "cel.|WhatsApp"),
        form("+54", lambda r: f"+54 9 11 {digits(r, 4, '23456')}-{digits(r, 4)}"),
        form("011", lambda r: f"011 {digits(r, 4, '456')}-{digits(r, 4)}"),
        form("d:15", lambda r: f"11 15-{digits(r, 4, '3456')}-{digits(r, 4)}"),
        form("h:plain", lambda r: f"11{digits(r, 8, '3456')}"),
        count=28,
    ),
    _phone(
        "pe_phone",
        "es",
        words("celular|cel", "móvil|número de WhatsApp"),
        form("spaced", lambda r: f"9{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}"),
        form("plain", lambda r: f"9{digits(r, 8)}"),
        form("+51", lambda r: f"+51 9{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}"),
        form("h:+51 plain", lambda r: f"+519{digits(r, 8)}"),
        count=28,
    ),
    _phone(
        "es_phone",
        "es",
        words("móvil|teléfono", "tlf.|número de teléfono"),
        form("3-3-3", lambda r: f"6{digits(r, 2)} {digits(r, 3)} {digits(r, 3)}"),
        form("plain", lambda r: f"6{digits(r, 8)}"),
        form("d:3-2-2-2", lambda r: f"6{digits(r, 2)} {digits(r, 2)} {digits(r, 2)} {digits(r, 2)}"),
        form("h:+34", lambda r: f"+34 6{digits(r, 2)} {digits(r, 2)} {digits(r, 2)} {digits(r, 2)}"),
        form("h:landline", lambda r: f"91 {digits(r, 3, '2345')} {digits(r, 2)} {digits(r, 2)}"),
        form("d:0034", lambda r: f"0034 6{digits(r, 8)}"),
        count=36,
    ),
    _phone(
        "ru_phone",
        "ru",
        words("телефон|тел.", "мобильный|номер"),
        form(
            "+7 brackets",
            lambda r: f"+7 (9{r.choice(('03', '16', '26', '61'))}) {digits(r, 3)}-{digits(r, 2)}-{digits(r, 2)}",
        ),
        form(
            "8 brackets", lambda r: f"8 (9{r.choice(('03', '16', '26'))}) {digits(r, 3)}-{digits(r, 2)}-{digits(r, 2)}"
        ),
        form("plain", lambda r: f"89{r.choice(('03', '16', '26', '61'))}{digits(r, 7)}"),
        form("d:hyphens", lambda r: f"8-9{r.choice(('03', '16'))}-{digits(r, 3)}-{digits(r, 2)}-{digits(r, 2)}"),
        form("h:+7 plain", lambda r: f"+79{r.choice(('03', '16', '26'))}{digits(r, 7)}"),
        form("h:moscow", lambda r: f"8 (495) {digits(r, 3, '257')}-{digits(r, 2)}-{digits(r, 2)}"),
        form("h:spaces", lambda r: f"+7 9{r.choice(('03', '16'))} {digits(r, 3)} {digits(r, 2)} {digits(r, 2)}"),
    ),
)

KINDS = (*_IDS, *_PHONES)
