"""Words that stand beside personal data, by entity and language. Data, not grammar: add to it freely."""

from __future__ import annotations


def listed(words: str) -> tuple[str, ...]:
    """The words of a text, set apart by commas."""
    return tuple(word.strip() for word in words.split(",") if word.strip())


def spaced(words: str) -> frozenset[str]:
    """The words of a text, set apart by spaces."""
    return frozenset(words.split())


PHONE: dict[str, tuple[str, ...]] = {
    "zh": listed(
        "电话, 手机, 联系方式, 联系人, 联系我, 联系他, 联系她, 联系, 热线, 座机, 固话, 总机, 分机, 致电, "
        "拨打, 来电, 打给, 短信, 传真, 机主, 收件人, 收货人, 寄件人, 收货, 收件, 收貨, 记一下, 记下, 记好, 号码, 前台, 預約, 致電, "
        "预约, 咨询, 客服, 專線, 专线, 電話, 手機, 聯絡, 聯繫, 傳真, 撥打, 來電, 市話, 熱線, 號碼, 諮詢"
    ),
    "en": listed(
        "tel, tels, telephone, phone, phones, mobile, mob, cell, cellphone, call, calling, called, calls, "
        "contact*, whatsapp, sms, text, texted, fax, dial, dialing, dialling, hotline, helpline, "
        "reach, ring, rang, answering, messages to, registered, ask for, speak to, spoke to, talk to, hp, "
        "number is, number's, number, callback, voicemail, landline, telefax, ph, phone no, "
        "msisdn, recipient, receiver, consignee"
    ),
    "es": listed(
        "teléf*, telef*, tfno, tlf, tlfno, móvil*, movil, celular*, cel, llam*, llám*, marcar, marque, marca al, fijo, "
        "contact*, número, numero, núm, whatsapp, wasap, guasap, escrib*, escríb*, anota*"
    ),
    "pt": listed(
        "telefon*, fone, celular*, telemóvel, telemovel, contat*, ligar, ligue*, liga, liguem, falar com, fale com, "
        "chamar, chame, zap, whats, fixo, número, numero"
    ),
    "fr": listed("téléphon*, telephon*, portable, appel*, numéro, joindre"),
    "de": listed("telefon*, rufnummer, handy*, anruf*, mobil*, nummer"),
    "ko": listed("전화, 연락처, 휴대폰, 핸드폰, 휴대전화, 폰번호, 번호, 문자, 팩스, 연락, 콜센터"),
    "ja": listed("電話, 携帯, 連絡, ファックス, ケータイ, 番号, でんわ"),
    "vi": listed("điện thoại, dien thoai, sđt, sdt, đt, di động, liên hệ, lien he, gọi, zalo, số máy, số, liên lạc"),
    "th": listed("โทร, เบอร์, มือถือ, ติดต่อ, แฟกซ์, หมายเลข"),
    "id": listed(
        "telepon, telpon, telp, tlp, nomor, nomer, hubungi, kontak, wa, ponsel, handphone, faks, no hp, nohp, sms"
    ),
    "ms": listed("telefon, bimbit, hubungi, faks, nombor"),
    "ru": listed("телефон, тел, моб, сотов, звон, позвон, номер, факс, ватсап, вотсап, вацап, связ"),
    "tl": listed("tawag, numero, telepono, selpon"),
}

PHONE_FOLLOWING = listed(
    "电话, 手机, 電話, 手機, 的号, 的號, 我号, 打这个, tel, phone, mobile, cell, cellphone, whatsapp, fax, office, home, ext, "
    "mi cel, mi celular, mi móvil, meu cel, meu celular, meu zap, nomor saya, số của em, số mình, 제 번호, 제 폰, เบอร์ผม, เบอร์ฉัน, "
    "мой номер, это мой"
)
PHONE_ADJACENT = listed("打, 拨, 电, 联, T, M, P, F, H, ☎, 📞, 📱, ✆, ℡, ☏, 📲")

#: What a number near a phone word is when one of these stands nearer.
NOT_PHONE = listed(
    "订单, 单号, 运单, 快递单, 编号, 工号, 学号, 邮编, 房号, 门牌, 价格, 价钱, 金额, 总价, 人均, 税号, 卡号, "
    "账号, 帐号, 身份证, 证号, 面积, 尺码, 货号, 型号, 流水号, 批次, 序列号, 验证码, 密码, 股票, 代码, "
    "取件码, 提货码, 訂單, 單號, 編號, 帳號, 統編, 郵編, 驗證碼, order, order no, order number, invoice, "
    "price, zip, zip code, postcode, postal code, tracking, tracking number, sku, isbn, ref, reference, "
    "reference number, account, account number, card number, serial number, serial, case number, ticket, "
    "ticket number, passport number, amount, total, pin, otp, ssn, social security, social security number, "
    "model number, flight number, item number, part number, policy number, license number, licence number, "
    "qty, quantity, pedido, factura, precio, importe, cuenta, código postal, nota fiscal, preço, conta, cep, "
    "주문, 주문번호, 운송장, 송장, 계좌, 금액, 가격, 우편번호, 注文, 注文番号, 口座, 郵便番号, 価格, "
    "đơn hàng, mã đơn, mã vận đơn, tài khoản, số tài khoản, giá, เลขบัญชี, บัญชี, คำสั่งซื้อ, ราคา, พัสดุ, "
    "pesanan, resi, rekening, nomor rekening, nomor resi, nomor pesanan, harga, kode pos, заказ, "
    "номер заказ, счет, счёт, индекс, цена, сумма, карт, номер карт, трек, накладн, "
    "issn, lccn, oclc, ean, upc, gtin, mpn, asin, hs code, ncm, part no, part number, item no, article no, article number, catalogue no, "
    "catalog no, style no, lot no, batch no, class action no, serial range, population, número de artículo, número de referencia, "
    "número de serie, número de lote, referencia, código de barras, número do produto, número de série, código de barras, "
    "开奖号码, 中奖号码, 幸运号码, 股票号码, 发票号码, 刊号, 条形码, 条码, 상품번호, 상품 번호, 제품번호, 제품 번호, 상품코드, 신고번호, 허가번호, 등록번호, 모델번호, "
    "일련번호, 사건번호, 문서번호, 접수번호, 관리번호, 고유번호, 게시번호, 당첨번호, 인증번호, 품목번호, 제조번호, "
    "dân số, luật số, xổ số, số công bố, quyết định số, nghị định số, thông tư số, công văn số, tỷ số, hệ số, chỉ số, mã số, doanh số, điểm số, số lô, số seri, "
    "nomor produk, nomor seri, nomor artikel, штрихкод, артикул, партия, лицензия, приказ"
)

CN_ID: dict[str, tuple[str, ...]] = {
    "zh": listed(
        "身份证, 身分证, 身份證, 身分證, 证件号, 证件, 证号, 公民身份, 居民身份, 实名, 證件, 身份号码, 户口, "
        "身份信息, sfz, id号, 身份正, 生份证"
    ),
    "en": listed("id card, identity card, id number, id no, id, national id, resident id, identification"),
}

CARD: dict[str, tuple[str, ...]] = {
    "zh": listed(
        "银行卡, 卡号, 卡, 信用卡, 储蓄卡, 借记卡, 工资卡, 账号, 帐号, 账户, 帐户, 开户行, 打款, 转账, 汇款, "
        "尾号, 工行, 建行, 农行, 中行, 招行, 交行, 银行, 銀行卡, 卡號, 帳號, 帳戶, 信用卡號, 轉帳, 轉賬, "
        "銀行"
    ),
    "en": listed(
        "card, credit card, debit card, card number, card no, visa, mastercard, amex, american express, "
        "unionpay, maestro, discover, jcb, diners, credit, debit, cc, pan, bank card, bank account, "
        "account number"
    ),
    "es": listed("tarjeta, crédito, débito, cuenta"),
    "pt": listed("cartão, cartao, crédito, débito"),
    "fr": listed("carte"),
    "de": listed("karte, kreditkarte, kartennummer"),
    "ko": listed("카드, 신용카드, 계좌"),
    "ja": listed("カード, クレジット"),
    "vi": listed("thẻ, số thẻ, tài khoản"),
    "th": listed("บัตร, เลขบัตร"),
    "id": listed("kartu, kredit, rekening"),
    "ru": listed("карт, счет, счёт"),
}

#: What a long number near a card or identity word is when one of these stands nearer.
NOT_CARD = listed(
    "订单, 单号, 运单, 快递, 物流, 流水号, 商户单号, 交易号, 订单号, 訂單, 單號, order, tracking, waybill, "
    "shipment, parcel, invoice, pedido, 주문, 운송장, resi, заказ, isbn, ean, imei, iccid"
)

EMAIL: dict[str, tuple[str, ...]] = {
    "zh": listed("邮箱, 邮件, 电邮, 邮址, 信箱, 郵箱, 郵件, 電郵"),
    "en": listed("email, e-mail, mail, emails, e-mails, mailbox"),
    "es": listed("correo, correo electrónico"),
    "pt": listed("e-mail, email, correio"),
    "ko": listed("이메일, 메일"),
    "ja": listed("メール"),
    "vi": listed("email, thư điện tử"),
    "th": listed("อีเมล, อีเมล์"),
    "id": listed("surel, email"),
    "ru": listed("почт, емейл, имейл, мейл"),
}

DEVICE: dict[str, tuple[str, ...]] = {
    "zh": listed(
        "mac, mac地址, mac码, 物理地址, 硬件地址, 网卡, 网卡地址, 无线地址, 蓝牙地址, 蓝牙mac, 实体地址, 網卡, 實體地址, 藍牙位址, 藍牙地址, mac位址, 路由器地址, wifi地址"
    ),
    "en": listed(
        "mac, mac address, mac addr, mac id, hardware address, physical address, ethernet, ether, hwaddr, bssid, bluetooth, bluetooth address, wlan, wifi address, dirección mac, endereço mac, alamat mac, địa chỉ mac"
    ),
}
