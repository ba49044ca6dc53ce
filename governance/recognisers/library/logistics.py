"""Parcels and orders: waybills, order numbers. Carriers publish no grammar; shapes and labels are what there is."""

from __future__ import annotations

import re

from governance.recognisers.library.labelled import labelled
from governance.recognisers.pattern import Pattern, Verdict

WAYBILL, ORDER = "WAYBILL", "ORDER_NUMBER"
_WAYBILL_LABELS = (
    "运单号, 运单, 快递单号, 快递号, 快递, 物流单号, 物流号, 物流, 面单号, 单号, 運單, 快遞單號, 物流單號, 單號, "
    "tracking number, tracking no, tracking id, tracking code, tracking, waybill, airway bill, awb, consignment, "
    "parcel number, shipment number, resi, nomor resi, no resi, mã vận đơn, vận đơn, 운송장번호, 운송장, 송장번호, 송장, "
    "送り状番号, 伝票番号, 追跡番号, เลขพัสดุ, หมายเลขพัสดุ, código de rastreio, rastreio, rastreamento, "
    "número de seguimiento, seguimiento, guía, трек-номер, трек, накладная, номер отправления"
)
_ORDER_LABELS = (
    "订单号, 订单编号, 订单, 订单id, 交易号, 商户单号, 流水号, 訂單號, 訂單編號, 訂單, order number, order no, order id, order, "
    "order ref, order reference, booking number, pedido, número de pedido, nº do pedido, 주문번호, 주문, 注文番号, 注文, "
    "mã đơn hàng, đơn hàng, nomor pesanan, pesanan, หมายเลขคำสั่งซื้อ, คำสั่งซื้อ, номер заказа, заказ"
)
_NUMBER = "(?:[A-Z]{0,4}-?[0-9](?:[ -]?[0-9]){7,21}[A-Z]{0,3}|[A-Z0-9]{10,24})(?![A-Za-z0-9])"


def _s10(found: re.Match[str]) -> Verdict:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; 10 is written 0 and 11 is written 5."""
    digits = [int(c) for c in found[0][2:11]]
    remainder = 11 - sum(w * d for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), digits, strict=False)) % 11
    return True if {10: 0, 11: 5}.get(remainder, remainder) == digits[8] else None


def _long_enough(found: re.Match[str]) -> Verdict:
    return True if sum(c.isdigit() for c in found["value"]) >= 6 else None


PATTERNS = (
    labelled(ORDER, "order.labelled", _ORDER_LABELS, _NUMBER, check=_long_enough),
    labelled(WAYBILL, "waybill.labelled", _WAYBILL_LABELS, _NUMBER, check=_long_enough, checked=0.88),
    Pattern(
        WAYBILL,
        "waybill.s10",
        needle="[A-Z]{2}[0-9]{9}[A-Z]{2}",
        verifier=re.compile("(?<![0-9A-Za-z])[A-Z]{2}[0-9]{9}[A-Z]{2}(?![0-9A-Za-z])"),
        check=_s10,
        checked=0.9,
    ),
    Pattern(
        WAYBILL,
        "waybill.carrier",
        # Two letters of a carrier and twelve to fifteen digits; JD and SF have their own lengths.
        needle="[A-Z]{2}[A-Z0-9]?[0-9]{11}",
        verifier=re.compile(
            "(?<![0-9A-Za-z])(?:SF[0-9]{12,13}|JD[A-Z0-9]?[0-9]{11,14}|[A-Z]{2}[0-9]{13}|(?:YT|JT)[0-9]{13,15})(?![0-9A-Za-z])"
        ),
        score=0.6,
    ),
)
