"""Vietnamese names that lists of syllables do not tell: of the peoples of the north ("Giàng A Páo"), and of all without
marks in small letters ("nguyen thi ngoc anh")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.names.block import Block, Found
from governance.names.latin_words import vietnamese
from governance.recognisers.later import later

RECOGNISER = "names_vietnamese"

_UPPER, _LOWER = "A-ZÀ-ÝĂĐĨŨƠƯẠ-Ỹ", "a-zà-ýăđĩũơưạ-ỹ"
#: Clans of the Hmong, Dao and Tày, what stands between them and the name, and the name.
_NORTHERN = later(
    "(?<![\\w@/-])(?:Giàng|Vàng|Lý|Thào|Sùng|Mùa|Hạng|Cứ|Lầu|Ly|Chang|Cháng|Má|Thò|Lò|Tẩn|Phàn|Chảo|Lù|Vừ|Hờ|Tráng|Sình|Hầu|Sồng|Xồng|Lừu|Ma|Vì|Quàng|Cà|Tòng|Lường|Bàn|Đặng) "
    f"(?:A|Seo|Mí|Thị|Láo|Sín|Chẩn|Văn) [{_UPPER}][{_LOWER}]{{0,6}}(?: [{_UPPER}][{_LOWER}]{{1,6}})?(?![\\w@/-])"
)
_FAMILIES = "nguyen|tran|pham|hoang|huynh|phan|dang|bui|duong|dinh|truong|doan|trinh|luong|phung|vuong|trieu|nong|luu|quach|chau|thai|dao|lam|mai|cao|ngo|vu|vo|le|ho|do|ly|ta|ha|to|ton|tang|kieu|nghiem|khuat"
_SYLLABLE = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?(?![^\\W_])"
#: Words that go on behind a name: "nguyen thi lan so dien thoai".
_GOES_ON = "(?!(?:so|sdt|dt|dia|chi|o|la|va|co|nhe|ben|gui|nhan|dat|mua|da|de|di|den|tai|ma|nha|em|toi|minh|shop|cho|voi|nay|roi|khong|ko|vao|ra|ve|tu|bi|bao|ngay|luc|giao|gia|don|duong|xa|q|p)(?![^\\W_]))"
_PLAIN = later(f"(?<![^\\W_])(?<![@./-])(?:{_FAMILIES}) (?:thi|van) {_GOES_ON}{_SYLLABLE}(?: {_GOES_ON}{_SYLLABLE})?")
#: Without a middle word only the families that are no words, and behind who it is.
_CALLED = later(
    "(?i:(?<![^\\W_])(?:nguoi (?:nhan|gui|dat|mua|lien he)|ho (?:va )?ten|ten(?: (?:em|minh|toi))?(?: la)?|khach(?: hang)?|lien he|chu tk|chu tai khoan|(?:em|minh|toi) (?:la|ten(?: la)?))(?: ?[:,-])? )"
    f"(?P<name>(?:nguyen|tran|pham|hoang|huynh|phan|dang|bui|dinh|truong|doan|trinh|vuong|quach|le|vu|vo|ngo)(?: {_GOES_ON}{_SYLLABLE}){{1,3}})"
)


#: What stands in a text that may hold each, so that few are looked through.
_MIDDLE, _PLAIN_MIDDLE = (" A ", " Seo ", " Mí ", " Thị ", " Láo ", " Sín ", " Chẩn ", " Văn "), (" thi ", " van ")
_WHO = ("nguoi ", "ten la ", "ten em ", "ten: ", "ho ten", "ho va ten", "khach hang", "em la ", "minh la ")


def find(block: Block) -> Iterator[Found]:
    """Such names of a block."""
    text = block.text
    if len(vietnamese(block)):
        yield from _around(_NORTHERN, text, _MIDDLE)
    yield from _around(_PLAIN, text, _PLAIN_MIDDLE)
    yield from _around(_CALLED, text, _WHO, "name")


def _around(pattern: re.Pattern[str], text: str, words: tuple[str, ...], group: str | int = 0) -> Iterator[Found]:
    """Matches near words that stand in them or before them."""
    done = -1
    for at in sorted(at for word in words for at in _places(text, word)):
        found = pattern.search(text, max(0, at - 12), min(len(text), at + 60)) if at > done else None
        if found is not None:
            done = found.end()
            yield Found(*found.span(group), "PERSON", 0.7, RECOGNISER, "grammar")


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
