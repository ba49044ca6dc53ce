"""Cities and the parts of addresses by language. Cities are real; streets, estates and doors are put together."""

from __future__ import annotations

#: province, city, two digits of the province's and two of the city's resident-id prefix, area code, plate, districts
ZH_CITIES: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...] = tuple(
    (province, city, prefix, area, plate, tuple(districts.split()))
    for province, city, prefix, area, plate, districts in (
        ("浙江省", "杭州市", "3301", "0571", "浙A", "西湖区 上城区 拱墅区 滨江区 余杭区"),
        ("浙江省", "宁波市", "3302", "0574", "浙B", "海曙区 江北区 鄞州区 镇海区"),
        ("江苏省", "南京市", "3201", "025", "苏A", "玄武区 秦淮区 建邺区 鼓楼区"),
        ("江苏省", "苏州市", "3205", "0512", "苏E", "姑苏区 虎丘区 吴中区 相城区"),
        ("上海市", "上海市", "3101", "021", "沪A", "徐汇区 静安区 杨浦区 闵行区 浦东新区"),
        ("北京市", "北京市", "1101", "010", "京A", "海淀区 朝阳区 丰台区 西城区"),
        ("广东省", "广州市", "4401", "020", "粤A", "天河区 越秀区 海珠区 白云区"),
        ("广东省", "深圳市", "4403", "0755", "粤B", "南山区 福田区 罗湖区 宝安区"),
        ("四川省", "成都市", "5101", "028", "川A", "锦江区 青羊区 武侯区 成华区"),
        ("湖北省", "武汉市", "4201", "027", "鄂A", "江岸区 武昌区 洪山区 汉阳区"),
        ("陕西省", "西安市", "6101", "029", "陕A", "雁塔区 碑林区 未央区 莲湖区"),
        ("山东省", "青岛市", "3702", "0532", "鲁B", "市南区 市北区 崂山区 李沧区"),
        ("福建省", "厦门市", "3502", "0592", "闽D", "思明区 湖里区 集美区 海沧区"),
        ("湖南省", "长沙市", "4301", "0731", "湘A", "岳麓区 芙蓉区 天心区 雨花区"),
        ("辽宁省", "大连市", "2102", "0411", "辽B", "中山区 西岗区 沙河口区 甘井子区"),
        ("河南省", "郑州市", "4101", "0371", "豫A", "金水区 中原区 二七区 惠济区"),
        ("重庆市", "重庆市", "5001", "023", "渝A", "渝中区 江北区 南岸区 沙坪坝区"),
        ("云南省", "昆明市", "5301", "0871", "云A", "五华区 盘龙区 官渡区 西山区"),
    )
)
ZH_ROAD_A = tuple(
    "长宁 文澜 青石 望江 紫荆 听涛 桃源 柳浪 星湖 云栖 明德 和风 晴川 兰亭 竹溪 枫林 银杏 海棠 凤起 安澜".split()
)
ZH_ROAD_B = tuple("路 街 大道 巷 东路 西路 南街 北路".split())
ZH_ESTATE_A = tuple("绿茵 锦绣 金色 翠湖 阳光 书香 碧水 御景 丽江 春江 香樟 新城 云锦 和园 半山 星河".split())
ZH_ESTATE_B = tuple("花园 家园 小区 公寓 名苑 华庭 新村 雅居".split())

#: city, telephone area code, postal-code prefix
EN_CITIES = (
    ("Boulder, CO", "303", "803"),
    ("Portland, OR", "503", "972"),
    ("Austin, TX", "512", "787"),
    ("Madison, WI", "608", "537"),
    ("Savannah, GA", "912", "314"),
    ("Spokane, WA", "509", "992"),
    ("Albany, NY", "518", "122"),
    ("Tucson, AZ", "520", "857"),
)
EN_STREET_A = tuple(
    "Larkspur Cobblestone Heron Willowmere Foxglove Juniper Saltmarsh Lantern Meadowlark Tanglewood Quarry".split()
)
EN_STREET_B = tuple("Street Lane Avenue Road Court Drive Terrace".split())

#: city, area or prefix for a landline, postal-code prefix
ID_CITIES = (("Bandung", "022", "40"), ("Surabaya", "031", "60"), ("Semarang", "024", "50"), ("Medan", "061", "20"))
ID_STREETS = tuple("Melati Kenanga Anggrek Cempaka Flamboyan Mawar Teratai Dahlia".split())
TH_CITIES = (("กรุงเทพมหานคร", "02", "10"), ("เชียงใหม่", "053", "50"), ("ขอนแก่น", "043", "40"), ("ภูเก็ต", "076", "83"))
TH_STREETS = tuple("สุขใจ รุ่งเรือง พัฒนา ร่มเย็น ดอกแก้ว สายธาร".split())
VI_CITIES = (("Hà Nội", "024", "10"), ("Đà Nẵng", "0236", "55"), ("Cần Thơ", "0292", "94"), ("Huế", "0234", "53"))
VI_STREETS = tuple("Hoa Sữa|Bằng Lăng|Sông Xanh|Tre Ngà|Sen Hồng|Phượng Vĩ".split("|"))
PT_CITIES = (
    ("Curitiba - PR", "41", "80"),
    ("Recife - PE", "81", "50"),
    ("Porto Alegre - RS", "51", "90"),
    ("Belém - PA", "91", "66"),
)
PT_STREETS = tuple("das Acácias|do Ipê Roxo|das Gaivotas|da Serra Azul|dos Jacarandás|do Moinho".split("|"))
ES_CITIES = (("Guadalajara, Jal.", "33", "44"), ("Mérida, Yuc.", "999", "97"), ("Puebla, Pue.", "222", "72"))
ES_STREETS = tuple("de los Olivos|del Molino|de la Luna|de las Garzas|del Jazmín|de la Fuente".split("|"))
