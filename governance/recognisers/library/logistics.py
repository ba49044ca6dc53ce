"""Parcels and orders: waybills, order numbers. Carriers publish no grammar; shapes and labels are what there is."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import labelled
from governance.recognisers.pattern import Pattern, Verdict

WAYBILL, ORDER = "WAYBILL", "ORDER_NUMBER"
_WAYBILL_LABELS = (
    "运单号, 运单编号, 运单, 快递单号, 快递单, 快递号, 快递, 物流单号, 物流单, 物流号, 物流编号, 物流, 面单号, 面单, 单号, 包裹号, 包裹单号, 邮件号, 挂号信, 跟踪号, 追踪号, 查询号, "
    "运单号码, 快递单号码, 退货单号, 顺丰, 顺丰单号, 圆通, 圆通单号, 中通, 中通单号, 申通, 申通单号, 韵达, 韵达单号, 极兔, 极兔单号, 德邦, 京东物流, 京东快递, 邮政, 邮政单号, "
    "菜鸟, 百世, 跨越, 运單, 運單, 運單號, 快遞單號, 快遞, 物流單號, 單號, 包裹編號, 追蹤號碼, "
    "tracking number, tracking no, tracking id, tracking code, tracking, waybill, waybill number, waybill no, airway bill, awb, consignment, "
    "consignment number, parcel number, parcel id, parcel, package number, package id, shipment number, shipment id, shipment, delivery number, resi, nomor resi, no resi, mã vận đơn, vận đơn, 운송장번호, 운송장, 송장번호, 송장, "
    "送り状番号, 伝票番号, 追跡番号, เลขพัสดุ, หมายเลขพัสดุ, código de rastreio, rastreio, rastreamento, "
    "código de seguimiento, número de seguimiento, número de guía, nº de envío, número de envío, seguimiento, guía, no. de guía, трек-номер, трек номер, трек-код, трек, накладная, накладной, номер накладной, номер посылки, посылка, посылки, номер отправления"
)
_CARRIERS = (
    "ems, dhl, ups, fedex, usps, tnt, sf express, j&t, jnt, j&t express, ninja van, ninjavan, jne, sicepat, anteraja, pos laju, poslaju, lbc, "
    "spx, shopee express, kerry, flash express, viettel post, ghn, ghtk, vnpost, correios, estafeta, correos, seur, cdek, сдэк, cj대한통운"
)
_ORDER_LABELS = (
    "订单号, 订单号码, 订单编号, 订单, 订单id, 子订单, 子订单号, 交易号, 交易单号, 交易订单号, 支付单号, 付款单号, 商户单号, 商户订单号, 流水号, 退款单号, 售后单号, 服务单号, 工单号, 工单, 采购单号, "
    "发票号, 发票号码, 预订号, 确认号, 下单号, 訂單號, 訂單編號, 訂單, order number, order no, order id, order, "
    "order ref, order reference, order code, po number, invoice number, invoice no, invoice, booking number, booking reference, booking ref, booking id, booking code, "
    "confirmation number, confirmation code, reservation number, transaction id, transaction number, payment reference, receipt number, return number, rma, "
    "case number, ticket number, número de orden, orden, nº de pedido, nº pedido, número de factura, factura, reserva, código de reserva, localizador, nota fiscal, protocolo, "
    "pedido, número de pedido, nº do pedido, 주문번호, 주문, 注文番号, 注文, "
    "mã đơn hàng, đơn hàng, nomor pesanan, pesanan, หมายเลขคำสั่งซื้อ, คำสั่งซื้อ, номер заказа, заказ"
)
_NUMBER = "(?:[A-Z]{0,4}-?[0-9](?:[ -]?[0-9]){7,21}[A-Z]{0,3}|[A-Z0-9]{10,24})(?![A-Za-z0-9])"


def _s10(found: re.Match[str]) -> Verdict:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; 10 is written 0 and 11 is written 5."""
    digits = [int(c) for c in found[0] if c.isdigit()]
    remainder = 11 - sum(w * d for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), digits, strict=False)) % 11
    return True if {10: 0, 11: 5}.get(remainder, remainder) == digits[8] else None


def _long_enough(found: re.Match[str]) -> Verdict:
    return True if sum(c.isdigit() for c in found["value"]) >= 6 else None


PATTERNS = (
    labelled(ORDER, "order.labelled", _ORDER_LABELS, _NUMBER, check=_long_enough),
    labelled(WAYBILL, "waybill.labelled", _WAYBILL_LABELS, _NUMBER, check=_long_enough, checked=0.88),
    labelled(WAYBILL, "waybill.carrier_name", _CARRIERS, _NUMBER, first="[0-9]", check=_long_enough, checked=0.8),
    Pattern(
        ORDER,
        "order.marketplace",
        # Amazon's order numbers
        needle="[0-9]{3}-[0-9]{7}-[0-9]{7}",
        verifier=re.compile("(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{7}-[0-9]{7}(?![0-9A-Za-z-])"),
        score=0.8,
    ),
    Pattern(
        WAYBILL,
        "waybill.s10",
        needle=(
            "[A-Za-z]{2} ?(?:[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{4} [0-9]{4} [0-9]|[0-9]{8} [0-9]|"
            "[0-9]{2} [0-9]{3} [0-9]{3} [0-9]) ?[A-Za-z]"
        ),
        verifier=re.compile(
            "(?<![0-9A-Za-z])[A-Za-z]{2} ?(?:[0-9]{9}|[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{4} [0-9]{4} [0-9]|[0-9]{8} [0-9]|"
            "[0-9]{2} [0-9]{3} [0-9]{3} [0-9]) ?[A-Za-z]{2}(?![0-9A-Za-z])"
        ),
        check=_s10,
        checked=0.9,
    ),
    Pattern(
        WAYBILL,
        "waybill.carrier",
        # Two letters of a carrier and twelve to fifteen digits
        needle="(?:JD[A-Z0-9]{0,2}|[A-Z]{2})[0-9]{11}",
        verifier=re.compile(
            "(?<![0-9A-Za-z])(?:JD[A-Z0-9]{0,2}[0-9]{11,14}|[A-Z]{2}[0-9]{13}|(?:YT|JT|SF)[0-9]{12,15})(?:-[0-9]{1,2}-[0-9]{1,3}-?)?(?![0-9A-Za-z])"
        ),
        score=0.6,
    ),
    Pattern(
        WAYBILL,
        "waybill.prefix",
        # Marks that only one carrier uses: SF Express, YTO, J&T, JD, Cainiao, Deppon, Kuayue, ZTO, STO, Yunda, DHL, UPS,
        # Amazon, SPX, Ninja Van, Lazada, Flash, Kerry, Viettel, JNE
        needle=(
            "(?i)(?:sf ?[0-9]{3} ?[0-9]{3}|(?:yt|jt|jd[a-z]{0,2}|lp|dpk|ky|zt|st|yd|jjd|tba|spx[a-z]{2}|nlid[a-z]{2}|lex[a-z]{2}|th|gm) ?[0-9]{6}"
            "|sf ?[0-9]{4} [0-9]{3}|nv[a-z]{2}[a-z0-9]{2,6}[0-9]{8}|1z ?[0-9a-z]{3} ?[0-9a-z]{3} ?[0-9a-z]{2} ?[0-9]{4})"
        ),
        verifier=re.compile(
            "(?<![0-9A-Za-z])(?:sf ?(?:[0-9]{12,15}|[0-9]{3,4}(?: [0-9]{3,5}){2,3})|yt ?[0-9]{13,15}|jt ?[0-9]{13}|jd[vxabk]?[a-z]? ?[0-9]{11,15}"
            "|lp ?[0-9]{14,16}|dpk ?[0-9]{9,14}|ky ?[0-9]{10,13}|zt ?[0-9]{12,14}|st ?[0-9]{12,13}|yd ?[0-9]{13}|jjd ?[0-9]{16,20}|tba ?[0-9]{12}"
            "|spx[a-z]{2} ?[0-9]{9,15}[a-z]?|nlid[a-z]{2}[0-9]{8,12}|nv[a-z]{2}[a-z0-9]{2,6}[0-9]{8,12}|lex[a-z]{2}[0-9]{8,12}[a-z]{0,2}|th[0-9]{6,14}[a-z][0-9]?"
            "|gm[0-9]{14,20}|1z ?[0-9a-z]{3} ?[0-9a-z]{3} ?[0-9a-z]{2} ?[0-9]{4} ?[0-9]{4})(?:-[0-9]{1,2}-[0-9]{1,3}-?)?(?![0-9A-Za-z])",
            re.IGNORECASE | re.ASCII,
        ),
        check=lambda found: sum(c.isdigit() for c in found[0]) >= 9 or None,
        checked=0.8,
    ),
)  # fmt: skip
