"""Vietnamese names that lists of syllables do not tell: of the peoples of the north ("Giàng A Páo"), and of all without
marks in small letters ("nguyen thi ngoc anh")."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from governance.names.block import LETTER, Block, Found
from governance.recognisers.automata import automaton, cut
from governance.recognisers.engine import buffers
from governance.recognisers.later import later

RECOGNISER = "names_vietnamese"

_UPPER, _LOWER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ", "a-zà-ýăđĩũơưạ-ỹ"
#: Clans of the Hmong, Dao and Tày, and what stands between them and the name.
_CLANS = (
    "(?:Giàng|Vàng|Lý|Thào|Sùng|Mùa|Hạng|Cứ|Lầu|Ly|Chang|Cháng|Má|Thò|Lò|Tẩn|Phàn|Chảo|Lù|Vừ|Hờ|Tráng|Sình|Hầu|Sồng|Xồng|Lừu|Ma|Vì|Quàng|Cà|Tòng|Lường|Bàn|Đặng) "
    "(?:A|Seo|Mí|Thị|Láo|Sín|Chẩn|Văn) "
)
_NORTHERN = later(
    f"(?<![\\w@/-])(?P<name>{_CLANS}[{_UPPER}][{_LOWER}]{{0,6}}(?: [{_UPPER}][{_LOWER}]{{1,6}})?)(?![\\w@/-])"
)
_FAMILIES = "nguyen|tran|pham|hoang|huynh|phan|dang|bui|duong|dinh|truong|doan|trinh|luong|phung|vuong|trieu|nong|luu|quach|chau|thai|dao|lam|mai|cao|ngo|vu|vo|le|ho|do|ly|ta|ha|to|ton|tang|kieu|nghiem|khuat"
_SYLLABLE = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?(?![^\\W_])"
#: Words that go on behind a name: "nguyen thi lan so dien thoai".
_GOES_ON = "(?!(?:so|sdt|dt|dia|chi|o|la|va|co|nhe|ben|gui|nhan|dat|mua|da|de|di|den|tai|ma|nha|em|toi|minh|shop|cho|voi|nay|roi|khong|ko|vao|ra|ve|tu|bi|bao|ngay|luc|giao|gia|don|duong|xa|q|p)(?![^\\W_]))"
_MIDDLE = f"(?:{_FAMILIES}) (?:thi|van) "
_PLAIN = later(f"(?<![^\\W_])(?<![@./-])(?P<name>{_MIDDLE}{_GOES_ON}{_SYLLABLE}(?: {_GOES_ON}{_SYLLABLE})?)")
#: Without a middle word only the families that are no words, and behind who it is.
_WHO = (
    "(?:nguoi (?:nhan|gui|dat|mua|lien he)|ho (?:va )?ten|ten(?: (?:em|minh|toi))?(?: la)?|khach(?: hang)?|lien he|chu tk|chu tai khoan|"
    "(?:em|minh|toi) (?:la|ten(?: la)?))(?: ?[:,-])? "
)
_BARE = "(?:nguyen|tran|pham|hoang|huynh|phan|dang|bui|dinh|truong|doan|trinh|vuong|quach|le|vu|vo|ngo) "
_CALLED = later(f"(?i:(?<![^\\W_]){_WHO})(?P<name>{_BARE[:-1]}(?: {_GOES_ON}{_SYLLABLE}){{1,3}})")

#: What a row must hold, for the automata, and what is looked for in it then.
NEEDLES = (_CLANS, _MIDDLE, f"(?i){_WHO}{_BARE}")
_PATTERNS = (_NORTHERN, _PLAIN, _CALLED)
_REACH = (100,) * len(NEEDLES)


def look(block: Block, backend: str) -> list[Found]:
    """Such names of a block, in those rows only that an automaton of a kind (`recognisers.automata`) points to."""
    rows = block.rows_with(LETTER)
    if not len(rows):
        return []
    texts = block.texts if len(rows) == len(block.texts) else block.texts.take(pa.array(rows))
    units = cut(*buffers(texts))
    found = automaton(backend, NEEDLES).candidates(units, _REACH)
    where = found.units if units.rows is None else units.rows[found.units]
    out: list[Found] = []
    for key in np.unique(rows[where] * len(NEEDLES) + found.which).tolist():
        row, which = divmod(key, len(NEEDLES))
        low, high = int(block.starts[row]), int(block.starts[row + 1]) - 1
        for one in _PATTERNS[which].finditer(block.text, low, high):
            out.append(Found(*one.span("name"), "PERSON", 0.7, RECOGNISER, "grammar"))
    return out
