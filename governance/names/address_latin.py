"""Grammar of postal addresses in Latin letters: a street with its number, and what stands around it.

An address is a core (street and number, in the order of the language) with components to its left (flat, block,
room) and to its right (floor, district, postal code, city). A core alone is enough; components alone are none,
except chains of Vietnamese divisions. What follows the word "address" and holds a number is taken whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from governance.names import address_more
from governance.names.address_chain import CHAIN, NEEDLE, chained
from governance.names.address_latin_grammar import (
    CAP,
    CAPS,
    CITY,
    HEAD,
    NAME,
    PARTICLE,
    STRONG,
    TAIL,
    UNIT,
    VN_DIVISION,
    VN_NAME,
    L,
    U,
)
from governance.recognisers.later import later

# --- English ---

_WEAK = (
    "Place|Pl|Square|Sq|Way|Plaza|Loop|Walk|Path|Pike|Bypass|Route|Ridge|Run|Crossing|Grove|Gardens?|Hill|Park|Green|Row|View|Rise|Vale|Mount|"
    "Chase|Promenade|Heights|Meadows?|Fields|Common|Approach|Link|Extension|Estate|Bay|Bend|Bluff|Cove|Creek|Dale|Glen|Harbou?r|Hollow|Island|"
    "Junction|Knoll|Lake|Landing|Lodge|Manor|Mill|Mission|Orchard|Pass|Pines?|Point|Port|Ranch|Rapids?|Shore|Spring|Station|Summit|Trace|Track|"
    "Valleys?|Ville|Vista|Wells?|Woods?|Cliffs?|Corners?|Crest|Estates|Falls|Forks|Fords?|Glens|Greens|Groves|Hills|Islands|Isle|Knolls|Lakes|Mills|Motorway|Mountains?|Parks|Passage|Plains?|Ports|Prairie|Shoals?|Shores|Skyway|Springs|Spurs?|Squares|Stravenue|Throughway|Trafficway|Underpass|Unions?|Viaduct|Villages?|Walks|Causeway|Crossroads?|Curve|Divide|Ferry|Forest|Harbors|Haven|Inlet|Junctions|Meadow|Overpass|Ramp|Ridges|Rest|Wynd|Strand|Tor|Course|Residences?|Towers?|Flats|Forges?|Gateway|Courts|Coves?|Radial|Gate|Cross|Main"
)
_NUMBER = "\\d{1,6}[A-Za-z]?(?:-[A-Z]\\b|(?:[-/ ]| - )\\d{1,5}[A-Za-z]?)?"
ENGLISH = later(
    f"(?<![\\w.@/:$€£#-]){_NUMBER},? (?:[NSEW]\\.? |North |South |East |West )?"
    f"(?:(?:{NAME}|of|the) ){{0,5}}(?P<kind>(?P<strong>{STRONG})|{_WEAK})(?![{L}'’])\\.?(?: (?:[NSEW]{{1,2}}|[NS][ew]|North|South|East|West)\\b)?(?: \\d+\\b(?!\\s?[%$€£]))?"
)
THE = later(f"(?<![\\w.@/-]){_NUMBER} The [{U}][a-z]+")
#: A number and names, or a street's word and a name, told by the town and its code behind them.
BARE = later(
    f"(?<![\\w.@/:$€£#-]){_NUMBER},? (?:(?:[NSEW]\\.?|{CAP}|{PARTICLE}|rue|via|avenue|bd|boulevard) ){{0,5}}{CAP}(?: {UNIT})?, ?(?:{UNIT}, ?)?(?:{CITY}, ?)?{CITY},? (?:[A-Z]{{2}} ?,? ?)?(?:\\d{{5}}(?:-\\d{{4}})?|[A-Z]{{1,2}}\\d[A-Z\\d]? ?\\d[A-Z]{{2}})(?![\\d-])(?P<whole>)"
    f"|(?<![\\w.@/-])(?:\\d{{1,6}} )?(?:{CAP} )?{CAP}(?:str(?:asse|aße)?|weg|allee|platz|gasse|straat|laan|gatan|gata|vägen|veien|vegen|vej|katu|braut|[lnrs]gade)\\.? \\d{{1,4}}[a-z]?\\b"
    f"|(?<![\\w.@/-])(?:\\d{{1,6}} )?(?:{CAP} ){{1,3}}(?:utca|útja|út|tér|u\\.|rkp\\.|gate|gata|Strasse|Straße|Weg|Allee|terrasse|tee|plads) \\d{{1,4}}\\b"
    f"|(?<![\\w.@/-])(?:\\d{{1,6}} )?(?:ul\\.|ulica|al\\.|os\\.|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|trg) (?:{CAP} |(?:di|del|dei|della|delle|degli|dello) ){{1,4}}\\d{{1,4}}[a-z]?\\b"
)
_SEP = "(?:\\s?[,\\n|]\\s?)"
_BUILT = "(?i:flat|studio|apartment|apt|unit|suite|room|shop|level|h\\.? ?no|house(?: no)?|plot|block|floor)"
#: What ends an address by itself: a state and its code (US, Canada, Australia), a British postcode.
_CODE = (
    "(?:[A-Z]{2},? \\d{5}(?:-\\d{4})?|[A-Z]{2},? [A-Z]\\d[A-Z] ?\\d[A-Z]\\d|(?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA),? \\d{4}|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|"
    "[A-Z]{3,4},? \\d{5}(?:-\\d{4})?)(?![\\w-])"
)
#: A number or a flat, what the street is called, whatever its word, the town, and its code.
CODED = later(
    f"(?<![\\w.@/:$€£#-])(?:{_BUILT}\\.? ?#?\\d{{1,4}}[A-Za-z]?(?:{_SEP}|\\s)(?:\\d{{1,6}}[A-Za-z]?(?:[/-]\\d{{1,5}}[A-Za-z]?)?,? )?|\\d{{1,6}}[A-Za-z]?(?:[/-]\\d{{1,5}}[A-Za-z]?)?,? )"
    f"(?:(?:{NAME}|{PARTICLE}) ){{0,5}}{CAP}(?:,? (?:{UNIT}|\\d{{1,4}}))?(?:{_SEP}{UNIT})?(?:{_SEP}{CITY}){{1,3}}(?: l[oa]s [a-z]{{4,6}})?(?:{_SEP}|\\s){_CODE}"
)
#: A number, a street and its town with a code of six digits, as India writes.
INDIAN = later(
    f"(?<![\\w.@/:$€£#-])(?:(?:H\\. ?No\\.? ?\\d{{1,4}}|(?i:flat|house|shop|plot|office)(?: no)?\\.? ?[A-Z]{{1,2}}[-/ ]?\\d{{1,4}}|(?<!Part )(?<!Item )(?<!Code )(?<!Model )(?<!No )[A-Z]{{1,2}}[-/ ]?\\d{{1,4}}(?!{_SEP}[^\\n]{{0,60}}\\b(?:Section|Version|Order|Ref|Purchase|Invoice|Number|Total|Model|Item|Code|Serial|Batch|Amount|Account|Part|Page|Qty|Date)\\b)|\\d{{1,4}}/\\d{{1,4}}){_SEP}|\\d{{1,4}}{_SEP}(?=[^,\\d]{{0,40}}(?:Street|Road|Marg|Path|Chowk|Ganj|Circle|Zila|Nagar|Colony|Lane|Bagh|Vihar)\\b))"
    f"(?:{CAPS}{_SEP}){{0,3}}{CAP}(?:(?:[ -]| & ){CAP}){{0,3}} ?(?:- ?)?\\d{{6}}(?!\\d)"
)
#: A lot or a floor, what the place is called, the town, its code and province, as the Philippines write.
LOTS = later(
    f"(?<![\\w.@/-])(?:(?:Block|Blk\\.?) ?\\d+,? Lot ?\\d+|B\\d+ L\\d+|\\d{{1,2}}(?:st|nd|rd|th) Floor|\\d{{1,2}}F|(?:Room|Rm\\.?|Unit) \\w{{1,5}}),? [^\\n|\\ue003]{{5,100}}?, ?\\d{{4}} {CITY}"
)
#: A street without its word, its number, the town and the region, as Chile writes.
REGION = later(
    f"(?<![\\w.@/-])(?:(?:{CAP}|{PARTICLE}) ){{1,6}}\\d{{1,5}}(?:,? {UNIT})?{_SEP}(?:{UNIT}{_SEP})?{CITY}{_SEP}Regi[óo]n (?:de |del )?(?:(?:la|los|las) )?{CITY}(?:{_SEP}\\d{{7}}(?!\\d))?"
    f"|(?<![\\w.@/-])Ruta [A-Z]?-?\\d{{1,4}}(?:-[A-Z]{{2}})?(?: (?:Norte|Sur))?, km \\d{{1,4}}(?:{_SEP}{CITY})?(?:{_SEP}Regi[óo]n (?:de |del )?(?:(?:la|los|las) )?{CITY})?"
)
#: What a road, a farm or an estate of Brazil is called, and its code and state behind it.
_LOGRADOURO = (
    "aeroporto|alameda|área|avenida|campo|chácara|colônia|condomínio|conjunto|distrito|esplanada|estação|estrada|favela|fazenda|feira|jardim|ladeira|lago|lagoa|largo|loteamento|morro|núcleo|parque|"
    "passarela|pátio|praça|praia|quadra|recanto|residencial|rodovia|rua|setor|sítio|travessa|trecho|trevo|vale|vereda|via|viaduto|viela|vila"
)
CEP = later(
    f"(?<![\\w.@/-])(?i:{_LOGRADOURO}) (?:(?:{CAP}|{PARTICLE}|\\d{{1,3}}) ?){{1,6}}(?:, ?(?:\\d{{1,5}}|[sS]/[nN]))?(?:{_SEP}[^,\\n|]{{2,40}}){{0,2}}{_SEP}\\d{{5}}-?\\d{{3}}(?!\\d)(?: (?:d[aeo]s? )?{CITY})?(?: ?[/-] ?[A-Z]{{2}}\\b)?"
)
#: A block and its estate, as Singapore writes; a number, names, and a unit or a postal code behind it.
NUMBERED = later(
    f"(?<![\\w.@/-])(?:(?:Blk|Block|BLK) \\d{{1,4}}[A-Z]? (?:{CAP} ){{1,5}}?(?:(?:{CAP}|\\d{{1,3}})\\b)(?=,? ?#|,? Singapore)"
    f"|(?:\\d{{1,6}}(?: \\d{{1,5}})? (?:{NAME} ){{1,5}}\\d{{0,5}}[A-Za-z]?|{CAP}(?: {CAP}){{0,4}} \\d{{1,5}}[a-z]?)\\.?"
    f"(?:\\s*[,\\n|>]+\\s*|\\s{{1,2}})(?:(?i:apt|apartment|suite|ste|unit|floor|room|rm|flat|bldg)\\b|#)\\.? ?#?[A-Za-z]?-?\\d+[A-Za-z]?)"
)
#: Number first, then the street, as the French write.
FRENCH = later(
    f"(?<![\\w.@/:$€£#-])\\d{{1,4}}(?: ?(?:bis|ter|[A-Z]))?,? (?i:rue|avenue|boulevard|bd|place|quai|chemin|impasse|allée|allee|cours|route|rés\\.?|faubourg)"
    f"(?: (?:d'|l'|D'|L')?(?:{PARTICLE}|{NAME}|d'{CAP}|l'{CAP})){{1,6}}"
)
BOXES = later(
    r"(?i:\b(?:PSC|CMR|Unit|USS|USNS|USCGC|USNV|P\.? ?O\.?)\.? ?(?:Box )?[A-Za-z0-9À-ž]+(?: ?,? Box \d+)?(?:\s*[,\n|>]+\s*|\s)(?:APO|FPO|DPO),? ?[A-Z]{2} ?\d{5})(?P<whole>)"
    r"|(?i:\b(?:P\.? ?O\.? ?Box|Box|Apartado(?: de correos)?|Caixa Postal|Casilla)) \d+"
)

# --- Spanish, Portuguese, French, Italian ---

_CALLE = (
    "calle|c/|cl\\.|avenida|avda\\.?|avd\\.|av\\.?|paseo|pº|plaza|pza\\.?|plza\\.?|carrera|cra\\.?|kra\\.?|cr\\.|camino|carretera|ctra\\.?|ronda|travesía|glorieta|"
    "rua|r\\.(?= [^,\\d\\n]{1,60}(?:, ?| ?n[º°o]\\.? ?)(?:n[º°o]\\.? ?)?(?:\\d|s/n))|travessa|tv\\.|alameda|al\\.|praça|pç\\.|pça\\.?|rodovia|rod\\.|estrada|estr\\.|largo|rúa|jirón|jr\\.|pasaje|psje\\.?|diagonal|transversal|privada|priv\\.|"
    "callejón|prolongación|prol\\.|carr\\.|cda\\.|cto\\.|circ\\.|pje\\.?|pj\\.|calzada|calz\\.|bulevar|blvd\\.?|circuito|cerrada|via|viale|piazza|corso|rue|boulevard|quadra|conjunto|beco|viela|ladeira|"
    "(?-i:C\\. ?(?=[A-ZÁÉÍÓÚÑ]|de ))|cuesta|pasadizo|avenida (?:calle|carrera)|tr\\.|vial|cañada|acceso|andador|ampliación|circunvalación|continuación|corredor|eje vial|peatonal|periférico|retorno|viaducto|callejon|dg\\.|diag\\.|tv\\.|bv\\.?|blv\\.?|rda\\.|praceta|prct\\.?|sqn|sqs|shis|qnm|qnd|csb|cln|cls|autopista|malecón|rambla|rbla\\.?|passeig|carrer|urbanización"
)
#: Streets are called after days: "Rua 14 de Julho".
_MONTHS = (
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|"
    "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro"
)
SPANISH = later(
    f"(?<![{L}\\d@/.-])(?:(?i:edificio|torre|residencial|apto|dpto|depto|piso|barrio|colonia|col\\.|conjunto|conj\\.|sector|urb\\.|urbanización|bairro|vila|villa|jardim|jd\\.|parque|loteamento|povoado|asociación|asoc\\.|aa\\. ?hh\\.|población|condomínio|condominio) [^,\\n\\ue000-\\uf8ff]{{1,30}}, )?(?:[SCQ][A-Z]{{1,3}} (?:\\d{{1,4}} )?(?=[Qq]uadra|[Cc]onjunto|[Bb]loco))?(?i:{_CALLE})\\s?(?:(?:{PARTICLE}|a(?= [{U}])|[{U}0-9][{L}0-9ºª'’.-]*|(?i:gen|dr|sta|sto|cel|pres|prof)\\.)\\s){{0,7}}?"
    f"(?:[{U}][{L}'’.-]*|\\d+[ºª]?[A-Z]?)?"
    f"(?:\\s?,?\\s?(?:(?i:n[ºo°.]{{1,2}}|núm\\.?|número|nro\\.?|num\\.?|no\\.?)\\s?|#\\s?|(?i:km\\.?) ?)?(?:[NSEO]\\d{{1,3}}[A-Z]?-\\d{{1,4}}(?: y {CAPS})?|\\d{{1,5}}(?!\\d| d[eo] (?i:{_MONTHS})\\b)[A-Za-z]?(?:-[A-Z](?!\\w))?(?:\\s?[-–]\\s?\\d+[A-Za-z]?(?![\\wºª°]))*(?: (?:(?:Este|Sur|Oeste|Norte|Bis)\\b|(?:este|sur|oeste|norte|bis)(?= ?(?:#|[Nn][o°º]))))?(?: [A-Z](?= ?[Nn#][°º ]))?(?: ?[Nn][°º]\\.? ?\\d{{1,5}}(?!\\d))?(?:\\s?#\\s?\\d+[A-Za-z]?(?:\\s?-\\s?\\d+)?)?(?: (?:Este|Sur|Oeste|Norte|Bis)\\b)?(?: \\d{{3}}\\b)?|(?i:s/n))(?![\\d%€$])(?! ?(?i:euros|pesos|reais|años|anos|horas|dias|días|minutos|metros|kg|kilos|personas|pessoas)\\b))"
)
#: A street without its word: only with a place or a code behind it, and behind a word of sending or living.
LOS = later(
    f"(?i:\\b(?:vivo en|dirección(?: es| de entrega)?|domicilio|envi(?:ar|en|ó)(?:lo)? a|entregar en|endereço(?: é)?|moro (?:na|no|em)|morada(?: é)?))[ :]{{1,3}}(?P<core>{CAP}(?: (?:{CAP}|{PARTICLE})){{0,4}},? (?:n[ºo°]?\\.? ?)?\\d{{1,5}})"
)

# --- Indonesian, Malay ---

_JALAN = "jalan raya|jalan|jln|jl|gang|gg|lorong|lrg|persiaran|lebuhraya|lebuh|lengkok|lintang|leboh|jambatan|solok|medan|tingkat"
_PLACE = "komplek|kompleks|perumahan|perum|griya|villa|vila|taman|tmn|kampung|kg|kp|ruko|apartemen|rusun|cluster|puri|graha|dusun|dsn|desa|pangsapuri|kondominium|flat|ladang|felda|pekan|bandar|asrama|kos|kost|blok|lingkungan|lingk|dukuh"
_JALAN_NAME = f"(?:[A-Z]{{1,3}}\\d[\\d/A-Z]*|\\d+(?:/\\d+[A-Z]?)+|(?!(?:No|RT|RW)\\b){NAME})"
_JALAN_NUMBER = (
    "(?:,? ?(?i:km)\\b\\.? ?\\d{1,3},\\d(?!\\d)|,? ?(?i:no|nomor|nombor|kav|kavling|blok|km)\\b\\.? ?[A-Z]{0,2}[.-]?\\d+[A-Za-z]?(?:[-/.]\\d+[A-Za-z]?)*"
    "|,? \\d{1,4}[A-Za-z]?(?:/\\d+[A-Z]?)*(?![\\d.%])(?! (?:orang|hari|jam|menit|kali|buah|tahun|ribu|juta|meter|km|minit|kg)\\b))"
)
INDONESIAN = later(
    f"(?<![{L}\\d@/.-])(?:"
    f"(?i:{_JALAN})\\b\\.? ?{_JALAN_NAME}(?: {_JALAN_NAME}){{0,5}}{_JALAN_NUMBER}?"
    f"|(?P<place>(?i:{_PLACE}))\\b\\.? ?(?:{NAME}|[A-Z]\\d+)(?: (?!(?i:blok|no|nomor|kav|rt|lt|batu)\\b){NAME}){{0,4}}(?P<door>,? ?(?i:blok|no|nomor|kav|rt|km|tower|lt|batu)\\b\\.? ?[A-Z]{{0,2}}[./-]?\\d+[A-Za-z]?(?:[-/.]\\d+[A-Za-z]?)*| (?i:blok) [A-Z]\\b)?"
    f"|(?i:rt)\\.? ?\\d+ ?[/ ] ?(?i:rw)?\\.? ?\\d+)"
)

#: A street in small letters.
SMALL_JALAN = later(
    "(?<![\\w@/.-])(?:jalan|jln|jl|gang|gg)\\b\\.? ?(?!(?:kaki|terus|lagi|dulu|keluar|tol|nya|raya)\\b)[a-z]{3,}(?: (?!no\\b|nomor\\b|blok\\b)[a-z]{3,}){0,3}"
    "(?:,? (?:no|nomor|blok|kav)\\b\\.? ?[a-z]{0,2}\\d+[a-z]?(?:[/-]\\w+)?| \\d{1,4}[a-z]?(?:/\\d+)?(?! (?:orang|hari|jam|menit|kali|km|meter)\\b)(?![\\d.%])){1,2}"
    "(?: (?:blok|rt|rw|no)\\.? ?[a-z]?\\d+(?:/\\d+)?){0,3}(?:, ?[a-z]{4,}(?: [a-z]{4,})?(?=\\s*[,.\\n]|\\s*\\Z)){0,2}"
    "(?:,? (?:jakarta|bandung|surabaya|malang|medan|semarang|jogja|yogyakarta|solo|bekasi|depok|tangerang|bogor|denpasar|makassar|palembang|batam|padang|pekanbaru|sidoarjo)\\b)?(?:,? \\d{5}\\b)?"
)

# --- Vietnamese ---

#: Towns and their districts as people write them behind a street without any word.
_TOWNS = (
    "hà nội|đà nẵng|hải phòng|cần thơ|hồ chí minh|hcm|sài gòn|hải châu|thanh khê|sơn trà|cầu giấy|ba đình|hai bà trưng|thanh xuân|hoàng mai|long biên|hà đông|tây hồ|"
    "tân bình|tân phú|gò vấp|phú nhuận|thủ đức|biên hòa|nha trang|huế|vũng tàu|đà lạt|quy nhơn|buôn ma thuột|ninh kiều|bắc ninh|hạ long"
)
VIETNAMESE = later(
    f"(?<![{L}\\d@/.-])(?:(?i:tòa nhà|tòa|chung cư) {CAPS}(?: \\d+)?, )?(?:"
    # A number and a street, or a number alone and divisions behind it.
    f"(?:(?i:số(?: nhà)?|so(?: nha)?) )?[A-Z]?\\d+[A-Z]?(?:[/-]\\d+[A-Z]?)*,?(?: (?i:hẻm|ngõ|ngách|kiệt|khu|khóm|tổ|hem|ngo) \\d+(?:/\\d+)*,?)* (?:(?i:đường|phố|duong|pho)\\b ?(?:số \\d+|\\d{{1,2}} Tháng \\d{{1,2}}|{VN_NAME})"
    f"|(?:\\d{{1,2}} Tháng \\d{{1,2}}|{CAP}(?: {CAP}){{1,3}})(?: \\d+)?(?=,? ?(?i:phường|quận|p\\.|q\\.|tp|thành phố|tỉnh|thị xã|thị trấn|xã|huyện|phuong|quan|f\\.|đống đa|hoàn kiếm|bình thạnh|{_TOWNS})))"
    f"|(?:(?i:số nhà|nhà số|số|sn|căn(?: hộ)?(?: số)?|phòng|tầng|lầu|so nha|so|ngõ|ngách|hẻm|kiệt|lô|can ho|hem|ngo|p\\.)\\b\\.? ?)[A-Z]{{0,2}}\\d+[A-Za-z]?(?:[/.-]\\d+[A-Za-z]?)*"
    f"(?:,? (?:{VN_DIVISION}|(?:\\d+[A-Z]? )?{CAP}(?: {CAP}){{1,3}}(?: \\d+)?(?=\\s*,|\\s*\\Z|\\s*\\n))){{1,2}}"
    # Divisions one behind the other.
    f"|(?i:thôn|xóm|ấp|bản|buôn|làng|tổ dân phố|tổ|khu phố|xã|phường|thị trấn|khu)\\b ?{VN_NAME},? ?\\(?(?i:ấp|thôn|xóm|khu phố|xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp|q)\\b\\.? ?{VN_NAME}"
    f"|(?i:phường|quận|huyện|xã)\\b ?{VN_NAME}, ?(?i:quận|huyện|tp|thành phố|tỉnh|thị xã)\\b\\.? ?{VN_NAME})"
    f"(?:\\s?[,-]?\\s?\\(?(?:{VN_DIVISION}|(?<=[,-] ){CAP}(?: {CAP}){{0,3}}|(?<=, )(?:TP\\.? ?)?(?:HCM|HN)\\b|(?<=, )\\d+[A-Z]? {CAP}(?: {CAP}){{1,3}}(?=,))){{0,7}}(?:,? \\d{{5,6}}(?!\\d))?"
)

# --- Any language ---

_STOP = (
    "(?i:tel|telp|telepon|telefone|teléfono|telefono|phone|mobile|hp|sđt|sdt|điện thoại|fax|e-?mail|correo|thanks|thank you|gracias|obrigad[oa]|makasih|"
    "terima kasih|trims|cảm ơn|cam on|please|por favor|localidad|localidade|provincia|fecha|sexo|nhc|nass|episodio|city|zip|country|name|nombre|nome|nama|mobile|desk|website|url|cell|dob|date|order|can you|could you)"
)
LABELLED = later(
    "(?i:\\b(?:address(?:es)?(?: is| are)?|dirección(?: de entrega| de envío)?(?: es)?|direccion(?: es)?|domicilio|"
    "endereço(?: de entrega)?(?: é)?|endereco(?: é)?|morada(?: é)?|alamat(?: saya| pengiriman| penghantaran| rumah| lengkap)?(?: di| adalah| ialah)?|"
    "địa chỉ(?: nhận hàng| giao hàng| nhà| em| của (?:em|tôi|mình))?(?: là| ở)?|dia chi(?: la)?))\\s?[:=]?\\s*"
    f"(?P<core>(?=[^\\n]{{0,60}}\\d)(?!\\d{{1,3}}(?:\\.\\d{{1,3}}){{3}}|[0-9A-Fa-f]{{1,4}}:)[{U}\\d#][^\\n;@?!<>\\ue000-\\uf8ff]{{5,140}})"
)
#: Where what is labelled as an address ends.
_BEYOND = later(
    f"\\s*,?\\s*\\b{_STOP}\\b|\\. [{U}][a-zà-ỹ]+ ?[: ]|\\.\\s*\\Z|\\s(?:and|y|e|dan|và) [a-zà-ỹ]|\\s[a-zà-ỹ]{{2,}} [a-zà-ỹ]{{1,}} [a-zà-ỹ]"
)
#: Behind words of living and sending: names and a number, or a number and names, of any language.
LIVING = later(
    "(?i:\\b(?:live[sd]? (?:at|on|in)|living at|located (?:at|on|in)|resides? at|offices? (?:is|are)(?: located)? (?:at|in)|corner of|return to|"
    "deliver(?:ed)? to|meet (?:me|us|you)? ?at|(?:drop|pick)(?:ped|s)? (?:(?:it|me|you|him|her|us|them) )?(?:off|up) (?:at|from)|ship(?:ped)? (?:it |this )?to|send (?:it |this |them )?to|sent to))[:\\s]{1,3}(?:the corner of )?"
    f"(?P<core>(?:\\d{{1,6}} (?:\\d{{1,5}} )?(?:(?:{CAP}|{PARTICLE}|[a-z]\\.|\\d{{1,3}}\\.) ){{1,6}}\\d{{1,5}}\\b|(?:ul\\. |[Rr]ue |[Vv]ia |[Aa]v |trg |C/ )?{CAP}(?: (?:{CAP}|{PARTICLE}|[a-z]\\.)){{0,5}} \\d{{1,5}}(?:[a-z]\\b)?)(?!\\s?(?:%|years|days|hours|minutes|am|pm|th))(?:\\.)?(?: and {CAPS})?)"
)

#: Two streets that meet.
CORNER = later(
    f"(?i:the corner of) (?=[{U}0-9])(?:(?:{CAP}|{PARTICLE}|\\d{{1,6}}[a-z]?|[a-zà-ÿ]{{2,12}}\\.?) ){{1,8}}?and {CAPS}"
)
#: A street of Spanish or Portuguese in small letters.
SMALL_CALLE = later(
    "(?<![\\w@/.-])(?:calle|avenida|av|avda|carrera|rua|travessa|alameda|estrada|pasaje)\\b\\.? (?:(?!(?:y|o|e|ou|que|con|com|se|no|na|en|em|a|con|para|por)\\b)[a-zà-ÿ.]{1,} ){1,4}?"
    "(?:,? ?(?:n[ºo°]?\\.? ?|num\\.? ?|numero |número )?)\\d{1,5}[a-z]?\\b(?![\\d.%:])(?! ?(?:euros|pesos|reais|años|anos|horas|dias|días|minutos|metros|km|kilometros|personas|pessoas|veces|vezes)\\b)"
    "(?:,? (?:piso|depto|dpto|apto|ap|casa|bloco|fundos|sala|torre|interior|int|puerta|letra)\\b\\.? ?(?:\\d{1,4}[a-z]?\\b|[a-z]\\b)?){0,3}(?:, ?[a-zà-ÿ]{3,}(?: [a-zà-ÿ]{3,}){0,2}(?=\\s*[,.\\n]|\\s*\\Z|\\ue003))?"
)

#: A street in small letters: its word in full or a usual short form.
SMALL = later(
    "(?<![\\w.@/:$€£#-])\\d{1,6}[a-z]?(?:[-/ ]\\d{1,5}[a-z]?)?,? (?!(?:way|side|lane|piece|car|the|a|of|in|on|st|gb|gig|tb|mb|min|minutes?|day|days|hours?|x)\\b)(?:(?!(?:hard|gb|remote|flash|disk|usb|thumb|test) )[a-z]{2,} |\\d{1,3}(?:st|nd|rd|th) |[nsew] ){1,4}"
    "(?:street|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent|court|ct|st|dr)\\b\\.?"
    "(?:,? (?:apt|suite|unit|apartment|floor|flat|#)\\.? ?#?\\w{1,5})?(?:,? [a-z]{3,}(?: [a-z]{3,}){0,2},? (?:[a-z]{2} )?\\d{5}\\b|,? (?:[a-z]{2} )?\\d{5}\\b)?"
)

_ROADS = (
    "jalan|jln|jl|gang|gg|lorong|persiaran|lebuh|lebuhraya|lengkok|komplek|kompleks|perumahan|perum|kampung|kp|kg\\.|dusun|dsn|taman|tmn|ruko|griya|"
    "apartemen|pangsapuri|cluster|villa|desa|lingkungan|dukuh"
)
#: Needle (an expression for the automata, which know no look-around), pattern, languages, how sure it is. No needle
#: asks for the edge of a word: rows lie side by side without anything between them.
ALL: tuple[tuple[str, re.Pattern[str], str, float], ...] = (
    (
        "(?i)(calle |pje[. ]|pj\\. |c/ ?[a-z]|avenida |avda|av[. ]|paseo |plaza |pza|carrera |cra[. ]|kra[. ]|urbaniz|cuesta |pasadizo |tr\\. |cl[. ]|cr[. ]|dg\\. |diag\\. |tv\\. |bv[. ]|blv[. ]|rda[. ]|al\\. |estr\\. |vial |ca.{1,2}ada |acceso |andador |corredor |peatonal |retorno |autopista |malec.{1,2}n |viaducto |continuaci|ampliaci|circunvalaci|perif|callej|praceta |c\\. ?[a-z]|camino |carretera |ctra|ronda |travessa |traves.{1,2}a |glorieta |rua |"
        "(?-i:R)\\. | r\\. |prol[. ]|carr\\.|cda\\.|cto\\.|circ\\.|alameda |pra.{1,2}a |rodovia |rod\\.|estrada |largo |r(\u00fa|\u00da)a |jir(\u00f3|\u00d3)n |jr\\. |pasaje |diagonal |transversal |privada |prolongaci.{1,2}n |"
        "calzada |blvd|circuito |cerrada |via |viale |piazza |corso |rue |boulevard |quadra |conjunto |sq[ns] |carrer |passeig |rambla |beco |ladeira )"
        "[^0-9\\n]{0,50}([0-9]|s/n)",
        SPANISH,
        "es pt",
        0.75,
    ),
    ("(?i)(vivo en|direcci|domicilio|envi|entregar en|endere|moro |morada)[^0-9\\n]{0,40}[0-9]", LOS, "es pt", 0.7),
    (
        "(?i)((" + _ROADS + ")[ .][^0-9\\n]{0,50}[0-9]|[0-9][A-Z]?,? (" + _ROADS + ")[ .]|rt[ .]{0,2}[0-9])",
        INDONESIAN,
        "id ms",
        0.75,
    ),
    (
        "(([Ss]\u1ed1|[Ss]\u1ed1 nh\u00e0|[Ss][Nn]|h\u1ed9|[Cc]\u0103n|[Pp]h\u00f2ng|[Tt]\u1ea7ng|[Nn]g\u00f5|[Hh]\u1ebbm|[Ll]\u00f4) [A-Z]{0,2}[0-9]|"
        "([Tt]h\u00f4n|[\u1ea4\u1ea5]p|[Bb]\u1ea3n|[Bb]u\u00f4n|[Tt]\u1ed5|[Xx]\u00e3|[Xx]\u00f3m|[Pp]h\u01b0\u1eddng|[Qq]u\u1eadn|[Hh]uy\u1ec7n) [^\\n]{1,60},|"
        "[0-9],? (\u0111\u01b0\u1eddng|ph\u1ed1) |duong [A-Z0-9]|[Qq]uan [0-9]|[Pp]huong [0-9]|[0-9][A-Z]? [^\\n]{1,40} ([Pp]h\u01b0\u1eddng|[Xx]\u00e3|[Qq]u\u1eadn|TP|[Tt]h\u00e0nh ph\u1ed1|[Tt]\u1ec9nh) |[0-9][A-Z]? [^\\n]{1,30}, ?([Pp]h\u01b0\u1eddng|[Qq]u\u1eadn|P\\.|Q\\.|TP|"
        + "|".join("HCM" if town == "hcm" else town.title() for town in _TOWNS.split("|"))
        + "))",
        VIETNAMESE,
        "vi",
        0.75,
    ),
    (
        "[0-9][A-Za-z]?,? (([A-Z\\x80-\\xff][^ ,\\n]{0,20}|[0-9]{1,5}[a-z]{0,2}|of|the) ){0,6}("
        + STRONG
        + "|"
        + _WEAK
        + ")",
        ENGLISH,
        "en",
        0.75,
    ),
    ("[0-9][A-Za-z]? The [A-Z]", THE, "en", 0.7),
    (
        "[0-9]( bis| ter|[A-Z])?,? (rue|avenue|boulevard|bd|place|quai|chemin|impasse|all.{1,2}e|cours|route|faubourg|Rue|Avenue|"
        "Boulevard|Bd|Place|Quai|Chemin|Impasse|All.{1,2}e|Cours|Route|Faubourg) [A-Zadl]",
        FRENCH,
        "en es pt fr",
        0.7,
    ),
    (
        "(jalan|jln|jl|gang|gg)[. ] ?[a-z][a-z ,.]{2,40}[0-9]",
        SMALL_JALAN,
        "id ms",
        0.7,
    ),
    (
        "([0-9][A-Za-z]?,? ([A-Z]|rue |via |avenue |bd )[^\\n,]{1,40}, ?[A-Z][^\\n]{1,30} ([0-9]{5}|[A-Z]{1,2}[0-9])|[a-z](str|stra.{1,2}e|weg|allee|platz|gasse|straat|laan|gatan|gata|v\u00e4gen|veien|vegen|vej|katu|braut|gade)\\.? [0-9]|"
        " (utca|\u00fatja|\u00fat|t\u00e9r|u\\.|rkp\\.|gate|gata|Strasse|Stra\u00dfe|Weg|Allee|terrasse|tee|plads) [0-9]|"
        "(ul\\.|ulica|al\\.|os\\.|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|trg) [^0-9\\n]{2,60}[0-9])",
        BARE,
        "en",
        0.7,
    ),
    (
        "([A-Z]{2,3},? [0-9]{4,5}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})",
        CODED,
        "en es",
        0.75,
    ),
    (", ?[0-9]{4} [A-Z]", LOTS, "en", 0.75),
    ("[a-z][ -]{1,3}[0-9]{6}(?:$|[^0-9])", INDIAN, "en", 0.7),
    ("(Regi(\u00f3|o)n |Ruta [^\\n]{1,16}, km)", REGION, "es", 0.75),
    ("[0-9]{5}-?[0-9]{3} [A-Zd]", CEP, "pt", 0.75),
    (
        "(?i)([0-9][^\\n]{0,3}[ ,\\n|>]{1,8}(apt|apartment|suite|ste|unit|floor|room|rm|flat|bldg|#)[. ]{0,2}[a-z]?-?[0-9]|(Blk|Block) [0-9])",
        NUMBERED,
        "en",
        0.7,
    ),
    (
        "(?i)(psc|cmr|unit|uss|usns|uscgc|usnv|p\\.? ?o\\.? ?box|box|apartado|caixa postal|casilla)[ .][^0-9]{0,16}([0-9]|[afd]po)",
        BOXES,
        "en es pt",
        0.8,
    ),
    (
        "(?i)(address|direcci|domicilio|endere|morada|alamat|(\u0111|\u0110)\u1ecba ch\u1ec9|dia chi)[^0-9\\n]{0,60}[0-9]",
        LABELLED,
        "en es pt id ms vi",
        0.8,
    ),
    (
        "(?i)(live[sd]?|living|located|meet (me|us|you)? ?at|off at|up (at|from)|resides?|offices? (is|are)|corner|return|deliver|delivered|ship|shipped|send|sent) [^0-9\\n]{0,24}[0-9]",
        LIVING,
        "en",
        0.7,
    ),
    ("[Tt]he corner of [^a-z]", CORNER, "en", 0.7),
    (
        "(calle|avenida|av|avda|carrera|rua|travessa|alameda|estrada|pasaje)[. ] ?[a-z\\x80-\\xff][^0-9\\n]{1,40}[0-9]",
        SMALL_CALLE,
        "es pt",
        0.7,
    ),
    (
        "[0-9][a-z]?,? ([a-z0-9]+ ){1,4}(street|avenue|ave|road|rd|lane|ln|drive|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent|court|ct|st|dr)(?:$|[^a-z0-9])",
        SMALL,
        "en",
        0.7,
    ),
    *address_more.ALL,
    (NEEDLE, CHAIN, "en es pt id ms vi", 0.65),
)

_BEFORE_WEAK = later(
    "(?i:(?:\\bat|\\bto|\\bon|address(?: is)?|live[sd]?|office|located|deliver\\w*|ship\\w*|near|of|from|visit|alamat(?: saya)?|[:,;>\\n|]))\\W*\\Z"
)
_PLACE_BEHIND = later(f",\\s?{CAP}|\\b\\d{{5}}|\\b[A-Z]{{1,2}}\\d[A-Z\\d]? ?\\d[A-Z]{{2}}\\b|\\n")


_ROAD_BEHIND = later("\\b(?i:jl|jln|jalan|no|blok)\\b\\.? ?[A-Z0-9]")

_HEADED = frozenset(map(id, (ENGLISH, BARE, INDONESIAN, THE, NUMBERED)))
_WITH_CORE = frozenset(map(id, (LABELLED, LIVING, LOS)))
#: Behind these goes `TAIL`, but for what ends in a group called ``whole``.
_TAILED = frozenset(
    map(
        id,
        (ENGLISH, THE, BARE, NUMBERED, FRENCH, BOXES, SPANISH, LOS, INDONESIAN, LIVING, CORNER, *address_more.TAILED),
    )
)
#: Of patterns that begin with a number, how many spaces stand at most between the beginning of a match and the end of
#: its needle.
_SPACES = {id(ENGLISH): 9, id(SMALL): 6}


def spaces(pattern: re.Pattern[str]) -> int | None:
    """How many spaces a match of a pattern of `ALL` holds at most before the end of its needle, if it begins with a
    number and they can be told."""
    return _SPACES.get(id(pattern))


def spans(
    pattern: re.Pattern[str], text: str, low: int, high: int, places: Iterable[int] | None = None
) -> list[tuple[int, int]]:
    """Where addresses of a pattern of `ALL` stand in ``text[low:high]``, with what belongs to them on either side.

    ``places``: where matches may begin, in order, if that is known.
    """
    found = _matches(pattern, text, low, high, places)
    return _extended(pattern, text, low, found) if found else []


def _extended(
    pattern: re.Pattern[str], text: str, low: int, matches: list[tuple[re.Match[str], int]]
) -> list[tuple[int, int]]:
    """Matches in a text from ``low`` on that are addresses, with what belongs to them on either side."""
    core = "core" if id(pattern) in _WITH_CORE else 0
    headed = id(pattern) in _HEADED
    out: list[tuple[int, int]] = []
    for found, end in matches:
        start = found.start(core)
        if pattern is LABELLED:
            beyond = _BEYOND.search(text, start, end)
            end = beyond.start() if beyond else end
        if pattern is ENGLISH and found["strong"] is None:
            # A street by a word that is also something else needs company.
            if start > low and not _BEFORE_WEAK.search(text, max(low, start - 14), start):
                continue
            if start == low and not _PLACE_BEHIND.search(text, found.end("kind"), end):
                continue
        if pattern is CHAIN:
            start, end = chained(text, start, end) or (end, end)
        if headed:
            head = HEAD.search(text, max(low, start - 60), start)
            if head and (head.start() == low or not text[head.start() - 1].isalnum()):
                start = head.start()
            elif pattern is INDONESIAN and found["place"] is not None and found["door"] is None:
                # A place without a door is none, unless a street follows it.
                start = start if _ROAD_BEHIND.search(text, start, end) else end
        if start < end:
            out.append((start, end))
    return out


def _matches(
    pattern: re.Pattern[str], text: str, low: int, high: int, places: Iterable[int] | None
) -> list[tuple[re.Match[str], int]]:
    """``pattern.finditer(text, low, high)`` with what goes behind each match, and where that ends; tried at ``places``
    alone if they are known."""
    out: list[tuple[re.Match[str], int]] = []
    tail = TAIL.match if id(pattern) in _TAILED else None
    search = pattern.search
    if places is None:
        while found := search(text, low, high):
            low = _end(found, text, high, tail)
            out.append((found, low))
        return out
    match = pattern.match
    for at in places:
        if at >= low and (found := match(text, at, high)):
            low = _end(found, text, high, tail)
            out.append((found, low))
    return out


def _end(
    found: re.Match[str], text: str, high: int, tail: Callable[[str, int, int], re.Match[str] | None] | None
) -> int:
    """Where a match ends with what goes behind it."""
    if tail is None or (found.re.groupindex.get("whole") is not None and found["whole"] is not None):
        return found.end()
    more = tail(text, found.end(), high)
    return found.end() if more is None else more.end()
