"""Numbers of devices and cars: IMEI, ICCID, advertising ids, number plates."""

from __future__ import annotations

import re

from governance.recognisers.library.checksums import luhn
from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.library.numbers import LONG
from governance.recognisers.pattern import Context, Pattern

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE_SIGN = "[A-HJ-NP-Za-hj-np-z0-9]"

#: Letters of private and hired cars in South Korea; 호 stands behind the numbers of rooms too.
_KOREAN = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허"

DEVICE_PATTERNS = (
    labelled(
        "DEVICE_ID", "device.imei", "imei, imei1, imei2, imei 1, imei 2, imei号, imei码, imei number, imei/meid, meid, 手机串号, 设备号, 设备识别码, 串号",
        "[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9](?:[0-9])?(?![0-9A-Za-z])", first="[0-9]",
        check=lambda found: luhn(re.sub("[^0-9]", "", found["value"])[:15]) or 0.7, checked=0.95,
    ),
    labelled(
        "DEVICE_ID", "device.iccid", "iccid, iccid号, iccid number, sim卡号, sim卡, sim serial,  sim card number, 卡背面编号",
        "(?:89[0-9]{4} ?[0-9A-Z]{4} ?[0-9]{4} ?[0-9]{4} ?[0-9]{1,4}|89[0-9]{2}(?: [0-9]{4}){4}|89[0-9A-Z]{16,18})(?![0-9A-Za-z])", first="[0-9]", score=0.85,
    ),
    labelled(
        "DEVICE_ID", "device.imsi", "imsi, imsi号, esn, 设备编号, 设备序列号, 终端号, terminal id",
        "[0-9]{8,18}(?![0-9A-Za-z])", first="[0-9]", score=0.8,
    ),
    Pattern(
        "DEVICE_ID",
        "device.iccid_bare",
        # 89 and 86: telecommunications, China; no card scheme issues such a number
        needle="8986[0-9]{2}[0-9A-Z][0-9]{12}",
        verifier=re.compile("(?<![0-9A-Za-z])8986[0-9]{2}[0-9A-Z][0-9]{12,13}(?![0-9A-Za-z])"),
        score=0.85,
    ),
    Pattern(
        "DEVICE_ID",
        "device.imei_bare",
        needle=LONG,
        verifier=re.compile("(?<![0-9A-Za-z])(?<![0-9][.-])[0-9]{15}(?![0-9A-Za-z])(?![.-][0-9])"),
        check=lambda found: False if luhn(found[0]) else None,
        context=Context({"zh": ("手机", "设备", "串号", "机型"), "en": ("imei", "device", "handset", "phone")}),
        score=0.3,
        checked=0.3,
        contextual=0.75,
    ),
    labelled(
        "DEVICE_ID", "device.advertising", "idfa, idfv, oaid, vaid, aaid, guid, deviceid, device_id, 设备标识, 设备唯一标识, 安卓id, openudid, mac sha1,  gaid, aaid, android id, androidid, advertising id, 广告标识, 设备id, device id, udid",
        "(?:[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}|[0-9A-F]{16}|[0-9A-F]{32}|[0-9A-F]{40})(?![0-9A-Za-z])",
        first="[0-9a-f]", score=0.85,
    ),
    labelled(
        "DEVICE_ID", "device.serial", "序列号, 机身号, 机器码, sn码, sn号, serial number, serial no, vin, vin码, 车架号",
        "[A-Z0-9][A-Z0-9-]{7,24}(?![A-Za-z0-9])", check=has_digit, checked=0.7,
    ),
)  # fmt: skip

PLATE_PATTERNS = (
    Pattern(
        "PLATE",
        "plate.cn",
        # GA 36-2018: province, letter, five signs (six on new-energy cars); without a digit only beside a label.
        needle=f"(?:{'|'.join(_PROVINCES)}) ?[A-HJ-NP-Za-hj-np-z](?:·|\\.| |-){{0,2}}{_PLATE_SIGN}{{4}}",
        verifier=re.compile(
            f"[{_PROVINCES}] ?[A-HJ-NP-Za-hj-np-z](?:[·. -]{{0,2}}{_PLATE_SIGN}{{5,6}}|[·. -]{{0,2}}{_PLATE_SIGN}{{4}}[挂学警港澳领试超])(?![0-9A-Za-z])"
        ),
        check=lambda found: any(c.isdigit() for c in found[0]),
        context=Context({"zh": ("车牌", "车号", "牌照", "号牌", "車牌")}),
        score=0.3,
        checked=0.9,
    ),
    Pattern(
        "PLATE",
        "plate.cn_other",
        # Armed police (WJ), embassies (使 and six digits), Hong Kong and Macau cars by their mainland plates are above
needle="WJ|使 ?[0-9]{3}|[0-9]{3} ?使",
        verifier=re.compile(
            f"(?<![0-9A-Za-z])(?:WJ[ ·.]?[{_PROVINCES}]?[ ·.]?[0-9]{{4,5}}[0-9A-Z]?|[0-9]{{3}}[·. -]?[0-9]{{3}} ?使|使 ?[0-9]{{3}}[·. -]?[0-9]{{3}})(?![0-9A-Za-z])"
        ),
        score=0.75,
    ),
    Pattern(
        "PLATE",
        "plate.korea",
        needle=f"[0-9]{{2}}(?:{'|'.join(_KOREAN)}) ?[0-9]{{4}}",
        verifier=re.compile(f"(?<![0-9A-Za-z가-힣])(?:서울|경기|부산|대구|인천|광주|대전|울산)? ?[0-9]{{2,3}}[{_KOREAN}] ?[0-9]{{4}}(?![0-9])"),
        score=0.7,
        regions=frozenset({"KR"}),
    ),
    Pattern(
        "PLATE",
        "plate.russia",
        needle="(?:А|В|Е|К|М|Н|О|Р|С|Т|У|Х|а|в|е|к|м|н|о|р|с|т|у|х) ?[0-9]{3} ?(?:А|В|Е|К|М|Н|О|Р|С|Т|У|Х|а|в|е|к|м|н|о|р|с|т|у|х)",
        verifier=re.compile(
            "(?<![0-9A-Za-zЀ-ӿ])[АВЕКМНОРСТУХавекмнорстух] ?[0-9]{3} ?[АВЕКМНОРСТУХавекмнорстух]{2} ?(?:[0-9]{2,3})(?![0-9])"
        ),
        score=0.8,
    ),
    Pattern(
        "PLATE",
        "plate.vietnam",
        needle="[0-9]{2}[A-Z][A-Z0-9]? ?[- ] ?[0-9]{3}[.]?[0-9]{2}",
        verifier=re.compile("(?<![0-9A-Za-z.-])[1-9][0-9][A-Z][A-Z0-9]? ?[- ] ?[0-9]{3}[.]?[0-9]{2}(?![0-9A-Za-z])"),
        score=0.65,
        regions=frozenset({"VN"}),
    ),
    Pattern(
        "PLATE",
        "plate.indonesia",
        needle="[A-Z]{1,2} [0-9]{3,4} [A-Z]{2}",
        verifier=re.compile("(?<![0-9A-Za-z.-])[A-Z]{1,2} [1-9][0-9]{2,3} [A-Z]{2,3}(?![0-9A-Za-z])"),
        score=0.65,
        regions=frozenset({"ID"}),
    ),
    Pattern(
        "PLATE",
        "plate.india",
        needle="[A-Z]{2}[ -]?[0-9]{1,2}[ -][A-Z]{1,3}[ -]?[0-9]{4}",
        verifier=re.compile("(?<![0-9A-Za-z.-])[A-Z]{2}[ -]?[0-9]{1,2}[ -][A-Z]{1,3}[ -]?[0-9]{4}(?![0-9A-Za-z])"),
        score=0.65,
        regions=frozenset({"IN"}),
    ),
    Pattern(
        "PLATE",
        "plate.thailand",
        needle="[0-9]?(?:ก|ข|ฃ|ค|ฅ|ฆ|ง|จ|ฉ|ช|ซ|ฌ|ญ|ฎ|ฏ|ฐ|ฑ|ฒ|ณ|ด|ต|ถ|ท|ธ|น|บ|ป|ผ|ฝ|พ|ฟ|ภ|ม|ย|ร|ล|ว|ศ|ษ|ส|ห|ฬ|อ|ฮ){2} ?-? ?[0-9]{4}",
        verifier=re.compile("(?<![0-9ก-๛])[0-9]?[ก-ฃคฅฆ-รลว-ฮ]{2} ?-? ?[0-9]{4}(?![0-9])"),
        context=Context({"th": ("ทะเบียน", "รถ", "ป้าย")}),
        score=0.3,
        regions=frozenset({"TH"}),
    ),
    labelled(
        "PLATE", "plate.labelled",
        "车牌, 车牌号, 车牌号码, 车牌是, 车号, 牌照, 牌照号, 号牌, 號牌, 車牌, 車牌號碼, license plate, licence plate, number plate, plate, plate number, plate no, "
        "vehicle, vehicle number, vehicle reg, registration, registration number, reg no, reg number, car number, matrícula, placa, placas, patente, plat nomor, "
        "no pol, nopol, nomor polisi, no plat, no kereta, nombor plat, biển số, biển số xe, biển kiểm soát, ทะเบียน, ทะเบียนรถ, เลขทะเบียน, госномер, гос номер, номер машины, "
        "номер авто, 차량번호, 차 번호, 번호판, ナンバー, ナンバープレート",
        "(?:(?:[A-Z]{1,3}[ .·-]{0,2}){1,2}[0-9]{2,5}[ -]?[A-Z]{0,3}|[A-Z]{3}[ -]?[0-9][A-Z0-9][0-9]{2}|[0-9]{2}[A-Z][A-Z0-9]?[ -]{1,3}[0-9]{3}[.]?[0-9]{2}"
        "|[0-9]{3,4}[ -]?[A-Z]{3}|[0-9][A-Z]{3}[0-9]{3}|[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}|[A-Z]{2,3}-[0-9]{2,3}-[0-9A-Z]{1,2}|[A-Z]{2}[0-9]{2} ?[A-Z]{3})"
        "(?![0-9A-Za-z])",
        check=has_digit, checked=0.8,
    ),
)  # fmt: skip
