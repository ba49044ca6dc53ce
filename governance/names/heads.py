"""Heads of columns and keys of records: what they say of what stands under them, and the label that says it in prose.

Data: add to it freely. Heads are compared in small letters, "customer_name" and "customerName" as "customer name".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from governance.recognisers.later import later


class Head(NamedTuple):
    """The label that a recogniser knows; ``person``: what it names is a person and nothing else."""

    label: str
    person: bool = False


_WHO = (
    "customer|client|cust|guest|patient|passenger|recipient|receiver|consignee|shipper|sender|contact|driver|rider|employee|staff|student|pupil|tenant|lessee|buyer|seller|member|user|"
    "account holder|acct holder|card ?holder|holder|policy ?holder|emergency contact|beneficiary|applicant|candidate|insured|owner|courier|visitor|father|mother|parent|guardian|spouse|"
    "claimant|borrower|donor|subscriber|attendee|player|doctor|nurse|teacher|worker|witness|victim|resident|agent|attending|billing|shipping|delivery|ship to|bill to|to|from|next of kin|payee|payer"
)
_WHO_ZH = (
    "收货人|收貨人|收件人|寄件人|发件人|發件人|联系人|聯絡人|聯繫人|联络人|客户|客戶|顾客|顧客|用户|用戶|会员|會員|员工|員工|学生|學生|患者|病人|乘客|旅客|住客|客人|申请人|申請人|持卡人|开户人|户主|戶主|业主|業主|租客|房东|司机|司機|骑手|"
    "家长|家長|父亲|母亲|监护人|紧急联系人|緊急聯絡人|投保人|被保险人|被保人|经办人|负责人|本人|买家|賣家|卖家|買家|寄方|收方|取件人|提货人|订购人|訂購人|購買人|购买人"
)
#: A pattern of the whole head, and what it is called in prose; the first that fits counts.
_KINDS: tuple[tuple[str, Head], ...] = (
    # --- people and nobody else ---
    (
        f"(?:the )?(?:{_WHO})(?:'?s)? (?:full )?names?|(?:full|first|last|given|family|real|legal|middle|maiden|christian|preferred|birth|other|english|display) names?|fore ?names?|sur ?names?|names? and surnames?|"
        "(?:name|first|last) ?\\((?:first|last|full|as in [a-z ]{2,20})\\)|last name,? first name|first names? and last names?|name in full|name as (?:per|in) [a-z ]{2,12}|name of (?:the )?(?:" + _WHO + ")",
        Head("Name", True),
    ),
    (f"(?:{_WHO_ZH}|真实|真實|中文|英文|法定代表人)?(?:姓名|名字)|(?:{_WHO_ZH})名称?|姓\\s*名|法定代表人|法人代表|姓", Head("姓名", True)),
    ("nombres?(?: completo| y apellidos?| del? (?:cliente|paciente|titular|alumno|conductor|pasajero|destinatario|remitente|empleado))|apellidos?(?: y nombres?)?|primer apellido|segundo apellido|apellidos?,? nombres?", Head("Nombre", True)),
    ("nome (?:completo|d[eo]? (?:cliente|paciente|titular|aluno|motorista|passageiro|destinatário|remetente|funcionário|mãe|pai)|da mãe|social)|sobrenomes?|apelido|nome e sobrenome", Head("Nome", True)),
    ("nama (?:lengkap|pelanggan|penerima|pengirim|pasien|siswa|penumpang|karyawan|pembeli|pemilik|penuh|pemohon|pesakit|pekerja|murid|sopir|kurir|ibu|ayah)|nama ibu kandung", Head("Nama", True)),
    ("ф\\.? ?и\\.? ?о\\.?(?: [а-яё]{4,14})?|фамилия(?:,? имя(?:,? отчество)?)?|имя,? фамилия|имя отчество|имя (?:клиента|получателя|пациента)", Head("ФИО", True)),
    ("성명|이름|(?:고객|수령인|수취인|받는 ?분|보내는 ?분|환자|예약자|구매자|주문자|담당자|회원|학생)(?: ?(?:명|이름|성명))|수령인|수취인|예약자", Head("이름", True)),
    ("họ (?:và )?tên(?: .{2,20})?|tên (?:khách(?: hàng)?|người (?:nhận|gửi)|bệnh nhân|nhân viên|học sinh|tài xế)", Head("Họ tên", True)),
    ("ชื่อ ?-? ?(?:นาม)?สกุล|ชื่อ(?:ผู้รับ|ผู้ส่ง|ลูกค้า|ผู้ป่วย|พนักงาน|นักเรียน|คนขับ)|ชื่อและนามสกุล|นามสกุล", Head("ชื่อ", True)),
    # --- people, or firms and things ---
    (f"names?|{_WHO}|attn|attention", Head("Name")),
    (_WHO_ZH, Head("联系人")),
    ("nombres?|cliente|paciente|titular|destinatario|remitente|conductor|pasajero|alumno|contacto|empleado|chofer", Head("Nombre")),
    ("nome|paciente|titular|destinatário|remetente|motorista|passageiro|aluno|contato|funcionário", Head("Nome")),
    ("nama|penerima|pengirim|pelanggan|pasien|penumpang|pembeli|pesakit|pelajar|pemandu|karyawan|kurir|sopir", Head("Nama")),
    ("имя|получатель|отправитель|клиент|пациент|водитель|заказчик|пассажир|сотрудник", Head("ФИО")),
    ("고객|받는 ?사람|보내는 ?사람|환자|담당자|기사|회원|학생", Head("이름")),
    ("tên|người nhận|người gửi|khách hàng|bệnh nhân|tài xế|nhân viên|người liên hệ", Head("Họ tên")),
    ("ชื่อ|ผู้รับ|ผู้ส่ง|ลูกค้า|ผู้ป่วย|คนขับ|พนักงาน|ผู้ติดต่อ", Head("ชื่อ")),
    # --- telephones ---
    (
        f"(?:(?:{_WHO}|home|work|office|day|evening|primary|alt(?:ernate)?|emergency|company|main)(?:'?s)? )?(?:(?:tele|cell|mobile|contact|smart)? ?phones?|mobiles?|cells?|tel|telp|hp|msisdn|whats ?app|wa)(?: ?(?:no|nos|nr|num|numbers?|#))?\\.?(?: [12])?|"
        "contact (?:no|nr|num|number|#)\\.?|ph(?: no)?\\.?|mob(?: no)?\\.?",
        Head("Phone"),
    ),
    (f"(?:{_WHO_ZH}|联系|聯絡|聯繫|联络|家庭|办公|辦公|住宅|行动|行動|移动|预留|預留|紧急联系|固定)?(?:电话|電話|手机|手機|手提|座机|手機號碼)(?:号码|號碼|号|號)?|(?:联系|聯絡)方式", Head("电话")),
    ("(?:nº |n° |núm\\.? |número )?(?:de )?(?:tel[ée]fonos?|celular|m[óo]vil|cel|tel)(?: (?:de contacto|celular|móvil|fijo))?\\.?", Head("Teléfono")),
    ("(?:nº |número )?(?:de )?(?:telefones?|celular|telemóvel|telem[óo]vel|fone|contacto telefónico)(?: (?:celular|fixo|de contato))?", Head("Telefone")),
    ("(?:no\\.?|nomor|nombor|num)? ?(?:hp|telepon|telp|telefon|tel|handphone|wa|whatsapp|ponsel)\\.?|no\\.? hp(?:/wa)?", Head("No HP")),
    ("(?:моб(?:ильный|\\.)? |контактный |номер )?тел(?:ефона?)?\\.?", Head("Телефон")),
    ("(?:전화|휴대폰|휴대전화|핸드폰|연락처|연락)(?: ?번호)?", Head("전화번호")),
    ("(?:số )?(?:điện thoại|đt|sđt|sdt|di động)(?: .{2,12})?", Head("Số điện thoại")),
    ("(?:เบอร์|โทร|เบอร์โทร|โทรศัพท์|เบอร์โทรศัพท์|มือถือ|เบอร์มือถือ|เบอร์ติดต่อ)\\.?", Head("โทร")),
    # --- documents, cars, accounts, addresses ---
    ("(?:.{0,16} )?(?:passports?|ppt)(?: ?(?:no|nr|num|numbers?|id|#))?\\.?|pp (?:no|#)\\.?", Head("Passport No")),
    ("(?:.{0,6})?(?:护照|護照)(?:号码|號碼|号|號|编号)?", Head("护照号")),
    ("(?:n[º°o]\\.? (?:de )?)?pasaporte|passaporte", Head("Pasaporte")),
    ("паспорт(?:ные данные| №|а)?(?: .{2,12})?", Head("Паспорт")),
    ("여권 ?(?:번호)?", Head("여권번호")),
    ("(?:số )?hộ chiếu|(?:no\\.?|nomor|nombor)? ?pas(?:por|port)", Head("Passport No")),
    (
        "(?:.{0,16} )?(?:national id|id card|identity|identity card|identification|nric|ic|hkid|kad pengenalan|id)(?: ?(?:no|nos|nr|num|number|#))\\.?|nric(?:/fin)?|national id(?:entity)?|id ?(?:no|num|number|card)|(?:id )?document (?:no|number)",
        Head("ID number"),
    ),
    (f"(?:{_WHO_ZH})?(?:身份证|身分证|身份證|身分證|证件|證件|身份證明)(?:字號|字号|号码|號碼|号|號)?", Head("身份证号")),
    ("(?:license|licence|number|vehicle|car|truck|registration|reg|veh)? ?(?:plates?|reg)(?: ?(?:no|num|number|#))?\\.?|vehicle(?: ?(?:no|num|number|reg|registration|plate|#))\\.?|(?:car|truck|lorry|van|bike) (?:no|num|number|plate|reg)\\.?|vrn|reg ?(?:no|number|mark)", Head("License plate")),
    ("(?:车|車|車輛|车辆)(?:牌|号|號)(?:号码|號碼|号|號)?", Head("车牌号")),
    ("placas?(?: del? (?:vehículo|carro|coche|veículo|moto))?|matr[íi]cula|patente|dominio", Head("Placa")),
    ("гос\\.? ?номер|номер (?:авто|машины|тс|автомобиля)|госномер", Head("Госномер")),
    ("차량 ?번호", Head("차량번호")),
    ("biển (?:số|kiểm soát)(?: xe)?|bks", Head("Biển số")),
    ("ทะเบียน(?:รถ)?|เลขทะเบียน", Head("ทะเบียนรถ")),
    ("no\\.? ?(?:pol|polisi|plat|kendaraan|kenderaan)|nopol|plat(?: nomor)?", Head("Plat nomor")),
    ("(?:.{0,12} )?(?:driv(?:er|ing)(?:'?s)? ?licen[cs]e|licen[cs]e)(?: ?(?:no|num|number|#))\\.?|driv(?:er|ing)(?:'?s)? ?licen[cs]e|dl(?: ?(?:no|number|#))?", Head("Driver license no")),
    ("(?:bank |iban|benef(?:iciary)? |payee )?(?:account|acct|a/c|acc)(?: ?(?:no|nr|num|number|#))\\.?", Head("Account number")),
    ("(?:银行|銀行|收款|开户)?(?:账号|帐号|賬號|帳號|账户|帳戶|卡号|卡號)", Head("银行账号")),
    ("(?:n[º°o]\\.? (?:de )?)?cuenta(?: bancaria| clabe)?|clabe|conta(?: bancária)?|no\\.? ?rek(?:ening)?|nomor rekening", Head("Account number")),
    (
        f"(?:(?:{_WHO}|home|street|mailing|postal|residential|billing|shipping|delivery|permanent|current|full|work)(?:'?s)? )?(?:address|addr)(?: ?(?:line )?1)?|ship to address|deliver to",
        Head("Address"),
    ),
    (f"(?:{_WHO_ZH}|收货|收貨|收件|寄件|发货|家庭|详细|詳細|联系|聯絡|通讯|通訊|住宅|居住|户籍|戶籍|现|送货|送貨|配送)?(?:地址|住址)", Head("地址")),
    ("direcci[óo]n(?: (?:de (?:entrega|envío)|completa|fiscal))?|domicilio", Head("Dirección")),
    ("endere[çc]o(?: (?:completo|de entrega))?|morada", Head("Endereço")),
    ("alamat(?: (?:lengkap|rumah|pengiriman|penerima|surat))?", Head("Alamat")),
    ("адрес(?: (?:доставки|получателя|регистрации|проживания))?", Head("Адрес")),
    ("주소|배송지|배송 ?주소", Head("주소")),
    ("địa chỉ(?: .{2,14})?", Head("Địa chỉ")),
    ("ที่อยู่(?:จัดส่ง|ผู้รับ)?", Head("ที่อยู่")),
    # What has one name in its country.
    ("ssn|sin|nin|nino|ni (?:no|number)|tfn|medicare(?: (?:no|number))?|nhs(?: ?(?:no|number))?|aadhaar(?: ?(?:no|number))?|pan(?: ?(?:no|number|card))|cpf|rg|curp|rfc|dni|nie|nif|rut|run|cuil|cuit|nik|no ktp|ktp|npwp|mykad|no kp|inn|снилс|инн|주민등록번호|주민번호|cccd|cmnd|iban|imei|wechat|qq|微信|微信号|qq号", Head("")),
)  # fmt: skip
_WHOLE = tuple((later(f"(?:{pattern})\\Z"), head) for pattern, head in _KINDS)
#: Signs around a head that are no part of it.
_TRIM = " \"'*`_:：\u3000\ufeff#."
_NUMBERS = re.compile("[0-9]{2}|[0-9] ?[^0-9\"'*)\\s]")
_CAMEL = re.compile("(?<=[a-z0-9])(?=[A-Z])")


def head_of(said: str) -> Head | None:
    """What a head or a key means; ``None`` where that is not known."""
    # Most that stands in tables is no head: a number is none, and a sentence.
    return _known(said) if 1 <= len(said) <= 48 and said.count(" ") < 8 and _NUMBERS.search(said) is None else None


@lru_cache(maxsize=1 << 13)
def _known(said: str) -> Head | None:
    plain = " ".join(_CAMEL.sub(" ", said.strip(_TRIM)).replace("_", " ").replace("-", " ").lower().split()).strip(" .")
    for pattern, head in _WHOLE:
        if pattern.match(plain):
            return head if head.label else Head(plain)
    return None


__all__ = ["Head", "head_of"]
