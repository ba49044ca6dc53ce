"""Numbers that an organisation gives a person: of staff, students, patients, the insured, members, customers. By label.

Whoever keeps the register knows the person by such a number; text is full of them (badges, wards, policies, claims).
What is one in a state's register is in `identity_labels`, what opens an account in `accounts`.
"""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import counted, families, is_day
from governance.recognisers.pattern import Verdict

ENTITY = "USER_ID"
_LABELS = {
    "chinese": (
        "工号, 员工号, 员工编号, 员工工号, 职工号, 职工编号, 工牌号, 工作证号, 警号, 学号, 学生号, 学生证号, 学籍号, 准考证号, 考生号, 考号, 住院号, 病历号, 病案号, 门诊号, 门诊病历号, 就诊号, 就诊卡号, 诊疗卡号, "
        "患者编号, 患者id, 病人编号, 病人id, 检查号, 保单号, 保单号码, 保险单号, 保险单号码, 投保单号, 赔案号, 会员编号, 会员卡号, 客户编号, 客户号, 客户代码, 用户编号, 参保号, 个人编号, 执业证号, 执业证书编号, "
        "教师资格证号, 资格证书号, 员工編號, 員工編號, 員工號, 工號, 學號, 學生證號, 病歷號, 病歷號碼, 保單號, 保單號碼, 會員編號, 客戶編號, 客戶號碼, 准考證號"
    ),
    "staff": (
        "employee id, employee no, employee number, employee num, employee code, employee badge, emp id, emp no, staff id, staff no, staff number, staff code, badge number, badge no, badge id, badge #, personnel number, personnel no, payroll number, payroll no, "
        "student id, student no, student number, student code, matric no, matric number, matriculation number, roll no, roll number, enrolment no, enrolment number, enrollment no, enrollment number, applicant id, applicant number, candidate id, candidate no, candidate number, application id, "
        "bar number, bar no, registration id, employee #, student #, candidate #"
    ),
    "patients": (
        "patient id, patient no, patient number, mrn, medical record number, medical record no, medical record, medical record #, medical id, hospital number, hospital no, chart number, chart no, chart #, health record number, health record, health plan beneficiary, health plan beneficiary number, health plan number, health plan id, "
        "beneficiary number, beneficiary id, health insurance number, health insurance id, health insurance no, health card number, health card no, insurance id, insurance number, insurance no, insurance policy, insurance policy number, policy number, policy no, policy id, policy #, subscriber id, subscriber number, "
        "claim number, claim no, claim id, claim #"
    ),
    "members": (
        "member no, member number, member #, membership, membership id, membership no, membership number, membership #, customer id, customer no, customer number, customer code, customer #, client id, client no, client number, client #, loyalty number, loyalty card number, loyalty card, frequent flyer number, frequent flyer no, "
        "certificate number, certificate no, certificate/license number, loan number, loan no, loan account, loan account no, loan account number, user number, guest id, tenant id, passenger id, subscriber no, resident id number"
    ),
    "latin": (
        "número de empleado, nº de empleado, número de póliza, nº de póliza, póliza, póliza nº, número de afiliado, nº de afiliado, número de socio, nº de socio, número de expediente, nº de expediente, número de paciente, número de historia, código de cliente, código de estudiante, código de empleado, número de cliente, matrícula de estudiante, legajo, "
        "número da apólice, nº da apólice, apólice, apólice nº, prontuário, número do prontuário, nº do prontuário, código do cliente, número do cliente, número de matrícula, nº de matrícula, matrícula do aluno, matrícula funcional, carteirinha, número da carteirinha, número do paciente, número do sócio, crachá"
    ),
    "malay": (
        "nomor pegawai, no pegawai, nomor induk pegawai, nip, nim, nisn, nomor induk mahasiswa, nomor induk siswa, nomor rekam medis, no rekam medis, no rm, rekam medis, nomor polis, no polis, id pelanggan, nomor pelanggan, no pelanggan, nomor anggota, no anggota, id anggota, kode pelanggan, id karyawan, nomor karyawan, nomor peserta, no peserta, nomor pasien, "
        "no pekerja, nombor pekerja, id pekerja, no matrik, nombor matrik, no ahli, nombor ahli, no keahlian, nombor keahlian, no polisi, nombor polisi, nombor pelanggan, no pesakit, nombor pesakit, no daftar, no. daftar, no. ahli, no. matrik, no. pekerja, no. pelanggan, no. polisi, nombor pendaftaran pesakit, no staf, nombor staf"
    ),
    "vietnamese": (
        "mã nhân viên, mã số nhân viên, mnv, mã sinh viên, mã số sinh viên, mssv, mã học viên, mã bệnh nhân, mã số bệnh nhân, mã bệnh án, số bệnh án, mã khách hàng, số thẻ bhyt, thẻ bhyt, mã thẻ bhyt, mã bhyt, thẻ bảo hiểm y tế, số thẻ bảo hiểm y tế, số hợp đồng bảo hiểm, mã thành viên, số báo danh, mã hồ sơ"
    ),
    "asian": (
        "รหัสพนักงาน, เลขพนักงาน, รหัสนักศึกษา, รหัสนักเรียน, เลขประจำตัวนักศึกษา, เลขประจำตัวนักเรียน, เลขประจำตัวผู้ป่วย, เลขที่ผู้ป่วย, รหัสผู้ป่วย, เลขกรมธรรม์, เลขที่กรมธรรม์, กรมธรรม์เลขที่, เลขสมาชิก, เลขที่สมาชิก, รหัสสมาชิก, หมายเลขสมาชิก, รหัสลูกค้า, เลขที่ลูกค้า, "
        "사번, 사원번호, 직원번호, 학번, 환자번호, 환자 번호, 차트번호, 병록번호, 회원번호, 회원 번호, 고객번호, 고객 번호, 증권번호, 보험증권번호, 수험번호, 社員番号, 学籍番号, 会員番号, 患者番号, お客様番号"
    ),
    "russian": (
        "табельный номер, табельный №, номер сотрудника, студенческий билет, номер студенческого билета, зачётная книжка, зачетная книжка, номер зачётки, номер зачетки, история болезни, номер истории болезни, номер медкарты, медкарта, номер карты пациента, номер полиса, полис, страховой полис, номер клиента, код клиента, "
        "номер участника, лицевой счёт, лицевой счет, номер лицевого счета, номер лицевого счёта"
    ),
}  # fmt: skip
_YEAR = re.compile("(?:19|20|2[45])[0-9]{2}(?:[-/](?:[0-9]{2}|(?:19|20)[0-9]{2}))?\\Z")
_AMOUNT = re.compile("[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]{2})?\\Z")


def _number(found: re.Match[str]) -> Verdict:
    """Four digits and more that are no year, day, price or count; a round number alone is how many there are."""
    value = found["value"]
    bare = value.lstrip("#")
    if sum(c.isdigit() for c in bare) < 4 or is_day(bare) or _YEAR.match(bare) or _AMOUNT.match(bare) or counted(found):
        return None
    if bare.isdigit() and bare.endswith("00") and len(bare) < 8 and bare[0] != "0":
        return None
    return None if found.string[found.start("value") - 1] in "$€£¥￥₩฿₽₹" else True


PATTERNS = (
    *families(
        ENTITY, "record.number", _LABELS,
        # a register's letters, then digits and letters in groups
        "#?(?-i:[A-Z]{1,6}[-_/ ]?|[a-z]{1,4}-?)?[0-9][0-9A-Z]{0,24}(?:[-_/.](?=[A-Z]{0,6}[0-9])[0-9A-Z]{1,14}){0,5}(?![0-9A-Za-z]|[.,][0-9])",
        first="[#A-Z0-9]", check=_number, checked=0.75, digits=0, least=4,
    ),
    *families(
        ENTITY, "record.hospital", {"capitals": "HN, AN, VN, RM, MRN"},
        "[0-9]{2,8}(?:[-/][0-9]{2,8})?(?![0-9A-Za-z]|[.,][0-9])", first="[0-9]", check=_number, checked=0.7, caseless=False, digits=0, least=4,
    ),
)  # fmt: skip
