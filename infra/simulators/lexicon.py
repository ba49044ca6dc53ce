"""What the demo units sell and film, in every language that they write."""

from __future__ import annotations

from infra.simulators.people import LANGUAGES

#: category | zh | en | id | th | vi | pt | es
_GOODS = """
wear|连帽卫衣|hooded sweatshirt|jaket hoodie|เสื้อฮู้ด|áo hoodie|moletom com capuz|sudadera con capucha
wear|羊毛围巾|wool scarf|syal wol|ผ้าพันคอขนสัตว์|khăn len|cachecol de lã|bufanda de lana
wear|帆布鞋|canvas shoes|sepatu kanvas|รองเท้าผ้าใบ|giày vải|tênis de lona|zapatillas de lona
wear|防晒衣|sun jacket|jaket anti matahari|เสื้อกันแดด|áo chống nắng|jaqueta de proteção solar|chaqueta solar
wear|牛仔裤|pair of jeans|celana jin|กางเกงยีนส์|quần bò|calça jeans|pantalón vaquero
wear|真丝睡衣|silk pyjamas|piyama sutra|ชุดนอนผ้าไหม|bộ đồ ngủ lụa|pijama de seda|pijama de seda
home|保温杯|vacuum flask|termos|กระติกน้ำร้อน|bình giữ nhiệt|garrafa térmica|termo
home|空气炸锅|air fryer|penggoreng udara|หม้อทอดไร้น้ำมัน|nồi chiên không dầu|fritadeira elétrica|freidora de aire
home|床上四件套|bedding set|set seprai|ชุดผ้าปูที่นอน|bộ ga giường|jogo de cama|juego de sábanas
home|台灯|desk lamp|lampu meja|โคมไฟตั้งโต๊ะ|đèn bàn|luminária de mesa|lámpara de escritorio
home|收纳箱|storage box|kotak penyimpanan|กล่องเก็บของ|hộp đựng đồ|caixa organizadora|caja organizadora
home|乳胶枕|latex pillow|bantal lateks|หมอนยางพารา|gối cao su|travesseiro de látex|almohada de látex
home|电热水壶|electric kettle|ketel listrik|กาต้มน้ำไฟฟ้า|ấm đun nước|chaleira elétrica|hervidor eléctrico
home|加湿器|humidifier|pelembap udara|เครื่องทำความชื้น|máy tạo ẩm|umidificador|humidificador
tech|蓝牙耳机|wireless earphones|earphone nirkabel|หูฟังไร้สาย|tai nghe không dây|fone sem fio|auriculares inalámbricos
tech|机械键盘|mechanical keyboard|papan ketik mekanis|คีย์บอร์ดกลไก|bàn phím cơ|teclado mecânico|teclado mecánico
tech|充电宝|power bank|bank daya|พาวเวอร์แบงก์|pin dự phòng|carregador portátil|batería externa
tech|平板支架|tablet stand|dudukan tablet|ขาตั้งแท็บเล็ต|giá đỡ máy tính bảng|suporte de tablet|soporte de tableta
tech|运动手表|sports watch|jam olahraga|นาฬิกาออกกำลังกาย|đồng hồ thể thao|relógio esportivo|reloj deportivo
tech|投影仪|projector|proyektor|โปรเจกเตอร์|máy chiếu|projetor|proyector
tech|数据线|charging cable|kabel pengisi daya|สายชาร์จ|cáp sạc|cabo de carga|cable de carga
food|冻干咖啡|freeze-dried coffee|kopi beku kering|กาแฟฟรีซดราย|cà phê sấy lạnh|café liofilizado|café liofilizado
food|手工挂面|hand-pulled noodles|mi buatan tangan|เส้นหมี่ทำมือ|mì thủ công|macarrão artesanal|fideos artesanales
food|坚果礼盒|nut gift box|kotak kacang|กล่องถั่วของขวัญ|hộp quà hạt|caixa de castanhas|caja de frutos secos
food|明前绿茶|spring green tea|teh hijau|ชาเขียว|trà xanh|chá verde|té verde
food|蜂蜜柚子茶|honey citron tea|teh madu jeruk|ชาน้ำผึ้งส้มยูสุ|trà mật ong|chá de mel e cidra|té de miel y cidra
food|芒果干|dried mango|mangga kering|มะม่วงอบแห้ง|xoài sấy|manga desidratada|mango seco
care|洗面奶|face wash|pembersih wajah|โฟมล้างหน้า|sữa rửa mặt|gel de limpeza|limpiador facial
care|防晒霜|sunscreen|tabir surya|ครีมกันแดด|kem chống nắng|protetor solar|protector solar
care|护手霜|hand cream|krim tangan|ครีมทามือ|kem dưỡng tay|creme para as mãos|crema de manos
care|洗发水|shampoo|sampo|แชมพู|dầu gội|xampu|champú
care|电动牙刷|electric toothbrush|sikat gigi elektrik|แปรงสีฟันไฟฟ้า|bàn chải điện|escova elétrica|cepillo eléctrico
kids|积木玩具|building blocks|balok mainan|ตัวต่อ|đồ chơi xếp hình|blocos de montar|bloques de construcción
kids|婴儿推车|baby pushchair|kereta bayi|รถเข็นเด็ก|xe đẩy em bé|carrinho de bebê|cochecito de bebé
kids|儿童绘本|picture book|buku bergambar|หนังสือภาพเด็ก|sách tranh|livro ilustrado|libro ilustrado
kids|学饮杯|sippy cup|gelas bayi|แก้วหัดดื่ม|cốc tập uống|copo de treinamento|vaso de aprendizaje
sport|瑜伽垫|yoga mat|matras yoga|เสื่อโยคะ|thảm yoga|tapete de ioga|esterilla de yoga
sport|露营帐篷|camping tent|tenda kemah|เต็นท์|lều cắm trại|barraca de acampamento|tienda de campaña
sport|登山杖|trekking pole|tongkat gunung|ไม้เท้าเดินป่า|gậy leo núi|bastão de caminhada|bastón de senderismo
sport|羽毛球拍|badminton racket|raket bulu tangkis|ไม้แบดมินตัน|vợt cầu lông|raquete de badminton|raqueta de bádminton
sport|骑行头盔|cycling helmet|helm sepeda|หมวกจักรยาน|mũ bảo hiểm xe đạp|capacete de ciclismo|casco de ciclismo
pets|猫抓板|cat scratcher|papan cakar kucing|ที่ลับเล็บแมว|bàn cào móng mèo|arranhador de gato|rascador para gatos
pets|狗粮|dog food|makanan anjing|อาหารสุนัข|thức ăn cho chó|ração para cães|alimento para perros
pets|自动饮水机|pet fountain|air mancur hewan|น้ำพุสัตว์เลี้ยง|máy uống nước thú cưng|bebedouro automático|fuente para mascotas
"""

BRANDS = tuple(
    "Norvale 云雀 Tindra 山野集 Ombrio 拾光 Kestra 白鹭洲 Lumora 青禾 Varnell 小满 Ostrelle 木与石 Pimlico-9 南屿 Quellan 一朵云 "
    "Ravello 北斗屋 Solmara 橘子海 Tarnwick 半夏 Ulmera 有光 Wexford-7 长风".split()
)

GOODS: tuple[tuple[str, dict[str, str]], ...] = tuple(
    (parts[0], dict(zip(LANGUAGES, parts[1:], strict=True)))
    for parts in (line.split("|") for line in _GOODS.split("\n") if line)
)

LATIN_BRANDS = tuple(brand for brand in BRANDS if brand.isascii())
