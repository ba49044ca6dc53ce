"""Codes that open a parcel locker or are told at a pick-up point's counter, and shelf numbers there."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import counted, families, is_day, labelled
from governance.recognisers.library.numbers import BEYOND
from governance.recognisers.library.words import listed
from governance.recognisers.pattern import Context, Pattern, Verdict

ENTITY = "PICKUP_CODE"
#: Year, month and day of this century.
_DAY = re.compile("2[0-9]-(?:1[0-2]|0?[1-9])-(?:[12]?[0-9]|3[01])\\Z")
#: Ends of what codes are called.
_CALLED = re.compile("(?:[码碼号號凭]|code|pin)(?:[为為是]| is)?[^0-9A-Za-z\u4e00-\u9fff]*\\Z", re.IGNORECASE)
_LABELS = {
    "chinese": (
        "取件, 取件码, 取件号, 取件编号, 取件密码, 取件验证码, 取件凭证, 取件凭证码, 取件口令, 取件短信, 取件通知, 取件代码, 取件数字, 取货, 取货码, 取货号, 取货编号, 取货密码, 取货凭证, 取货验证码, 提货, 提货码, 提货号, 提货编号, 提货密码, 提货凭证, 提货验证码, 提货券, "
        "提取码, 提件码, 拿件码, 拿货码, 拿快递, 领取码, 领件码, 领货码, 领取号, 取餐码, 取餐号, 取餐, 取药码, 取票码, 取票号, 取物码, 取包裹码, 取衣码, 自提, 自提码, 自提号, 自提点, 自取码, 自取, 收货码, 收件码, 签收码, 签收密码, 验货码, 核销, 核销码, 核验码, "
        "货架, 货架号, 架号, 货位, 货位号, 上架号, 入库码, 库位, 格口, 格口号, 柜号, 柜子, 柜码, 柜门, 柜机, 几号柜, 箱号, 箱码, 凭, 凭码, 凭证码, 凭取件码, 凭提货码, 凭取货码, 凭此码, 凭密码, 开柜, 开柜码, 开柜密码, 开箱, 开箱码, 开箱密码, 寄存码, 存包码, "
        "包裹号, 包裹编号, 拿下快递, 拿个快递, 取快递, 取下快递, 取个快递, 代取, 代拿, 快递码, 快递柜, 快递柜密码, 包裹码, 驿站码, 驿站, 菜鸟码, 菜鸟驿站, 丰巢, 丰巢码, 丰巢柜, 丰巢取件, 到站码, 兔喜, 妈妈驿站, 代收点, 近邻宝, 云柜, 速递易, 派件码, 投递码, 交货码, 交付码, 交接码, "
        "取件碼, 取件號, 取件編號, 取件密碼, 取件驗證碼, 取貨, 取貨碼, 取貨號, 取貨編號, 取貨密碼, 取貨驗證碼, 提貨, 提貨碼, 提貨編號, 提領碼, 領取碼, 領件碼, 領貨碼, 領取編號, 自取碼, 自提碼, 收件碼, 收貨碼, 簽收碼, 開箱碼, 開櫃碼, 開櫃密碼, 櫃號, 櫃碼, 櫃門, "
        "格口號, 貨架號, 憑, 憑碼, 憑證碼, 憑取件碼, 核銷碼, 寄件碼, 智能櫃, 智取櫃, 順便智能櫃, 到店取貨, 門市取貨"
    ),
    "latin": (
        "pick-up code, pickup code, pick up code, pick-up pin, pickup pin, pickup number, pickup no, pickup id, pickup password, pickup ref, pick up number, pick-up number, collection code, collection pin, collection number, collection id, collect code, collect with, "
        "locker, locker code, locker pin, locker number, locker no, locker password, parcel code, parcel pin, parcel locker, package code, package pin, retrieval code, release code, delivery code, delivery pin, delivery otp, delivery password, drop-off code, handover code, "
        "receive code, receiving code, claim code, claim stub, box code, box number, box pin, cabinet code, compartment, shelf, shelf no, shelf number, counter code, redeem at counter, qr code number, open code, opening code, "
        "código de recogida, codigo de recogida, código recogida, clave de recogida, código de retiro, codigo de retiro, código retiro, clave de retiro, pin de recogida, pin de retiro, código de entrega, codigo de entrega, clave de entrega, código para retirar, "
        "código para recoger, código del casillero, casillero, taquilla, código de la taquilla, código del locker, número de taquilla, código de retirada, codigo de retirada, código retirada, senha de retirada, pin de retirada, código de coleta, código para retirada, "
        "palavra-chave, código do armário, armário, código do locker, código de levantamento, "
        "kode pengambilan, kode ambil, kode ambil paket, kode pickup, kode pick up, kode paket, kode loker, loker, kode penerimaan, kode terima, kode terima paket, pin pengambilan, pin loker, nomor pengambilan, nomor loker, kod pengambilan, kod ambil, kod kutipan, "
        "kod penerimaan, kod pungutan, kod loker, kod bungkusan, pin kutipan, nombor pengambilan, "
        "mã nhận hàng, mã lấy hàng, mã nhận, mã nhận bưu kiện, mã lấy đồ, mã tủ, mã tủ đồ, mã mở tủ, mã mở khóa, mã giao hàng, mã bưu phẩm, số tủ, ngăn tủ, mã nhận đồ, "
        "claim code mo, pickup code mo, code sa pag-claim"
    ),
    "other": (
        "รหัสรับพัสดุ, รหัสรับของ, รหัสรับสินค้า, รหัสรับ, รหัสตู้, รหัสเปิดตู้, รหัสล็อกเกอร์, รหัสตู้ล็อกเกอร์, รหัสนัดรับ, เลขรับพัสดุ, เลขรับของ, เลขตู้, หมายเลขรับ, หมายเลขตู้, พินรับของ, "
        "수령번호, 수령 번호, 수령코드, 수령 코드, 수령비밀번호, 수령 비밀번호, 픽업번호, 픽업 번호, 픽업코드, 픽업 코드, 픽업비밀번호, 보관함, 보관함번호, 보관함 번호, 보관함 비밀번호, 보관함비밀번호, 무인택배함, 무인택배함 비밀번호, 택배함, 택배함 비밀번호, "
        "택배함 번호, 사물함, 사물함 번호, 사물함 비밀번호, 찾기번호, 교환번호, 受取番号, 受け取り番号, 受取コード, 引換番号, 引取番号, 取り出し番号, 解錠番号, ロッカー番号, "
        "код получения, код выдачи, код для получения, код для выдачи, код на выдачу, код для заказа, код ячейки, ячейка, ячейки, номер ячейки, код постамата, постамат, постамата, код посылки, код для постамата, код получателя, пин выдачи, код пвз, пвз"
    ),
}
# Digits, in groups perhaps; letter, shelf and number of a parcel: 3-2-1105, A12-3456, 货A-08-22
_CODE = (
    "(?:[0-9]{1,4}(?:[ -][0-9]{1,6}){1,3}|[0-9](?:[ -][0-9]){3,7}|[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){0,1}(?:-[0-9]{1,6}){1,3}|[0-9]{3,10}|[A-Z0-9]{4,12})"
    "#?(?![0-9A-Za-z])(?!-[0-9])"
)

#: From the first digit on: three signs of a code, or one or two and what is set apart.
_TAIL = "[0-9](?:[0-9a-z-]{2}|[0-9a-z]?[ -][a-z]{0,3}[0-9])"


def _code(found: re.Match[str]) -> Verdict:
    """Three digits and more that count nothing; after a gap in which more than signs stands, four, and no year."""
    value = found["value"]
    digits = sum(c.isdigit() for c in value)
    if digits < 3 or counted(found) or is_day(value):
        return None
    # What a code is called says that 25-2-14 is no day.
    if _DAY.match(value) and not _CALLED.search(found.string[found.start() : found.start("value")]):
        return None
    if found.groupdict().get("gap") is not None:
        return None if digits > 8 or (digits == 4 and value[:2] in ("19", "20")) else True
    return True


def _shelf(found: re.Match[str]) -> Verdict:
    return None if _DAY.match(found[0]) else False


PATTERNS = (
    *families(ENTITY, "pickup.code", _LABELS, _CODE, check=_code, checked=0.86, gap=12, over=4, tail=_TAIL, least=3),
    labelled(
        ENTITY, "pickup.shown", "出示, 报码, 报取件码, 报号, 输入, 告知店员, 告诉店员, 報碼, 輸入, show code, quote code, use code, enter code, with code, use pin, enter pin, usa el código, use o código, pakai kode, masukkan kode, nhập mã, ใช้รหัส, กรอกรหัส, введите код, назовите код",
        _CODE, check=_code, checked=0.75, tail=_TAIL, least=3,
    ),
    Pattern(
        ENTITY,
        "pickup.shelf",
        # 6-3-2015: shelf, row and number of a parcel at a pick-up point
        needle=f"(?:^|[^0-9A-Za-z.-])[0-9A-Z]{{1,3}}-[0-9A-Z]{{1,3}}-[0-9]{{2,6}}{BEYOND}",
        verifier=re.compile("(?<![0-9A-Za-z.-])[0-9A-Z]{1,3}-[0-9A-Z]{1,3}-[0-9]{2,6}(?![0-9A-Za-z])(?!-[0-9])"),
        check=_shelf,
        context=Context(
            {
                "zh": listed(
                    "取件, 驿站, 菜鸟, 快递柜, 丰巢, 自提, 自提点, 代收点, 代收, 取货, 提货, 货架, 柜, 兔喜, 妈妈驿站, 溪鸟, 领取, 包裹, 快递, 取一下, 帮我取, "
                    "驛站, 取貨, 快件, 到店, 出示, 报, 存放, 拿一下, 拿快递, 到站, 凭, 码, 取件码, 取货码"
                )
            },
            following=("取件", "取货", "领取", "取", "到驿站", "提货", "取件码"),
        ),
        score=0.3,
        checked=0.3,
    ),
)  # fmt: skip
