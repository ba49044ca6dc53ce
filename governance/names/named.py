"""Whether a value that stands for a person's name looks like one: it is told by its label, not by who is known."""

from __future__ import annotations

import re

_U, _L = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĢĪİĶŁĽŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŹŻŽƠƯȘȚ\u1ea0-\u1ef9", "a-zß-öø-ÿā-ž\u01a1\u01b0\u1ea0-\u1ef9"
_HAN = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff]{2,6}|[\u3400-\u4dbf\u4e00-\u9fff]{1,10}(?:[·‧・•][\u3400-\u4dbf\u4e00-\u9fff]{1,10}){1,3}"
)
_NOT_HAN = re.compile(
    "(?:未知|匿名|不详|不詳|保密|待定|待补|暂无|無|同上|本人|自己|测试|測試|先生|女士|小姐|太太|用户|用戶|顾客|顧客|客户|客戶|游客|访客|会员|管理员|店主|收货人|收件人|联系人|电话|手机|地址|身份证|姓名|名字|未填|未填写|空|略|请填写|必填|字段|类型|已脱敏|脱敏|商品|产品|产品名|商品名)+"
    "|.*(?:公司|集团|集團|商店|超市|银行|銀行|学校|學校|医院|醫院|中心|部门|部門|工厂|工廠|有限|仓库|倉庫|驿站|驛站|酒店|餐厅|餐廳|委员会|办公室|旗舰店|专卖店|分店|物业|前台|收发室|保安|门卫|经理|經理|老师|老師|医生|醫生|师傅|師傅|先生|女士|小姐|太太|主任|同学|阿姨|大姐|大哥)"
)
_WORD = f"(?:[{_U}][{_U}{_L}'’.-]*|[dlDL]['’][{_U}][{_U}{_L}'’-]*)"
_SMALL = "(?:de|del|la|las|los|da|das|do|dos|e|y|van|der|den|von|zu|bin|binti|binte|bt|bte|b|al|el|bint|ibn|ben|a/l|a/p|s/o|d/o|anak|ter|ten|di|du|le|mac|san|of|y)"
_LATIN = re.compile(
    f"(?:{_SMALL} ){{0,2}}{_WORD}(?:,? (?:{_WORD}|{_SMALL}|[\"“(‘'][{_U}][{_L}]+[\"”)’'])){{0,6}}|(?:[{_L}'’-]{{2,20}}|[{_L}]\\.?)(?: [{_L}'’-]{{1,20}}){{1,4}}"
)
_NOT_LATIN = re.compile(
    "(?i).*(?<![^\\W_])(?:n/?a|none|null|nil|unknown|anonymous|anon|redacted|withheld|guest|test|tbd|tba|tbc|same|above|below|see|not|no|yes|name|names|string|varchar|text|required|optional|field|column|type|your|here|example|sample|first|last|middle|full|"
    "ltd|limited|inc|llc|llp|corp|corporation|co|company|gmbh|plc|pte|sdn|bhd|pty|pt|cv|ltda|eireli|s\\.?a\\.?|s\\.?l\\.?|group|bank|hotel|store|shop|stores|traders|trading|enterprise|enterprises|services?|solutions|logistics|"
    "school|college|university|hospital|clinic|department|dept|office|team|desk|reception|account|customer|client|user|admin|the|and|with|for|phone|email|address|date|product|item|model|desconocido|anónimo|ninguno|nenhum|desconhecido|anônimo|tidak|belum|tiada|apellidos?|nombres?|completo|nama|alamat|cliente|empresa|tienda|loja|toko|kedai)(?![^\\W_]).*"
)  # fmt: skip
_CYRILLIC = re.compile("[А-ЯЁ][А-ЯЁа-яё'’-]*\\.?(?: ?[А-ЯЁ][А-ЯЁа-яё'’.-]*| (?:оглы|кызы|уулу)){0,4}")
_NOT_CYRILLIC = re.compile(
    "(?i).*(?<![^\\W_])(?:ооо|оао|зао|ао|ип|нет|не|неизвестно|аноним|фио|имя|фамилия|отчество|клиент|тест|магазин|склад|гбоу|мбоу)(?![^\\W_]).*"
)
_HANGUL = re.compile("[가-힣]{2,5}|[가-힣]{1,2} [가-힣]{1,3}")
_NOT_HANGUL = re.compile(
    "(?:미상|익명|없음|비공개|본인|고객|회원|성명|이름|전화|주소|동일|상동|테스트)+|.*(?:회사|주식|상사|은행|학교|병원|센터|마트|씨|님|기사|사장|선생|고객)"
)
_THAI = re.compile("[\u0e01-\u0e4e]{2,24}(?: [\u0e01-\u0e4e]{2,24}){0,2}")
_NOT_THAI = re.compile(".*(?:บริษัท|ร้าน|จำกัด|โรงเรียน|โรงพยาบาล|ธนาคาร|ไม่|ลูกค้า|ชื่อ|นามสกุล|ทดสอบ|คุณ|นาย|นาง|โทร|ที่อยู่).*")
_ONES = ((_HAN, _NOT_HAN), (_LATIN, _NOT_LATIN), (_CYRILLIC, _NOT_CYRILLIC), (_HANGUL, _NOT_HANGUL), (_THAI, _NOT_THAI))


def is_name(value: str) -> bool:
    """Whether the value of a label like "full name" may be one: letters of one script, few words, none that says that
    nothing is told or that a firm is meant."""
    return len(value) <= 60 and any(one.fullmatch(value) and not never.fullmatch(value) for one, never in _ONES)
