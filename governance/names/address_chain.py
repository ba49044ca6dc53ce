"""Addresses of any place in Latin letters, told by their build alone: parts with commas between, of which one says that it
is a part of an address and one holds a number ("Gate 3, Brookfield Estate, Mombasa Road, Nairobi").

What stands before the first part that says so is taken for somebody's name, not for an address.
"""

from __future__ import annotations

import re

from governance.names.address_latin_grammar import PARTICLE, L, U
from governance.recognisers.later import later

#: Words that close a part of an address; ones that open one before a name, or before a number alone; and ones that are said
#: of other things as well, before the part that tells.
_CLOSES = (
    "Road|Rd\\.?|Street|St\\.?|Avenue|Ave\\.?|Lane|Ln\\.?|Boulevard|Blvd\\.?|Estate|Estates|Apartments|Flats|Residency|Residences|"
    "Nagar|Colony|Enclave|Layout|Vihar|Marg|Chowk|Industrial Park|Business Park|Science Park|Crescent|Terrace|Avenida"
)
_NAMED = "Jalan|Jln\\.?|Jl\\.?|Lorong|Taman|Kampung|Kg\\.|Kp\\.|Kab\\.|Kec\\.|Kel\\.|Ds\\.|Dsn\\.|Desa|Dusun|Rua|Travessa|Calle|Barangay|Brgy\\.?|Soi|Moo"
_NUMBERED = (
    "Flat|Building|Bldg\\.?|Block|Blk\\.?|Plot|Erf|Unit|Suite|Shop|House|Villa|Room|Rm\\.?|Lot|Lote|Bloco|Bloque|Casa|Quadra|Avenida|Av\\.|Carrera|Mz\\.?|Lt\\.?|"
    "Sector|Purok|Hostel"
)
_ASIDE = "Gate|Bay|Zone|Ward|Phase|Wing|Door|Stand|Shed|Level|Floor|Tower|Stall|Warehouse|Hangar"
_KOREAN = "gu|gil|dong|ro|daero"
_WORD = f"(?:[{U}][{L}'’.&-]*|\\d{{1,6}}(?:[A-Za-z]?[-/]\\d{{1,5}}){{0,2}}(?:[A-Za-z]|st|nd|rd|th|ª|º|-[a-z]{{2,4}})?(?![\\w%])|#\\d[\\w-]{{0,8}})"
_PART = f"{_WORD}(?: (?:{_WORD}|(?:{PARTICLE} ){{1,2}}{_WORD})){{0,5}}"
#: Parts with commas between.
CHAIN = later(f"(?<![\\w@/.'’#-]){_PART}(?:, ?{_PART}){{1,7}}")
NEEDLE = (
    f" ({_CLOSES})( [0-9A-Z]{{1,6}})?,|-({_KOREAN}),|, ?({_NAMED}) ?[A-Z0-9]|, ?({_NUMBERED}) ?[#A-Z]{{0,3}}[0-9]|"
    f"({_NAMED}) [A-Z0-9][^,\\n]{{0,40}},|({_NUMBERED}) [#A-Z]{{0,3}}-?[0-9][^,\\n]{{0,40}},"
)
_HOUSE = f"(?:{_NUMBERED}) ?#?[A-Z]{{0,2}}-?\\d"
_UNIT = f"(?<![{L}])(?:{_HOUSE}|(?:{_ASIDE}) ?#?[A-Z]{{0,2}}-?\\d)"
#: A part that is of an address whatever stands in it; one that is, or has the number of a house; one that has a number.
_PLACED = later(
    f"(?<![{L}])(?:{_NAMED}) ?(?=[A-Z0-9])|(?: |\\A\\d{{0,3}}ª )(?:{_CLOSES})(?= |\\Z)|[a-z0-9]-(?:{_KOREAN})(?= |\\Z)"
)
_SAYS = later(f"{_PLACED.pattern}|(?<![{L}]){_HOUSE}")
_OPENED = later(_UNIT)
#: A number of an address: of a house or its unit, before a street, behind a town; a year by itself is none.
_COUNTED = later(
    f"{_UNIT}|\\A\\d{{1,5}}[A-Za-z]?(?:[-/]\\d{{1,5}}[A-Za-z]?)?(?:ª|\\Z| .*(?:{_CLOSES}|{_KOREAN}|Soi \\d{{1,3}}|\\d-(?:{_KOREAN}))\\Z)|"
    f"(?:{_NAMED}) .*\\d|(?: |\\A)\\d{{4,6}}\\Z"
)
_BETWEEN_COMMAS = re.compile("[^, ][^,]*")
_YEAR = re.compile("(?:1[5-9]|20)\\d\\d")
#: What parts with commas between are of otherwise: works, dates, firms, lists.
_OTHER = later(
    "(?i:\\b(?:season|episode|vol|volume|chapter|chap|page|pages|book|issue|track|version|grade|section|act|scene|figure|fig|table|step|day|week|round|lesson|january|february|march|april|june|july|"
    "august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|inc|ltd|llc|corp|gmbh|university|college|league|cup|stakes|usd|eur|kg|mm|cm|ml|gb|tb|pm|am|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maret|mei|juni|juli|agustus|oktober|desember)\\b)"
)
#: Parts that say nothing stand behind the last one that does, two at most: a district, a town.
_TOWNS = 2


def chained(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where in a match of `CHAIN` an address stands, if one does."""
    if _OTHER.search(text, start, end):
        return None
    parts = [part.span() for part in _BETWEEN_COMMAS.finditer(text, start, end)]
    said = [text[a:b] for a, b in parts]
    says = [_SAYS.search(part) is not None for part in said]
    # One number of a house alone may be of anything: "Unit 731, Harbin".
    if sum(says) < 2 and not any(_PLACED.search(part) for part in said):
        return None
    first, last = says.index(True), len(says) - 1 - says[::-1].index(True)
    opened = _OPENED.search(said[first])
    if opened is None and first:
        before = _OPENED.search(said[first - 1])
        number = said[first - 1].isdigit() and not _YEAR.fullmatch(said[first - 1])
        if before is not None or number:
            first, opened = first - 1, before
    begin = parts[first][0]
    if opened is not None and not said[first][0].isdigit():
        begin += opened.start()  # "Pickup Gate 3"
    stop = min(len(parts) - 1, last + _TOWNS)
    count, finish = stop - first + 1, parts[stop][1]
    if not any(_COUNTED.search(part) and not _YEAR.fullmatch(part) for part in said[first : stop + 1]):
        return None
    # Three parts, or two of which both say so.
    return (begin, finish) if count > 2 or (count == 2 and opened is not None and says[stop]) else None
