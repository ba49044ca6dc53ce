"""Addresses outside China: number and street in the order and with the words of each language.

A street word or a door word alone is no address; a number has to stand with it. What follows as unit, district, city
or postal code is covered as long as the chain goes on.
"""

from __future__ import annotations

import re

from governance.names.block import Block, Found
from governance.names.lexicon import Ints

RECOGNISER = "addresses"

_U = "A-ZÀ-ÖØ-ÞĀ-ŽЀ-ЯẠ-Ỹ"
_L = "A-Za-zÀ-ÖØ-öø-ÿĀ-žḀ-ỹ"
_CAP = f"[{_U}0-9][{_L}'’.-]*"
_SUFFIX = (
    "Streets?|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Highway|Hwy|"
    "Parkway|Pkwy|Close|Crescent|Cres|Circle|Cir|Trail|Trl|Alley|Mews|Row|Plaza|Loop|Walk|Path|Pike|Bypass|Route|Ridge|Run|"
    "Crossing|Grove|Gardens?|Hill|Park|Green|Quay|Wharf|Expressway|Freeway|Turnpike|Broadway|straße|strasse|str|laan|straat|weg|gatan|vägen|gata|vej|veien|katu|tie|utca|út|u"
)
_UNIT = r"(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm|Flat|Bldg|Building|Block|Blk|Lot|Level|Dept|#|No|Door)\.? ?#?[A-Za-z]?-?\d+[A-Za-z]?|\d+(?:st|nd|rd|th) floor|#\d+(?:-\d+)?"
_CITY = f"(?:[{_U}][{_L}'’.-]+|nan)(?: (?:[{_U}][{_L}'’.-]+|de|del|da|do|la|el|of|upon|am|an|der|sur|en|di)){{0,4}}"
_SEP = r"(?:\s*[,\n|>]+\s*|\s{1,2})"
_POST = r"(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4}(?:-\d{3})?|\d{5}-\d{3}|\d{3}-?\d{4}|\d{6}|\d{2}-\d{3})(?!\d)"
_TAIL = f"(?:{_SEP}(?:{_UNIT}|{_POST}|(?:[A-Z]{{2}}|nan)(?= ?\\d|\\s*$|[,.\\n])(?: {_POST})?|{_CITY}(?=\\s*[,\\n|.>]|\\s+\\d|\\s*\\Z|\\s+[A-Z]{{2}}\\b))){{0,6}}"

_ENGLISH = re.compile(
    f"(?<![\\w.@/-])\\d{{1,6}}(?:[-/ ]\\d{{1,5}})?[A-Za-z]?,? (?:[NSEW]\\.? )?(?:{_CAP} ){{0,5}}(?:{_SUFFIX})(?![{_L}])\\.?(?: [NSEW]{{1,2}}\\b)?(?: \\d+\\b)?{_TAIL}"
)
# A number, capitalised words, and a unit or a postal code behind it.
_NUMBERED = re.compile(
    f"(?<![\\w.@/-])(?:\\d{{1,6}}(?: \\d{{1,5}})? (?:{_CAP} ){{1,5}}\\d{{0,5}}[A-Za-z]?|{_CAP}(?: {_CAP}){{0,4}} \\d{{1,5}}[a-z]?)\\.?{_SEP}(?:{_UNIT}){_TAIL}"
)
_MILITARY = re.compile(
    rf"(?:PSC|CMR|Unit|USS|USNS|USCGC|USNV|PO|P\.? ?O\.?)\.? ?(?:Box )?[A-Za-z0-9]+(?: ?,? Box \d+)?{_SEP}(?:APO|FPO|DPO) ?[A-Z]{{2}} ?\d{{5}}|P\.? ?O\.? ?Box \d+{_TAIL}"
)
_SPANISH = re.compile(
    f"(?i:\\b(?:calle|c/|avenida|avda\\.?|av\\.|paseo|p[ºo]\\.?|plaza|pza\\.?|carrera|cra\\.?|kra\\.?|camino|carretera|ctra\\.?|ronda|travesía|"
    f"rua|r\\.|travessa|alameda|praça|rodovia|estrada|largo|rúa|jirón|jr\\.|pasaje|diagonal|transversal|via|viale|piazza|corso|rue|boulevard|"
    f"quadra|conjunto))\\s?(?:(?:de|del|da|do|dos|das|la|las|los|el|e|y|[{_U}0-9][{_L}0-9ºª'’.-]*)\\s){{0,6}}(?:[{_U}][{_L}'’.-]+|\\d+[ºª]?)?"
    f"(?:\\s?,?\\s?(?:n[ºo°.]{{1,2}}\\s?|núm\\.?\\s?|número\\s|#\\s?)?\\d{{1,5}}(?:[-–]\\d+)*[A-Za-z]?)"
    f"(?:\\s?[,–-]?\\s?(?i:piso|planta|puerta|escalera|esc\\.|bajo|ático|local|depto\\.?|departamento|apto\\.?|ap\\.?|apartamento|bloco|bl\\.|casa|sala|"
    f"interior|int\\.|torre|edificio|edif\\.|oficina|lote|manzana|mz\\.?|col\\.|colonia|barrio|bairro|fracc\\.|cep|c\\.?p\\.?|conj\\.?|fundos|km|urb\\.)\\s?[ºª]?\\s?[{_L}0-9ºª.-]*(?: [{_U}][{_L}]+){{0,3}}"
    f"|\\s?[,–-]\\s?\\d{{1,2}}[ºª°]?\\s?(?:[A-Z]|dcha\\.?|izda\\.?|izq\\.?)\\b|\\s?[,–-]?\\s?\\d{{5}}(?:-\\d{{3}})?\\b|\\s?[,–-]\\s?{_CITY}(?=\\s*[,.;\\n–-]|\\s+\\d|\\s*\\Z|\\s*[-/–(])|\\s?[-/]\\s?[A-Z]{{2}}\\b){{0,8}}"
)
_INDONESIAN = re.compile(
    f"(?i:\\b(?:jalan|jln?\\.?|gang|gg\\.?|komplek|kompleks|perumahan|perum\\.?|blok|desa|kelurahan|kel\\.|kampung|kp\\.|dusun|taman|lorong|no\\.|jalan raya)) ?[{_L}0-9.'’/ -]{{2,40}}?"
    f"(?:,? ?(?i:no\\.?|nomor|kav\\.?|blok|km\\.?) ?[A-Za-z]?\\d+[A-Za-z]?(?:[-/]\\d+)?)"
    f"(?:,? ?(?i:rt\\.?/?rw\\.? ?\\.?:? ?\\d+ ?/ ?\\d+|rt\\.? ?:?\\d+,?/? ?(?:rw\\.? ?:?\\d+)?|rw\\.? ?\\d+|blok [a-z0-9]+|lantai \\d+|lt\\.? ?\\d+|(?:kel|kec|kab|desa|kota|kelurahan|kecamatan|kabupaten|prov|provinsi|dusun|dukuh)\\.? [{_L}]+(?: [{_U}][{_L}]+){{0,2}}|no\\.? ?\\d+[a-z]?)"
    f"|,? ?\\d{{5}}\\b|, ?{_CITY}(?=\\s*[,.;\\n]|\\s+\\d{{5}}|\\s*\\Z)){{0,8}}"
    f"|(?i:\\b(?:jalan|jln?\\.)) ?(?:[{_U}][{_L}.]+ ?){{1,5}}\\d{{1,4}}\\b|(?i:\\brt\\.? ?\\d+ ?/ ?(?:rw\\.? ?)?\\d+)(?:,? ?(?i:kel|kec|desa|kelurahan|kecamatan)\\.? [{_L}]+)*"
)
_VIETNAMESE = re.compile(
    f"(?i:\\b(?:số nhà|số|sn|nhà số|căn hộ|p\\.|phòng|tầng|lầu|ngõ|ngách|hẻm|kiệt|lô|thôn|ấp|tổ|khu phố|kp)) ?[A-Z]{{0,2}}\\d+[A-Za-z]?(?:[/.-]\\d+[A-Za-z]?)*"
    f"(?:,? ?(?:(?i:đường|phố|ngõ|ngách|hẻm|tổ|khu phố|kp\\.?|khu|ấp|thôn|xóm|phường|p\\.|xã|thị trấn|tt\\.|quận|q\\.|huyện|thị xã|tx\\.|tp\\.?|thành phố|tỉnh|tòa nhà|chung cư|kđt|khu đô thị) ?(?:\\d+[A-Za-z]?(?:/\\d+)*|{_CAP}(?: {_CAP}){{0,4}})|(?<=, ){_CAP}(?: {_CAP}){{0,4}}|{_CAP}(?: {_CAP}){{0,3}}(?=,))){{1,8}}"
    f"|\\b\\d+[A-Z]?(?:[/-]\\d+[A-Z]?)* (?i:đường|phố) {_CAP}(?: {_CAP}){{0,4}}(?:,? ?(?:(?i:phường|p\\.|xã|quận|q\\.|huyện|tp\\.?|thành phố|tỉnh|thị xã) ?(?:\\d+|{_CAP}(?: {_CAP}){{0,4}})|(?<=, ){_CAP}(?: {_CAP}){{0,3}})){{0,6}}"
    f"|(?:(?i:thôn|xóm|ấp|tổ dân phố|xã|phường|thị trấn) {_CAP}(?: {_CAP}){{0,3}},? ?(?:\\(?)){{1,3}}(?i:huyện|quận|thị xã|thành phố|tp\\.?) {_CAP}(?: {_CAP}){{0,3}}(?:,? (?i:tỉnh|tp\\.?|thành phố) {_CAP}(?: {_CAP}){{0,3}})?"
)
_RUSSIAN = re.compile(
    "(?i:(?<![а-яё])(?:ул\\.?|улиц[аеуы]|пр-т\\.?|проспект[ае]?|пр\\.|пер\\.?|переул[а-я]+|б-р|бульвар[ае]?|ш\\.|шоссе|наб\\.?|набережн[а-я]+|пл\\.?|площад[ьи]|"
    "проезд[ае]?|тупик|мкр\\.?|микрорайон[ае]?)) ?(?:[А-ЯЁ0-9][А-Яа-яЁё0-9.-]*\\s?){1,4}"
    "(?:,? ?(?i:д\\.?|дом[ае]?|стр\\.?|строение|корп\\.?|корпус|к\\.|кв\\.?|квартир[аеу]|оф\\.?|офис|подъезд|этаж|эт\\.|пом\\.?) ?№? ?\\d+[а-яА-Я]?(?:[/-]\\d+[а-я]?)?|, ?\\d{1,4}[а-яА-Я]?(?:[/-]\\d+)?(?:-\\d+)?(?!\\d)){1,6}"
)
_RUSSIAN_HEAD = re.compile(
    "(?:(?:\\d{6},? ?)?(?:(?i:г\\.|город|гор\\.|обл\\.|с\\.|пос\\.|дер\\.|р-н) ?)?[А-ЯЁ][а-яё-]+(?: (?i:обл\\.?|область|край|р-н|район))?,? ?){1,4}\\Z"
)
_KOREAN = re.compile(
    "(?:(?:[가-힣]{1,4}(?:특별시|광역시|특별자치시|특별자치도|도)|서울시?|부산시?|대구시?|인천시?|광주시?|대전시?|울산시?|세종시?|경기|강원|충북|충남|전북|전남|경북|경남|제주)\\s?)?"
    "(?:[가-힣]{1,5}(?:시|군|구)\\s){0,2}(?:[가-힣]{1,5}(?:읍|면)\\s)?"
    "(?:[가-힣A-Za-z0-9]{1,10}(?:대로|로|길)(?:\\s?\\d+(?:번|가|나|다|라)?길)?\\s?\\d+(?:-\\d+)?(?:번길\\s?\\d+(?:-\\d+)?)?(?!\\s?(?:년|월|일|원|명|개|번|위|차|세|%|분|초|시|만|억|호선))|"
    "[가-힣0-9]{1,6}(?:동|리|가)\\s(?:산\\s?)?\\d+(?:-\\d+)?(?:번지)?(?!\\s?(?:년|월|일|원|명|개|위|차|세|%|분|초|시|만|억)))"
    "(?:,?\\s?(?:\\([^)]{1,25}\\)|[가-힣A-Za-z0-9]{1,12}(?:아파트|빌딩|타워|오피스텔|빌라|맨션|주택|마을|단지|프라자|센터|상가)|[A-Za-z가-힣0-9]{1,4}동|\\d+층|[A-Z]?\\d+호|지하\\s?\\d*층?)){0,6}"
)
_THAI = re.compile(
    "(?:(?:บ้านเลขที่|เลขที่|ที่อยู่|อยู่ที่)[ :]*)?(?<!\\d)\\d{1,4}(?:/\\d{1,4})?(?:-\\d+)?[ ]+(?:(?:หมู่ที่|หมู่บ้าน|หมู่|ม\\.|อาคาร|ชั้น|ห้อง|คอนโด|ซอย|ซ\\.|ถนน|ถ\\.|แขวง|ตำบล|ต\\.|เขต|อำเภอ|อ\\.|จังหวัด|จ\\.)[ ]?[\u0e01-\u0e4eA-Za-z0-9/.-]+[ ,]*(?:\\d{1,3}(?!\\d)[ ]?)?){1,9}"
    "(?:กรุงเทพมหานคร|กรุงเทพฯ?|กทม\\.?)?[ ]?(?:\\d{5}(?!\\d))?"
    "|(?:(?:ถนน|ถ\\.|ซอย|ซ\\.)[ ]?[\u0e01-\u0e4eA-Za-z0-9/. -]{2,25}?[ ,]*)?(?:แขวง|ตำบล|ต\\.)[ ]?[\u0e01-\u0e4e]+[ ,]+(?:เขต|อำเภอ|อ\\.)[ ]?[\u0e01-\u0e4e]+[ ,]*(?:(?:จังหวัด|จ\\.)[ ]?[\u0e01-\u0e4e]+|กรุงเทพมหานคร|กรุงเทพฯ?|กทม\\.?)?[ ]?(?:\\d{5}(?!\\d))?"
)
_NUMBER = "[^\\n]{0,60}[0-9]"
#: For each pattern what a row must hold (an expression for the automata, which know no look-around), the pattern,
#: its languages, and how sure it is.
_ALL: tuple[tuple[str, re.Pattern[str], frozenset[str], float], ...] = tuple(
    (needle, pattern, frozenset(languages.split()), score)
    for needle, pattern, languages, score in (
        (
            "(?i)(calle|c/|avenida|avda|av\\.|paseo|plaza|carrera|cra\\.|kra|camino|carretera|ctra|ronda|traves|rua |r\\. |alameda|"
            "pra\u00e7a|rodovia|estrada|largo|r\u00faa|jir\u00f3n|pasaje|diagonal|via |viale|piazza|corso|rue |boulevard|quadra|conjunto)"
            + _NUMBER,
            _SPANISH,
            "es pt",
            0.75,
        ),
        (
            "(?i)(jalan|jl|jln|gang|gg|komplek|perum|blok|desa|kelurahan|kel\\.|kampung|kp\\.|dusun|lorong|rt)[ .]"
            + _NUMBER,
            _INDONESIAN,
            "id ms",
            0.75,
        ),
        (
            "(s\u1ed1|S\u1ed1|[Ss][Nn]|nh\u00e0|h\u1ed9|[Pp]\\.|ph\u00f2ng|t\u1ea7ng|ng\u00f5|Ng\u00f5|h\u1ebbm|H\u1ebbm|l\u00f4|th\u00f4n|Th\u00f4n|"
            "\u1ea5p|t\u1ed5|T\u1ed5|ph\u1ed1|\u0111\u01b0\u1eddng|x\u00e3|ph\u01b0\u1eddng|x\u00f3m) ",
            _VIETNAMESE,
            "vi",
            0.75,
        ),
        (
            "[0-9][A-Za-z]?,? ([^ \\n]{1,20} ){0,6}(" + _SUFFIX + ")",
            _ENGLISH,
            "en",
            0.75,
        ),
        (
            "[0-9][^\\n]{0,3}[ ,\\n|>]{1,8}(Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm|Flat|Bldg|Building|Block|Blk|#|No)[. ]",
            _NUMBERED,
            "en",
            0.7,
        ),
        ("(PSC|CMR|Unit|USS|USNS|USCGC|USNV|PO|P\\. ?O)[ .]", _MILITARY, "en", 0.8),
        (
            "(?i)(\u0443\u043b|\u0423\u043b|\u043f\u0440|\u041f\u0440|\u043f\u0435\u0440|\u0431-\u0440|\u0431\u0443\u043b\u044c\u0432|\u0448\\.|\u0448\u043e\u0441\u0441\u0435|\u043d\u0430\u0431|\u043f\u043b|\u0442\u0443\u043f\u0438\u043a|\u043c\u043a\u0440|\u043c\u0438\u043a\u0440)"
            "[^\\n]{0,80}[0-9]",
            _RUSSIAN,
            "ru",
            0.75,
        ),
        ("(\ub85c|\uae38|\ub3d9|\ub9ac|\uac00)( |\uc0b0 )?[0-9]", _KOREAN, "ko", 0.7),
        (
            "(\u0e16\u0e19\u0e19|\u0e16\\.|\u0e0b\u0e2d\u0e22|\u0e0b\\.|\u0e41\u0e02\u0e27\u0e07|\u0e15\u0e33\u0e1a\u0e25|\u0e15\\.|\u0e2b\u0e21\u0e39\u0e48|\u0e21\\.|\u0e40\u0e02\u0e15|\u0e2d\u0e33\u0e40\u0e20\u0e2d)",
            _THAI,
            "th",
            0.7,
        ),
    )
)
NEEDLES = tuple(needle for needle, _, _, _ in _ALL)
#: A chain of an address is no longer than this in code points.
REACH = (300,) * len(_ALL)


def find(block: Block, rows: Ints, which: Ints, languages: tuple[str, ...] | None) -> list[Found]:
    """Addresses in those rows in which the automaton found the needle of a pattern."""
    out: list[Found] = []
    starts, text = block.starts, block.text
    for row, number in zip(rows.tolist(), which.tolist(), strict=True):
        _, pattern, known, score = _ALL[number]
        if languages is not None and not known & {*languages, "en"}:
            continue
        low, high = int(starts[row]), int(starts[row + 1]) - 1
        for found in pattern.finditer(text, low, high):
            said = found[0].rstrip(" ,;\n|>-")
            start = found.start()
            if len(said) <= 6 or (not any(c.isdigit() for c in said) and pattern is not _THAI):
                continue
            if pattern is _RUSSIAN:
                head = _RUSSIAN_HEAD.search(text, max(low, start - 60), start)
                start = head.start() if head else start
            out.append(Found(start, found.start() + len(said), "ADDRESS", score, RECOGNISER, "grammar"))
    return out
