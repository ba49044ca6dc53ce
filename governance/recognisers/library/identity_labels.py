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
    "护照, 护照号, 护照号码, 护照本, 因私护照, 普通护照, 護照號, 護照號碼, 護照編號, passport id, pp no, passport num, número de pasaporte, nº de pasaporte, número do passaporte, nº do passaporte, nomor paspor, no paspor, nombor pasport, no pasport, số hộ chiếu, số passport, เลขพาสปอร์ต, เลขที่หนังสือเดินทาง, номер загранпаспорта, загран, 여권 번호, 護照, 护照编号, passport, passport number, passport no, pasaporte, passaporte, passeport, reisepass, паспорт, "
    "паспорта, паспортные данные, загранпаспорт, 여권, 여권번호, パスポート, 旅券番号, hộ chiếu, paspor, nomor paspor, "
    "pasport, หนังสือเดินทาง, พาสปอร์ต, pasaporte blg"
)
_PERMITS = (
    "通行证, 通行证号, 港澳证, 港澳通行证, 港澳居民来往内地通行证, 来往内地通行证, 往来台湾通行证, 大陆通行证, 往来港澳通行证, 回乡卡, 返乡证, 台胞卡, 台湾居民来往大陆通行证, 港澳居民居住证, 台湾居民居住证, 居住证号, 居民居住证, 签注号, 签证, 入境证, 赴台证, 往來, 回鄉卡, 回鄉證號, 台胞證號, 來往內地通行證, 居住證, 居住證號, 簽證號, 台胞证, 回乡证, 台湾通行证, 往来港澳, 居住证, 通行證, 台胞證, 回鄉證, 居留证, 居留證, 统一证号, "
    "統一證號, 军官证, 士兵证, 警官证, 军人证, 永久居留, 永居证, 外国人永久居留身份证, 入台证, 签证号, "
    "permit, travel permit, residence permit, work permit, visa number, mainland travel permit, home return permit, kitas, kitap"
)
_LICENCES = (
    "驾驶证, 驾照, 驾驶证号, 駕照, 駕駛執照, 档案编号, driver license, drivers license, driver's license, driver’s license, "
    "driving licence, driving license, driver licence, licence number, license number, licence no, license no, licence #, license #, lic no, dl number, dl no, sim a, sim b, sim c, sim:, sim :, "
    "nomor sim, no sim, no. sim, sim saya, ใบอนุญาตขับขี่, ใบอนุญาตขับรถ, เลขใบขับขี่, "
    "carnet de conducir, licencia, licencia no, licencia de conducir, brevete, carteira de habilitação, carteira de motorista, carta de condução, cnh, "
    "giấy phép lái xe, bằng lái xe, bằng lái, gplx, ใบขับขี่, водительское удостоверение, права, ву, 운전면허, 운전면허번호, 免許証"
)
#: One pattern a group: automata do not take all the words in one expression.
_NUMBERS = {
    "chinese": (
        "身份证字号, 身份证號, 统一证号, 身分證字號, 身分證, 身分證號, 身份證號碼, 香港身份证, 香港身份證, 澳门身份证, 澳門身份證, 台湾身份证, 社保号, 社保卡号, "
        "社保卡, 社会保障号, 医保卡号, 医保卡, 医保号, 健保卡, 健保卡號, 学籍号, 公积金账号, 证件号, 证件号码, hkid, hkic, 身分證號碼, 香港身份证号, 香港身份證號碼, 香港居民身份证, 港澳身份证, 香港id, 澳门居民身份证, 澳門居民身份證, 澳門身份證號碼, 台湾身份证号, 台灣身分證, 台灣身份證, 國民身分證, 居留證號, 統一證號碼, 外籍人士統一證號, 社保号码, 社会保障卡, 医保编号, 健保號碼, 纳税号码, 税籍编号, "
    ),
    "english": (
        "ssn, ss#, ss #, social security number, social security no, social security, social insurance number, national id, national id number, "
        "national identity, id number, id no, id card, identity card, identity number, identification number, national insurance, "
        "nin, ppsn, pps number, pps no, ppsn number, national insurance number, nino, ni number, nhs number, nhs no, nric, nric number, nric no, fin number, fin no, ic number, "
        "ic no, mykad, philsys, philid, psn no, pcn no, sss, sss no, sss number, gsis, umid, crn, philhealth, pag-ibig, tin number, tin no, "
        "tax id, tax number, tax file number, tfn, tax identification number, taxpayer id, itin, ein, employer identification number, "
        "medicare, medicare number, voter id, epic no, aadhaar, aadhar, aadhaar number, pan card, pan number, pan no, gstin, patient id, mrn, "
        "medical record number, identification, identification no, personal id, personal number, identity no, ic, ic no., mykad no, mykad number, my ic, my nric, nric/fin, fin, fin no, umid number, umid no, crn number, sss id, philsys id, philsys number, philsys card number, national id no, phil id, phil health, tin id, tax id no, taxpayer identification number, aadhaar no, aadhar number, uid number, uidai, "
    ),
    "malay": (
        "no kp, no. kp, nomor identitas, no identitas, nik saya, niknya, nomor nik, no nik, nik ktp, ktpnya, nomor kartu keluarga, no kk,  no ic, kad pengenalan, nik, nomor ktp, ktp, no ktp, no. ktp, nomor induk kependudukan, npwp, nomor npwp, bpjs, nik, e-ktp, ektp, nomor e-ktp, nomor induk, nomor pajak, nomor pokok wajib pajak, no npwp, no bpjs, nombor kad pengenalan, nombor ic, no mykad, nombor kp, no pengenalan, nombor pengenalan, "
    ),
    "asian": (
        "cccd, cmnd, số cccd, số cmnd, căn cước, căn cước công dân, chứng minh nhân dân, chứng minh thư, mã số thuế, mst, "
        "bhxh, số bảo hiểm xã hội, số cc, số căn cước, số căn cước công dân, số chứng minh, số chứng minh nhân dân, số cmt, cmt, số định danh, mã định danh, số giấy tờ, giấy tờ tùy thân, mã số cá nhân, mã số bhxh, "
        "เลขบัตรประชาชน, บัตรประชาชน, เลขประจำตัวประชาชน, เลขประจำตัวผู้เสียภาษี, เลขผู้เสียภาษี, บัตร ปชช, บัตรปชช, เลขบัตร, เลขบัตร ปชช, เลขที่บัตรประชาชน, หมายเลขบัตรประชาชน, เลข 13 หลัก, เลขประจำตัว, รหัสบัตรประชาชน, "
        "주민등록번호, 주민번호, 외국인등록번호, 사업자등록번호, 사업자번호, 주민 번호, 주민등록 번호, 주민등록, 주민, 외국인 등록번호, 등록번호, 신분증, 신분증 번호, 개인식별번호, 外国人登録番号, マイナンバー, 個人番号, 在留カード, "
    ),
    "latin": (
        "dni, nif, nie, cif, nº dni, documento de identidad, documento nacional, cédula, cedula, cédula de ciudadanía, c.c., "
        "cédula de identidad, cédula nº, número de cédula, numero de cedula, cédula no, cc, c.c, carnet, carné, carnet de identidad, carnet de extranjería, número de identidad, id nacional, nº de identidad, ci, c.i., número de dni, nro de dni, numero de dni, nº de dni, número de rut, número de nit, número de ruc, número de curp, número de rfc, clave única, clave única de registro, registro federal, registro federal de contribuyentes, registro único de contribuyentes, clave fiscal, identificación fiscal, número fiscal, cuit/cuil, cédula de extranjería, carné de extranjería, tarjeta de identidad, nit, rut, run, r.u.t., curp, rfc, "
        "documento, nro de documento, número de documento, numero de documento, nº de documento, no. de documento, nº documento, núm. documento, doc, doc., identificación, número de identificación, n.º de documento, nro. doc, "
        "clave de elector, ine, nss, número de seguridad social, seguridad social, nass, naf, cuit, cuil, ruc, nhc, historia clínica, "
        "nº de historia, tarjeta sanitaria, nº colegiado, colegiado, "
        "cpf, cnpj, rg, identidade, carteira de identidade, título de eleitor, titulo de eleitor, pis, pasep, nis, cartão sus, cns, "
        "registro geral, número do rg, número do cpf, nº do cpf, cpf/cnpj, documento de identidade, número de identidade, identificação, número de identificação, número do documento, cin, título, cartão cidadão, contribuinte, número de contribuinte, niss, cartão de cidadão, bilhete de identidade, nº de utente, "
    ),
    "russian": (
        "инн, снилс, серия и номер паспорта, серия и номер, номер паспорта, полис омс, омс, огрнип, огрн, удостоверение личности, номер инн, номер снилс, страховой номер, свидетельство, данные паспорта, паспорт рф, паспорт серия, документ, номер документа, идентификационный номер"
    ),
}


def _enough(found: re.Match[str]) -> Verdict:
    """Six signs and more, most often digits; the letters of one word may be most of a number."""
    value = found["value"]
    # "NRIC saya 780711-…", "UMID CRN 0178-…": words of the sentence before the number
    words = re.match("(?:(?-i:[a-z]+|[A-Z]{3,6}) )+", value)
    start = found.start("value") + (words.end() if words else 0)
    value = found.string[start : found.end("value")]
    if re.search("[0-9] [a-z]\\Z", value) and not _checks(value):
        value = value[:-2]  # a word of the sentence: "mi RUT 12.345.678-5 y …"
    digits = sum(c.isdigit() for c in value)
    good = len(value) >= 6 and (digits >= 5 or (digits >= 2 and " " not in value))
    return (True, start, start + len(value)) if good else None


def _checks(value: str) -> bool:
    """Whether a last letter may be a check sign: of a Spanish DNI, of a Chilean RUT, of what begins with a letter too."""
    digits = "".join(c for c in value if c.isdigit())
    if value[0].isalpha():
        return True
    if len(digits) == 8 and "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == value[-1].upper():
        return True
    return value[-1] in "kx" and len(digits) in (7, 8, 17)


PATTERNS = (
    labelled(
        ENTITY, "identity.passport", _PASSPORTS,
        "(?:[A-Z]{0,3}[ .-]?[0-9]{6,9}[A-Z]?|[A-Z][A-Z0-9][0-9]{6,7}|[A-Z][0-9]{3}[A-Z][0-9]{4}|[0-9]{2} ?[0-9]{2}(?: |,|№|N|номер|-){0,8}[0-9]{6}"
        "|[0-9]{2} ?(?:№|N)? ?[0-9]{7}|(?-i:[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}))(?![0-9A-Za-z])",
        check=has_digit, checked=0.88, gap=_GAP,
    ),
    labelled(
        ENTITY, "identity.customs_kr",
        "통관부호, 통관고유부호, 개인통관부호, 개인통관고유부호, 개인통관번호, 통관번호, 개인 통관 고유 부호, personal customs code, personal customs clearance code, customs code, customs clearance code, pccc, 个人通关码, 通关码, 个人通关符号, 通关符号",
        "P[ -]?[0-9]{12}(?![0-9A-Za-z])", first="[P]", checked=0.9, score=0.9,
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
            check=_enough, checked=0.8, gap=_GAP, reach=256, digits=2, body="[0-9a-z ./-]",
        )
        for group, words in _NUMBERS.items()
    ),
    labelled(
        ENTITY, "identity.capitals", "TIN, PAN, SIN, EIN, ITIN, FIN, RG, INN, UAN, NPI",
        "[A-Z0-9](?:[ ./-]?[A-Z0-9]){5,17}(?![0-9A-Za-z])", first="[A-Z0-9]", check=has_digit, checked=0.75, caseless=False, digits=4, body="[0-9A-Za-z ./-]",
    ),
    labelled(
        ENTITY, "identity.initials", "CC, C.C., TI, T.I., SIM, CE, C.E., CI, C.I., IC, NI, DL, D.N.I., C.I.F., N.I.F., ИНН, ОМС, СНИЛС",
        "[0-9](?:[ ./-]?[0-9]){5,14}(?:-?[0-9A-Z])?(?![0-9A-Za-z])", first="[0-9]", checked=0.75, score=0.75, caseless=False, digits=4, body="[0-9A-Za-z ./-]",
    ),
)  # fmt: skip
