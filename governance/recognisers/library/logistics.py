"""Parcels and orders: waybills, order numbers. Carriers publish no grammar; shapes and labels are what there is."""

from __future__ import annotations

import re

from governance.recognisers.library import checksums_national as national
from governance.recognisers.library.labelled import families, is_day
from governance.recognisers.library.numbers import APART, BEYOND
from governance.recognisers.pattern import Pattern, Verdict

WAYBILL, ORDER = "WAYBILL", "ORDER_NUMBER"
#: By script: automata do not take all the words in one expression.
_WAYBILL_LABELS = {
    "chinese": (
        "运单, 运单号, 运单编号, 运单号码, 快递, 快递单, 快递单号, 快递号, 快递编号, 快递码, 快递公司, 快递面单, 物流, 物流单, 物流单号, 物流号, 物流编号, 物流码, 物流信息, 面单, 面单号, "
        "电子面单, 面单编号, 单号, 单子, 包裹, 包裹号, 包裹单, 包裹单号, 包裹编号, 包裹码, 邮件, 邮件号, 邮件号码, 邮件编号, 邮单, 挂号, 挂号信, 跟踪号, 跟踪单号, 跟踪码, 追踪号, 追踪码, 追踪编号, 查询号, 查询码, 查件号, "
        "查单号, 查件, 查快递, 查物流, 查一下, 查下, 帮查, 查询, 运输单, 货运单, 货运单号, 托运单, 托运单号, 托运号, 提单, 提单号, 空运单, 发货单, 发货单号, 出库单, 派送单, 配送单, 配送单号, 签收单, 寄件单, "
        "回单, 回单号, 退货单号, 退回单号, 寄回单号, 寄回, 退货快递, 换货单号, 补发单号, 补发, 已发货, 发货, 已寄出, 寄出, 转运, 转单号, 子单号, 母单号, 运單, 運單, 運單號, 運單編號, 託運單, 託運單號, 託運, 快遞, "
        "快遞單號, 快递單號, 物流單號, 物流編號, 物流, 單號, 包裹編號, 包裹號, 包裹號碼, 包裹單號, 郵件號碼, 郵件編號, 掛號, 追蹤號碼, 追蹤編號, 追蹤碼, 追蹤, 查詢碼, 查件, 貨運單號, 貨件, 貨單, 宅配單號, 宅配, 寄件編號, 寄件代碼, "
        "配送編號, 出貨單號, 貨號單"
    ),
    "carriers": (
        "顺丰, 順豐, 圆通, 圓通, 中通, 申通, 韵达, 韻達, 极兔, 極兔, 德邦, 京东, 京东物流, 京东快递, 京東, 邮政, 郵政, 中国邮政, 邮政快递, 邮政小包, 平邮, 菜鸟, 菜鳥, 菜鸟速递, 菜鸟直送, 丹鸟, 百世, 汇通, 百世汇通, "
        "天天快递, 天天, 宅急送, 优速, 跨越, 跨越速运, 安能, 壹米滴答, 信丰, 速尔, 国通, 全峰, 快捷, 龙邦, 加运美, 九曳, 苏宁物流, 苏宁, 品骏, 如风达, 日日顺, 丰网, 众邮, 京广, 顺心捷达, 中铁快运, 民航快递, 云途, 燕文, 递四方, "
        "万邑通, 纵腾, 顺丰速运, 中通快运, 韵达快运, 圆通速递, 申通快递, 联邦快递, 敦豪, 黑貓, 黑猫宅急便, 新竹物流, 嘉里大榮, 嘉里, 宅配通, 大嘴鳥, 便利帶, 店到店, 统一速达"
    ),
    "english": (
        "trk, trkg, trk no, tracking, tracking number, tracking no, tracking num, tracking id, tracking code, tracking ref, tracking reference, track no, track number, track id, trackno, track and trace, trace number, "
        "waybill, waybill number, waybill no, waybill id, way bill, airway bill, air waybill, airwaybill, awb, awb no, mawb, hawb, bill of lading, bl number, consignment, consignment number, consignment no, consignment note, consignment id, connote, con note, "
        "parcel, parcel number, parcel no, parcel id, package, package number, package no, package id, pkg id, shipment, shipment number, shipment no, shipment id, shipping number, shipping no, shipping id, shipping code, shipping label, label number, "
        "delivery number, delivery id, delivery no, dispatch number, dispatch no, courier number, courier no, logistics no, logistics number, logistics id, express no, express number, mail no, mailno, postal number, item number, article number, "
        "article no, docket number, docket no, pro number, express, courier, shipped via, sent via, return label, return tracking"
    ),
    "latin": (
        "código de rastreio, código de rastreamento, codigo de rastreio, código rastreio, rastreio, rastreamento, número de rastreamento, número do objeto, "
        "objeto, encomenda, código da encomenda, número de envio, código de envio, conhecimento de transporte, código de seguimiento, codigo de seguimiento, "
        "número de seguimiento, numero de seguimiento, nº de seguimiento, seguimiento, localizador de envío, código de rastreo, codigo de rastreo, "
        "número de rastreo, numero de rastreo, rastreo, número de guía, numero de guia, nº de guía, guía, guia, nº de envío, número de envío, numero de envio, "
        "código de envío, envío, albarán, nº de albarán, número de albarán, paquete, número de paquete, carta de porte, numero ng tracking, numero ng padala"
    ),
    "malay": (
        "resi, nomor resi, no resi, no. resi, nomer resi, kode resi, cek resi, nomor pelacakan, kode pelacakan, nomor pengiriman, no pengiriman, nomor paket, "
        "no paket, paket, nombor penjejakan, no penjejakan, kod penjejakan, nombor penghantaran, nombor konsainmen, no konsainmen, konsainmen, nota konsainmen, bungkusan, penjejakan, mã vận đơn, vận đơn, mã bưu gửi, "
        "mã vận chuyển, mã theo dõi, mã kiện hàng, mã bưu kiện, số vận đơn, kiện hàng, bưu kiện, mvđ, mvd, no. de seguimiento, no. de rastreo, no. de guía, "
        "tracking number mo, padala"
    ),
    "other": (
        "운송장번호, 운송장 번호, 운송장, 송장번호, 송장 번호, 송장, 택배번호, 택배 번호, 택배, 배송번호, 배송 번호, 배송조회, 조회번호, 등기번호, 등기 번호, 화물번호, 소포번호, 送り状番号, 伝票番号, 追跡番号, 問い合わせ番号, เลขพัสดุ, "
        "หมายเลขพัสดุ, เลขที่พัสดุ, รหัสพัสดุ, เลขแทรค, เลขแทรคกิ้ง, เลขติดตามพัสดุ, หมายเลขติดตาม, เลขติดตาม, แทรคกิ้ง, พัสดุ, เลขขนส่ง, เลขใบส่งของ, "
        "трек-номер, трек номер, трекномер, трек-код, трек код, трек, номер трека, трекинг, код отслеживания, номер отслеживания, номер для отслеживания, "
        "накладная, накладной, номер накладной, номер посылки, посылка, посылки, номер отправления, отправление, отправления, шпи, рпо, штрихкод, штрих-код, "
        "почтовый идентификатор, номер груза"
    ),
}
_CARRIERS = {
    "carriers_english": (
        "ems, eub, epacket, dhl, ups, fedex, usps, tnt, aramex, dpd, gls, hermes, evri, royal mail, parcelforce, yodel, canada post, auspost, australia post, "
        "purolator, ontrac, lasership, bluedart, blue dart, delhivery, ekart, dtdc, xpressbees, sf express, sf, sto, yto, zto, yunda, best express, yanwen, 4px, "
        "cainiao, yunexpress, j&t, jnt, j&t express, ninja van, ninjavan, jne"
    ),
    "carriers_english_more": (
        "sicepat, si cepat, anteraja, tiki, wahana, id express, idexpress, lion parcel, rpx, pos indonesia, pos laju, poslaju, pos malaysia, gdex, citylink, "
        "lbc, spx, shopee express, shopee xpress, lex, kerry, kerry express, flash express, thailand post, thai post, ems thai, viettel post, viettelpost, ghn, "
        "ghtk, vnpost, vn post, best inc, singpost, qxpress, correios, sedex, jadlog, loggi, total express, estafeta, redpack, paquetexpress, correos, "
        "correo argentino, oca, andreani, servientrega, coordinadora, interrapidisimo, starken, chilexpress, olva, shalom, serpost, seur, mrw, nacex, cdek, "
        "boxberry, dpd, 5post, ozon, wildberries"
    ),
    "carriers_world": (
        "giao hàng nhanh, giao hàng tiết kiệm, сдэк, боксберри, почта россии, пэк, деловые линии, cj대한통운, 대한통운, 한진택배, 롯데택배, 로젠택배, 우체국택배, 경동택배, ไปรษณีย์ไทย, "
        "ไปรษณีย์, เคอรี่, แฟลช"
    ),
}
_ORDER_LABELS = {
    "chinese": (
        "订单, 订单号, 订单号码, 订单编号, 订单id, 订单序号, 订单流水, 订单码, 主订单, 主订单号, 父订单, 子订单, 子订单号, 交易, 交易号, 交易单号, 交易编号, 交易订单号, 交易流水号, 交易流水, 交易序号, 支付单号, 支付流水, 支付流水号, 支付订单, "
        "支付交易号, 付款单号, 付款流水, 商户单号, 商户订单号, 商户号, 商家单号, 商家订单号, 收单号, 流水, 流水号, 流水单号, 业务流水号, 银行流水号, 退款单, 退款单号, 退款编号, 退款流水, 退货编号, 退货单, 售后单, 售后单号, 售后编号, 售后服务单, "
        "服务单, 服务单号, 工单, 工单号, 工单编号, 投诉单号, 投诉编号, 维权编号, 采购单, 采购单号, 采购订单, 销售单号, 发票号, 发票号码, 发票代码, 收据号, 小票号, 单据号, 单据编号, 凭证号, 凭证编号, 账单号, 账单编号, 合同号, 合同编号, 保单号, 保单, "
        "预订号, 预定号, 预约号, 预约单号, 预约编号, 确认号, 确认单号, 下单号, 下单编号, 下单号码, 拼单号, 拼团号, 拼单编号, 团单号, 购买单号, 购买编号, 受理号, 受理编号, 申请单号, 申请编号, 案件编号, 报修单号, 维修单号, 维修单, 参考号, "
        "淘宝单号, 天猫单号, 拼多多单号, 京东单号, 闲鱼单号, 平台单号, 外卖单号, 业务单号, 業務單號, 訂單, 訂單號, 訂單號碼, 訂單編號, 訂單代碼, 訂單id, 訂購編號, 訂購單號, 訂購號, 交易編號, 交易序號, 交易單號, 付款編號, 退款編號, 退貨編號, "
        "服務單號, 案件編號, 工單號, 發票號碼, 預約編號, 預訂編號, 確認編號, 流水號, 購買編號, 单编号"
    ),
    "english": (
        "order, orders, order number, order no, order num, order nr, order id, order ref, order reference, order code, order confirmation, sub order, suborder, parent order, purchase order, purchase number, purchase id, purchase ref, po number, po no, "
        "sales order, so number, invoice, invoice number, invoice no, invoice id, inv no, bill number, bill no, receipt, receipt number, receipt no, receipt id, booking, booking number, booking no, booking reference, booking ref, booking id, booking code, "
        "confirmation number, confirmation no, confirmation code, confirmation id, reservation, reservation number, reservation no, reservation id, reservation code, transaction, transaction id, transaction number, transaction no, transaction ref, "
        "transaction reference, txn, txn id, txn no, trans id, trade no, trade id, out trade no, merchant order, merchant order no, merchant ref, payment id, payment ref, payment reference, payment number, payment no, refund id, refund number, refund no, "
        "refund ref, return number, return id, return no, rma, rma number, case, case number, case no, case id, ticket, ticket number, ticket no, ticket id, claim number, claim no, claim id, complaint number, complaint id, dispute id, reference, reference number, "
        "reference no, ref, ref no, ref number, ref code, serial order, contract number, contract no, policy number, quote number, job number, service request, request id, request number"
    ),
    "latin": (
        "número de orden, numero de orden, nº de orden, nro de orden, orden, orden de compra, orden no, núm. de pedido, número de pedido, numero de pedido, "
        "nº de pedido, nº pedido, nro de pedido, código de pedido, codigo de pedido, pedido, id de pedido, id del pedido, número del pedido, número de compra, "
        "compra, código de compra, referencia, nº de referencia, número de referencia, número de factura, nº factura, factura, boleta, recibo, reserva, "
        "código de reserva, número de reserva, localizador, número de transacción, id de transacción, transacción, ticket, caso, número de caso, folio, "
        "número de operación, operación, nota fiscal, nf-e, nota, protocolo, número de protocolo, número do pedido, numero do pedido, nº do pedido, "
        "código do pedido, id do pedido, pedido nº, id da compra, número da compra, código da compra, número da transação, id da transação, transação, "
        "encomenda nº, número da encomenda, fatura, numero ng order, numero ng transaksyon"
    ),
    "malay": (
        "no. de orden, no. de pedido, mã đơn hàng, mã đơn, mã số đơn hàng, số đơn hàng, đơn hàng, đơn đặt hàng, đơn số, mã đặt hàng, mã giao dịch, số giao dịch, "
        "mã hóa đơn, số hóa đơn, hóa đơn, mã đặt chỗ, mã booking, nomor pesanan, no pesanan, no. pesanan, id pesanan, kode pesanan, pesanan, nomor order, "
        "no order, no. order, kode order, nomor invoice, no invoice, nomor transaksi, no transaksi, id transaksi, kode transaksi, transaksi, kode booking, "
        "nomor faktur, faktur, nomor referensi, nombor pesanan, nombor tempahan, tempahan, no tempahan, id tempahan, nombor rujukan, rujukan, nombor transaksi, "
        "resit, id заказа, order number ko"
    ),
    "other": (
        "หมายเลขคำสั่งซื้อ, เลขคำสั่งซื้อ, เลขที่คำสั่งซื้อ, รหัสคำสั่งซื้อ, คำสั่งซื้อ, เลขออเดอร์, เลขที่ออเดอร์, ออเดอร์, รหัสออเดอร์, เลขที่ใบสั่งซื้อ, "
        "ใบสั่งซื้อ, เลขที่รายการ, หมายเลขรายการ, เลขอ้างอิง, เลขที่ใบเสร็จ, 주문번호, 주문 번호, 주문, 주문서번호, 주문코드, 주문id, 거래번호, 거래 번호, 결제번호, 결제 번호, 승인번호, 예약번호, 예약 번호, "
        "접수번호, 영수증번호, 주문내역, 注文番号, 注文, 受注番号, 予約番号, 取引番号, номер заказа, номера заказа, заказ, заказа, заказу, заказе, заказ номер, код заказа, номер транзакции, "
        "транзакция, номер операции, номер чека, чек, номер счёта-фактуры, номер брони, бронь, номер обращения, обращение, номер договора"
    ),
}
# Groups of digits, perhaps with letters of a carrier or a shop before and behind; or letters and digits in any order.
_NUMBER = "(?:[A-Z]{0,5}[ -]?[0-9](?:[ ._-]?[0-9]){7,29}(?:-?[A-Z]{1,3})?|[A-Z0-9]{1,6}(?:-[A-Z0-9]{2,10}){1,4}|[A-Z0-9]{8,26})(?![A-Za-z0-9])"
#: From the first digit on: digits set apart one by one, or a run of letters and digits.
_TAIL = "[0-9](?:[0-9a-z._-]{5}|(?:[ ._-]?[0-9]){5})"


def _s10(found: re.Match[str]) -> Verdict:
    """UPU S10: weights 8 6 4 2 3 5 9 7, modulo 11; 10 is written 0 and 11 is written 5."""
    digits = [int(c) for c in found[0] if c.isdigit()]
    remainder = 11 - sum(w * d for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), digits, strict=False)) % 11
    return True if {10: 0, 11: 5}.get(remainder, remainder) == digits[8] else None


#: A version of a program; and a label that shops give to articles, whose numbers are short.
_VERSION, _REF = re.compile("[Vv]?[0-9]+(?:[.][0-9]+){2,}"), re.compile("(?i)ref(?:er[eê]ncia)?[^a-zà-ÿ]")
#: Bars are on parcels and on articles, whose numbers have a check digit.
_BARS = re.compile("(?i)штрих|barcode|bar code|บาร์โค้ด")


def _long_enough(found: re.Match[str]) -> Verdict:
    """Six digits and more, and no day, no telephone behind a word for parcels and orders, which has its own pattern."""
    value = found["value"]
    if sum(c.isdigit() for c in value) < 6 or is_day(value):
        return None
    if _VERSION.fullmatch(value) or (value.isdigit() and len(value) <= 8 and _REF.match(found[0])):
        return None
    if len(value) == 13 and value.isdigit() and national.ean(value) and _BARS.match(found[0]):
        return None
    # "order AB 20240501": a word of the sentence is no part of the number.
    words = re.match("(?-i:[a-z]{1,5}|[A-Za-z]{4,5})[ ]", value)
    return (True, found.start("value") + words.end(), found.end("value")) if words else True


#: What may stand between a number and the word that says it is a parcel's.
_THEN = (
    "(?:这个|这|那个|的|是|，|,| ){0,3}(?:顺丰|中通|圆通|申通|韵达|极兔|京东|邮政|德邦|百世|天天|菜鸟)?"
    "(?:快递|物流)?(?:单号|运单|快递单|快递号|物流单|包裹)"
)

PATTERNS = (
    *families(ORDER, "order.labelled", _ORDER_LABELS, _NUMBER, check=_long_enough, gap=16, over=8, tail=_TAIL, least=6),
    *families(WAYBILL, "waybill.labelled", _WAYBILL_LABELS, _NUMBER, check=_long_enough, checked=0.88, gap=16, over=8, tail=_TAIL, least=6),
    *families(WAYBILL, "waybill", _CARRIERS, _NUMBER, check=_long_enough, checked=0.8, gap=12, over=8, tail=_TAIL, least=6),
    Pattern(
        ORDER,
        "order.marketplace",
        # Amazon's order numbers
        needle=f"{APART}[0-9]{{3}}-[0-9]{{7}}-[0-9]{{7}}{BEYOND}",
        verifier=re.compile("(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{7}-[0-9]{7}(?![0-9A-Za-z-])"),
        score=0.8,
    ),
    Pattern(
        ORDER,
        "order.invoice",
        # Tokopedia's orders: INV/20240501/MPL/3343146115
        needle="INV/[0-9]{8}/",
        verifier=re.compile("(?<![0-9A-Za-z])INV/[0-9]{8}/(?:[A-Z0-9]{1,5}/){1,3}[0-9]{6,12}(?![0-9A-Za-z])"),
        score=0.85,
    ),
    Pattern(
        WAYBILL,
        "waybill.then_named",
        # "75312345678901这个中通单号查不到": the word for it behind the number
        needle=f"[0-9]{{6}}{_THEN}",
        verifier=re.compile(f"(?<![0-9A-Za-z-])(?P<value>[A-Za-z]{{0,4}}[0-9]{{9,20}}){_THEN}"),
        score=0.75,
        reach=96,
    ),
    Pattern(
        WAYBILL,
        "waybill.s10",
        needle=(
            f"{APART}[A-Za-z]{{2}} ?(?:[0-9]{{9}}|[0-9]{{3}} [0-9]{{3}} [0-9]{{3}}|[0-9]{{4}} [0-9]{{4}} [0-9]|[0-9]{{8}} [0-9]|"
            f"[0-9]{{2}} [0-9]{{3}} [0-9]{{3}} [0-9]) ?[A-Za-z]{{2}}{BEYOND}"
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
        needle=f"{APART}(?:JD[A-Z0-9]{{0,2}}|[A-Z]{{2}})[0-9]{{11}}",
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
            f"(?i){APART}"
            "(?:sf ?[0-9]{3} ?[0-9]{3}|(?:yt|jt|jd[a-z]{0,2}|lp|dpk|ky|zto?|sto?|yto|yd|jjd|tba|spx[a-z]{2}|nlid[a-z]{2}|lex[a-z]{2}|th|gm) ?[0-9]{6}"
            "|sf ?[0-9]{4} [0-9]{3}|nv[a-z]{2}[a-z0-9]{2,6}[0-9]{8}|1z ?[0-9a-z]{3} ?[0-9a-z]{3} ?[0-9a-z]{2} ?[0-9]{4} ?[0-9]{4})"
        ),
        verifier=re.compile(
            "(?<![0-9A-Za-z])(?:sf ?(?:[0-9]{12,15}|[0-9]{3,4}(?: [0-9]{3,5}){2,3})|yt ?[0-9]{13,15}|jt ?[0-9]{13}|jd[vxabk]?[a-z]? ?[0-9]{11,15}"
            "|lp ?[0-9]{14,16}|dpk ?[0-9]{9,14}|ky ?[0-9]{10,13}|zto? ?[0-9]{12,14}|sto? ?[0-9]{12,13}|yto ?[0-9]{12,15}|yd ?[0-9]{13}|jjd ?[0-9]{16,20}|tba ?[0-9]{12}"
            "|spx[a-z]{2} ?[0-9]{9,15}[a-z]?|nlid[a-z]{2}[0-9]{8,12}|nv[a-z]{2}[a-z0-9]{2,6}[0-9]{8,12}|lex[a-z]{2}[0-9]{8,12}[a-z]{0,2}|th[0-9]{6,14}[a-z][0-9]?"
            "|gm[0-9]{14,20}|1z ?[0-9a-z]{3} ?[0-9a-z]{3} ?[0-9a-z]{2} ?[0-9]{4} ?[0-9]{4})(?:-[0-9]{1,2}-[0-9]{1,3}-?)?(?![0-9A-Za-z])",
            re.IGNORECASE | re.ASCII,
        ),
        check=lambda found: sum(c.isdigit() for c in found[0]) >= 9 or None,
        checked=0.8,
    ),
)  # fmt: skip
