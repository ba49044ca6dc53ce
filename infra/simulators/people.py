"""Invented people: a pure function from (seed, number) to a person, and the ways in which people type what they have.

E-mail hosts are under ``example.com``, ``example.org`` and ``example.net`` (RFC 2606), North American telephone numbers
are in the fictional 555-01xx block, IP addresses are documentation addresses (RFC 5737, RFC 3849), cards carry the
prefixes of published test cards, resident ids carry county codes 90 to 99, which these cities do not use. Other
countries set no telephone block aside for fiction: those numbers are drawn at random and belong to nobody we know.
"""
# ruff: noqa: S311 - people are drawn, no secrets are made

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from infra.simulators import names, places

LANGUAGES = ("zh", "en", "id", "th", "vi", "pt", "es")
SHARES = (0.56, 0.24, 0.05, 0.04, 0.04, 0.04, 0.03)
"""How often each language of `LANGUAGES` comes up among people and texts."""

FULL_WIDTH = str.maketrans("0123456789-+", "０１２３４５６７８９－＋")
_MOBILE_CN = (
    "130",
    "131",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "177",
    "180",
    "186",
    "188",
    "189",
    "199",
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLATE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_LOCAL_PARTS = (
    "sunny",
    "blue.fish",
    "quiet_tree",
    "milo",
    "star-rain",
    "tea.cup",
    "north",
    "pixel",
    "lemon.ade",
    "cloud9",
    "river_run",
    "noodle",
)
_HOSTS = (
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "qq.example.com",
    "box.example.net",
)
_CARD_PREFIXES = (
    ("411111", 16),
    ("424242", 16),
    ("555555", 16),
    ("620000", 16),
    ("621234", 19),
    ("622200", 19),
    ("378282", 15),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. ``phone`` is in E.164 form; ``id_number`` is empty outside China."""

    number: int
    language: str
    name: str
    phone: str
    landline: str
    email: str
    id_number: str
    birth_date: str
    card: str
    address: str
    city: str
    plate: str
    wechat: str
    ip: str
    account: str


def language_of(share: float) -> str:
    """The language at a share of 0 to 1 of the running totals of `SHARES`."""
    for language, part in zip(LANGUAGES, SHARES, strict=True):
        share -= part
        if share < 0:
            return language
    return LANGUAGES[0]


class People:
    """All the people there are for a seed; nothing is stored, so any number of them costs no memory."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._cached = lru_cache(maxsize=8192)(self._make)

    def __getitem__(self, number: int) -> Person:
        return self._cached(number)

    def _make(self, number: int) -> Person:
        return invent(number, Random((self.seed << 48) ^ (number * 2 + 1)))


def invent(number: int, rng: Random, language: str | None = None) -> Person:
    language = language or language_of(rng.random())
    born = date(1955, 1, 1) + timedelta(days=rng.randrange(18_000))
    city, address, area, id_prefix, plate = _place(language, rng)
    local = f"{rng.choice(_LOCAL_PARTS)}{rng.randrange(10, 99999)}"
    return Person(
        number=number,
        language=language,
        name=person_name(language, rng),
        phone=_mobile(language, rng, area),
        landline=_landline(language, rng, area),
        email=f"{local}@{rng.choice(_HOSTS)}",
        id_number=resident_id(id_prefix, born, rng) if language == "zh" else "",
        birth_date=born.isoformat(),
        card=card_number(rng),
        address=address,
        city=city,
        plate=plate,
        wechat=f"wxid_{_base36(rng, 14)}" if rng.random() < 0.6 else f"{rng.choice('abcdhlmqswxz')}{_base36(rng, 9)}",
        ip=ip_address(rng),
        account=f"user_{_base36(rng, 8)}",
    )


GIVEN_FAMILY = {
    "en": (names.EN_GIVEN, names.EN_FAMILY),
    "id": (names.ID_GIVEN, names.ID_FAMILY),
    "th": (names.TH_GIVEN, names.TH_FAMILY),
    "pt": (names.PT_GIVEN, names.PT_FAMILY),
}
"""Languages whose names are one given name and one family name."""


def person_name(language: str, rng: Random) -> str:
    choice = rng.choice
    if language == "zh":
        if rng.random() < 0.15:
            return choice(names.ZH_SURNAMES) + choice(names.ZH_SINGLE)
        return choice(names.ZH_SURNAMES) + choice(names.ZH_GIVEN_FIRST) + choice(names.ZH_GIVEN_LAST)
    if language == "vi":
        return f"{choice(names.VI_FAMILY)} {choice(names.VI_MIDDLE)} {choice(names.VI_GIVEN)}"
    if language == "es":
        return f"{choice(names.ES_GIVEN)} {choice(names.ES_FAMILY)} {choice(names.ES_FAMILY)}"
    given, family = GIVEN_FAMILY[language]
    return f"{choice(given)} {choice(family)}"


def resident_id(prefix: str, born: date, rng: Random) -> str:
    """18 characters after GB 11643-1999: region, birth date, order and check character (ISO 7064 MOD 11-2)."""
    body = f"{prefix}9{rng.randrange(10)}{born:%Y%m%d}{rng.randrange(1, 1000):03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def card_number(rng: Random) -> str:
    """A card number with a published test prefix and a right Luhn digit (ISO/IEC 7812-1, annex B)."""
    prefix, length = rng.choice(_CARD_PREFIXES)
    body = prefix + _digits(rng, length - len(prefix) - 1)
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def ip_address(rng: Random) -> str:
    if rng.random() < 0.1:
        return f"2001:db8:{rng.randrange(1, 65536):x}:{rng.randrange(1, 65536):x}::{rng.randrange(1, 65536):x}"
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"


def mac_address(rng: Random) -> str:
    """A locally administered address (IEEE 802: the second bit of the first octet is set)."""
    return ":".join(["02", *(f"{rng.randrange(256):02X}" for _ in range(5))])


def waybill_number(number: int) -> str:
    """The waybill of an order: an invented carrier's letters, then digits spread so that neighbours look unalike."""
    return f"YQ{(number * 7_368_787 + 1_234_567) % 10_000_000_000:010d}{number % 1000:03d}"


# --- as people type it ------------------------------------------------------------------------------------------------


#: How people of a country group the digits of a mobile number, and what they put before them at home.
_GROUPS: dict[str, tuple[str, tuple[tuple[int, ...], ...]]] = {
    "86": ("", ((3, 4, 4),)),
    "1": ("", ((3, 3, 4),)),
    "62": ("0", ((3, 4, 4), (3, 4, 3))),
    "66": ("0", ((2, 3, 4),)),
    "84": ("0", ((3, 3, 3), (2, 3, 4))),
    "55": ("", ((2, 5, 4),)),
    "52": ("", ((2, 4, 4), (3, 3, 4))),
}


def typed_phone(person: Person, rng: Random) -> str:
    """The person's number as typed into free text: country code or not, separators, full-width digits, landlines."""
    if rng.random() < 0.12:
        return person.landline
    country, digits = _split_phone(person.phone)
    trunk, groupings = _GROUPS[country]
    form = rng.random()
    if country != "1" and form < 0.45:
        return trunk + digits
    parts = _grouped(digits, rng.choice(groupings))
    if country == "1":
        a, b, c = parts
        return rng.choice((f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"+1 {a} {b} {c}", f"+1-{a}-{b}-{c}", f"{a}.{b}.{c}"))
    if form < 0.72:
        if country == "55":
            return f"({parts[0]}) {parts[1]}-{parts[2]}" if form < 0.60 else f"{parts[0]} {parts[1]}-{parts[2]}"
        return trunk + (" " if form < 0.60 else "-").join(parts)
    if form < 0.80:
        return f"+{country} {' '.join(parts)}" if form < 0.76 else f"+{country} {digits}"
    if form < 0.87:
        return f"+{country}{digits}"
    if form < 0.91:
        return f"+{country}-{digits}"
    if country == "86":
        return f"0086{digits}" if form < 0.94 else digits.translate(FULL_WIDTH)
    return f"(+{country}) {digits}"


def _grouped(digits: str, sizes: tuple[int, ...]) -> list[str]:
    """Digits in groups of these sizes; what is left over goes to the last group."""
    first, second = sizes[0], sizes[0] + sizes[1]
    return [digits[:first], digits[first:second], digits[second:]]


def typed_id(person: Person, rng: Random) -> str:
    form, number = rng.random(), person.id_number
    if form < 0.75:
        return number
    if form < 0.85:
        return number.lower()
    return f"{number[:6]} {number[6:14]} {number[14:]}"


def typed_card(person: Person, rng: Random) -> str:
    if rng.random() < 0.5:
        return person.card
    separator = rng.choice((" ", " ", "-"))
    return separator.join(person.card[i : i + 4] for i in range(0, len(person.card), 4))


def typed_plate(person: Person, rng: Random) -> str:
    return person.plate if rng.random() < 0.6 else f"{person.plate[:2]}·{person.plate[2:]}"


# --- parts ------------------------------------------------------------------------------------------------------------


def _place(language: str, rng: Random) -> tuple[str, str, str, str, str]:
    """City, address to the door, telephone area code, resident-id prefix and plate of a place in the language's region."""
    choice, randrange = rng.choice, rng.randrange
    if language == "zh":
        province, city, prefix, area, plate, districts = choice(places.ZH_CITIES)
        region = city if province == city else province + city
        road = choice(places.ZH_ROAD_A) + choice(places.ZH_ROAD_B)
        estate = choice(places.ZH_ESTATE_A) + choice(places.ZH_ESTATE_B)
        block = f"{randrange(1, 40)}{choice('幢栋号楼')}".replace("号", "号楼")
        door = f"{randrange(1, 5)}单元{randrange(1, 33)}0{randrange(1, 7)}室"
        address = f"{region}{choice(districts)}{road}{randrange(1, 999)}号{estate}{block}{door}"
        return city, address, area, prefix, plate + "".join(choice(_PLATE) for _ in range(5))
    plate = f"{_letters(rng, 3)}-{_digits(rng, 4)}"
    if language == "en":
        city, area, post = choice(places.EN_CITIES)
        street = f"{randrange(10, 9900)} {choice(places.EN_STREET_A)} {choice(places.EN_STREET_B)}"
        return city, f"{street}, Apt {randrange(1, 60)}, {city} {post}{randrange(100):02d}", area, "", plate
    if language == "id":
        city, area, post = choice(places.ID_CITIES)
        road = f"Jl. {choice(places.ID_STREETS)} No. {randrange(1, 200)} RT {randrange(1, 12):02d}/RW {randrange(1, 9):02d}"
        return city, f"{road}, {city} {post}{_digits(rng, 3)}", area, "", plate
    if language == "th":
        city, area, post = choice(places.TH_CITIES)
        road = f"{randrange(1, 400)}/{randrange(1, 90)} ซอย{choice(places.TH_STREETS)} {randrange(1, 30)}"
        return city, f"{road} {city} {post}{_digits(rng, 3)}", area, "", plate
    if language == "vi":
        city, area, post = choice(places.VI_CITIES)
        road = f"số {randrange(1, 400)} ngõ {randrange(1, 90)} đường {choice(places.VI_STREETS)}"
        return city, f"{road}, {city} {post}{_digits(rng, 4)}", area, "", plate
    if language == "pt":
        city, area, post = choice(places.PT_CITIES)
        road = f"Rua {choice(places.PT_STREETS)}, {randrange(10, 3000)}, apto {randrange(11, 220)}"
        return city, f"{road}, {city}, {post}{_digits(rng, 3)}-{_digits(rng, 3)}", area, "", plate
    city, area, post = choice(places.ES_CITIES)
    road = f"Calle {choice(places.ES_STREETS)} {randrange(10, 3000)}, depto. {randrange(1, 40)}"
    return city, f"{road}, {city} {post}{_digits(rng, 3)}", area, "", plate


def _mobile(language: str, rng: Random, area: str) -> str:
    if language == "zh":
        return f"+86{rng.choice(_MOBILE_CN)}{_digits(rng, 8)}"
    if language == "en":
        return f"+1{rng.choice(_AREAS_US)}55501{_digits(rng, 2)}"
    if language == "id":
        return f"+628{rng.choice(('12', '13', '21', '52', '57', '95'))}{_digits(rng, 8)}"
    if language == "th":
        return f"+66{rng.choice(('61', '62', '63', '64', '81', '84', '86', '89', '91', '92', '95', '97'))}{_digits(rng, 7)}"
    if language == "vi":
        return f"+84{rng.choice(('32', '35', '70', '79', '90', '91', '98'))}{_digits(rng, 7)}"
    if language == "pt":
        return f"+55{area}9{rng.choice('6789')}{_digits(rng, 7)}"
    return f"+52{area}{_digits(rng, 10 - len(area))}"


def _landline(language: str, rng: Random, area: str) -> str:
    if language == "zh":
        number = f"{rng.choice('2345678')}{_digits(rng, 7 if len(area) == 3 or area in _EIGHT_DIGITS else 6)}"
        return rng.choice((f"{area}-{number}", f"{area}{number}", f"({area}){number}", f"{area} {number}"))
    if language == "en":
        return f"({area}) 555-01{_digits(rng, 2)}"
    if language in ("id", "th", "vi"):
        rest = {"id": 10, "th": 9, "vi": 11}[language] - len(area)
        return f"{area} {rng.choice('2345678')}{_digits(rng, rest - 1)}"
    if language == "pt":
        return f"({area}) 3{_digits(rng, 3)}-{_digits(rng, 4)}"
    return f"{area} {_digits(rng, 10 - len(area))}"


_EIGHT_DIGITS = frozenset(("0571", "0574", "0512", "0755", "0532", "0731", "0411", "0371", "0871"))
# North American area codes in use; with 555-01xx behind them the numbers are reserved for fiction.
_AREAS_US = tuple(
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 224 225 229 231 239 240 248 251 252 253 254 256 "
    "260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 330 "
    "334 336 337 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 "
    "435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 540 541 551 "
    "559 561 562 563 570 571 573 574 580 585 586 601 602 603 605 606 607 608 609 610 612 614 615 616 617 618 619 620 "
    "623 626 630 631 636 641 646 650 651 660 661 662 678 682 701 702 703 704 706 707 708 712 713 714 715 716 717 718 "
    "719 720 724 727 731 732 734 740 754 757 760 763 765 770 772 773 774 775 781 785 786 801 802 803 804 805 806 808 "
    "810 812 813 814 815 816 817 818 828 830 831 832 843 845 847 848 850 856 857 858 859 860 862 863 864 865 870 901 "
    "903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 925 928 931 936 937 940 941 947 949 951 952 954".split()
)


def _split_phone(number: str) -> tuple[str, str]:
    for country in ("86", "62", "66", "84", "55", "52", "1"):
        if number.startswith("+" + country):
            return country, number[1 + len(country) :]
    raise ValueError("a number of a country that no grammar makes")


def _digits(rng: Random, count: int) -> str:
    return f"{rng.randrange(10**count):0{count}d}"


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(count))


def _base36(rng: Random, count: int) -> str:
    return "".join(rng.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(count))
