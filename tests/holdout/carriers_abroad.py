"""Messages of the marketplace languages; slots as in `carriers_zh`."""

from __future__ import annotations

from tests.holdout.carriers_zh import Carriers


def _of(genre_and_text: str) -> tuple[tuple[str, str], ...]:
    """Lines of ``genre|text``; ``\\n`` inside a text is a line break."""
    lines = [line.strip() for line in genre_and_text.strip().splitlines()]
    return tuple((line.partition("|")[0], line.partition("|")[2].replace("\\n", "\n")) for line in lines)


def _both(dev: str, held: str) -> Carriers:
    return _of(dev), _of(held)


FAMILIES: dict[str, Carriers] = {
    "en_labelled": _both(
        """chat|Hi, my {l} is {x}, could you check the status?
        form|{l}: {x}
        chat|{l} {x} thanks
        email|Please find my {l} below.\\n{x}\\nKind regards
        forum|I keep getting an error when I type my {l} ({x}), anyone else?""",
        """chat|sorry typo, the {l} should be {x}
        form|{l} | {x} | verified
        review|They asked for my {l} twice, I gave {x} and still no refund
        notice|The {l} on file, {x}, does not match our records.
        chat|here you go - {l} = {x}""",
    ),
    "en_phone": _both(
        """chat|call me at {x} when you arrive
        chat|you can reach me on {x}, after 6pm
        courier_message|Rider is outside, contact {x}""",
        """chat|text {x} if nobody answers the door
        chat|my number changed, it's {x} now
        email|Should you need anything, ring {x}.""",
    ),
    "ms_labelled": _both(
        """chat|Hai, {l} saya {x}, tolong semak ya
        form|{l}: {x}
        chat|{l} {x}, bila sampai?""",
        """chat|maaf, {l} yang betul ialah {x}
        form|{l} - {x} (disahkan)
        review|Sudah beri {l} {x} tapi tiada jawapan""",
    ),
    "ms_phone": _both(
        "chat|boleh telefon saya di {x} selepas jam 5\nchat|hubungi {x} kalau barang sampai",
        "chat|nombor baru saya {x}\nchat|WhatsApp {x} untuk alamat",
    ),
    "id_labelled": _both(
        """chat|Kak, {l} saya {x}, mohon dicek
        form|{l}: {x}
        chat|ini {l}nya {x} ya gan
        forum|isi {l} ({x}) kok gagal terus ya""",
        """chat|maaf salah ketik, {l} yang benar {x}
        form|{l} = {x} | sudah diverifikasi
        review|Sudah kirim {l} {x}, tapi paket belum dikirim juga
        email|Berikut {l} saya: {x}. Terima kasih.""",
    ),
    "id_phone": _both(
        "chat|hubungi {x} aja ya kak\nchat|kalau sudah sampai telepon ke {x}\ncourier_message|Kurir di depan rumah, hubungi {x}",
        "chat|chat ke {x} biar cepat\nchat|nomor saya ganti jadi {x}\nreview|sudah ditelepon ke {x} tidak diangkat",
    ),
    "th_labelled": _both(
        """chat|{l}ของฉันคือ{x}ค่ะ รบกวนเช็คให้หน่อย
        form|{l}: {x}
        chat|{l} {x} ครับ""",
        """chat|ขอโทษค่ะ {l}ที่ถูกคือ {x}
        form|{l} | {x} | ตรวจสอบแล้ว
        review|ให้{l}{x}ไปแล้วแต่ยังไม่ได้เงินคืน""",
    ),
    "th_phone": _both(
        "chat|ถึงแล้วโทรหา{x}นะคะ\nchat|ติดต่อได้ที่ {x} ครับ",
        "chat|เปลี่ยนเบอร์เป็น{x}แล้วนะ\nchat|ส่งไม่ถูกให้โทร {x} ได้เลยค่ะ",
    ),
    "vi_labelled": _both(
        """chat|{l} của mình là {x}, shop kiểm tra giúp nhé
        form|{l}: {x}
        chat|dạ {l} {x} ạ""",
        """chat|xin lỗi em ghi nhầm, {l} đúng là {x}
        form|{l} - {x} - đã xác minh
        review|Đã gửi {l} {x} mà vẫn chưa hoàn tiền""",
    ),
    "vi_phone": _both(
        "chat|giao tới thì gọi {x} nha shop\nchat|liên hệ {x} giúp em",
        "chat|số mới của chị là {x}\nchat|không có nhà thì nhắn {x} nhé",
    ),
    "ko_labelled": _both(
        """chat|제 {l}는 {x}입니다 확인 부탁드려요
        form|{l}: {x}
        chat|{l} {x} 로 조회해 주세요""",
        """chat|아 잘못 적었네요 {l} {x}로 바꿔주세요
        form|{l} | {x} | 확인 완료
        review|{l}({x})까지 알려줬는데 아직도 답이 없네요""",
    ),
    "ko_phone": _both(
        "chat|도착하면 {x}로 전화 주세요\nchat|{x}으로 문자 남겨주세요",
        "chat|번호 바뀌었어요 {x}\nchat|문 앞에 두시고 {x}에 연락 바랍니다",
    ),
    "pt_labelled": _both(
        """chat|Oi, {l}: {x}, pode verificar por favor?
        form|{l}: {x}
        chat|segue {l} {x}
        email|Bom dia, informo {l} {x} para a nota fiscal.""",
        """chat|desculpa, digitei errado, {l} certo é {x}
        form|{l} | {x} | conferido
        review|Passei {l} {x} e até agora nada do reembolso
        notice|Consta em nosso cadastro {l} nº {x}.""",
    ),
    "pt_phone": _both(
        "chat|me liga no {x} quando chegar\nchat|qualquer coisa chama no {x}\ncourier_message|Entregador no portão, ligar para {x}",
        "chat|mudei de número, agora é {x}\nchat|manda mensagem pro {x} se não tiver ninguém\nemail|Estou à disposição pelo {x}.",
    ),
    "es_labelled": _both(
        """chat|Hola, mi {l} es {x}, ¿pueden revisar?
        form|{l}: {x}
        chat|{l} {x} gracias
        email|Buenos días, adjunto {l} {x} para la factura.""",
        """chat|perdón, lo escribí mal, {l} correcto: {x}
        form|{l} | {x} | verificado
        review|Les di {l} {x} y todavía no me devuelven el dinero
        notice|Figura en el sistema {l} n.º {x}.""",
    ),
    "es_phone": _both(
        "chat|llámame al {x} cuando llegues\nchat|cualquier cosa al {x}\ncourier_message|Repartidor en la puerta, comunicarse al {x}",
        "chat|cambié de número, ahora es el {x}\nchat|si no hay nadie escribe al {x}\nemail|Quedo atento en el {x}.",
    ),
    "ru_labelled": _both(
        """chat|Здравствуйте, {l} {x}, проверьте пожалуйста
        form|{l}: {x}
        chat|вот {l} — {x}""",
        """chat|извините, ошибся, {l} правильный: {x}
        form|{l} | {x} | проверено
        review|Дал {l} {x}, деньги так и не вернули""",
    ),
    "ru_phone": _both(
        "chat|позвоните на {x}, как приедете\nchat|пишите в вотсап {x}",
        "chat|номер сменился, теперь {x}\nchat|если никого нет, наберите {x}",
    ),
}

#: Name, telephone and address in one message.
RECIPIENTS: dict[str, Carriers] = {
    "en": _both(
        "form|Ship to: {name}\\n{address}\\nPhone: {phone}\nchat|please send it to {name}, {address}, phone {phone}\nform|Recipient {name} / {phone} / {address}",
        "form|Deliver to\\n{name}\\n{phone}\\n{address}\nchat|new address: {address}. Name is {name}, call {phone}\nform|Consignee: {name}; Tel: {phone}; Address: {address}",
    ),
    "es": _both(
        "form|Destinatario: {name}\\nDirección: {address}\\nTeléfono: {phone}\nchat|envíalo a {name}, {address}, cel {phone}",
        "form|Nombre: {name}\\nTel.: {phone}\\nDomicilio: {address}\nchat|cambien la dirección a {address}, recibe {name}, {phone}",
    ),
    "pt": _both(
        "form|Destinatário: {name}\\nEndereço: {address}\\nTelefone: {phone}\nchat|manda pra {name}, {address}, tel {phone}",
        "form|Nome: {name}\\nCelular: {phone}\\nEntrega: {address}\nchat|novo endereço: {address}, quem recebe é {name}, {phone}",
    ),
    "id": _both(
        "form|Penerima: {name}\\nAlamat: {address}\\nNo. HP: {phone}\nchat|kirim ke {name} ya, {address}, {phone}",
        "form|Nama: {name}\\nTelp: {phone}\\nAlamat lengkap: {address}\nchat|alamat baru: {address}, atas nama {name}, {phone}",
    ),
    "ms": _both(
        "form|Penerima: {name}\\nAlamat: {address}\\nTelefon: {phone}",
        "form|Nama: {name}\\nTel: {phone}\\nAlamat penghantaran: {address}",
    ),
    "vi": _both(
        "form|Người nhận: {name}\\nĐịa chỉ: {address}\\nSĐT: {phone}\nchat|gửi cho {name}, {address}, sđt {phone}",
        "form|Họ tên: {name}\\nĐiện thoại: {phone}\\nGiao đến: {address}\nchat|địa chỉ mới: {address}, người nhận {name}, {phone}",
    ),
    "th": _both(
        "form|ชื่อผู้รับ: {name}\\nที่อยู่: {address}\\nโทร: {phone}\nchat|ส่งที่ {address} ชื่อคุณ{name} โทร {phone}",
        "form|ผู้รับ {name}\\nเบอร์ {phone}\\nจัดส่งที่ {address}\nchat|เปลี่ยนที่อยู่เป็น {address} ผู้รับคุณ{name} {phone}",
    ),
    "ko": _both(
        "form|받는 분: {name}\\n주소: {address}\\n전화번호: {phone}\nchat|{address} {name} {phone} 으로 보내주세요",
        "form|수령인 {name}\\n연락처 {phone}\\n배송지 {address}\nchat|주소 변경이요 {address}, 받는 사람 {name}, {phone}",
    ),
    "ru": _both(
        "form|Получатель: {name}\\nАдрес: {address}\\nТелефон: {phone}\nchat|отправьте {name}, {address}, тел. {phone}",
        "form|ФИО: {name}\\nТел: {phone}\\nАдрес доставки: {address}\nchat|новый адрес: {address}, получает {name}, {phone}",
    ),
}
