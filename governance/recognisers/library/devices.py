"""Numbers of devices and cars: IMEI, ICCID, advertising ids, number plates."""

from __future__ import annotations

import re

from governance.recognisers.library.checksums import luhn
from governance.recognisers.library.labelled import counted, families, has_digit, is_day, labelled
from governance.recognisers.library.numbers import APART, BEYOND
from governance.recognisers.pattern import Context, Pattern, Verdict

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE_SIGN = "[A-HJ-NP-Za-hj-np-z0-9]"

#: Letters of private and hired cars in South Korea; 호 stands behind the numbers of rooms too.
_KOREAN = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허"

#: Letters of Russian plates (GOST R 50577), and the Latin ones that look like them.
_RUSSIAN = "АВЕКМНОРСТУХA-Z"

_LABELS = {
    "ids": (
        "imei, imei1, imei2, imei 1, imei 2, imei号, imei码, imei串号, imei number, imei no, imei/meid, imeisv, meid, meid号, udid, guid, idfa, idfv, oaid, vaid, aaid, gaid, adid, ad id, android id, androidid, android_id, ssaid, openudid, caid, sn, sn码, sn号, s/n, deviceid, device id, "
        "device_id, device no, device number, device code, device serial, device token, device identifier, device fingerprint, devid, dev id, machine id, machine code, machineid, hwid, hardware id, handset id, installation id, install id, serial number, serial no, serial num, serial id, serialno, serial, "
        "advertising id, advertiser id, advertising identifier, google ad id, google advertising id, identifier for vendor, identifier for advertisers, vin, vin码, vin号, chassis number, chassis no, frame number, engine number, service tag, mac sha1, product id, asset tag, "
        "número de serie, numero de serie, nº de serie, número de série, numero de serie, id del dispositivo, id de dispositivo, id do dispositivo, id do aparelho, identificador de publicidad, identificador de publicidade, número de chasis, número do chassi, nomor seri, no seri, id perangkat, nomor imei, nombor siri, no siri, id peranti, nomor rangka, "
        "số seri, số sê-ri, số imei, id thiết bị, mã thiết bị, số khung, số máy"
    ),
    "words": (
        "设备号, 设备id, 设备码, 设备编码, 设备识别码, 设备识别号, 设备标识, 设备标识符, 设备唯一标识, 设备唯一标识符, 设备唯一码, 设备串号, 设备序列号, 设备指纹, 手机串号, 手机识别码, 手机序列号, 手机设备号, 机器码, 机器号, 机器编号, 机器序列号, 机身号, 机身码, 机身序列号, 机身串号, 机身编号, 串号, 串码, 序列号, 序列码, 序号, "
        "产品序列号, 产品编号, 出厂编号, 出厂序列号, 主机编号, 硬件id, 终端id, 终端标识, 移动设备识别码, 广告id, 广告标识, 广告标识符, 广告标识码, 匿名设备标识符, 匿名id, 开放匿名设备标识符, 安卓id, 苹果id标识, 唯一标识, 唯一标识符, 车架号, 车辆识别码, 车辆识别代号, 车辆识别代码, 发动机号, 大架号, "
        "設備號, 設備id, 設備碼, 設備編號, 設備識別碼, 設備序號, 裝置id, 裝置識別碼, 裝置碼, 裝置序號, 序號, 序列號, 機器碼, 機身號, 機身序號, 手機序號, 手機串號, 串號, 產品序號, 廣告id, 廣告識別碼, 廣告識別符, 車架號, 車身號碼, 引擎號碼, "
        "เลขซีเรียล, หมายเลขซีเรียล, ซีเรียล, เลขเครื่อง, หมายเลขเครื่อง, รหัสเครื่อง, รหัสอุปกรณ์, เลขอีมี่, อีมี่, เลขตัวถัง, 일련번호, 시리얼번호, 시리얼 번호, 시리얼, 기기번호, 기기 번호, 기기id, 기기 아이디, 단말기번호, 단말기 고유번호, 광고id, 광고 아이디, 차대번호, シリアル番号, 製造番号, 端末id, "
        "серийный номер, серийник, номер устройства, идентификатор устройства, id устройства, код устройства, имей, номер imei, рекламный идентификатор, вин, вин-номер, номер кузова"
    ),
}


def _device(found: re.Match[str]) -> Verdict:
    """An IMEI's check digit, or a row that is long or has digits and letters both; a day or a price is none."""
    value = found["value"]
    bare = re.sub("[^0-9A-Za-z]", "", value)
    digits = sum(c.isdigit() for c in bare)
    if digits < 2 or is_day(value) or counted(found) or len(bare) < 8:
        return None
    if bare.isdigit():
        return (len(bare) in (15, 16) and luhn(bare[:15])) or 0.7
    return False if digits >= 4 or len(bare) >= 12 else None


def _plate(found: re.Match[str]) -> Verdict:
    """A plate's length with a digit at least, and no day or year."""
    value = found["value"]
    bare = re.sub("[ .·-]", "", value)
    if not 4 <= len(bare) <= 10 or is_day(value) or counted(found) or re.fullmatch("(?:19|20)[0-9]{2}", bare):
        return None
    return any(c.isdigit() for c in bare) or None


def _mixed(found: re.Match[str]) -> Verdict:
    """A plate of letters and digits both, for labels that are words of other things too."""
    bare = re.sub("[ .·-]", "", found["value"])
    if len(bare) < 5 or sum(c.isdigit() for c in bare) < 2 or bare.isdigit():
        return None
    return _plate(found)


#: Makes and norms that a model's number stands behind.
_MAKES = frozenset(
    "BMW MAN KTM DAF GMC BYD MG VW DS RAM KIA JAC USB ISO DIN SAE LED LCD GPS DVD CRV HRV RAV SUV ABS EV TÜV WLTP EUR USD GBP RM RMB".split()
)


def _of_car(found: re.Match[str]) -> Verdict:
    """`_mixed`, and neither a year nor the model of a make."""
    first, *rest = re.split("[ -]", found["value"])
    if first in _MAKES or (rest and first.isdigit() and first[:2] in ("19", "20")):
        return None
    return _mixed(found)


DEVICE_PATTERNS = (
    *families(
        "DEVICE_ID", "device.labelled", _LABELS,
        # groups of hexadecimal digits; IMEI in any groups; a serial number
        "(?:[0-9A-F]{8}(?:[-_ ]?[0-9A-F]{4}){3}[-_ ]?[0-9A-F]{12}|[0-9](?:[ /.-]?[0-9]){13,19}|[0-9A-F]{12,64}|[0-9A-F]{4,8}(?:[ :-][0-9A-F]{4,8}){2,8}|[A-Z0-9]{1,12}(?:-[A-Z0-9]{1,12}){1,4}|[A-Z0-9]{8,40})(?![0-9A-Za-z])",
        check=_device, score=0.85, checked=0.95, gap=16, over=4, digits=3, least=2, body="[0-9a-z /_:.-]",
    ),
    labelled(
        "DEVICE_ID", "device.iccid", "iccid, iccid号, iccid码, iccid number, icc id, sim卡号, sim卡, sim卡序列号, 卡序列号, sim card, sim card id, sim serial, sim card number, sim card no, sim no, esim, eid, 卡背面编号, 卡板号, ccid, nomor iccid, số iccid, номер сим-карты, 유심번호, 심카드",
        "89(?:[ -]?[0-9A-F]){15,30}(?![0-9A-Za-z])", first="[0-9]", score=0.96, gap=16, digits=5,
    ),
    labelled(
        "DEVICE_ID", "device.imsi", "imsi, imsi号, imsi number, esn, meid, 设备编号, 设备序列号, 终端号, 终端编号, terminal id, pos机编号, 机身编号",
        "[0-9](?:[ -]?[0-9]){7,17}(?![0-9A-Za-z])", first="[0-9]", score=0.8, gap=12, digits=5,
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
        needle=f"{APART}[0-9]{{15}}{BEYOND}",
        verifier=re.compile("(?<![0-9A-Za-z])(?<![0-9][.-])[0-9]{15}(?![0-9A-Za-z])(?![.-][0-9])"),
        check=lambda found: False if luhn(found[0]) else None,
        context=Context({"zh": ("手机", "设备", "串号", "机型"), "en": ("imei", "device", "handset", "phone")}),
        score=0.3,
        checked=0.3,
        contextual=0.75,
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
        verifier=re.compile("(?:(?<![0-9ก-๛])|(?<=ทะเบียน)|(?<=ทะเบียนรถ))[0-9]?[ก-ฃคฅฆ-รลว-ฮ]{2} ?-? ?[0-9]{4}(?![0-9])"),
        context=Context({"th": ("ทะเบียน", "รถ", "ป้าย")}),
        score=0.3,
        regions=frozenset({"TH"}),
    ),
    labelled(
        "PLATE", "plate.labelled",
        "车牌, 车牌号, 车牌号码, 车牌是, 车号, 牌照, 牌照号, 号牌, 號牌, 車牌, 車牌號碼, license plate, licence plate, number plate, plate, plate number, plate no, "
        "no kenderaan, nombor kenderaan, no plat, nombor plat, no pendaftaran, kenderaan, vehicle, vehicle number, vehicle reg, vehicle no, registration, registration number, registration no, reg no, reg number, car number, matrícula, placa, placas, patente, plat nomor, "
        "no pol, nopol, nomor polisi, no plat, no kereta, nombor plat, biển số, biển số xe, biển kiểm soát, ทะเบียน, ทะเบียนรถ, เลขทะเบียน, госномер, гос номер, номер машины, "
        "номер авто, 차량번호, 차 번호, 번호판, ナンバー, ナンバープレート",
        "(?!(?:RTX|GTX|RX|GT|PCI|ATX|USB|LED|PVC|MDF)[ -]?[0-9])"
        "(?:(?-i:(?:[A-Z]{1,3}[ .·-]{0,2}){1,2}[0-9]{2,5}(?:[ -]?[A-Z]{1,3})?)|[a-z]{1,3}-?[0-9]{3,5}[a-z]{0,3}|[a-z]{1,2} [0-9]{3,4} [a-z]{2,3}|[A-Z]{3}[ -]?[0-9][A-Z0-9][0-9]{2}|[0-9]{2}-?[A-Z][A-Z0-9]?[ -]{1,3}[0-9]{3}[.]?[0-9]{2}"
        "|[0-9]{3,4}[ -]?[A-Z]{3}|[0-9][A-Z]{3}[0-9]{3}|[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}|[A-Z]{2,3}-[0-9]{2,3}-[0-9A-Z]{1,2}|[A-Z]{2}[0-9]{2} ?[A-Z]{3})"
        "(?![0-9A-Za-z])(?!-[0-9])",
        check=has_digit, checked=0.8,
    ),
    labelled(
        "PLATE", "plate.said",
        "车牌, 车牌号, 车牌号码, 牌照号, 号牌, 號牌, 車牌, 車牌號碼, 車號, license plate, licence plate, license plate number, licence plate number, license plate no, number plate, "
        "car plate, plate number, plate no, license_plate, registration plate, vehicle registration, vehicle registration number, vehicle plate, "
        "no plat, nombor plat, nombor pendaftaran kenderaan, no pendaftaran kenderaan, plat nomor, nomor plat, nopol, no pol, nomor polisi, biển số, biển số xe, biển kiểm soát, biển đăng ký, "
        "matrícula del coche, matrícula del vehículo, matrícula do carro, placa do carro, placa do veículo, placa del coche, placa del auto, placa del carro, placa del vehículo, placas del auto",
        # Any country's, as written in capitals, or letters and digits in one; groups of one to five.
        f"(?:(?-i:(?:[{_PROVINCES}] ?)?(?:[A-ZĐ0-9]{{1,5}}(?:[.·]|[ -]{{1,3}})?){{0,3}}[A-ZĐ0-9]{{1,6}})|[a-z]{{1,3}}-?[0-9]{{2,5}}[a-z]{{0,3}}|[0-9]{{1,4}}-?[a-z]{{1,3}}-?[0-9]{{0,4}})"
        "(?![0-9A-Za-z])(?!-[0-9])",
        first=f"[A-Za-zĐ0-9{_PROVINCES}]", digits=0, check=_plate, checked=0.8,
    ),
    labelled(
        "PLATE", "plate.of_car",
        "car, cars, motorcycle, motorbike, bike, truck, lorry, van, taxi, cab, bus, minibus, scooter, trailer, suv, sedan, pickup, tanker, ambulance, registered, vehículo, camión, camioneta, furgoneta, moto, motocicleta, coche, carro, auto, "
        "caminhão, veículo, ônibus, mobil, motor, truk, motosikal, lori, kereta, teksi, bas, 机车, 機車, 车子, 車子, 汽车, 汽車, 轿车, 轎車, 货车, 貨車, 的士, 计程车, 計程車, 出租车, 小巴, 巴士, 摩托车, 電單車, 电单车, 私家车, 私家車, 小客车, 小客車, 客车, 客車, 贵车",
        # Without the shapes that models have ("BMW 320", "MAN 1840").
        "(?-i:[A-Z]{3}-[0-9]{4}|[A-Z]{2}[0-9]{2} [A-Z]{3}|[A-Z]{2,3} [0-9]{1,4} [A-Z]|[A-Z]{2,3} [0-9]{3}-[0-9]{3}|[0-9]{4} [A-Z]{3}|[A-Z]{3}[0-9][A-Z][0-9]{2}|[A-Z]{2}[ -][0-9]{2}[ -][A-Z]{1,2}[ -][0-9]{4}|[A-Z]{2} [0-9]{3} [A-Z]{2}|[0-9]{3}-[A-Z]{3})(?![0-9A-Za-z])(?!-[0-9])",
        first="[A-Z0-9]", digits=0, check=_of_car, checked=0.7, commas=True,
    ),
    labelled(
        "PLATE", "plate.said_short",
        "plate, plates, plat, matrícula, matricula, tag number, car reg, reg plate, vehicle reg",
        "(?-i:(?:[A-ZĐ0-9]{1,5}(?:[.·]|[ -]{1,3})?){0,3}[A-ZĐ0-9]{1,6})(?![0-9A-Za-z])(?!-[0-9])",
        first="[A-ZĐ0-9]", digits=0, check=_mixed, checked=0.8,
    ),
    labelled(
        "PLATE", "plate.said_russian",
        "госномер, гос номер, гос. номер, госномера, госномером, номер машины, номер авто, номер автомобиля, номером машины, номерной знак, номерным знаком, рег. знак, регистрационный знак, автомобильный номер",
        f"(?-i:(?:[{_RUSSIAN}0-9]{{1,6}}[ -]?){{0,3}}[{_RUSSIAN}0-9]{{1,6}})(?![0-9A-Za-zЀ-ӿ])",
        first=f"[{_RUSSIAN}0-9]", digits=0, check=_plate, checked=0.8,
    ),
    labelled(
        "PLATE", "plate.said_thai",
        "ทะเบียนรถ, เลขทะเบียนรถ, เลขทะเบียน, ทะเบียน, ป้ายทะเบียน, ป้ายทะเบียนรถ, หมายเลขทะเบียน, หมายเลขทะเบียนรถ",
        "(?!รถ)(?:[0-9]? ?-?[ก-ฮ]{1,3} ?-? ?[0-9]{1,4}|[0-9]{2}-[0-9]{4})(?![0-9])",
        first="[ก-ฮ0-9]", digits=0, check=has_digit, checked=0.8,
    ),
)  # fmt: skip
