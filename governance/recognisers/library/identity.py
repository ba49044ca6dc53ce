"""Identity documents beside the Chinese resident id: passports, permits, and the national numbers of other places.

A number with a telling shape and a check digit stands alone; the others need their label. Regions say where the bare
form is looked for; labelled forms and unmistakable shapes are looked for everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from governance.recognisers.library import checksums
from governance.recognisers.library import checksums_national as national
from governance.recognisers.library.labelled import labelled
from governance.recognisers.library.numbers import ANY, APART, BEYOND, LONG
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "NATIONAL_ID"
_LEFT, _RIGHT = "(?<![0-9A-Za-z])(?<![0-9][.-])", "(?![0-9A-Za-z])(?![.-][0-9])"


#: What is written before the number of an article.
_ARTICLE = re.compile(
    "(?i)(?:(?<![a-z])(?:gtin|ean|upc|isbn|issn|lccn|oclc)(?:-?[0-9]{1,2})?|bar ?code|código de barras|штрих-?код|บาร์โค้ด|mã vạch|条码|條碼|条形码|바코드)[ :：.#-]{0,3}\\Z"
)


def _bare(found: re.Match[str]) -> str:
    text = found[0]
    return text if text.isascii() and text.isalnum() else re.sub("[^0-9A-Za-z]", "", text)


def _shape(
    name: str,
    expression: str,
    holds: Callable[[str], bool] | None = None,
    *,
    checked: float = 0.9,
    weak: float = 0.0,
    regions: str = "",
    needle: str = "",
    reach: int = 64,
) -> Pattern:
    """A number that its shape and check digit tell; where the shape alone is telling `weak` is its score.

    `expression` has ASCII classes only and serves as the needle, unless many numbers share a wider one.
    """

    def check(found: re.Match[str]) -> Verdict:
        verdict = (holds is None or holds(_bare(found))) or (weak or None)
        if verdict is None or _ARTICLE.search(found.string, max(0, found.start() - 20), found.start()):
            return None
        return verdict

    return Pattern(
        ENTITY,
        f"identity.{name}",
        needle=needle or f"{APART}(?:{expression}){BEYOND}",
        verifier=re.compile(f"{_LEFT}(?:{expression}){_RIGHT}"),
        check=check,
        score=weak,
        checked=checked,
        regions=frozenset(regions.split()),
        reach=reach,
    )


def _hkid(number: str) -> bool:
    return checksums.hkid(number[:-7], number[-7:-1], number[-1])


def _taiwan(number: str) -> bool:
    return checksums.taiwan_id(number) if number[1].isdigit() else national.taiwan_arc(number)


def _born(number: str) -> bool:
    """YYMMDD at the start is a day of either century."""
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    return any(checksums.is_date(century + year, month, day) for century in (1900, 2000))


def _nik(number: str) -> bool:
    """Indonesia: province, then the birth day (plus 40 for women), month and year."""
    day = int(number[6:8]) % 40
    return 11 <= int(number[:2]) <= 96 and _born(number[10:12] + number[8:10] + f"{day:02d}")


def _ssn(number: str) -> bool:
    """United States: areas 000 and 666, group 00 and serial 0000 are never issued; 9xx are taxpayers' (ITIN)."""
    if number[0] == "9":
        return int(number[3:5]) >= 50
    return number[:3] not in ("000", "666") and number[3:5] != "00" and number[5:] != "0000"


def _thai(number: str) -> bool:
    """Thailand's own article numbers begin with 885 and have a check digit of their own."""
    return checksums.thai_id(number) and not (number.startswith("885") and national.ean(number))


def _korean(number: str) -> bool:
    """South Korea's article numbers begin with 880."""
    return _born(number) and not (number.startswith("880") and national.ean(number))


def _cccd(number: str) -> bool:
    """Vietnam: province 001 to 096, century and sex, year, six digits."""
    return 1 <= int(number[:3]) <= 96


def _rfc(number: str) -> bool:
    digits = re.search("[0-9]{6}", number)
    return digits is not None and _born(digits[0])


def _passport_ru(number: str) -> bool:
    """Russia: two digits of a region, two of the year of the form, and a number."""
    return number[0] != "0" and (int(number[2:4]) <= 40 or int(number[2:4]) >= 97)


PATTERNS = (
    _shape("hkid", "[A-Za-z]{1,2} ?[0-9]{6} ?(?:[(]|（) ?[0-9Aa] ?(?:[)]|）)", _hkid, weak=0.55),
    # Without brackets, where Hong Kong's are looked for: a letter, six digits and the right check digit
    _shape("hkid_plain", "[A-Z]{1,2} ?[0-9]{3} ?[0-9]{3}[ /-]?[0-9A]", _hkid, checked=0.6, regions="HK"),
    _shape("macau", "[1578][0-9]{6} ?(?:[(]|（)[0-9](?:[)]|）)|[1578]/[0-9]{6}/[0-9]", checked=0.75),
    _shape("taiwan", "[A-Za-z][ -]?[1289A-Da-d](?:[ -]?[0-9]){8}", _taiwan, regions="TW"),
    _shape("malaysia", "[0-9]{6}-[0-9]{2}-[0-9]{4}", _born, checked=0.8),
    _shape("malaysia_spaced", "[0-9]{6} [0-9]{2} [0-9]{4}", _born, checked=0.7, regions="MY"),
    _shape("singapore", "[STFGMstfgm][ -]?[0-9]{7}[ -]?[A-Za-z]", checksums.nric),
    _shape("indonesia", "[1-9][0-9]{15}", _nik, checked=0.7, regions="ID", needle=LONG),
    _shape(
        "indonesia_grouped",
        "[1-9][0-9]{3}(?:[ .-][0-9]{4}){3}|[1-9][0-9]{5}[ .-][0-9]{6}[ .-][0-9]{4}|[1-9][0-9](?:[ .-][0-9]{2}){2}[ .-][0-9]{6}[ .-][0-9]{4}",
        _nik,
        checked=0.65,
        regions="ID",
    ),
    _shape("indonesia_npwp", "[0-9]{2}[.][0-9]{3}[.][0-9]{3}[.][0-9]-[0-9]{3}[.][0-9]{3}", checked=0.85),
    _shape("thailand", "[1-8][ -][0-9]{4}[ -][0-9]{5}[ -][0-9]{2}[ -][0-9]", checksums.thai_id, weak=0.6),
    _shape("thailand_bare", "[1-8][0-9]{12}", _thai, checked=0.7, regions="TH", needle=LONG),
    _shape("vietnam", "0[0-9]{2}[ .-]?[0-3](?:[ .-]?[0-9]){8}", _cccd, checked=0.7, regions="VN", needle=ANY),
    _shape(
        "philippines",
        "[0-9]{4}[ -][0-9]{7}[ -][0-9]|[0-9]{2}[ -][0-9]{7}[ -][0-9]|[0-9]{2}-[0-9]{9}-[0-9]|[0-9]{3}-[0-9]{3}-[0-9]{3}-[0-9]{3,5}",
        checked=0.75,
        regions="PH",
    ),
    _shape("korea", "[0-9]{6} ?- ?[1-8][0-9]{6}", _born, checked=0.85),
    _shape("korea_spaced", "[0-9]{6} [1-8][0-9]{6}", _korean, checked=0.65, regions="KR"),
    _shape("korea_bare", "[0-9]{6}[1-8][0-9]{6}", _korean, checked=0.65, regions="KR", needle=LONG),
    _shape("korea_firm", "[0-9]{3}-[0-9]{2}-[0-9]{5}", national.korean_firm, checked=0.8),
    _shape("korea_licence", "[1-2][0-9]-[0-9]{2}-[0-9]{6}-[0-9]{2}", checked=0.8),
    # Korea's clearance codes, by which a buyer abroad is known to customs
    _shape("korea_customs", "P[0-9]{12}", checked=0.65, regions="KR"),
    _shape("brazil", "[0-9]{3}[.][0-9]{3}[.][0-9]{3}[-/. ][0-9]{2}", checksums.cpf, weak=0.7),
    _shape("brazil_spaced", "[0-9]{3} [0-9]{3} [0-9]{3}[ -][0-9]{2}", checksums.cpf, checked=0.75, regions="BR"),
    _shape("brazil_bare", "[0-9]{9}-?[0-9]{2}", checksums.cpf, checked=0.7, regions="BR", needle=ANY),
    _shape("brazil_firm", "[0-9A-Z]{2}[.]?[0-9A-Z]{3}[.]?[0-9A-Z]{3}/[0-9A-Z]{4}-?[0-9]{2}", national.cnpj, weak=0.7),
    _shape("brazil_firm_bare", "[0-9]{14}", national.cnpj, checked=0.65, regions="BR", needle=LONG),
    _shape("brazil_pis", "[0-9]{3}[.][0-9]{5}[.][0-9]{2}-[0-9]", checked=0.8),
    _shape("brazil_rg", "(?:[A-Z]{2}-?)?[0-9]{1,2}[.][0-9]{3}[.][0-9]{3}-[0-9Xx]", checked=0.65, regions="BR CL"),
    _shape(
        "mexico_curp",
        "[A-Z]{4}[ -]?[0-9]{6}[ -]?[HMX][ -]?[A-Z]{2}[ -]?[A-Z]{3}[ -]?[0-9A-Z][ -]?[0-9]",
        lambda n: _born(n[4:10]),
    ),
    _shape("mexico_rfc", "[A-Z&]{3,4}[ -]?[0-9]{6}[ -]?[A-Z0-9]{2}[0-9A]", _rfc, checked=0.75, regions="MX"),
    _shape("mexico_voter", "[A-Z]{6}[0-9]{8}[HM][0-9]{3}", checked=0.85),
    _shape("chile", "[0-9]{1,2}[. ][0-9]{3}[. ][0-9]{3} ?- ?[0-9kK]", checksums.rut),
    _shape("chile_plain", "[0-9]{7,8}-[0-9kK]", checksums.rut, checked=0.75, regions="CL"),
    _shape(
        "colombia_nit", "[0-9]{3}[.][0-9]{3}[.][0-9]{3} ?- ?[0-9]|[89][0-9]{8} ?- ?[0-9]", national.nit, regions="CO"
    ),
    _shape("spain", "[0-9]{8}(?:[ -]?[A-Z]|-?[a-z])", checksums.spanish_id, regions="ES"),
    _shape("spain_dotted", "[0-9]{2}[.][0-9]{3}[.][0-9]{3}[ -]?[A-Za-z]", checksums.spanish_id, regions="ES"),
    _shape("spain_foreigner", "[XYZxyz][ -]?[0-9]{7}[ -]?[A-Za-z]", checksums.spanish_id, checked=0.85),
    _shape(
        "spain_insurance", "[0-5][0-9][ /-][0-9]{8}[ /-][0-9]{2}", national.spanish_insurance, weak=0.55, regions="ES"
    ),
    _shape("argentina", "(?:20|2[3-7]|30|3[34])[ ./-][0-9]{2}[.]?[0-9]{3}[.]?[0-9]{3}[ ./-][0-9]", checksums.cuit),
    _shape("argentina_bare", "(?:20|2[3-7]|30|3[34])[0-9]{9}", checksums.cuit, checked=0.65, regions="AR", needle=ANY),
    _shape("peru_ruc", "(?:10|15|17|20)[0-9]{9}", national.ruc, checked=0.65, regions="PE", needle=ANY),
    _shape("russia_snils", "[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}[ -][0-9]{2}", checksums.snils, weak=0.6),
    _shape("russia_inn", "[0-9]{12}", national.inn, checked=0.7, regions="RU", needle=LONG),
    _shape("russia_passport", "[0-9]{2} [0-9]{2} [0-9]{6}|[0-9]{4} [0-9]{6}", _passport_ru, checked=0.7, regions="RU"),
    _shape("united_states", "[0-9]{3}-[0-9]{2}-[0-9]{4}", _ssn, checked=0.75),
    _shape("united_states_spaced", "[0-9]{3} [0-9]{2} [0-9]{4}", _ssn, checked=0.55, regions="US"),
    _shape("india_pan", "[A-Z]{3}[PCHFATBLJG][A-Z][0-9]{4}[A-Z]", checked=0.7),
    _shape("india_aadhaar", "[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}", checksums.verhoeff, regions="IN"),
    _shape("india_tax", "[0-3][0-9][A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]", checked=0.85),
    _shape("italy", "[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"),
    _shape(
        "britain",
        "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        checked=0.7,
        regions="GB",
    ),
    # ICAO 9303: the lines that machines read on passports and cards
    _shape("machine_readable_name", "[ACIPV][A-Z<][A-Z]{3}[A-Z]{1,30}<<[A-Z<]{5,38}", checked=0.95, reach=96),
    _shape(
        "machine_readable",
        "[A-Z0-9<]{9}[0-9][A-Z]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9]|[0-9]{7}[MFX<][0-9]{7}[A-Z]{3}[A-Z0-9<]{11}[0-9]",
        checked=0.9,
        needle="[0-9]{7}[MFX<][0-9]{7}",
        reach=96,
    ),
    _shape(
        "machine_readable_card",
        "[ACI][A-Z<][A-Z]{3}[A-Z0-9<]{9}[0-9<][A-Z0-9]{0,11}<{3,15}",
        checked=0.9,
        needle="[0-9A-Z]<<<",
        reach=96,
    ),
)

_FIRM_LABELS = (
    "统一社会信用代码, 统一信用代码, 社会信用代码, 社会统一信用代码, 信用代码, 信用代码证, 信用码, 统一代码, 组织机构代码, 机构代码, 企业代码, 企业信用代码, 税号, 纳税号, 纳税人识别号, 纳税人号, 纳税识别号, 识别号, 开票税号, 公司税号, 单位税号, 企业税号, 抬头税号, "
    "税务登记号, 税务登记证号, 营业执照, 营业执照号, 营业执照号码, 营业执照编号, 执照号, 注册号, 工商注册号, 工商号, 开票信息, 統一社會信用代碼, 信用代碼, 稅號, 納稅人識別號, 統一編號, 統編, 營業執照, 營業執照號, uscc, usci, unified social credit code, "
    "social credit code, credit code, taxpayer no, taxpayer number, tax no, tax number, tax code, tax id, business licence no, business license no, company number"
)


def _firm(sole: bool, found: re.Match[str]) -> Verdict:
    number = _bare(found).upper()
    if " " in found[0] and found[0] != found[0].upper():
        return None  # words behind a number: "52 55 5158 0514 para la"
    return True if (number[:2] == "92") == sole and checksums.uscc(number) else None


def _firm_labelled(sole: bool, found: re.Match[str]) -> Verdict:
    number = re.sub("[^0-9A-Za-z]", "", found["value"])
    if " " in found["value"] and found["value"] != found["value"].upper():
        return None
    return True if number.startswith("92") == sole and sum(c.isdigit() for c in number) >= 6 else None


def _firms(entity: str, name: str, sole: bool) -> tuple[Pattern, ...]:
    """The numbers of firms (GB 32100-2015), or of sole traders, which begin with 92 and are a person's."""
    opening = "92" if sole else "(?:[15AHNYahny][1239]|9[139])"
    return (
        Pattern(
            entity,
            name,
            # 91310000MA1FL0XX01, 91 310000 MA1FL0XX0 1: registry, kind, county, the firm's own nine, check
            needle=f"(?i){APART}{opening}(?:[ -]?[0-9]){{6}}(?:[ -]?[0-9a-hj-np-rtuw-y]){{10}}{BEYOND}",
            verifier=re.compile(
                f"{_LEFT}(?<![+]){opening}(?:[ -]?[0-9]){{6}}(?:[ -]?[0-9A-HJ-NP-RTUW-Y]){{10}}{_RIGHT}",
                re.IGNORECASE | re.ASCII,
            ),
            check=partial(_firm, sole),
            checked=0.96,
        ),
        labelled(
            entity,
            f"{name}_labelled",
            _FIRM_LABELS,
            "(?:[159AHNY][1239](?:[ -]?[0-9]){6}(?:[ -]?[0-9A-HJ-NP-RTUW-Y]){10}|[0-9]{15}|[0-9A-Z]{8}-[0-9A-Z]|[0-9]{8})(?![0-9A-Za-z])",
            check=partial(_firm_labelled, sole),
            checked=0.82,
            gap=16,
            digits=5,
            least=6,
        ),
    )


ORGANISATION_PATTERNS = _firms("ORGANISATION", "organisation.uscc", sole=False)
SOLE_TRADER_PATTERNS = _firms(ENTITY, "identity.sole_trader", sole=True)
