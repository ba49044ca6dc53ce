"""Identity documents beside the Chinese resident id: passports, permits, and the national numbers of other places.

A number with a telling shape and a check digit stands alone; the others need their label. Regions say where the bare
form is looked for; labelled forms and unmistakable shapes are looked for everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from governance.recognisers.library import checksums
from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.pattern import Pattern, Verdict

ENTITY = "NATIONAL_ID"
_LEFT, _RIGHT = "(?<![0-9A-Za-z])(?<![0-9][.-])", "(?![0-9A-Za-z])(?![.-][0-9])"


def _bare(found: re.Match[str]) -> str:
    return re.sub("[^0-9A-Za-z]", "", found[0])


def _shape(
    name: str,
    expression: str,
    holds: Callable[[str], bool] | None = None,
    *,
    score: float = 0.0,
    checked: float = 0.9,
    regions: str = "",
    reach: int = 64,
) -> Pattern:
    """A number that its shape and check digit tell; `expression` has ASCII classes only and serves as the needle."""

    def check(found: re.Match[str]) -> Verdict:
        return holds is None or holds(_bare(found))

    return Pattern(
        ENTITY,
        f"identity.{name}",
        needle=expression,
        verifier=re.compile(f"{_LEFT}(?:{expression}){_RIGHT}"),
        check=check,
        score=score,
        checked=checked,
        regions=frozenset(regions.split()),
        reach=reach,
    )


def _hkid(number: str) -> bool:
    return checksums.hkid(number[:-7], number[-7:-1], number[-1])


def _born(number: str) -> bool:
    """YYMMDD at the start is a day of either century."""
    year, month, day = int(number[:2]), int(number[2:4]), int(number[4:6])
    return any(checksums.is_date(century + year, month, day) for century in (1900, 2000))


def _nik(number: str) -> bool:
    """Indonesia: province, then the birth day (plus 40 for women), month and year."""
    day = int(number[6:8]) % 40
    return 11 <= int(number[:2]) <= 96 and _born(number[10:12] + number[8:10] + f"{day:02d}")


def _ssn(number: str) -> bool:
    """United States: areas 000, 666 and 9xx, group 00 and serial 0000 are never issued."""
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


PATTERNS = (
    _shape("hkid", "[A-Z]{1,2} ?[0-9]{6} ?[(][0-9A][)]", _hkid),
    _shape("taiwan", "[A-Z][1289A-D][0-9]{8}", lambda n: n[1].isdigit() and checksums.taiwan_id(n), regions="TW"),
    _shape("malaysia", "[0-9]{6}-[0-9]{2}-[0-9]{4}", _born, checked=0.8),
    _shape("singapore", "[STFGM][0-9]{7}[A-Z]", checksums.nric),
    _shape("indonesia", "[1-9][0-9]{15}", _nik, checked=0.7, regions="ID"),
    _shape("thailand", "[1-8]-[0-9]{4}-[0-9]{5}-[0-9]{2}-[0-9]", checksums.thai_id),
    _shape("thailand_bare", "[1-8][0-9]{12}", checksums.thai_id, checked=0.7, regions="TH"),
    _shape("korea", "[0-9]{6}-[1-8][0-9]{6}", _born, checked=0.85),
    _shape("brazil", "[0-9]{3}[.][0-9]{3}[.][0-9]{3}-[0-9]{2}", checksums.cpf),
    _shape("mexico_curp", "[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]", lambda n: _born(n[4:10])),
    _shape("chile", "[0-9]{1,2}[.][0-9]{3}[.][0-9]{3}-[0-9kK]", checksums.rut),
    _shape("spain", "[0-9]{8}-?[A-Z]|[XYZ]-?[0-9]{7}-?[A-Z]", checksums.spanish_id, regions="ES"),
    _shape("argentina", "(?:20|2[3-7]|30|3[34])-[0-9]{8}-[0-9]", checksums.cuit),
    _shape("russia_snils", "[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}", checksums.snils),
    _shape("united_states", "[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", _ssn, checked=0.75),
    _shape("india_pan", "[A-Z]{3}[PCHFATBLJG][A-Z][0-9]{4}[A-Z]", checked=0.7),
    _shape("india_aadhaar", "[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}", checksums.verhoeff, regions="IN"),
    _shape("italy", "[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]"),
    _shape(
        "britain",
        "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        checked=0.7,
        regions="GB",
    ),
    labelled(
        ENTITY, "identity.passport",
        "护照, 护照号, 護照, passport, passport number, passport no, pasaporte, passaporte, passeport, reisepass, паспорт, 여권, "
        "여권번호, パスポート, 旅券番号, hộ chiếu, paspor, nomor paspor, หนังสือเดินทาง",
        "(?:[A-Z]{0,3}[0-9]{6,9}[A-Z]?|[0-9]{2} ?[0-9]{2} ?[0-9]{6})(?![0-9A-Za-z])", check=has_digit, checked=0.88,
    ),
    labelled(
        ENTITY, "identity.permit",
        "通行证, 港澳通行证, 台胞证, 回乡证, 台湾通行证, 往来港澳, 居住证, 通行證, 台胞證, 回鄉證, 居留证, 军官证, 士兵证, 警官证, "
        "permit, travel permit, residence permit",
        "(?:[A-Z]{1,2}[0-9]{7,10}|[0-9]{8}(?:[0-9]{2})?|[0-9]{18}|[0-9]{17}X)(?![0-9A-Za-z])", checked=0.85, score=0.85,
    ),
    labelled(
        ENTITY, "identity.licence",
        "驾驶证, 驾照, 驾驶证号, 駕照, 档案编号, driver license, drivers license, driver's license, driving licence, "
        "licence number, license number, dl number, sim a, nomor sim, carnet de conducir, cnh, 운전면허, 免許証",
        "[A-Z0-9][A-Z0-9-]{5,19}(?![0-9A-Za-z])", check=has_digit, checked=0.75,
    ),
    labelled(
        ENTITY, "identity.number",
        "身份证字号, 统一证号, 身分證字號, 香港身份证, 社保号, 社保卡号, 医保卡号, ssn, social security number, social security, social insurance number, "
        "national id, national insurance, nino, nric, nric number, fin number, ic number, mykad, no kp, nik, nomor ktp, ktp, no ktp, npwp, cccd, cmnd, "
        "căn cước, chứng minh nhân dân, เลขบัตรประชาชน, บัตรประชาชน, 주민등록번호, 주민번호, 外国人登録番号, マイナンバー, 個人番号, "
        "dni, nif, nie, cédula, cedula, rut, curp, rfc, cpf, rg, cuit, cuil, инн, снилс, aadhaar, aadhar, pan card, pan number, "
        "philsys, sss, gsis, umid, tin number, tin no, tax id, tax number, tax identification number, medicare, voter id, patient id, mrn",
        "(?=[A-Z]{0,6}[0-9])[A-Z0-9](?:[ ./-]?[A-Z0-9]){5,21}(?![0-9A-Za-z])", check=has_digit, checked=0.8,
    ),
    labelled(
        ENTITY, "identity.capitals", "TIN, PAN, SIN, EIN, ITIN, FIN, RG, INN, UAN, NPI",
        "[A-Z0-9](?:[ ./-]?[A-Z0-9]){5,17}(?![0-9A-Za-z])", first="[A-Z0-9]", check=has_digit, checked=0.75, caseless=False,
    ),
)  # fmt: skip

ORGANISATION_PATTERNS = (
    Pattern(
        "ORGANISATION",
        "organisation.uscc",
        # The number of a firm; a sole trader's is a person's, and the policy decides.
        needle="[159AHNY][1239][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{9}",
        verifier=re.compile(f"{_LEFT}[159AHNY][1239][0-9]{{6}}[0-9A-HJ-NP-RTUW-Y]{{10}}{_RIGHT}"),
        check=lambda found: checksums.uscc(found[0]) or None,
        checked=0.95,
    ),
)

IBAN_PATTERNS = (
    Pattern(
        "BANK_ACCOUNT",
        "bank_account.iban",
        needle="[A-Za-z]{2}[0-9]{2} ?[A-Za-z0-9]{4}",
        verifier=re.compile(
            f"{_LEFT}[A-Za-z]{{2}}[0-9]{{2}}(?:[A-Za-z0-9]{{11,30}}|(?: [A-Za-z0-9]{{4}}){{2,7}}(?: [A-Za-z0-9]{{1,3}})?){_RIGHT}"
        ),
        check=lambda found: True if checksums.iban(_bare(found)) else None,
        checked=0.98,
    ),
)
