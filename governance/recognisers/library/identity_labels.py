"""Identity documents beside a word for them: in Chinese, English and the language of the country.

A failed check digit does not let such a number through: the label says what it is, and a misspelt number still
leads to its owner.
"""

from __future__ import annotations

import re

from governance.recognisers.library.identity import ENTITY
from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.pattern import Verdict

_GAP = 24
_PASSPORTS = (
    "护照, 护照号, 護照, 护照编号, passport, passport number, passport no, pasaporte, passaporte, passeport, reisepass, паспорт, "
    "паспорта, паспортные данные, загранпаспорт, 여권, 여권번호, パスポート, 旅券番号, hộ chiếu, paspor, nomor paspor, "
    "pasport, หนังสือเดินทาง, พาสปอร์ต, pasaporte blg"
)
_PERMITS = (
    "通行证, 港澳通行证, 台胞证, 回乡证, 台湾通行证, 往来港澳, 居住证, 通行證, 台胞證, 回鄉證, 居留证, 居留證, 统一证号, "
    "統一證號, 军官证, 士兵证, 警官证, 军人证, 永久居留, 永居证, 外国人永久居留身份证, 入台证, 签证号, "
    "permit, travel permit, residence permit, work permit, visa number, mainland travel permit, home return permit, kitas, kitap"
)
_LICENCES = (
    "驾驶证, 驾照, 驾驶证号, 駕照, 駕駛執照, 档案编号, driver license, drivers license, driver's license, driver’s license, "
    "driving licence, driving license, driver licence, licence number, license number, dl number, dl no, sim a, sim b, sim c, nomor sim, "
    "carnet de conducir, licencia de conducir, brevete, carteira de habilitação, carteira de motorista, carta de condução, cnh, "
    "giấy phép lái xe, bằng lái xe, bằng lái, gplx, ใบขับขี่, водительское удостоверение, права, ву, 운전면허, 운전면허번호, 免許証"
)
#: One pattern a group: automata do not take all the words in one expression.
_NUMBERS = {
    "chinese": (
        "身份证字号, 身份证號, 统一证号, 身分證字號, 身分證, 身分證號, 身份證號碼, 香港身份证, 香港身份證, 澳门身份证, 澳門身份證, 台湾身份证, 社保号, 社保卡号, "
        "社保卡, 社会保障号, 医保卡号, 医保卡, 医保号, 健保卡, 健保卡號, 学籍号, 公积金账号, 证件号, 证件号码, hkid, hkic, "
    ),
    "english": (
        "ssn, social security number, social security no, social security, social insurance number, national id, national id number, "
        "national identity, id number, id no, id card, identity card, identity number, identification number, national insurance, "
        "national insurance number, nino, ni number, nhs number, nhs no, nric, nric number, nric no, fin number, fin no, ic number, "
        "ic no, mykad, philsys, philid, psn no, pcn no, sss, sss no, sss number, gsis, umid, crn, philhealth, pag-ibig, tin number, tin no, "
        "tax id, tax number, tax file number, tfn, tax identification number, taxpayer id, itin, ein, employer identification number, "
        "medicare, medicare number, voter id, epic no, aadhaar, aadhar, aadhaar number, pan card, pan number, pan no, gstin, patient id, mrn, "
        "medical record number, "
    ),
    "malay": (
        "no kp, no. kp, no ic, kad pengenalan, nik, nomor ktp, ktp, no ktp, no. ktp, nomor induk kependudukan, npwp, nomor npwp, bpjs, "
    ),
    "asian": (
        "cccd, cmnd, số cccd, số cmnd, căn cước, căn cước công dân, chứng minh nhân dân, chứng minh thư, mã số thuế, mst, "
        "bhxh, số bảo hiểm xã hội, "
        "เลขบัตรประชาชน, บัตรประชาชน, เลขประจำตัวประชาชน, เลขประจำตัวผู้เสียภาษี, เลขผู้เสียภาษี, "
        "주민등록번호, 주민번호, 외국인등록번호, 사업자등록번호, 사업자번호, 外国人登録番号, マイナンバー, 個人番号, 在留カード, "
    ),
    "latin": (
        "dni, nif, nie, cif, nº dni, documento de identidad, documento nacional, cédula, cedula, cédula de ciudadanía, c.c., "
        "cédula de identidad, cédula de extranjería, carné de extranjería, tarjeta de identidad, nit, rut, run, r.u.t., curp, rfc, "
        "clave de elector, ine, nss, número de seguridad social, seguridad social, nass, naf, cuit, cuil, ruc, nhc, historia clínica, "
        "nº de historia, tarjeta sanitaria, nº colegiado, colegiado, "
        "cpf, cnpj, rg, identidade, carteira de identidade, título de eleitor, titulo de eleitor, pis, pasep, nis, cartão sus, cns, "
        "contribuinte, número de contribuinte, niss, cartão de cidadão, bilhete de identidade, nº de utente, "
    ),
    "russian": (
        "инн, снилс, серия и номер паспорта, серия и номер, номер паспорта, полис омс, омс, огрнип, огрн, удостоверение личности"
    ),
}


def _enough(found: re.Match[str]) -> Verdict:
    """Six signs and more, most often digits; the letters of one word may be most of a number."""
    value = found["value"]
    digits = sum(c.isdigit() for c in value)
    return True if len(value) >= 6 and (digits >= 5 or (digits >= 2 and " " not in value)) else None


PATTERNS = (
    labelled(
        ENTITY, "identity.passport", _PASSPORTS,
        "(?:[A-Z]{0,3}[ .-]?[0-9]{6,9}[A-Z]?|[A-Z][A-Z0-9][0-9]{6,7}|[0-9]{2} ?[0-9]{2}(?: |,|№|N|номер|-){0,8}[0-9]{6})(?![0-9A-Za-z])",
        check=has_digit, checked=0.88, gap=_GAP,
    ),
    labelled(
        ENTITY, "identity.passport_ru", "серия, серии, сер., серия паспорта",
        "[0-9]{2} ?[0-9]{2}(?: |,|№|N|n|номер|-|:){0,10}[0-9]{6}(?![0-9A-Za-z])", first="[0-9]", score=0.88,
    ),
    labelled(
        ENTITY, "identity.permit", _PERMITS,
        "(?:[A-Z]{1,3}[ -]?[0-9]{7,12}|[0-9]{8}(?:[0-9]{2})?|[0-9]{18}|[0-9]{17}X|[A-Z]{1,2}[0-9]{6}[(][0-9A][)]"
        "|[A-Z][A-D1289][0-9]{8}|(?:军|警|南|北|沈|成|兰|济|广|空|海|政|后|装|武)?字?第?[0-9]{6,8}号?)(?![0-9A-Za-z])",
        first="[A-Z0-9]", checked=0.85, score=0.85, gap=_GAP,
    ),
    labelled(
        ENTITY, "identity.licence", _LICENCES,
        "(?:[A-Z0-9][A-Z0-9-]{5,19}|[0-9]{2} ?[0-9]{2} ?[0-9]{6}|[0-9]{4}-[0-9]{4}-[0-9]{6})(?![0-9A-Za-z])",
        check=has_digit, checked=0.75, gap=_GAP,
    ),
    *(
        labelled(
            ENTITY, f"identity.number_{group}", words,
            # groups of letters and digits, of which all but a last letter hold a digit
            "(?=[A-Z]{0,6}[ /.-]?[0-9])[A-Z0-9]{1,22}(?:(?: - |[ ./-])(?=[A-Z]{0,6}[0-9])[A-Z0-9]{1,14}){0,4}"
            "(?:[ -][A-Z](?![A-Z]))?(?:[(（][0-9A-Z][)）]|(?![0-9A-Za-z]))",
            check=_enough, checked=0.8, gap=_GAP, reach=256,
        )
        for group, words in _NUMBERS.items()
    ),
    labelled(
        ENTITY, "identity.capitals", "TIN, PAN, SIN, EIN, ITIN, FIN, RG, INN, UAN, NPI",
        "[A-Z0-9](?:[ ./-]?[A-Z0-9]){5,17}(?![0-9A-Za-z])", first="[A-Z0-9]", check=has_digit, checked=0.75, caseless=False,
    ),
    labelled(
        ENTITY, "identity.initials", "CC, C.C., TI, T.I., CE, C.E., CI, C.I., IC, NI, DL, D.N.I., C.I.F., N.I.F., ИНН, ОМС, СНИЛС",
        "[0-9](?:[ ./-]?[0-9]){5,14}(?:-?[0-9A-Z])?(?![0-9A-Za-z])", first="[0-9]", checked=0.75, score=0.75, caseless=False,
    ),
)  # fmt: skip
