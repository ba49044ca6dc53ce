"""Addresses in Latin letters without a street and its number: estates with lots, towers with floors, doors of estates,
farms and cottages with their code, roads by the kilometre, streets that are told by what stands behind their number.

`ALL` is as in `governance.names.address_latin`, which what goes on behind a match belongs to as well.
"""

from __future__ import annotations

import re

from governance.names.address_latin_grammar import CAP, CAPS, CITY, NAME, PARTICLE, STRONG, VN_DIVISION, U
from governance.recognisers.later import later

_EDGE = "(?<![\\w@/.-])"
_SEP = "(?:\\s?[,\\n|]\\s?|\\s-\\s)"
_NUMBER = (
    f"(?:(?i:no|nº|n°|nr|num)\\b\\.? ?)?#?(?:[{U}]{{1,2}}-?)?\\d{{1,5}}[A-Za-z]?(?:[-/.]\\d{{1,4}}[A-Za-z]?){{0,4}}"
)

#: A house of an estate and its road, or a plot and its sector, as South Asia writes: "House 12, Road 7, Dhanmondi".
SECTORS = later(
    f"{_EDGE}(?i:plot|house|holding|flat|shop|quarter|qtr|bungalow|door|d|h|villa|office|apartment|building|bldg)\\b\\.? ?{_NUMBER}(?:{_SEP}| )"
    f"(?:(?i:flat|house|floor|level|building|bldg|tower|block|wing)\\b\\.? ?{_NUMBER}{_SEP})?"
    f"(?:(?:Road|ROAD|Rd|Street|STREET|St|Lane|LANE|Sector|SECTOR|Sec|Phase|Line|Cross|Main|Ward|Avenue|Ave|Gali|Stage)\\b\\.? ?{_NUMBER}|\\d{{1,2}}(?:st|nd|rd|th) (?:Cross|Main|Street|Avenue|Block|Stage|Phase|Lane))(?={_SEP}(?:[{U}]|\\d{{1,2}}(?:st|nd|rd|th) [{U}]|\\d{{4,6}}(?!\\d)))"
)
#: Farms, cottages and lanes without a number, told by a British postcode: "Elm Cottage, Church Lane, Little Snoring NR21 0HU".
NAMED = later(
    f"{_EDGE}(?:{CAP} ){{1,3}}(?:Cottages?|House|Farm|Farmhouse|Barn|Lodge|Hall|Villa|Manor|Bungalow|Mill|Rectory|Vicarage|Grange|Croft|{STRONG})"
    f"(?:{_SEP}{CITY}){{1,5}}(?:{_SEP}|\\s)[A-Z]{{1,2}}\\d[A-Z\\d]? ?\\d[A-Z]{{2}}(?![\\w-])"
)
#: What the press says in place of a house: "the 1500 block of Delmar Boulevard"; and a number behind its street.
BLOCK = later(
    f"{_EDGE}\\d{{2,5}} block of (?:[NSEW]\\.? |North |South |East |West )?(?:{NAME} ){{1,4}}(?:{STRONG})(?![A-Za-z])\\.?"
    f"|{_EDGE}(?:{CAP} ){{1,3}}(?:{STRONG}),? (?i:number|no\\.?|nr\\.?) ?\\d{{1,5}}[A-Za-z]?(?![\\w%])"
)
#: A door of an estate or a tower and what that is called, as Malaysia and Indonesia write.
TOWERS = later(
    f"{_EDGE}(?:(?i:blok|block|blk|unit|no|lot|tingkat|aras|level|lantai|suite|pintu|bilik)\\b\\.? ?{_NUMBER},? ?|[{U}]{{1,2}}-\\d{{1,3}}-\\d{{1,4}}[A-Z]?,? )"
    f"(?:(?i:blok|block|tingkat|aras|lantai|tower)\\b\\.? ?(?:{_NUMBER}|[A-Z]\\b),? )?"
    f"(?i:pangsapuri|apartment|apartemen|kondominium|condo|residensi|rumah pangsa|ppr|menara|wisma|plaza|kompleks|bangunan|gedung|graha|taman|kampung|kg|felda|desa|bandar|flat|rusun)\\b\\.? {CAPS}"
    f"|{_EDGE}(?i:apartemen|apartment|pangsapuri|kondominium|rusun|rusunawa|kost|kos|gedung|graha|wisma|menara|asrama|ppr) {CAP}(?: {CAP}){{0,5}}(?: \\d{{1,2}})?"
    f"(?:,? (?i:tower|lantai|lt|tingkat|aras|unit|kamar|blok|block|bilik)\\b\\.? ?(?:{_NUMBER}|[A-Z]\\b)){{1,4}}"
    f"|{_EDGE}(?i:suite|unit|lot|no)\\b\\.? ?{_NUMBER},? ?(?i:level|floor|tingkat|aras|lantai)\\b\\.? ?\\d{{1,3}}[A-Z]?, ?{CAP}(?: {CAP}){{0,5}}"
)
#: Settlements and milestones of Malaysia: "Felda Jengka 10, Maran", "Batu 3 Jalan Genting Klang".
SETTLED = later(
    f"{_EDGE}(?:(?:FELDA|Felda|RPS|Rumah Panjang|Ladang|Estet) (?:{CAP} ){{0,2}}{CAP}(?: \\d{{1,3}})?(?:, ?{CITY}){{1,3}}"
    f"|(?:Purok|Sitio|Zone|Block|Blk) \\w{{1,12}}, ?(?:Brgy\\.?|Barangay|BRGY\\.?) {CAPS}"
    f"|(?:[Bb]atu|KM|Km|km) \\d{{1,3}}(?:[.,]\\d{{1,2}}| ?[½¼¾])?,? (?:[Jj]alan|[Jj]ln|[Jj]l|[Ll]ebuhraya)\\b\\.? (?:{CAP} ){{0,3}}{CAP})"
)
#: An estate of Spanish America and Spain with its block and lot, or its hall.
ESTATES = later(
    f"{_EDGE}(?i:urbanización|urbanizacion|urb\\.|residencial|conjunto residencial|condominio|asentamiento humano|aa\\. ?hh\\.|cooperativa|polígono industrial|poligono industrial|polígono|"
    f"parque industrial|zona industrial|ciudadela|cdla\\.|fraccionamiento|fracc\\.|unidad habitacional|lotización|parcelación|villa|sector|barrio|colonia|col\\.) (?:(?:{CAP}|{PARTICLE}|\\d{{1,3}}) ){{0,5}}?(?:{CAP}|\\d{{1,3}})"
    f"(?:, ?(?i:etapa|sector|zona|fase) (?:\\d{{1,3}}|[A-Z]{{1,3}}))?,? (?i:manzana|mz\\.?|mza\\.?|lote|lt\\.?|casa|nave|parcela|bloque|villa|solar|edificio|torre|súper manzana|smz|grupo)\\b\\.? ?(?:{_NUMBER}|[A-Z]{{1,2}}\\b)(?! ?(?i:estrellas|años|metros|veces|personas|torres|pisos|habitaciones)\\b)"
)
#: A block and a lot by themselves: "Asoc. Los Olivos, Mz B Lt 14, Ate".
MANZANAS = later(
    f"{_EDGE}(?:(?:{CAP}|{PARTICLE}) (?:(?:{CAP}|{PARTICLE}|\\d{{1,3}}) ){{0,5}}?(?:{CAP}|\\d{{1,3}}),? )?(?i:manzana|mz|mza|mzna)\\b\\.? ?[“\"'‘]?(?:[A-Z]{{1,2}}\\d?|\\d{{1,3}})\\b[”\"'’]?,?(?: -)? ?(?i:lote|lt|sub ?lote|lot|casa|villa|solar)\\b\\.? ?{_NUMBER}"
)
#: What lies outside towns, without a number or by its kilometre: "Paraje El Encinar s/n, Tequisquiapan".
RURAL = later(
    f"{_EDGE}(?i:paraje|rancho|ranchería|ejido|caserío|partida|diseminado|finca|vereda|corregimiento|barrio|colonia|domicilio conocido|caserio|aldea|parroquia|lugar|"
    f"sítio|fazenda|chácara|granja|povoado|quinta|herdade|monte|casal) (?:(?:{CAP}|{PARTICLE}) ){{0,5}}?{CAP},? (?:(?i:s/n[º.]?)(?!\\w)|(?i:km)\\b\\.? ?\\d{{1,3}}(?:[.,]\\d{{1,3}})?(?:,? (?:d[aeo] )?[A-Z]{{2}}-\\d{{2,4}})?(?!\\d))"
)
#: The same of Brazil and Portugal.
QUADRAS = later(
    f"{_EDGE}(?:[SCQ][A-Z]{{1,3}} \\d{{1,4}} )?(?i:condomínio|condominio|cond\\.|residencial|loteamento|conjunto|conj\\.|sítio|fazenda|chácara|granja|povoado|assentamento|edifício|ed\\.|vila|parque|jardim|quinta|urbanização|bairro) (?:(?:{CAP}|{PARTICLE}|\\d{{1,3}}) ){{0,5}}?(?:{CAP}|\\d{{1,3}}|I{{1,3}})"
    f"(?:,? (?i:rua|r\\.|av\\.|avenida|alameda) (?:[A-Z]|\\d{{1,3}}|{CAPS})(?=,))?,? (?i:(?:quadra|qd|qda|bloco|bl|lote|lt|casa|apto|ap|torre|chácara|km|lotes?|fração)\\b\\.? ?(?:(?-i:[A-Z]{{1,2}}\\b)|n?º? ?\\d{{1,5}}[a-z]?\\b)|s/n[º.]?)"
    "(?! ?(?i:estrelas|anos|metros|vezes|pessoas|quartos)\\b)"
)
#: A road by the kilometre: "Km 14,5 Carretera a Masaya".
KILOMETRES = later(
    f"{_EDGE}(?i:km|kilómetro|quilômetro)\\b\\.? ?\\d{{1,4}}(?:[.,]\\d{{1,3}})?,? (?:de la |da |de )?(?i:carretera|autopista|ruta|vía|ctra\\.?|rodovia|estrada|panamericana)"
    f"(?: (?:a|al|hacia|vieja|nueva|antigua|norte|sur|{PARTICLE}))* (?:{CAP}(?: (?:{CAP}|{PARTICLE})){{0,4}}|\\d{{1,3}}(?!\\d))"
)
#: A street without its word, told by the floor and the door behind its number, or by the capital: "Rivadavia 4975, 6º B".
FLOORS = later(
    f'{_EDGE}{CAP}(?: (?:{CAP}|{PARTICLE})){{0,4}} \\d{{1,5}},? (?:\\d{{1,2}} ?[º°ª] ?(?:["“]?[A-Z]\\b["”]?|\\d{{1,2}}\\b|(?i:izda|dcha|piso)\\b)|(?i:piso|depto|dpto|oficina|departamento)\\b\\.? ?\\d{{1,3}}[A-Z]?(?:,? (?i:piso|depto|dpto|oficina)\\b\\.? ?(?:\\d{{1,3}}[A-Z]?\\b|[A-Z]\\b))?|PB\\b|(?=(?:CABA|C\\.A\\.B\\.A\\.|Capital Federal)(?![A-Za-z])))'
)
#: Streets of Catalonia.
CATALAN = later(
    f"{_EDGE}(?i:camí|plaça|avinguda|travessera|passatge|rambla|ronda|via|torrent|baixada|pujada) (?:(?:de|del|dels|de la|de les|d'|l') ?)?(?:{CAP}|{PARTICLE})(?: (?:{CAP}|{PARTICLE})){{0,4}},? (?:núm\\.? ?|n[ºo]\\.? ?)?\\d{{1,4}}(?![\\d%€])(?! ?(?:euros|anys|hores))"
)
#: A flat of a tower or an estate of Vietnam, and what stands behind it.
FLATS = later(
    f"{_EDGE}(?i:chung cư|tòa nhà|tòa|kđt|khu đô thị|ktx|ký túc xá|cc) (?:{CAP} ){{0,5}}(?:{CAP}|\\d{{1,3}})(?:,? ?(?i:block|tòa|tháp|căn hộ|căn|tầng|lầu|phòng|p)\\b\\.? ?(?:số )?(?:[A-Z]{{0,2}}\\d[\\w.-]*|[A-Z]\\b)){{1,4}}"
    f"(?:, ?(?:{VN_DIVISION}|{CAP}(?: {CAP}){{0,3}})){{0,5}}"
    f"|{_EDGE}(?i:tòa|block|tháp|căn) [A-Z]{{1,2}}\\d{{1,3}}(?:[.-]\\d{{1,4}})?,? (?:{CAP} ){{1,4}}?{CAP}(?:, ?(?:{VN_DIVISION}|{CAP}(?: {CAP}){{0,3}})){{0,5}}"
)
#: Boxes of the post in other words.
BOXES = later(
    "(?<![\\w@/-])(?:[Pp]eti [Ss]urat|[Bb]eg [Bb]erkunci|[Kk]otak [Pp]os|P\\.? ?O\\.? ?[Bb]ox [Nn]o\\.?|[Hh]ộp thư|[Pp]ostfach|[Pp]ostbus|[Bb]oîte [Pp]ostale|B\\.P\\.|[Aa]partado [Aa]éreo|[Cc]asilla de [Cc]orreos?) ?(?:No\\.? ?)?\\d{1,6}(?!\\d)"
    "|(?<![\\w@/-])(?:Rural Route|RURAL ROUTE|RR|R\\.R\\.|HC|Star Route) ?#?\\d{1,3},? (?:[Bb]ox|BOX) \\d{1,5}[A-Z]?\\b"
)
_ESTATE_NEEDLE = (
    "(?i)(urbanizaci.{1,2}n|urb\\.|residencial|condominio|asentamiento|aa\\. ?hh\\.|cooperativa|pol.{1,2}gono|parque industrial|zona industrial|ciudadela|cdla\\.|fracc[a-z.]{1,13}|unidad habitacional|"
    "lotizaci.{1,2}n|parcelaci.{1,2}n|villa|sector|barrio|colonia|col\\.) [^0-9\\n]{0,60}(manzana|mz|mza|lote|lt|casa|nave|parcela|bloque|villa|solar|edificio|torre|smz|grupo)[. ]"
)

ALL: tuple[tuple[str, re.Pattern[str], str, float], ...] = (
    (
        "(?i)(plot|house|holding|flat|shop|quarter|qtr|bungalow|door|d|h|villa|office|apartment|building|bldg)\\.? ?(no\\.? ?)?#?[a-z]{0,2}-?[0-9][0-9a-z/.-]{0,14}[ ,\\n|-]{1,4}"
        "([a-z]{3,9}\\.? ?[0-9a-z/-]{1,8}, ?)?([0-9]{1,2}(st|nd|rd|th) )?(road|rd|street|st|lane|sector|sec|phase|line|cross|main|ward|avenue|ave|gali|stage|block)[. ,\\n]",
        SECTORS,
        "en",
        0.7,
    ),
    ("[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", NAMED, "en", 0.7),
    ("[0-9] block of |,? ([Nn]umber|[Nn]o\\.?|[Nn]r\\.?) ?[0-9]", BLOCK, "en", 0.7),
    (
        "(?i)([0-9][a-z]?,? ?((blok|block|tingkat|aras|lantai|tower)[. ]{1,2}[a-z0-9-]{1,6},? )?(pangsapuri|apartment|apartemen|kondominium|condo|residensi|rumah pangsa|ppr|menara|wisma|plaza|kompleks|bangunan|gedung|graha|taman|kampung|kg|felda|desa|bandar|flat|rusun)[. ]|"
        "(apartemen|apartment|pangsapuri|kondominium|rusun|rusunawa|kost|kos|gedung|graha|wisma|menara|asrama|ppr) [^,\\n]{1,60},? (tower|lantai|lt|tingkat|aras|unit|kamar|blok|block|bilik)[. ]|(suite|unit|lot|no)[. ]{1,2}[a-z0-9./-]{1,8},? ?(level|floor|tingkat|aras|lantai) [0-9])",
        TOWERS,
        "id ms en",
        0.7,
    ),
    ("((FELDA|Felda|RPS|Rumah Panjang|Ladang|Estet) [A-Z]|, ?(Brgy|Barangay|BRGY)[. ]|([Bb]atu|KM|Km|km) [0-9][^\\n]{0,6} ([Jj]alan|[Jj]ln|[Jj]l|[Ll]ebuhraya))", SETTLED, "ms id en", 0.7),
    (_ESTATE_NEEDLE, ESTATES, "es", 0.7),
    ("(?i)(manzana|mz|mza|mzna)[. ]{1,2}[^\\n]{1,6}[, ]{1,3}(-? ?)?(lote|lt|sub ?lote|lot|casa|villa|solar)[. ]", MANZANAS, "es", 0.7),
    ("(?i)(paraje|rancho|rancher.{1,2}a|ejido|caser.{1,2}o|partida|diseminado|finca|vereda|corregimiento|barrio|colonia|conocido|aldea|parroquia|lugar|s.{1,2}tio|fazenda|ch.{1,2}cara|granja|povoado|quinta|herdade|monte|casal) [^0-9\\n]{1,70}(s/n|km\\.? ?[0-9])", RURAL, "es pt", 0.7),
    ("(?i)(condom.{1,2}nio|cond\\.|residencial|loteamento|conjunto|conj\\.|s.{1,2}tio|fazenda|ch.{1,2}cara|granja|povoado|assentamento|edif.{1,2}cio|ed\\.|vila|parque|jardim|quinta|urbaniza.{2,4}o|bairro) [^\\n]{1,80}(quadra|qd|qda|bloco|bl|lote|lotes|lt|casa|apto|ap|torre|km|fra.{2,4}o|s/n)[. ,\\n]", QUADRAS, "pt", 0.7),
    ("(?i)(km|kil.{1,2}metro|quil.{1,2}metro)\\.? ?[0-9][0-9.,]{0,6} (de la |da |de )?(carretera|autopista|ruta|v.{1,2}a|ctra|rodovia|estrada|panamericana)", KILOMETRES, "es pt", 0.7),
    ("(?i)[a-z\\x80-\\xff] [0-9]{1,5},? ([0-9]{1,2} ?(\\xc2[\\xba\\xb0\\xaa])|piso|depto|dpto|oficina|departamento|pb|caba|c\\.a\\.b|capital fed)", FLOORS, "es", 0.7),
    ("(?i)(cam(\u00ed|\u00cd)|pla(\u00e7|\u00c7)a|avinguda|travessera|passatge|torrent|baixada|pujada) [^0-9\\n]{1,50}[0-9]", CATALAN, "es", 0.7),
    ("(chung cư|[Cc]hung cư|[Tt]òa|[Kk]ĐT|[Kk]hu đô thị|KTX|ktx|[Kk]ý túc xá|[Cc][Cc]) [^\\n]{1,70}[ ,](block|Block|tòa|tháp|căn|tầng|lầu|phòng|p)[. ]|([Tt]òa|[Bb]lock|[Tt]háp|[Cc]ăn) [A-Z]{1,2}[0-9]{1,3}[^\\n]{0,6} [A-Z]", FLATS, "vi", 0.7),
    ("(?i)(peti surat|beg berkunci|kotak pos|box no|h\u1ed9p th\u01b0|postfach|postbus|bo.{1,2}te postale|b\\.p\\.|(rural route|star route|rr|r\\.r\\.|hc) ?#?[0-9]{1,3},? box|apartado a.{1,2}reo|casilla de corr)", BOXES, "en es pt id ms vi", 0.75),
)  # fmt: skip
#: Behind these goes what goes behind a street.
TAILED = (SECTORS, TOWERS, ESTATES, MANZANAS, RURAL, QUADRAS, SETTLED, KILOMETRES, FLOORS, CATALAN, BOXES, BLOCK)

__all__ = ["ALL", "TAILED"]
