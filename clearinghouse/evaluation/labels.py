"""From other people's label names to our entities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from schemas.errors import ProblemsError
from schemas.names import did_you_mean
from schemas.yaml_lines import read_yaml

IGNORE = "ignore"
"""A label that is neither right nor wrong: what lies in it is not counted."""


class LabelsError(ProblemsError):
    """Labelled files or a label map that cannot be read; carries every problem."""


_DEFAULTS: dict[str, str] = {
    "PERSON": "PER PERS PERSON PERSON_NAME PERSONNAME NAME NAMES FULL_NAME FULLNAME FIRST_NAME FIRSTNAME GIVEN_NAME GIVENNAME"
    " MIDDLE_NAME MIDDLENAME LAST_NAME LASTNAME SURNAME FAMILY_NAME PATIENT DOCTOR PS NR PER.NAM PESSOA NOME PERSONA NOMBRE"
    " I_PER 姓名 人名 名字 收货人 收件人 联系人 RECIPIENT RECIPIENT_NAME CONTACT_NAME",
    "ADDRESS": "ADDR ADDRESS STREET STREET_ADDRESS STREETADDRESS FULL_ADDRESS HOME_ADDRESS MAILING_ADDRESS DOOR CALLE"
    " DIRECCION ENDERECO ALAMAT 地址 住址 收货地址 详细地址 SECONDARYADDRESS SECONDARY_ADDRESS",
    "PHONE_NUMBER": "PHONE PHONES PHONE_NUMBER PHONENUMBER TEL TELEPHONE TELEPHONENUM TELEPHONE_NUMBER MOBILE MOBILE_NUMBER"
    " CELLPHONE FAX FAX_NUMBER LANDLINE NUMERO_TELEFONO NUMERO_FAX TELEFONE TELEFONO 电话 手机 手机号 电话号码 联系电话 座机",
    "EMAIL_ADDRESS": "EMAIL EMAILS E_MAIL MAIL EMAIL_ADDRESS EMAILADDRESS CORREO_ELECTRONICO 邮箱 电子邮箱 电子邮件",
    "CN_RESIDENT_ID": "CN_RESIDENT_ID RESIDENT_ID CN_ID CN_ID_CARD IDCARD_CN 身份证 身份证号 身份证号码 居民身份证",
    "NATIONAL_ID": "NATIONAL_ID ID_CARD IDCARD IDCARDNUM IDENTITY_CARD PASSPORT PASSPORT_NUM PASSPORT_NUMBER PASSPORTNUM SSN"
    " US_SSN US_PASSPORT SOCIAL_SECURITY_NUMBER SOCIALNUM DRIVER_LICENSE DRIVERS_LICENSE DRIVERLICENSE DRIVERLICENSENUM"
    " DRIVER_LICENSE_NUM US_DRIVER_LICENSE TAX_ID TAXID TAXNUM PAN TAX_NUMBER AADHAR AADHAAR VOTER_ID CPF RG CURP RFC RUT DNI NIE"
    " NIF CUIL CUIT NIK KTP NRIC FIN MY_NRIC SG_NRIC TH_ID VN_CCCD CCCD CMND KR_RRN RRN INN SNILS HKID TW_ID"
    " ID_SUJETO_ASISTENCIA ID_ASEGURAMIENTO 护照 护照号 通行证",
    "BANK_CARD": "BANK_CARD CARD CARD_NUMBER CREDIT_CARD CREDITCARD CREDITCARDNUMBER CREDIT_CARD_NUMBER CREDIT_DEBIT_CARD"
    " DEBIT_CARD 银行卡 银行卡号 卡号",
    "BANK_ACCOUNT": "BANK_ACCOUNT BANK_ACCOUNT_NUM ACCOUNT_NUMBER ACCOUNTNUMBER ACCOUNTNUM ACCOUNT_NUM IBAN IBAN_CODE US_BANK_NUMBER",
    "USERNAME": "USERNAME USER_NAME HANDLE WECHAT WECHAT_ID QQ QQ_NUMBER WX 微信 微信号 QQ号",
    "IP_ADDRESS": "IP IP_ADDRESS IPADDRESS IPV4 IPV6",
    "MAC_ADDRESS": "MAC MAC_ADDRESS MACADDRESS",
    "DEVICE_ID": "DEVICE_ID IMEI ICCID PHONEIMEI OAID IDFA",
    "PLATE": "PLATE LICENSE_PLATE LICENCE_PLATE VEHICLEVRM VEHICLE_PLATE CAR_PLATE 车牌 车牌号",
    "WAYBILL": "WAYBILL WAYBILL_NUMBER TRACKING_NUMBER TRACKING 运单号 快递单号 物流单号",
    "ORDER_NUMBER": "ORDER_NUMBER ORDER_ID ORDER_NO 订单号 订单编号",
    "PICKUP_CODE": "PICKUP_CODE PICK_UP_CODE 取件码 取货码",
    "CRYPTO_WALLET": "CRYPTO_WALLET CRYPTO BITCOINADDRESS ETHEREUMADDRESS LITECOINADDRESS",
    "SECRET": "SECRET PASSWORD API_KEY APIKEY TOKEN KEY CREDENTIAL PIN CVV CREDITCARDCVV CREDIT_CARD_SECURITY_CODE 密码",
    "LOCATION": "COORDINATE COORDINATES LATLONG GEO NEARBYGPSCOORDINATE 坐标 经纬度",
    "BIRTH_DATE": "BIRTH_DATE BIRTHDAY DOB DATE_OF_BIRTH DATEOFBIRTH 生日 出生日期",
    "USER_ID": "USER_ID USERID EMPLOYEE_ID STAFF_ID STUDENT_ID PATIENT_ID MEDICAL_RECORD_NUMBER MRN HEALTH_PLAN_BENEFICIARY_NUMBER"
    " INSURANCE_NUMBER POLICY_NUMBER MEMBER_ID MEMBERSHIP_NUMBER CUSTOMER_ID CUSTOMER_NUMBER CLIENT_ID CERTIFICATE_LICENSE_NUMBER"
    " UNIQUE_ID 工号 学号 病历号 住院号 保单号 会员编号 客户编号",
    "ORGANISATION": "USCC UNIFIED_SOCIAL_CREDIT_CODE 统一社会信用代码",
    "SERVICE_LINE": "SERVICE_LINE HOTLINE",
    # Kinds that the recognisers do not promise, or that sets label more coarsely than personal data: don't-care.
    IGNORE: "IGNORE O_LOC LOC LOCATION LC PLACE GPE CITY STATE COUNTY COUNTRY ZIP ZIPCODE ZIP_CODE POSTCODE BUILDINGNUM PROVINCE"
    " TERRITORIO PAIS LOCAL LUGAR SCENE ORG ORGANIZATION ORGANISATION_NAME ORGANIZACION ORGANIZACAO OG COMPANY COMPANYNAME"
    " COMPANY_NAME GOVERNMENT CORP GRP HOSPITAL INSTITUCION MISC MIS OTHER OTH EVENT EVT EV PRODUCT PROD WORK_OF_ART WORK"
    " CREATIVE_WORK BOOK GAME MOVIE LAW LEGISLACAO JURISPRUDENCIA NORP NRP FAC FACILITY LANGUAGE TITLE PREFIX TTL POSITION JOB"
    " JOBTITLE OCCUPATION PROFESION DATE TIME DATE_TIME DATETIME TEMPO FECHAS DT TI AGE EDAD_SUJETO_ASISTENCIA SEX GENDER"
    " SEXO_SUJETO_ASISTENCIA QUANTITY QT CARDINAL ORDINAL PERCENT MONEY AMOUNT CURRENCY PER.NOM ORG.NOM LOC.NOM GPE.NOM ORG.NAM"
    " LOC.NAM GPE.NAM URL DOMAIN_NAME SYSTEM DISEASE SYMPTOM SYMPTOM_AND_DISEASE TRANSPORTATION NRIC_NAME",
}  # fmt: skip
_PREFIXES = {"NOMBRE_": "PERSON", "PHONE_": "PHONE_NUMBER", "TELEFONO_": "PHONE_NUMBER", "EMAIL_": "EMAIL_ADDRESS"}
#: What the recognisers may say; a map may name these.
ENTITIES = frozenset({*_DEFAULTS, "ACCOUNT_URL", "PUBLIC_FIGURE"}) - {IGNORE}
_SPLIT = re.compile(r"[-\s/]+")


def _plain(name: str) -> str:
    return _SPLIT.sub("_", name.strip()).upper()


class LabelMap:
    """Says which entity a label means: a map that the user gave first, then entities by name, then common names."""

    def __init__(self, given: Mapping[str, str] | None = None, entities: Iterable[str] = ()) -> None:
        self.entities = ENTITIES | set(entities)
        self._known = {_plain(name): entity for entity, names in _DEFAULTS.items() for name in names.split()}
        # Other people's LOCATION is a town; ours is a pair of coordinates. Who means ours says so in a map.
        self._known |= {entity: entity for entity in self.entities if entity != "LOCATION"}
        self._given = dict(given or {})
        self._given |= {_plain(name): entity for name, entity in self._given.items()}

    def __getitem__(self, label: str) -> str | None:
        """The entity, `IGNORE`, or ``None`` for a label that nobody explained."""
        if label in self._given:
            return self._given[label]
        name = _plain(label)
        found = self._given.get(name) or self._known.get(name)
        if found is None:
            found = next((entity for start, entity in _PREFIXES.items() if name.startswith(start)), None)
        return found


def load_map(file: Path, entities: Iterable[str] = ()) -> dict[str, str]:
    """A map of label names from YAML or JSON: ``label: ENTITY`` or ``label: ignore``. Raises `LabelsError`."""
    found = read_yaml(file)
    known = sorted(ENTITIES | set(entities))
    out: dict[str, str] = {}
    for name, entity in (found.data or {}).items():
        if entity is None or entity == IGNORE:
            out[name] = IGNORE
        elif entity in known:
            out[name] = str(entity)
        else:
            hint = did_you_mean(entity, known) or f"one of {', '.join(known)}, or {IGNORE}"
            found.report((name,), "is mapped to an entity that there is not", hint)
    if found.problems:
        raise LabelsError(found.problems, what="label map")
    return out
