"""What addresses in Latin letters are built of, as expressions: words, what stands behind a street and what before it."""

from __future__ import annotations

from governance.recognisers.later import later

U = "A-ZÀ-ÖØ-ÞĀĂĐĨŁŃŌŐŒŚŠŞŤŨŪŮŰŹŻŽƠƯẠ-Ỹ"
L = "A-Za-zÀ-ÖØ-öø-ÿĀ-žƠơƯưḀ-ỹ"
CAP = f"[{U}][{L}'’.-]*"
CAPS = f"{CAP}(?: {CAP}){{0,3}}"
#: A word of a street's name: capitalised, a number or a particle.
NAME = f"(?:{CAP}|\\d{{1,4}}(?:st|nd|rd|th|º|ª|er|do)?)"
PARTICLE = "(?:de|del|da|do|das|dos|di|du|des|la|las|los|le|les|el|al|e|y|of|the|van|der|den|am|an|zur|em)"

# --- What stands behind a core ---

_UNIT_WORDS = (
    "apt|apartment|apartamento|apartament|apto|ap|suite|ste|unit|unidad|floor|fl|level|room|rm|flat|bldg|building|block|blk|lot|lote|dept|dpto|depto|"
    "departamento|piso|planta|puerta|pta|escalera|esc|bajo|ático|local|bloco|bloque|bl|bloq|casa|sala|sl|interior|int|torre|tower|edificio|edif|oficina|of|dto|etapa|bodega|studio|"
    "manzana|mz|mza|conjunto|conj|cj|fundos|km|andar|loja|quadra|qd|lt|lantai|blok|unit|kav|kavling|nomor|no|nº|n°|núm|número|num|door|portal|box|"
    "tầng|lầu|phòng|căn hộ|căn|tòa|tang|phong|toa|house|villa|gate|caixa postal|cx postal|etg|gf|tingkat|aras"
)
UNIT = (
    f"(?:(?i:{_UNIT_WORDS})\\b\\.?[ºª°]?\\s?(?i:no\\.? ?)?[#]?(?:[A-Za-z]{{1,2}}[-.]?)?\\d+(?:[./-]?[A-Za-z0-9]{{1,4}})*[ºª°]?"
    f"|(?i:bajo|ático|fundos|térreo|rés-do-chão|r/c|cave|zona rural|área rural|s/n|sn|dcha|izda|izquierda|derecha|ground floor|basement)\\b\\.?"
    f'|(?i:piso|planta|puerta|torre|tower|bloco|bl\\.|cj\\.|qd\\.|lj\\.|bloque|blok|block|casa|edificio|edif\\.?|apto|apt|ap|unit|portal|loja|local|sala|esc\\.?|escalera|dpto\\.?|depto\\.?|tòa|tòa nhà|toa nha|chung cư) [A-Z]{{1,2}}\\d?\\b|(?i:piso|depto|dpto) \\d{{1,2}} ["“][A-Z]["”]'
    f"|(?i:edificio|edif\\.?|torre|tower|residencial|condomínio|condominio|cond\\.|chung cư|tòa nhà|tòa|apartemen|pangsapuri|kondominium|flat) {CAPS}"
    f"|\\d{{1,2}}\\.?\\s?[ºª°](?:\\s?(?:-\\s?)?(?:[A-Z]\\b|\\d{{1,2}}\\s?[ºª°]?|(?i:izq\\w*|izda|dcha|der\\w*|esq\\w*|dto|frente|andar|piso|centro)\\b\\.?))?"
    f"|\\d{{1,2}}(?:st|nd|rd|th) (?i:floor|fl)\\b|(?:\\d{{1,3}}|G)/F\\b|#\\s?[A-Z]?\\d+(?:-\\d+[A-Z]?)?|[A-Z]\\b(?=[,;\\s]|\\.(?![A-Z])|\\Z)|\\d{{1,4}} ?[A-Z]\\b|\\d{{1,4}}[A-Z]?(?=,))"
)
DIVISION = (
    f"(?:(?i:col|colonia|aa\\.? ?hh|asociación|asoc|cooperativa|población|barrio|bairro|urb|urbanización|fracc|fraccionamiento|sector|parroquia|comuna|distrito|municipio|delegación|alcaldía|provincia|"
    f"departamento|kel|kelurahan|kec|kecamatan|kab|kabupaten|desa|ds|kota|prov|provinsi|dusun|dsn|dukuh|lingkungan|kampung|kg|kp|taman|tmn|perumahan|perum|"
    f"komplek|kompleks|griya|bandar|mukim|daerah|seksyen|seksi|presint|barangay|brgy|bgy|subdivision|subd|village|sitio|purok|phase|sector|"
    f"vila|jardim|jd|parque|pq|setor|freguesia|localidad|concelho)\\b\\.?\\s?(?:[{U}0-9][{L}0-9'’.-]*)(?: (?!(?i:kec|kel|kab|kota|prov|rt|rw)\\b)(?:{NAME}|{PARTICLE})){{0,3}}"
    f"|(?i:rt\\.? ?/ ?rw\\.?|rt|rw)\\.? ?:?\\s?\\d+(?:\\s?[/,]?\\s?(?i:rw\\.? ?)?:?\\d+)?)"
)
VN_WORDS = (
    "đường|phố|ngõ|ngách|hẻm|kiệt|tổ dân phố|tổ|khu phố|kp|khu|ấp|thôn|xóm|bản|buôn|làng|phường|p|xã|thị trấn|tt|quận|q|huyện|h|thị xã|tx|tp|thành phố|tỉnh|"
    "tòa nhà|tòa|chung cư|kđt|khu đô thị|khu công nghiệp|kcn|kdc|khu dân cư|đại lộ|quốc lộ|ql|tỉnh lộ|tl|duong|pho|ngo|hem|to|khu pho|ap|thon|xom|phuong|xa|thi tran|quan|huyen|"
    "thi xa|thanh pho|tinh|chung cu"
)
VN_NAME = f"(?:(?:số )?\\d+[A-Za-z]?(?:/\\d+)*|[A-Z]{{1,2}}\\d+(?:\\.\\d+)?|{CAP}(?: (?:(?!(?i:xã|phường|quận|huyện|tỉnh|tp|thành phố|thị (?:trấn|xã))\\b){CAP}|\\d+(?:/\\d+)?)){{0,4}})"
VN_DIVISION = f"(?:(?i:{VN_WORDS})\\b\\.? ?{VN_NAME})"
POST = (
    "(?:(?i:cep|c\\.? ?p\\.?|kode ?pos|poskod|postcode|zip)\\.?:? ?)?"
    "(?:\\d{5}(?:-\\d{3,4})?|\\d{8}(?= [A-ZÀ-Þd])|[A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|[A-Z]\\d{4}(?:[A-Z]{3})?|\\d{4}-\\d{3}|\\d{4}(?= [A-ZÀ-Þ])|\\d{6}|\\d{2}\\.\\d{3}-\\d{3}|\\d{2}-\\d{3})(?![\\d/-])"
)
STATE = "(?:[A-Z]{2,3}(?:, \\d{4}(?!\\d))?|[A-Z]\\.[A-Z]\\.?(?:[A-Z]\\.?)?|nan)(?![A-Za-z])(?: \\d{4,5}(?:-\\d{3,4})?(?!\\d))?"
CITY = f"(?:(?!(?:No|Nr|Tel|Telp|Telf|Tlf|Tfno|HP|Hp|Cel|Fax|Mob|Ph|Email)\\b){CAP}(?: (?:(?:{PARTICLE} ){{0,3}}{CAP})){{0,4}})"
END = "(?=\\s*[,.;:\\n|>)(–/\"'”’»}\\]-]|\\s+\\d|\\s*\\Z|\\s+[A-Z]{2}\\b|\\s+[a-zà-ỹ¿¡\ue000-\uf8ff])"
MARK = "(?:\\s*[,\\n|>–]\\s*(?:[,\\n|>]\\s*)*|\\s+-\\s+|-(?=\\d{5})|\\s?/\\s?(?=[A-Z]{2}\\b)|\\.\\s+(?=\\d{5} |(?i:c\\.?p|col|kel|kec|piso)\\b)|\\s\\(\\s?)"
#: Components behind a core: behind a mark anything, behind a space only what cannot be anything else. Whatever stands
#: there it matches, nothing at worst: an expression by itself, compiled once.
TAIL = later(
    f"(?:{MARK}(?:{UNIT}|(?i:jalan|jln|jl|lorong|persiaran|lebuh)\\b\\.? (?:\\d[\\w/]*|{CAPS}(?: \\d[\\w/]*)?)|{DIVISION}|{VN_DIVISION}|{POST}(?: (?:d[aeo]s? )?{CITY}{END})?|{STATE}|Dublin \\d{{1,2}}W?(?!\\w)|{CITY}(?: (?:{STATE}|{POST}|\\d{{4}}(?!\\d)))?{END})"
    f"|,? (?i:entre) (?i:calles? )?(?:\\d{{1,3}}[A-Z]?|{CAPS}) (?:y|e) (?:\\d{{1,3}}[A-Z]?\\b|{CAPS})|,? (?i:esquina|esq\\.?)(?: con)? (?i:calle )?(?:\\d{{1,3}}\\b|{CAPS})|,? de {CITY}(?=\\s*[.,;:)\\n]|\\s*\\Z)|(?<=\\d) {CITY} (?:(?:NSW|VIC|QLD|TAS|ACT|SA|WA|NT) )?\\d{{4}}(?!\\d)|\\s{{1,2}}(?:(?!of\\b){UNIT}|{DIVISION}|{VN_DIVISION}|{POST}(?: {CITY}{END})?|[A-Z]{{2,3}} \\d{{4,5}}(?!\\d))"
    f"|(?<=\\d) {CITY}(?= [A-Z]{{2}}\\b|\\s*\\n|\\s*\\Z|[,.?!)]| \\d{{5,6}}\\b)){{0,9}}"
)

# --- What stands before a core ---

HEAD = later(
    f"(?:(?:(?i:apt|apartment|suite|studio|unit|room|rm|flat|block|blk|lot|level|no|villa|house|shop|floor|door|ground floor|lt|lantai|ruko|kios|toko|tower|apartemen|pt|plot|h\\.?no|"
    f"c/o|edificio|torre|residencial|apto|piso|sala|căn hộ|phòng|tầng|tòa|tòa nhà)\\b\\.? ?#?(?:[{U}]{{0,2}}-?\\d[\\w./-]*|{CAPS}(?: \\d+)?|[A-Z]\\b)"
    f"|(?:\\d{{1,2}}(?:st|nd|rd|th) Floor|\\d{{1,2}}F|(?:Room|Rm) \\d+|Block \\d+ Lot \\d+|B\\d+ L\\d+),? {CAPS}(?: \\d{{1,2}})?"
    f"|[A-Z]{{1,2}}-?\\d{{1,4}}(?:-\\d{{1,4}}){{0,2}}[A-Z]?|(?:\\d{{1,3}}|G)/F|\\d{{1,5}}[A-Z]?(?:[/-]\\d{{1,4}})?(?=,|\\s\\Z)|(?i:pangsapuri|apartment|kondominium|apartemen|kampung|kg\\.?|taman|wisma|menara|gedung|plaza|ruko) {CAPS}(?: \\d+)?"
    f"|{CAP}(?: {CAP}){{0,2}} (?:House|Plaza|Centre|Center|Tower|Mall|Court|Lodge|Mansions?|Cottages?|Apartments|Towers?|Building|Villas?|Residences?|Heights|Wharf|Point|Mill))"
    f"(?:,\\s?|\\s(?=\\d|\\Z))){{1,4}}(?:(?i:apt|apartment|suite|unit|room|rm|flat|blk|block|no|lot|plot|apto|piso)\\b\\.? ?#?)?\\Z|(?<![A-Za-z])(?i:apt|apartment|suite|unit|room|rm|flat|blk|blok|block|level|floor|shop|villa|no|lot|plot|apto|piso)\\b\\.? ?#?\\Z"
)

# --- Streets of English ---

STRONG = (
    "Streets?|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Blv|Bvd|Lane|Ln|Drive|Dr|Highway|Hwy|Parkway|Pkwy|Crescent|Cres|Alley|Mews|Expressway|Freeway|"
    "Turnpike|Tpke|Tpk|Byp|Pky|Expy|Xing|Mall|Ctr|Center|Centre|Broadway|Terrace|Ter|Court|Ct|Close|Circle|Cir|Trail|Trl|Parade|Pde|Esplanade|Circuit|Wharf|Quay|straße|strasse|Straße|Strasse|Str|laan|"
    "straat|weg|gatan|vägen|gata|vej|veien|katu|tie|utca|út|u|tér|"
    "STREET|ROAD|AVENUE|LANE|DRIVE"
)
