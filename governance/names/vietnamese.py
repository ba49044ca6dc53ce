"""Vietnamese given names without a family name, told by their marks: "Tuấn rủ Minh", "mời Thu Hà".

Marks are half of a Vietnamese word; the finder of capitalised words folds them away and asks for a family name or a
cue. Here each syllable must be one of names as it is written, and what stands around it must not make it a place.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from governance.names.block import SEPARATOR, Block, Found
from governance.names.latin_words import vietnamese

RECOGNISER = "names_vietnamese"

#: Given names that stand alone in a sentence and are no country, season or direction.
_ALONE = frozenset(
    "bảo châu cường cúc dũng dung duy duyên đạt giang hải hân hạnh hằng hiền hiếu hòa hồng huệ hùng hương huy huyền khánh khoa khôi kiên lan lâm linh loan lộc long "
    "ly mạnh minh my nga ngân nghĩa ngọc nguyên nhân nhi nhung oanh phong phúc phương quân quang quyên quỳnh sơn tài tâm tân thảo thắng thịnh thơ thủy thúy thư thương "
    "tiến toàn trang trâm trí trinh trúc tú tuấn tùng tuyết tường uyên vân vinh vy yến hưng dương khang khải thành trung hậu lợi phát tín nhật hảo diệp diễm thoa thắm "
    "đăng thiện thuận thông bách hiệp chiến chinh cảnh đoàn hoàn lương nhàn ninh phượng quý sáng sang thái thạch thạnh tiên tình toản tuyên vượng".split()
)
#: Syllables of names in any place.
_ANY = _ALONE | frozenset(
    "an anh ánh bá bích bình cao cẩm chí công danh diệu đan đình đông đức gia hà hoa hoài hoàng hữu kim kiều kỳ lê lệ mai mỹ nam như phú quế quốc tấn thanh thị thiên "
    "thế nhiên chấn nguyệt vỹ vĩ luân thụy ân ái bội lam tịnh tuân thúc trạch triết trúc tý tỵ hợi thìn dậu thu thùy thục tố trọng trường tuệ tường văn việt vĩnh vũ xuân ý đinh phạm trần nguyễn huỳnh võ đặng bùi đỗ hồ ngô lý đoàn trịnh phan mạc".split()
)
#: Two syllables of names that are a place, a paper or a thing.
_PLACES = frozenset(
    entry.strip()
    for entry in (
        "bình dương, hải dương, long an, an giang, nam định, vĩnh long, hà giang, hà nam, sơn la, lâm đồng, kiên giang, hậu giang, tiền giang, bắc giang, thái bình, "
        "ninh bình, hòa bình, quảng nam, phú yên, hưng yên, khánh hòa, ninh thuận, bình thuận, bình phước, bình định, quảng bình, hoàng mai, thanh xuân, tân bình, "
        "bình thạnh, phú nhuận, long biên, hải châu, hội an, mỹ đình, mỹ tho, long xuyên, hoàng sa, phú quốc, trung quốc, hàn quốc, thái lan, nhật bản, quốc hội, long thành, "
        "đông anh, hà đông, gia lâm, vĩnh phúc, bảo lộc, minh khai, kim mã, thành công, trung hòa, mai dịch, mai châu, hương sơn, thanh niên, thanh trì, minh long, trung nguyên, "
        "hoàng anh, phú mỹ, an phú, tân phú, an khánh, vạn phúc, bạch mai, việt đức, việt nam, nam việt, nam phi, nam kinh, mỹ đức, sơn tây, gia lai, đông nam, đông hà, cao bằng, "
        "quốc khánh, trường sơn, hồng hà, hồng ngọc, kim cương, trường sa, thái nguyên, thái hà, thanh hóa, lương sơn, nam từ, vinh quang, hoàng hoa, tây ninh, quảng ninh, hồ gươm, hùng vương, gia lai, bình minh"
    ).split(",")
)
_UPPER, _LOWER = "A-ZÀ-ÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ", "a-zà-ýăđĩũơưạ-ỹ"
_RUN = re.compile(f"(?<![\\w.@/-])[{_UPPER}][{_LOWER}]*(?: [{_UPPER}][{_LOWER}]*){{0,4}}(?![\\w@/-])")
_BEFORE = re.compile('([^\\s.,;:!?()"“”]+) \\Z')
_AFTER = re.compile(' ([^\\s.,;:!?()"“”]+)')
#: What stands before places, bodies and things with such names.
_OF = frozenset(
    "đường phố phường quận huyện xã tỉnh thôn ấp làng bản thị trấn thành sông núi chùa đền hồ cầu chợ bãi biển đảo đèo khu trường viện ty hàng shop quán khách sạn hiệu báo đài "
    "giải cúp sữa cà phê bánh nước ở tại về từ đến phía miền tháng mùa tết họ vua đội clb bệnh công cửa nhà dòng cung cao tập đoàn hãng tiếng người ngày lễ gói dầu gạo trà".split()
)
#: What people do, and what joins two of them.
_DOES = frozenset(
    "nói kể bảo và với cho đã không đang sẽ lại vừa mới cũng ơi rủ gọi hỏi trả nhờ đi về đến muốn biết thích cười khóc chia là bị được có vẫn chưa mua bán viết hát ghi".split()
)


#: Family names as they are written.
_FAMILY = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh mai trương lâm đào cao hà lưu lương thái châu tạ phùng tô vương tôn quách "
    "tăng văn thân cù sầm điểu âu chử bế ma bành kha danh ngụy thôi vi viên đồng điền giáp hàn hầu lại lều liễu mạch nghê ôn phí phó sái thẩm tiêu trầm ưng uông xa nông hứa triệu kiều từ giang thạch lò lường giàng vàng sùng thào chu mạc tống đàm khổng la quang doãn âu ninh diệp nghiêm khuất".split()
)
#: What says that a street, a place or a body is called so, before the name or as its first word.
_NAMED_SO = frozenset(
    "đường phố phường quận huyện xã tỉnh thôn ấp làng trấn núi chùa đền cầu chợ đảo bến ga phà sân trường thpt thcs hồ tư thưởng giải viện đài cảng vịnh đèo khu tp kênh "
    "sông biển hầm cống lăng phủ đình miếu bãi mũi học tượng".split()
)
#: What is sold, read or watched under such a name.
_MADE = frozenset(
    "mì sữa bánh kẹo thuốc lạnh giày mắm trà phê gạo cư uống dầu son phim truyện thuyết bia rượu sách kem xà quần váy máy xe gốm lụa vải tương muối mứt bún phở cơm chả nem st25 st24 tràng".split()
)
#: Who is spoken of: before a name alone.
_CALLED = frozenset(
    "anh chị ông bà cô chú bác cậu mợ dì dượng thím em bé cháu bạn thầy con cụ tên là gọi gặp của và với cùng cho mời nhờ sĩ sư viên tá úy tướng giáo ca đồng chí nàng chàng gs ts pgs ths bs ks gs.ts ms mr mrs".split()
)
#: Parts of a place: "Thanh Xuân Nam".
_SIDES = frozenset("bắc nam đông tây trung thượng hạ".split())
#: Of those, who is called so by name.
_SPOKEN = frozenset("anh chị ông bà cô chú bác cậu dì dượng thím em bé thằng nhỏ".split())
_GREETS = frozenset("ms mr mrs chào gửi kính thưa mời gặp nhờ cảm ơn quý".split())
#: The label of a line of people.
_LISTS = re.compile(
    "(?:cc|gửi|thành viên|người [^:\n]{2,20}|khách[^:\n]{0,12}|bài|ảnh|tác giả|liên hệ|lh|họ[^:\n]{2,12}|kính gửi|bố|mẹ|con|chồng|vợ|ca sĩ|diễn viên|"
    "nhân viên|giáo viên|bác sĩ|ký tên|đại diện|tham dự|có mặt) ?:",
    re.IGNORECASE,
)
_SEGMENTED = re.compile(f"(?<![\\w.@/-])[{_UPPER}][{_LOWER}]*(?:_[{_UPPER}][{_LOWER}]*){{1,4}}(?![\\w@/-])")


def checked(block: Block, found: list[Found]) -> list[Found]:
    """``found`` of other finders without what is no name in Vietnamese: words with other marks than names have, and what
    streets, places and schools are called."""
    if not found:
        return found
    text = block.text
    if "Bên " in text:
        # A party to a contract: "Bên thuê".
        found = [item for item in found if text[item.start : item.end] != "Bên"]
    marked = vietnamese(block)
    if not len(marked) or not found:
        return found
    rows = np.unique(block.rows_of(marked))
    own = np.isin(block.rows_of(np.array([item.start for item in found], dtype=np.int64)), rows)
    return [item for item, here in zip(found, own.tolist(), strict=True) if not here or _is_one(text, item)]


def _is_one(text: str, item: Found) -> bool:
    words = text[item.start : item.end].lower().split()
    if words[0] in _NAMED_SO and len(words) > 1 and words[0] not in _FAMILY:
        return False
    before = _BEFORE.search(text, max(0, item.start - 14), item.start)
    said = before[1].lower().rpartition(SEPARATOR)[2] if before is not None else ""
    if said in _NAMED_SO or said in _MADE:
        return False
    if len(words) > 1 and " ".join(words[-2:]) in _PLACES and said not in _CALLED:
        return False
    if text[item.start].islower():
        # "với quyền lợi": in small letters the marks alone tell.
        return all(word in _ANY or word in _FAMILY for word in words if not word.isascii())
    if said in _CALLED or words[0] in _FAMILY or (len(words) > 1 and words[0] in _CALLED):
        return True
    # "Mì Hảo Hảo", "Tân Huê Viên": marks that no name has.
    return all(word.isascii() or word in _ANY or word in _FAMILY for word in words)


def find(block: Block) -> list[Found]:
    """Given names in the rows of a block that hold Vietnamese letters, and names whose syllables are joined ("Lê_Văn_An")."""
    marked = vietnamese(block)
    out: list[Found] = []
    if len(marked) and "_" in block.text:
        for run in _SEGMENTED.finditer(block.text):
            words = run[0].lower().split("_")
            if words[0] in _FAMILY and (len(words) > 2 or words[1] in _ANY):
                before = _BEFORE.search(block.text, max(0, run.start() - 14), run.start())
                if before is None or before[1].lower() not in _NAMED_SO:
                    out.append(Found(run.start(), run.end(), "PERSON", 0.75, RECOGNISER, "grammar"))
    text = block.text
    for row in np.unique(block.rows_of(marked)).tolist():
        low, high = int(block.starts[row]), int(block.starts[row + 1]) - 1
        runs = list(_RUN.finditer(text, low, high))
        # In a title nearly every word has a capital.
        titled = sum(run[0].count(" ") + 1 for run in runs) > 0.5 * (text.count(" ", low, high) + 1)
        out += [item for run in runs if (item := _named(text, run, low, titled)) is not None]
        out += _told(text, low, high)
    return out


#: "em tên linh", "mình là thảo,": a given name in small letters behind who says it.
_SMALL = re.compile(
    f"(?<![\\w])(?:[Tt]ên(?: (?:là|em|mình|tôi))?|(?:[Ee]m|[Mm]ình|[Tt]ôi|[Cc]hị|[Aa]nh)(?: tên)? là|(?:[Ee]m|[Mm]ình|[Tt]ôi) tên)(?: là)? ([{_LOWER}]{{2,7}}(?: [{_LOWER}]{{2,7}}){{0,3}})(?= ?[,.!\n\ue003]| đây| ạ| nè| sđt| số)"
)
#: A family name in capitals, and what stands behind it.
_LOUD = re.compile(f"(?<![\\w.@/-])[{_UPPER}]{{2,7}}(?: [{_UPPER}]{{2,7}}){{2,9}}(?![\\w@/-])")
_MIDDLE = frozenset("thị văn hữu đức ngọc minh".split())
_NEVER = frozenset("đã là và của được có không bị đang sẽ cho với tại từ đến trong ngoài trên dưới theo về".split())


def _told(text: str, low: int, high: int) -> list[Found]:
    """Given names in small letters behind "tên" and the like, and names in a row of capitals."""
    out: list[Found] = []
    for said in _SMALL.finditer(text, low, high):
        words = said[1].split()
        if words[-1] in _ALONE and _ANY.issuperset(words):
            out.append(Found(*said.span(1), "PERSON", 0.6, RECOGNISER, "context"))
    for run in _LOUD.finditer(text, low, high):
        words = run[0].lower().split()
        at = run.start()
        for place, word in enumerate(words[:-2]):
            rest = words[place + 1 : place + 4]
            free = place == 0 or words[place - 1] not in _NAMED_SO
            if word in _FAMILY and free and rest[0] in _ANY and rest[1] in _ANY and not _NEVER.intersection(rest[:2]):
                more = len(rest) > 2 and rest[2] not in _NEVER and (rest[2] in _ANY or rest[0] in _MIDDLE)
                end = at + len(" ".join(words[place : place + (4 if more else 3)]))
                out.append(Found(at, end, "PERSON", 0.7, RECOGNISER, "grammar"))
                break
            at += len(word) + 1
    return out


def _line(text: str, at: int, low: int) -> int:
    """Where the line of a place begins."""
    return max(low, text.rfind("\n", low, at) + 1)


def _named(text: str, run: re.Match[str], low: int, titled: bool) -> Found | None:
    words, start = run[0].lower().split(" "), run.start()
    if len(words) in (3, 4) and words[0] in _FAMILY and 2 * sum(word in _ANY for word in words[1:]) >= len(words) - 1:
        # "Sinh viên Trịnh Thăng Bình": family name and syllables of names.
        before = _BEFORE.search(text, max(low, start - 14), start)
        # "Hoàng Mai Anh" is nobody's district: a given name ends it.
        pairs = [place for place, pair in enumerate(pairwise(words)) if " ".join(pair) in _PLACES]
        if pairs == [0] and len(words) == 3 and words[2] in _ANY and words[2] not in _SIDES:
            pairs = []
        left = before[1].lower() if before is not None else ""
        free = left in _CALLED or not (titled or left in _NAMED_SO or left in _OF)
        if free and not pairs:
            return Found(start, run.end(), "PERSON", 0.7, RECOGNISER, "grammar")
    before = _BEFORE.search(text, max(low, start - 14), start)
    said = before[1] if before is not None else ""
    if said.lower() in _SPOKEN and len(words) < 3 and (said[0].islower() or words[0] in _ANY):
        return Found(start, run.end(), "PERSON", 0.6, RECOGNISER, "context")  # "chú Bảy"
    while len(words) > 1 and (words[0] in _SPOKEN or words[0] in _GREETS):
        start += len(words[0]) + 1
        words = words[1:]
        if words[0] not in _GREETS and words[0] not in _SPOKEN and len(words) < 4 and _ANY.issuperset(words):
            return Found(start, run.end(), "PERSON", 0.65, RECOGNISER, "context")  # "Chào Ông Tú Hoàng"
    listed = text[start - 2 : start] in (": ", ", ") and text[run.end()] in ",\n.\ue003"
    if listed and len(words) in (2, 3) and _ANY.issuperset(words) and _LISTS.match(text, _line(text, start, low)):
        return Found(start, run.end(), "PERSON", 0.6, RECOGNISER, "context")
    if titled:
        return None
    if len(words) > 1 and words[0] in _MADE | _NAMED_SO and words[0] not in _FAMILY:
        return None  # "Mì Hảo Hảo"
    if len(words) > 1 and words[0] not in _ANY:  # "Mời Thu Hà": a word that opens the sentence
        if start > low and text[start - 2] not in '.!?"“\n-:':  # "Cần Thơ"
            return None
        start += len(words[0]) + 1
        words = words[1:]
    if len(words) > 3 or words[-1] not in _ANY or not _ANY.issuperset(words):
        return None
    before, after = _BEFORE.search(text, max(low, start - 14), start), _AFTER.match(text, run.end())
    does = after is not None and after[1] in _DOES
    opens = start == low or text[max(low, start - 4) : start].rstrip(' "“-')[-1:] in (
        ".",
        "!",
        "?",
        "\n",
        "",
    )
    if before is not None and (before[1].lower() in _OF or before[1].lower() in _NAMED_SO):
        return None
    if len(words) == 1 and (
        (opens and (text[run.end() : run.end() + 1] in "!:" or text.startswith(" ơi", run.end())))
        or (text[max(low, start - 2) : start] == ", " and text[run.end() : run.end() + 1] in (".", "!", "?"))
    ):
        return Found(start, run.end(), "PERSON", 0.6, RECOGNISER, "context") if words[0] in _ALONE else None
    if len(words) == 1:
        tells = opens and words[0] in _ANY and after is not None and after[1] in ("nói", "kể", "bảo", "hỏi", "ơi")
        fits = tells or (words[0] in _ALONE and (does or (not opens and before is not None)))
    else:
        fits = (does or not opens) and not any(f"{a} {b}" in _PLACES for a, b in pairwise(words))
    return Found(start, run.end(), "PERSON", 0.6, RECOGNISER, "lexicon") if fits else None
