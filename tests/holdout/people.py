"""Names and addresses put together at random from common parts. Nobody is meant; doors and communities are invented.

Each list has two halves, for ``dev`` and ``heldout``: a part of one never stands in the other.
"""

from __future__ import annotations

from random import Random

#: (development, held out)
Halves = tuple[tuple[str, ...], tuple[str, ...]]


def halves(dev: str, held: str) -> Halves:
    return tuple(dev.split()), tuple(held.split())


SURNAMES = halves(
    "王 李 张 陈 杨 周 吴 孙 朱 胡 何 罗 宋 韩 邓 曹 曾 田 潘 袁 余 杜 魏 汪 任 欧阳 上官 诸葛 邹 熊 邱 侯",
    "刘 赵 黄 徐 马 高 林 郭 梁 谢 唐 许 冯 程 彭 吕 苏 蒋 蔡 贾 丁 薛 叶 阎 姜 司马 皇甫 尉迟 范 方 石 姚",
)
GIVEN = halves(
    "伟 芳 娜 敏 静 磊 洋 艳 勇 军 杰 涛 超 霞 平 刚 桂英 建国 志强 秀兰 小明 子涵 雨桐 浩然 梓萱 一诺 思远 嘉怡 国栋 晓燕 玉梅 文博",
    "强 丽 明 鹏 燕 斌 宇 婷 波 辉 倩 亮 琳 旭 慧 凯 淑珍 海燕 建华 玉兰 俊杰 欣怡 宇轩 诗涵 子轩 佳琪 晨曦 天佑 雅婷 振东 春梅 立群",
)
DIVISIONS = halves(
    "广东省深圳市南山区 北京市朝阳区 浙江省杭州市余杭区 江苏省苏州市吴中区 四川省成都市武侯区 湖北省武汉市洪山区 上海市浦东新区"
    " 福建省泉州市晋江市 河南省郑州市金水区 山东省青岛市市北区 陕西省西安市雁塔区 云南省昆明市官渡区",
    "广东省广州市天河区 上海市闵行区 江苏省南京市鼓楼区 浙江省宁波市鄞州区 湖南省长沙市岳麓区 重庆市渝北区 天津市南开区"
    " 辽宁省沈阳市皇姑区 安徽省合肥市蜀山区 河北省石家庄市裕华区 广西南宁市青秀区 黑龙江省哈尔滨市南岗区",
)
ROADS = halves(
    "创新三路 望湖东街 青石巷 建设北大道 桃源路 翠竹街 兴业大道 白云二路 学府东路 胜利西街",
    "科苑中路 长风南街 柳叶胡同 人民西路 滨河大道 梧桐街 工业五路 和平里东街 育才路 银杏大道",
)
ESTATES = halves(
    "阳光花园 碧水湾 金桂苑 翡翠城 书香名邸 锦绣家园 云栖里 望江公馆",
    "绿洲新村 春晓苑 御景湾 星河名居 紫藤小区 东方明珠城 幸福里 山水华庭",
)
TOWNS = halves("石桥镇河东村 柳林乡大王庄 龙泉镇新塘村", "双河镇李家沟村 青山乡北坡村 平安镇前进村")


def zh_name(rng: Random, half: int) -> str:
    return rng.choice(SURNAMES[half]) + rng.choice(GIVEN[half])


def _door_zh(rng: Random, half: int) -> str:
    estate = rng.choice(ESTATES[half])
    block, unit, room = rng.randint(1, 38), rng.randint(1, 6), rng.randint(1, 32) * 100 + rng.randint(1, 8)
    forms = (
        (
            f"{estate}{block}栋{unit}单元{room}室",
            f"{estate}{block}号楼{room}",
            f"{estate}{block}-{unit}-{room}",
            f"{estate}{rng.choice('ABC')}座{room}房",
        ),
        (
            f"{estate}{block}幢{room}室",
            f"{estate}{block}号楼{unit}单元{room}",
            f"{estate}{rng.choice('东西南北')}区{block}栋{room}",
            f"{estate}{block}#{room}",
        ),
    )
    return rng.choice(forms[half])


def zh_address(rng: Random, half: int) -> str:
    """A full address down to the door; one in eight in a village."""
    division = rng.choice(DIVISIONS[half])
    if rng.random() < 0.125:
        return f"{division}{rng.choice(TOWNS[half])}{rng.randint(1, 12)}组{rng.randint(1, 180)}号"
    road = f"{rng.choice(ROADS[half])}{rng.randint(1, 699)}号"
    if half and rng.random() < 0.2:
        return f"{division} {road} {_door_zh(rng, half)}"
    return f"{division}{road}{_door_zh(rng, half)}"


_ABROAD: dict[str, tuple[Halves, Halves, str]] = {
    "en": (
        halves("Amelia Jordan Chloe Marcus Priya Ethan Grace Oliver", "Hannah Tobias Naomi Derek Anita Callum Ruth Peter"),
        halves("Whitfield Carver Mendis Okafor Tan Reyes Hughes Lim", "Thornton Barlow Nair Santos Goh Fletcher Adeyemi Ong"),
        "{f} {l}",
    ),
    "es": (
        halves("Lucía Mateo Valentina Javier Camila Andrés Rocío Diego", "Sofía Hugo Mariana Tomás Paula Gonzalo Ximena Iván"),
        halves("Fernández Quispe Morales Rojas Herrera Castillo Peña Vargas", "Gutiérrez Mamani Salazar Cárdenas Ibáñez Paredes Núñez Acosta"),
        "{f} {l} {m}",
    ),
    "pt": (
        halves("Beatriz Rafael Larissa Thiago Camila Gustavo Juliana Felipe", "Mariana Leonardo Fernanda Caio Patrícia Vinícius Aline Rodrigo"),
        halves("Oliveira Souza Ferreira Barbosa Teixeira Moreira Nogueira Prado", "Carvalho Almeida Rocha Cardoso Ramos Batista Fonseca Duarte"),
        "{f} {l} {m}",
    ),
    "id": (
        halves("Budi Siti Agus Dewi Rizky Ratna Hendra Putri", "Wahyu Indah Bambang Lestari Yusuf Ayu Joko Nurul"),
        halves("Santoso Wijaya Pratama Rahmawati Hidayat Kusuma Saputra Anggraini", "Setiawan Nugroho Permata Maulana Wulandari Hakim Utomo Safitri"),
        "{f} {l}",
    ),
    "ms": (
        halves("Ahmad Nurul Faizal Siti Hafiz Aisyah", "Azlan Farah Zulkifli Nadia Shahrul Liyana"),
        halves("Abdullah Ismail Rahman Yusof Hashim Osman", "Ibrahim Kassim Razak Salleh Hamzah Zainal"),
        "{f} {b} {l}",
    ),
    "vi": (
        halves("Nguyễn Trần Lê Phạm Hoàng Võ", "Huỳnh Phan Vũ Đặng Bùi Đỗ"),
        halves("Thị_Lan Văn_Hùng Minh_Tuấn Thu_Hà Quốc_Bảo Ngọc_Anh", "Thị_Mai Đức_Long Thanh_Tâm Hải_Yến Gia_Huy Kim_Ngân"),
        "{f} {l}",
    ),
    "th": (
        halves("สมชาย มาลี ธนากร พิมพ์ใจ วิชัย กนกวรรณ", "ประเสริฐ สุดารัตน์ อนุชา วรรณา ณัฐพล จิราพร"),
        halves("ใจดี ศรีสุข ทองแท้ แสงจันทร์ พงษ์ไพร", "บุญมา รักษ์ไทย วงศ์ใหญ่ สุขเกษม แก้วมณี"),
        "{f} {l}",
    ),
    "ko": (
        halves("김 이 박 최 정 강 조", "윤 장 임 한 오 서 신"),
        halves("민준 서연 지훈 하은 도윤 수빈 예준", "지우 현우 채원 준서 은지 태영 미경"),
        "{f}{l}",
    ),
    "ru": (
        halves("Иванов Смирнов Кузнецов Попов Соколов Лебедев", "Волков Морозов Зайцев Павлов Фёдоров Орлов"),
        halves("Алексей_Петрович Дмитрий_Сергеевич Игорь_Олегович Павел_Андреевич", "Николай_Иванович Михаил_Юрьевич Артём_Викторович Роман_Ильич"),
        "{f} {l}",
    ),
}  # fmt: skip
_STREETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("{n} Alder Court, Unit {u}, Springfield", "Flat {u}, {n} Mill Lane, Leeds", "Blk {n} Tampines Street 21 #0{d}-{u}, Singapore"),
        ("{n} Harbour View Road, Apt {u}, Portland", "{n}B Station Road, Bristol", "Block {n} Yishun Avenue 5, #1{d}-{u}, Singapore"),
    ),
    "es": (
        ("Calle Los Olivos {n}, Dpto. {u}, Lima", "Av. de la Constitución {n}, 3.º B, Sevilla"),
        ("Avenida Las Palmas N° {n}, piso {d}, Santiago", "C/ del Molino, {n}, 2º izq., Valencia"),
    ),
    "pt": (
        ("Rua das Acácias, {n}, apto {u}, São Paulo - SP", "Av. Brasil, {n} - bloco {d}, Curitiba - PR"),
        ("Rua Sete de Setembro, nº {n}, casa {d}, Recife - PE", "Travessa do Sol, {n}, ap. {u}, Porto Alegre - RS"),
    ),
    "id": (
        ("Jl. Melati No. {n}, RT 0{d}/RW 05, Bandung", "Jalan Kenanga Blok C{d} No. {n}, Surabaya"),
        ("Jl. Anggrek Raya No.{n} RT.00{d} RW.003, Bekasi", "Perumahan Griya Asri Blok F{d}/{n}, Semarang"),
    ),
    "ms": (
        ("No. {n}, Jalan Cempaka {d}, Taman Desa, Kuala Lumpur", "Lot {n}, Jalan Bunga Raya {d}, Ipoh"),
        ("No {n} Lorong Seroja {d}, Taman Sentosa, Klang", "Unit {u}, Jalan Perdana {d}/{n}, Johor Bahru"),
    ),
    "vi": (
        ("số {n} đường Lê Lợi, phường {d}, quận 5, TP. Hồ Chí Minh", "{n}/{d} Nguyễn Trãi, quận Thanh Xuân, Hà Nội"),
        ("số nhà {n}, ngõ {d}, phố Hàng Bông, Hà Nội", "{n} đường Trần Phú, phường {d}, TP. Đà Nẵng"),
    ),
    "th": (
        ("{n}/{d} ถนนสุขุมวิท แขวงคลองเตย เขตคลองเตย กรุงเทพฯ", "บ้านเลขที่ {n} หมู่ {d} ตำบลบางพลี อำเภอบางพลี สมุทรปราการ"),
        ("{n}/{u} ซอยลาดพร้าว {d} แขวงจอมพล เขตจตุจักร กรุงเทพมหานคร", "เลขที่ {n} หมู่ที่ {d} ต.สุเทพ อ.เมือง จ.เชียงใหม่"),
    ),
    "ko": (
        ("서울특별시 마포구 월드컵로 {n} 10{d}동 {u}호", "경기도 성남시 분당구 정자로 {n}, {u}호"),
        ("부산광역시 해운대구 해운대로 {n} {d}층", "인천시 연수구 송도대로 {n} 20{d}동 {u}호"),
    ),
    "ru": (
        ("г. Москва, ул. Лесная, д. {n}, кв. {u}", "Казань, проспект Победы, дом {n}, квартира {u}"),
        ("г. Самара, ул. Гагарина, д. {n}, корп. {d}, кв. {u}", "Пермь, улица Мира, {n}-{u}"),
    ),
}  # fmt: skip


def name(rng: Random, half: int, language: str) -> str:
    """A person's name as people of that language write it."""
    if language == "zh":
        return zh_name(rng, half)
    first, last, form = _ABROAD[language]
    said = form.format(
        f=rng.choice(first[half]),
        l=rng.choice(last[half]),
        m=rng.choice(last[half]),
        b=rng.choice(("bin", "bt", "binti")[half : half + 2]),
    )
    return said.replace("_", " ")


def address(rng: Random, half: int, language: str) -> str:
    """An address to the door."""
    if language == "zh":
        return zh_address(rng, half)
    form = rng.choice(_STREETS[language][half])
    return form.format(n=rng.randint(3, 398), u=rng.randint(101, 1499), d=rng.randint(2, 9))
