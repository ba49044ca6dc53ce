"""Indonesian, Thai, Vietnamese, Portuguese and Spanish: shorter grammars for the same registers."""

ID = """
very: sangat | lumayan | benar-benar | cukup | agak
when: kemarin | minggu lalu | tadi pagi | dua hari lalu | malam Jumat
who: ibu saya | suami | teman kantor | adik | tetangga
days: dua hari | tiga hari | seminggu | keesokan harinya | empat hari
num: 2 | 3 | 4 | 5 | 7 | 10
colour: biru tua | krem | hijau lumut | abu-abu | merah marun
review: {r_open} {r_q} {r_logi} | {r_open} {r_q} {r_close} | {r_q} {r_logi} {r_close}
r_open: Beli {product} buat {who}. | Pesan {when}, sampai {days}. | Awalnya ragu sama {product} ini. | Sudah pakai {brand} yang ke-{num}.
r_q: {r_part} {very} {r_adj}, {r_part} juga {r_adj}. | Suka {r_part}nya, {very} {r_adj}. | Sayang {r_part} agak {r_flaw}, tapi masih oke.
r_part: bahan | jahitan | warna | kemasan | ukuran | suara | rasa
r_adj: bagus | rapi | kuat | lembut | ringan | nyaman
r_flaw: tipis | keras | bau | pudar
r_logi: Pengiriman {days} dari {city}, kotak aman. | Kurir ramah dan cepat. | Paket agak penyok tetapi isi aman.
r_close: Bakal beli lagi. | Rekomendasi. | Terima kasih penjual. | Bintang lima.
r_leak: Hubungi saya di {phone}. | Kirim katalog ke {email}. | Kalau mau tukar, WA {phone} atas nama {name}.
title: {brand} {product} {t_mod} {colour} | {product} {t_mod} isi {num}
t_mod: Premium | Anti Selip | Lipat | Ringan | Serbaguna
description: {product} dari {brand}, {t_mod} dan {r_adj}. Tersedia warna {colour} dan {colour}. Garansi {num} bulan. | Dibuat dari bahan pilihan, {product} ini {very} {r_adj} untuk dipakai {t_use}.
t_use: di rumah | di kantor | saat bepergian | setiap hari
comment: {c_a} | {c_a}, {c_b} | {product} itu merek apa ya? | lokasi di {city} sebelah mana?
c_a: keren banget | ngakak nontonnya | editannya {r_adj} | akhirnya update | sedih banget endingnya
c_b: lanjut part {num} | kirim ke {who} | ditunggu yang di {city}
c_leak: kerja sama email {email} | jual tiket, WA {phone}
caption: {cap_who} {cap_do} {cap_where} | {product} warna {colour} di atas meja
cap_who: seorang anak | dua kakek | kucing oranye | perempuan bertopi
cap_do: makan semangka | membaca | tersenyum | bermain layangan
cap_where: di taman | di pantai | di stasiun | di tepi danau
"""

TH = """
very: มาก | จริงๆ | พอสมควร | สุดๆ
when: เมื่อวาน | สัปดาห์ที่แล้ว | เมื่อเช้า | สองวันก่อน
who: แม่ | แฟน | เพื่อนที่ทำงาน | น้องสาว | เพื่อนบ้าน
days: สองวัน | สามวัน | หนึ่งสัปดาห์ | วันรุ่งขึ้น
num: 2 | 3 | 4 | 5 | 7 | 10
colour: สีกรม | สีครีม | สีเขียว | สีเทา | สีแดง
review: {r_open} {r_q} {r_logi} | {r_open} {r_q} {r_close} | {r_q} {r_logi} {r_close}
r_open: ซื้อ{product}ให้{who} | สั่ง{when} ได้ของใน{days} | ตอนแรกไม่แน่ใจกับ{product} | ใช้{brand}มา{num}ชิ้นแล้ว
r_q: {r_part}{r_adj}{very} {r_part}ก็{r_adj} | ชอบ{r_part}{very} รู้สึกว่า{r_adj} | เสียดายที่{r_part}{r_flaw}ไปหน่อย
r_part: เนื้อผ้า | สี | งานเย็บ | บรรจุภัณฑ์ | ขนาด | เสียง | รสชาติ
r_adj: ดี | แข็งแรง | นุ่ม | เบา | สวย | คุ้มราคา
r_flaw: บาง | แข็ง | มีกลิ่น | ซีด
r_logi: ส่งจาก{city} ใช้เวลา{days} กล่องเรียบร้อย | คนส่งของสุภาพ | กล่องบุบนิดหน่อยแต่ของไม่เสียหาย
r_close: จะซื้ออีกแน่นอน | แนะนำเลย | ขอบคุณร้านค้า | ให้ห้าดาว
r_leak: ติดต่อกลับที่เบอร์ {phone} | ส่งรายละเอียดมาที่ {email} | ชื่อ {name} โทร {phone}
title: {product} {brand} {t_mod} {colour} | {product}{t_mod} แพ็ค {num} ชิ้น
t_mod: รุ่นใหม่ | พกพา | กันลื่น | พับได้ | ขนาดใหญ่
description: {product}จาก {brand} {t_mod} {r_adj} มี{colour}และ{colour} รับประกัน {num} เดือน | {product}ชิ้นนี้ทำจากวัสดุคัดสรร {r_adj}{very} เหมาะกับการใช้ทุกวัน
comment: {c_a} | {c_a} {c_b} | {product}ยี่ห้ออะไรคะ | ร้านนี้อยู่ตรงไหนของ{city}
c_a: สนุกมาก | ขำจนน้ำตาไหล | ตัดต่อ{r_adj} | รอมานานแล้ว | ตอนจบเศร้า
c_b: รอตอนที่ {num} | ส่งให้{who}ดูแล้ว | อยากให้ไป{city}
c_leak: ติดต่องาน {email} | ขายบัตร โทร {phone}
caption: {cap_who}{cap_do}{cap_where} | {product}{colour}วางอยู่บนโต๊ะ
cap_who: เด็กผู้หญิง | คุณตาสองคน | แมวสีส้ม | ผู้หญิงสวมหมวก
cap_do: กำลังกินแตงโม | อ่านหนังสือ | ยิ้ม | เล่นว่าว
cap_where: ในสวน | ที่ชายหาด | ในสถานีรถไฟ | ริมทะเลสาบ
"""

VI = """
very: rất | khá | thật sự | cực kỳ
when: hôm qua | tuần trước | sáng nay | hai hôm trước
who: mẹ tôi | chồng tôi | đồng nghiệp | em gái | hàng xóm
days: hai ngày | ba ngày | một tuần | hôm sau
num: 2 | 3 | 4 | 5 | 7 | 10
colour: xanh đậm | màu kem | xanh rêu | xám nhạt | đỏ rượu
review: {r_open} {r_q} {r_logi} | {r_open} {r_q} {r_close} | {r_q} {r_logi} {r_close}
r_open: Mua {product} cho {who}. | Đặt {when}, {days} là có hàng. | Lúc đầu hơi phân vân về {product} này. | Đây là món thứ {num} tôi mua của {brand}.
r_q: Phần {r_part} {very} {r_adj}, {r_part} cũng {r_adj}. | Thích nhất là {r_part}, {very} {r_adj}. | Tiếc là {r_part} hơi {r_flaw}.
r_part: chất vải | đường may | màu sắc | bao bì | kích thước | âm thanh | hương vị
r_adj: đẹp | chắc chắn | mềm | nhẹ | gọn gàng | đáng tiền
r_flaw: mỏng | cứng | có mùi | phai màu
r_logi: Hàng gửi từ {city} mất {days}, hộp còn nguyên. | Anh giao hàng dễ thương. | Hộp hơi móp nhưng bên trong ổn.
r_close: Sẽ ủng hộ tiếp. | Nên mua nhé. | Cảm ơn cửa hàng. | Cho năm sao.
r_leak: Gọi tôi theo số {phone} nhé. | Gửi thông tin vào {email} giúp tôi. | Tên {name}, điện thoại {phone}.
title: {product} {brand} {t_mod} {colour} | {product} {t_mod} bộ {num} món
t_mod: cao cấp | chống trượt | gấp gọn | siêu nhẹ | đa năng
description: {product} của {brand}, {t_mod} và {r_adj}. Có màu {colour} và {colour}. Bảo hành {num} tháng. | Làm từ vật liệu chọn lọc, {product} này {very} {r_adj} khi dùng hằng ngày.
comment: {c_a} | {c_a}, {c_b} | {product} đó hiệu gì vậy? | quán này ở đâu {city} thế?
c_a: hay quá | cười đau cả bụng | dựng phim {r_adj} | cuối cùng cũng ra | kết buồn ghê
c_b: chờ phần {num} | gửi cho {who} xem rồi | làm tập về {city} đi
c_leak: hợp tác xin gửi {email} | bán vé, gọi {phone}
caption: {cap_who} {cap_do} {cap_where} | {product} {colour} trên bàn
cap_who: một bé gái | hai cụ ông | con mèo cam | người phụ nữ đội nón
cap_do: đang ăn dưa hấu | đọc sách | mỉm cười | thả diều
cap_where: trong công viên | trên bãi biển | ở nhà ga | bên hồ
"""

PT = """
very: muito | bem | realmente | bastante
when: ontem | na semana passada | hoje cedo | há dois dias
who: minha mãe | meu marido | uma colega | minha irmã | o vizinho
days: dois dias | três dias | uma semana | o dia seguinte
num: 2 | 3 | 4 | 5 | 7 | 10
colour: azul-marinho | creme | verde-musgo | cinza | vinho
review: {r_open} {r_q} {r_logi} | {r_open} {r_q} {r_close} | {r_q} {r_logi} {r_close}
r_open: Comprei para {who}: {product}. | Pedi {when} e chegou em {days}. | No começo eu não confiava. | É a {num}ª compra da {brand}.
r_q: O item tem {r_part} {very} {r_adj}. | Gostei do produto: {r_part} {r_adj}, {r_part} {r_adj}. | Pena que veio um pouco {r_flaw}.
r_part: acabamento | tecido | tamanho | som | cheiro | peso
r_adj: bom | firme | macio | leve | bonito | caprichado
r_flaw: fino | duro | desbotado | amassado
r_logi: Veio de {city} em {days}, caixa intacta. | O entregador foi gentil. | A caixa chegou amassada, mas tudo certo.
r_close: Compro de novo. | Recomendo. | Obrigado à loja. | Cinco estrelas.
r_leak: Me liguem no {phone}. | Mandem a nota para {email}. | Falar com {name}, {phone}.
title: {product} {brand} {t_mod} {colour} | {product} {t_mod} kit com {num}
t_mod: premium | antiderrapante | dobrável | compacto | multiuso
description: {product} da {brand}, {t_mod} e {r_adj}. Disponível em {colour} e {colour}. Garantia de {num} meses. | Feito com material selecionado, o produto é {very} {r_adj} no dia a dia.
comment: {c_a} | {c_a}, {c_b} | qual a marca do produto: {product}? | onde fica esse lugar em {city}?
c_a: que vídeo bom | ri demais | edição {r_adj} | finalmente saiu | chorei no final
c_b: faz a parte {num} | mandei para {who} | vai a {city}
c_leak: parcerias: {email} | vendo ingresso, {phone}
caption: {cap_who} {cap_do} {cap_where} | {product} na cor {colour} sobre a mesa
cap_who: uma menina | dois senhores | um gato laranja | uma mulher de chapéu
cap_do: comendo melancia | lendo | sorrindo | soltando pipa
cap_where: no parque | na praia | na estação | à beira do lago
"""

ES = """
very: muy | bastante | realmente | bien
when: ayer | la semana pasada | esta mañana | hace dos días
who: mi madre | mi esposo | una compañera | mi hermana | el vecino
days: dos días | tres días | una semana | un día
num: 2 | 3 | 4 | 5 | 7 | 10
colour: azul marino | crema | verde musgo | gris | vino
review: {r_open} {r_q} {r_logi} | {r_open} {r_q} {r_close} | {r_q} {r_logi} {r_close}
r_open: Compré esto para {who}: {product}. | Lo pedí {when} y llegó en {days}. | Al principio dudaba. | Ya llevo {num} compras de {brand}.
r_q: Tiene un {r_part} {very} {r_adj}. | Me gusta: {r_part} {r_adj}, {r_part} {r_adj}. | Lástima que vino algo {r_flaw}.
r_part: acabado | tejido | tamaño | sonido | aroma | peso
r_adj: bueno | firme | suave | ligero | bonito | cuidado
r_flaw: delgado | duro | descolorido | golpeado
r_logi: Salió de {city} y tardó {days}, caja intacta. | El repartidor fue amable. | La caja llegó golpeada, pero todo bien.
r_close: Volveré a comprar. | Lo recomiendo. | Gracias a la tienda. | Cinco estrellas.
r_leak: Llámenme al {phone}. | Envíen la factura a {email}. | Pregunten por {name}, {phone}.
title: {product} {brand} {t_mod} {colour} | {product} {t_mod} paquete de {num}
t_mod: premium | antideslizante | plegable | compacto | multiusos
description: {product} de {brand}, {t_mod} y {r_adj}. Disponible en {colour} y {colour}. Garantía de {num} meses. | Hecho con material elegido, es {very} {r_adj} para el uso diario.
comment: {c_a} | {c_a}, {c_b} | ¿qué marca es ese producto: {product}? | ¿dónde queda ese lugar en {city}?
c_a: qué buen video | me reí mucho | edición {r_adj} | por fin salió | lloré al final
c_b: haz la parte {num} | se lo mandé a {who} | ven a {city}
c_leak: contacto: {email} | vendo boleto, {phone}
caption: {cap_who} {cap_do} {cap_where} | {product} color {colour} sobre la mesa
cap_who: una niña | dos señores | un gato naranja | una mujer con sombrero
cap_do: comiendo sandía | leyendo | sonriendo | volando una cometa
cap_where: en el parque | en la playa | en la estación | junto al lago
"""
