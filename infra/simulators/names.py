"""Parts of names by language, joined at random by `people`: the people that result do not exist.

Each list holds common name parts of its language. Given names of the Chinese list avoid characters that make common
words after a surname, so that a survivor scan does not mistake a word for a name.
"""

from __future__ import annotations

ZH_SURNAMES = (
    *(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
        "方石姚谭廖邹熊金陆郝孔崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    ),
    *"欧阳 司徒 上官 诸葛 慕容 夏侯 尉迟 皇甫 令狐 端木".split(),
)
ZH_GIVEN_FIRST = tuple("梓浩雨欣思宇佳俊晓嘉若奕诗景靖睿芷沐锦昕泽婉淑玉绍兆鸿振继慧丽秀艳桂建志国永家庆德荣")
ZH_GIVEN_LAST = tuple("涵轩怡彤萱然妍辰琪瑶宸霖婷娜媛颖薇岚蓉琳琦凯鹏磊超勇刚毅峰杰斌昊铭楠莹洁雯娟芬贞敏霞鑫")
ZH_SINGLE = tuple("涵轩妍琪霖婷媛颖薇琳琦鹏磊峰斌昊铭楠莹雯娟鑫")

EN_GIVEN = tuple(
    "Oliver Amelia Harper Ethan Chloe Mason Isla Lucas Freya Henry Ruby Jasper Nora Felix Hazel Silas Ivy Miles Clara "
    "Desmond Phoebe Callum Maeve Rowan Tessa Gideon Sylvie Barnaby Esther Malcolm Thea Rufus Beatrix Angus Cora Linus "
    "Odette Percy Wren Alistair Daphne Edmund Greta Howard Imogen Jerome Keira Leopold Mabel Nigel".split()
)
EN_FAMILY = tuple(
    "Whitlock Ashdown Pemberton Hargrave Loxley Fairbairn Thackeray Wetherby Ormsby Castlemaine Dunmore Eastgate "
    "Featherstone Garside Hollowell Inglewood Jessop Kirkbride Langstaff Merriweather Netherfield Oakhurst Penrose "
    "Quillfeather Ravenscroft Southgate Tillotson Underhill Vickery Wainwright Yarborough Applegarth Birkenshaw "
    "Colquitt Drinkwater Entwhistle Fotheringay Greenhalgh Hollingworth Illingsworth Kettlewell Lockridge".split()
)
ID_GIVEN = tuple(
    "Budi Siti Agus Dewi Eko Rina Bambang Wulan Hendra Ratna Joko Fitri Dimas Ayu Rizky Indah Yudi Lestari Arif Mega "
    "Bayu Sari Fajar Putri Galih Nurul Teguh Intan Wahyu Anggun".split()
)
ID_FAMILY = tuple(
    "Santoso Wijaya Pratama Hidayat Kusuma Nugroho Saputra Permana Setiawan Gunawan Hartono Susanto Wibowo Firmansyah "
    "Maulana Rahayu Utami Handayani Anggraini Puspitasari".split()
)
TH_GIVEN = tuple(
    "สมชาย สมหญิง ณัฐพล กนกวรรณ วิชัย พรทิพย์ ธนพล ศิริพร อนุชา จันทร์จิรา กิตติ รัตนา ปิยะ วราภรณ์ ชัยวัฒน์ มณีรัตน์ "
    "ธีรเดช อรทัย ภูมิ นภัสสร".split()
)
TH_FAMILY = tuple(
    "ใจดี รักไทย ศรีสุข วงศ์ทอง แสงจันทร์ บุญมี พงษ์พันธ์ ทองคำ สุขสวัสดิ์ มั่นคง เจริญผล ชูเกียรติ ดวงแก้ว นาคสวัสดิ์ พรหมมา อินทรวงศ์".split()
)
VI_FAMILY = tuple("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split())
VI_MIDDLE = tuple("Văn Thị Hữu Minh Thanh Ngọc Quốc Đức Hồng Kim Gia Bảo".split())
VI_GIVEN = tuple(
    "Anh Bình Châu Dũng Giang Hà Hải Hạnh Hùng Hương Khánh Lan Linh Long Mai Nam Nga Phúc Quân Thảo Trang Tú".split()
)
PT_GIVEN = tuple(
    "João Aline Pedro Beatriz Lucas Mariana Gustavo Camila Rafael Larissa Thiago Fernanda Bruno Juliana Mateus Letícia "
    "Vinícius Gabriela Rodrigo Patrícia Caio Renata".split()
)
PT_FAMILY = tuple(
    "Silva Souza Oliveira Pereira Carvalho Almeida Ribeiro Barbosa Cardoso Teixeira Moreira Nogueira Azevedo Figueiredo "
    "Cavalcanti Monteiro Batista Siqueira".split()
)
ES_GIVEN = tuple(
    "Lucía Mateo Valentina Santiago Camila Diego Sofía Andrés Paula Javier Elena Tomás Carmen Emilio Rocío Joaquín "
    "Marisol Ignacio Pilar Esteban".split()
)
ES_FAMILY = tuple(
    "García Fernández Rodríguez Morales Castillo Jiménez Navarro Domínguez Vázquez Serrano Molina Delgado Ortega Rubio "
    "Marín Sanz Iglesias Cortés".split()
)

#: Names of made-up screen characters: syllables that no list above holds, so that they collide with nobody's name.
CAST_ZH = tuple(
    a + b
    for a in ("云深", "顾长", "沈惊", "陆离", "白浅", "叶知", "苏云", "江枫")
    for b in ("渡", "歌", "鸿", "雪", "秋", "岚")
)
CAST_EN = tuple(
    f"{a} {b}"
    for a in ("Captain", "Doctor", "Old", "Little", "Queen", "Marshal")
    for b in ("Varo", "Quillon", "Emberly", "Tamsin", "Ostrander", "Brask", "Lumen", "Kestrel")
)
