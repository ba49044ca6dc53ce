"""Numbers of devices and cars: IMEI, ICCID, advertising ids, number plates."""

from __future__ import annotations

import re

from governance.recognisers.library.checksums import luhn
from governance.recognisers.library.labelled import has_digit, labelled
from governance.recognisers.pattern import Context, Pattern

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE_SIGN = "[A-HJ-NP-Z0-9]"

DEVICE_PATTERNS = (
    labelled(
        "DEVICE_ID", "device.imei", "imei, imei号, imei码, meid, 设备号, 设备识别码, 串号",
        "[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{6}[ -]?[0-9](?:[0-9])?(?![0-9A-Za-z])", first="[0-9]",
        check=lambda found: luhn(re.sub("[^0-9]", "", found["value"])[:15]) or 0.7, checked=0.95,
    ),
    labelled(
        "DEVICE_ID", "device.iccid", "iccid, iccid号, sim卡号, sim card number, 卡背面编号",
        "89[0-9]{15,18}(?![0-9A-Za-z])", first="[0-9]", score=0.85,
    ),
    labelled(
        "DEVICE_ID", "device.advertising", "idfa, idfv, oaid, gaid, aaid, android id, androidid, advertising id, 广告标识, 设备id, device id, udid",
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
        needle=f"(?:{'|'.join(_PROVINCES)})[A-HJ-NP-Z](?:·|\\.| |-){{0,2}}{_PLATE_SIGN}{{4}}",
        verifier=re.compile(
            f"[{_PROVINCES}][A-HJ-NP-Z](?:[·. -]?{_PLATE_SIGN}{{5,6}}|[·. -]?{_PLATE_SIGN}{{4}}[挂学警港澳领])(?![0-9A-Za-z])"
        ),
        check=lambda found: any(c.isdigit() for c in found[0]),
        context=Context({"zh": ("车牌", "车号", "牌照", "号牌", "車牌")}),
        score=0.3,
        checked=0.9,
    ),
    labelled(
        "PLATE", "plate.labelled",
        "车牌, 车牌号, 车号, 號牌, 车牌号码, license plate, licence plate, number plate, plate, plate number, vehicle, registration, "
        "reg no, matrícula, placa, patente, plat nomor, nomor polisi, biển số, ทะเบียน, госномер, номер машины, 차량번호",
        "(?:[A-Z]{1,3}[ .·-]{0,2}){1,2}[0-9]{2,5}[ -]?[A-Z]{0,3}(?![0-9A-Za-z])", check=has_digit, checked=0.8,
    ),
)  # fmt: skip
