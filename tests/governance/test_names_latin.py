"""Names and addresses in Latin letters: English, Spanish, Portuguese, Indonesian, Malay, Vietnamese. All invented."""

from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest
from names_help import said

from clearinghouse.scrub import default_engine
from governance.names import address_any, address_latin, latin, latin_best, latin_tell
from governance.names.block import Block
from governance.names.engine import NameEngine
from governance.names.latin_hash import Hasher, Table, hash_words
from governance.names.latin_tell import Weighed, weighed
from governance.names.latin_weigh import names
from governance.names.lexicon import Ints
from governance.recognisers.automata import automaton, best_backend, cut
from governance.recognisers.engine import buffers


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


def uncovered(engine: NameEngine, text: str, value: str, entity: str | None = None) -> str:
    """The letters and digits of a value that no span of the entity covers."""
    start = text.index(value)
    spans = [s for s in engine.scan([text]) if entity in (None, s.entity)]
    covered = {i for s in spans for i in range(s.start, s.end)}
    return "".join(c for i, c in enumerate(value, start) if c.isalnum() and i not in covered)


NAMES = [
    # News, tables, headlines
    ("Prime Minister Helena Brandt arrived in Vienna late on Sunday , officials said .", "Helena Brandt"),
    ("Kofi Mensah ( Ghana ) beat Petr Havlik 6-3 6-2", "Kofi Mensah"),
    ("Li Wenhua , 42 , a factory worker from Shenyang , was among the injured .", "Li Wenhua"),
    ("Fatima al-Zahrani , a lawyer from Riyadh , filed the complaint .", "Fatima al-Zahrani"),
    ("Zak shouted at the driver and left.", "Zak"),
    ("Badrul, 29, dilahirkan di kampung itu.", "Badrul"),
    ("Biên bản có Bùi Thanh Tùng và Hoàng Mai Anh", "Hoàng Mai Anh"),  # not the district
    # Service, chats, forms
    ("My name is Akinori", "Akinori"),
    ("my name is borna jerković but everyone calls me borna", "borna jerković"),
    ("Name:    Sieda Batukayev\nPhone: none", "Sieda Batukayev"),
    ("happy birthday jessica love you so much", "jessica"),
    ("oi sou a patricia, comprei dia 10 e nada", "patricia"),
    ("halo min, atas nama rina wulandari pesanan 2213", "rina wulandari"),
    # Spanish and Portuguese
    ("Nombre: Ernesto. Apellidos: Rivera Bueno. NHC: 368503.", "Rivera Bueno"),
    ("Médico: Ignacio Rubio Tortosa NºCol: 28 28 70973.", "Ignacio Rubio Tortosa"),
    ("Relator : Ministro Clodoaldo Batista Rangel", "Clodoaldo Batista Rangel"),
    ("RECORRENTE : MARIA DAS DORES PEREIRA LIMA", "MARIA DAS DORES PEREIRA LIMA"),
    ("Terezinha de Jesus Ramos chegou cedo", "Terezinha de Jesus Ramos"),
    # Indonesian and Malay
    ("Gubernur Jawa Tengah Heru Prabowo mengatakan bantuan akan segera disalurkan .", "Heru Prabowo"),
    ("Kirim ke I Wayan Sudarma ya kak", "I Wayan Sudarma"),
    ("Ravi a/l Subramaniam, 34, ditahan polis di Ipoh.", "Ravi a/l Subramaniam"),
    ("Nor Hayati binti Salleh memenangi anugerah itu.", "Nor Hayati binti Salleh"),
    ("Tan Sri Lim Kok Seng merasmikan kilang baharu.", "Lim Kok Seng"),
    # Vietnamese
    ("Theo ông Trần Văn Bảy, giá gạo tăng.", "Trần Văn Bảy"),
    ("Shop gửi cho chị Ngân ở Cầu Giấy nhé", "Ngân"),
    ("bệnh nhân nam N.V.T., 34 tuổi, quê Bắc Giang", "N.V.T"),
    ("Pham Quoc Dat da thanh toan don hang", "Pham Quoc Dat"),
    ("Cảm ơn Thảo nhiều nhé!", "Thảo"),
    ("minh ten tran thu thuy, minh muon tra hang", "tran thu thuy"),
    # Unknown words beside known names, between commas, in lists, beneath a closing.
    ("Entrevistamos Kelly Cristina, Uólace e Ana Beatriz Muniz.", "Uólace"),
    ("O ministro da Saúde, Evandro Peçanha, visitou Manaus.", "Evandro Peçanha"),
    ("cc: Sudeep Chatterjee; Malin Åkerlund", "Sudeep Chatterjee"),
    ("Yours faithfully,\nC. M. Trevanion", "C. M. Trevanion"),
    ("Petugas: Slamet Raharjo", "Slamet Raharjo"),
    ("Pesakit Muthusamy a/l Perumal, 62 tahun, mengadu sesak nafas.", "Muthusamy a/l Perumal"),
    ("El demandante, don Fulgencio Aldecoa y Marín, comparece.", "Fulgencio Aldecoa y Marín"),
    ("mi hijo ignacio va al colegio San José", "ignacio"),
    # Courtesies in small letters are a part of the name behind them.
    ("La casa de don Hilario está vacía.", "don Hilario"),
    ("¿Hablo con doña Carmen?", "doña Carmen"),
    ("Bom dia, seu Joaquim, o técnico passa hoje.", "seu Joaquim"),
    ("A dona Lurdes ligou ontem.", "dona Lurdes"),
    ("Entregar a Ícaro Fontenele, por favor.", "Ícaro Fontenele"),
    ("Kauê Marinho, de 22 anos, foi preso.", "Kauê Marinho"),
    ("Ron Hollister signed for it.", "Ron Hollister"),
    ("Private Ryan Colby was wounded.", "Ryan Colby"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_names_are_covered_whole(engine: NameEngine, text: str, name: str) -> None:
    assert uncovered(engine, text, name, "PERSON") == ""


ADDRESSES = [
    ("I live at 742 Maple Ridge Road, Springfield, IL 62704 and wait", "742 Maple Ridge Road, Springfield, IL 62704"),
    ("deliver to Flat 3, 18 Rosemount Terrace, Edinburgh EH3 9PB", "Flat 3, 18 Rosemount Terrace, Edinburgh EH3 9PB"),
    (
        "sent to Blk 45 Bedok North Street 3 #08-121, Singapore 460045",
        "45 Bedok North Street 3 #08-121, Singapore 460045",
    ),
    ("please deliver at 7233 nut swamp ave desoto tx 75115", "7233 nut swamp ave desoto tx 75115"),
    ("Mail it to Level 8, 120 Edward Street, Brisbane QLD 4000", "Level 8, 120 Edward Street, Brisbane QLD 4000"),
    ("He moved to 35 Rue des Martyrs, 75009 Paris.", "35 Rue des Martyrs, 75009 Paris"),
    ("kirim ke jl kenanga 7 blok c2, depok", "jl kenanga 7 blok c2"),
    ("Gedung Graha Mandiri Lt. 12, Jl. Imam Bonjol No. 61, Jakarta", "Jl. Imam Bonjol No. 61, Jakarta"),
    ("Vivo en Calle Gran Vía 45, 3º izquierda, 28013 Madrid", "Calle Gran Vía 45, 3º izquierda, 28013 Madrid"),
    ("Mi dirección es Carrera 7 # 12-34 apto 502, Bogotá", "Carrera 7 # 12-34 apto 502, Bogotá"),
    ("Entregar na Av. Paulista, 1578 - Bela Vista, São Paulo - SP, CEP 01310-200", "Av. Paulista, 1578 - Bela Vista"),
    ("kirim ke Perum Bumi Indah Blok D2/15, Sidoarjo", "Perum Bumi Indah Blok D2/15, Sidoarjo"),
    (
        "Jl. Melati Raya No.9 RT.003/RW.007, Kel. Sukasari, Bandung 40162",
        "Jl. Melati Raya No.9 RT.003/RW.007, Kel. Sukasari",
    ),
    (
        "Hantar ke No. 12, Jalan SS2/24, 47300 Petaling Jaya, Selangor",
        "No. 12, Jalan SS2/24, 47300 Petaling Jaya, Selangor",
    ),
    ("Địa chỉ: 123/45 Nguyễn Trãi, Phường 2, Quận 5, TP.HCM", "123/45 Nguyễn Trãi, Phường 2, Quận 5, TP.HCM"),
    ("giao đến số nhà 8, thôn Đông, xã Tân Lập, huyện Vũ Thư", "số nhà 8, thôn Đông, xã Tân Lập, huyện Vũ Thư"),
    ("so 5 duong Le Loi, quan 1, TP HCM", "so 5 duong Le Loi, quan 1"),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_addresses_are_covered_to_the_door(engine: NameEngine, text: str, address: str) -> None:
    assert uncovered(engine, text, address, "ADDRESS") == ""


@pytest.mark.parametrize(
    "text",
    [
        "Order Number 44123 Shipped Via FedEx Ground",
        "Boston at Toronto , Cleveland at Detroit , Texas at Oakland",
        "A Epic Tale of a Hunter And a Butler who must Fight a Boy in Ancient Japan",
        "Excellent Service, Great Food, Will Come Back Again",
        "El Banco Santander compró el 20 por ciento de Telefónica .",
        "HABEAS CORPUS . TRÁFICO DE DROGAS . PRISÃO PREVENTIVA . ORDEM DENEGADA .",
        "Vestido Rojo de Fiesta Manga Larga",
        "Kota Bandung dan Kabupaten Bogor dilanda hujan deras .",
        "kamar luas, ac dingin, pelayanan ramah, recommended",
        "Bệnh viện Chợ Rẫy tiếp nhận 20 ca mắc mới .",
        "Áo Thun Nam Cổ Tròn Tay Ngắn",
        "rose gold watch strap 42mm",
        "12 Piece Place Setting 3 Tier Square Stand",
        "ford f150 seat covers",
        "what is your name",
        # Titles, brands of two words, dishes, and recipes that begin with what to do.
        "Tierra de Nadie: La Serie Completa",
        "Terra de Ninguém: Série Completa",
        "Añada el romero, el laurel y una pizca de pimentón; hornee 25 minutos.",
        "Mochila Mario Hernández Cuero Negro",
        "Mesa de Centro Madeira Maciça Nogueira",
        "Cabo HDMI 2 Metros Alta Velocidade",
        "A Última Colheita",
        "Berkshire Hathaway trims stake in Bank of America",
        "Summer of the Silver Fox",
        "Dr. Martens 1460 Boots Cherry Red",
        "Vera Bradley Quilted Tote Lavender",
        "Bicicleta Montaña Rodado 29 Roja",
        "Рубашка Pierre Cardin с длинным рукавом",
    ],
)
def test_plain_text_stays(engine: NameEngine, text: str) -> None:
    assert [text[s.start : s.end] for s in engine.scan([text])] == []


def test_a_row_does_not_depend_on_its_neighbours(engine: NameEngine) -> None:
    texts = [text for text, _ in NAMES + ADDRESSES]
    alone = [[(s.start, s.end, s.entity) for s in engine.scan([text])] for text in texts]
    spans = engine.scan(texts * 3)
    for row in range(len(texts) * 3):
        assert [(s.start, s.end, s.entity) for s in spans if s.row == row] == alone[row % len(texts)]


def test_a_second_scan_finds_nothing_new(engine: NameEngine) -> None:
    for text, _ in NAMES + ADDRESSES:
        for span in sorted(engine.scan([text]), key=lambda s: -s.start):
            text = text[: span.start] + f"<{span.entity}>" + text[span.end :]
        assert [text[s.start : s.end] for s in engine.scan([text])] == []


@pytest.mark.parametrize("number", range(len(address_latin.ALL)))
def test_needles_let_no_address_pass(number: int) -> None:
    needle, pattern, _, _ = address_latin.ALL[number]
    texts = [text for text, _ in ADDRESSES] + ["x", "Box 77, RR 2, Saskatoon, SK", "12 The Avenue, Leeds LS8 1DW"]
    lines = pa.array(texts, pa.large_string())
    units = cut(*buffers(lines))
    where, _ = automaton(best_backend(), (needle,)).pairs(units, (300,))
    rows = set((where if units.rows is None else units.rows[where]).tolist())
    for row, text in enumerate(texts):
        if row not in rows:
            assert list(address_latin.spans(pattern, text, 0, len(text))) == []


def test_the_hash_of_a_word_is_the_same_wherever_it_stands() -> None:
    words = ["a", "maria", "o'brien", "nguyen", "szczepanska", "wolfeschlegelsteinhausen", "ab" * 32]
    letters = np.frombuffer("\0".join([*words, ""]).encode("utf-16-le"), dtype=np.uint16)
    ends = np.flatnonzero(letters == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    assert (hash_words(words) == Hasher(letters)(starts, ends)).all()
    assert [hash_words([word])[0] for word in words] == hash_words(words).tolist()
    beside = Hasher(np.full(len(letters) + 7, ord("x"), dtype=np.uint16))
    before = np.concatenate([np.full(7, ord("x"), dtype=np.uint16), letters, letters])
    assert (Hasher(before)(starts + 7, ends + 7) == hash_words(words)).all()
    assert len(set(beside(starts, ends).tolist())) == len({len(word) for word in words})


def test_what_was_remembered_of_words_and_runs_changes_nothing(engine: NameEngine) -> None:
    texts = ["Zorvath Quimbelund said so.", "The Blorfing of Trask and Quimbelund", "Call Ushanda Wrenkoli"]
    known = [list(engine.scan([text])) for text in [*texts, *texts]]
    latin_best._HEARD[:] = 0
    latin_tell._TOLD.clear()
    assert [list(engine.scan([text])) for text in [*texts, *texts]] == known
    assert known[:3] == known[3:]


def test_what_is_longer_than_any_word_has_no_hash() -> None:
    assert hash_words(["a" * 64])[0] != 0
    assert hash_words(["a" * 65, "a" * 500]).tolist() == [0, 0]


def test_a_table_tells_words_that_it_holds_from_others() -> None:
    words = [f"{a}{b}{c}{d}" for a in "bcdfgh" for b in "aeiou" for c in "lmnrst" for d in ("", "a", "ingham-smythe")]
    flags = np.arange(1, len(words) + 1, dtype=np.uint32) << 3
    table = Table(hash_words(words), flags)
    assert (table.get(hash_words(words)) == flags).all()
    assert not table.get(hash_words([word + "q" for word in words])).any()


@pytest.mark.parametrize(
    "text",
    [
        "A" * 50_000,
        "De La " * 10_000,
        "1 Aa " * 10_000,
        "Calle " * 10_000 + "1",
        "Jalan " * 10_000 + "1",
        "số 1 " * 10_000,
        "address " * 5_000 + "1",
        "1, " * 20_000 + "Main St",
        "Nguyễn " * 10_000,
        "I'm I'm " * 10_000,
        "a-B" * 20_000,
        "Ab " * 20_000,
        "Ali bin " * 10_000,
        "Ann, " * 20_000,
    ],
    ids=lambda text: text[:8],
)
def test_no_text_takes_long(text: str) -> None:
    block = Block(pa.array([text], pa.large_string()))
    began = time.process_time()
    latin.find(block)
    units = cut(*buffers(pa.array([text], pa.large_string())))
    where, which = automaton(best_backend(), address_any.NEEDLES).pairs(units, address_any.REACH)
    rows = np.unique(units.rows[where] if units.rows is not None else where)
    for number in sorted(set(which.tolist())):
        address_any.find(block, rows, np.full(len(rows), number), None)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chiều qua, Tuấn rủ Minh đi đá bóng", ["Tuấn", "Minh"]),
        ("Mời Thu Hà lên nhận thưởng", ["Thu Hà"]),
        ("Nhà ở Bình Dương, quê ở Thái Bình", []),
        ("Tháng sau em về Hải Dương ăn tết", []),
    ],
)
def test_vietnamese_given_names_are_told_by_their_marks(text: str, names: list[str]) -> None:
    assert said(NameEngine(), text) == names


@pytest.mark.parametrize("name", ["T. J. McAllister", "van der Berg"])
def test_initials_and_particles_before_a_name_belong_to_it(name: str) -> None:
    assert said(NameEngine(), f"It rained, and {name} said so.") == [name]


def test_the_label_behind_an_address_is_no_part_of_it() -> None:
    text = "Endereço: Rua das Acácias, 249, apto 133, São Paulo - SP\nTelefone: 11 5555"
    assert said(NameEngine(), text, "ADDRESS") == ["Rua das Acácias, 249, apto 133, São Paulo - SP"]


def test_where_a_match_may_begin_is_told_from_where_its_needle_ends() -> None:
    few = [text for text, _ in ADDRESSES] + [
        "call 5551234 or 77 12 north elm st and 4 5 a 6 old mill road",
        "é 12 b 3, old north mill creek rd apt 4, dallas tx 75201 x",
        "At 12-3, N Upper Old Mill Creek Road 7 and 9 The Strand, 5 Kings Rd",
        "1 2 3 4 5 6 7 8 9 10 11 12 main st",
    ]
    rng = np.random.default_rng(5)
    rows = few + [" ".join(few[i] for i in rng.integers(0, len(few), 5)) for _ in range(200)]
    rows.append(" and ".join(rows))  # longer than a unit
    block = Block(pa.array(rows, pa.large_string()))
    units = cut(*buffers(block.texts))
    where, which = automaton(best_backend(), address_any.NEEDLES).pairs(units, address_any.REACH)
    if units.rows is not None:
        where = units.rows[where]
    pairs = np.unique(where * len(address_any.NEEDLES) + which)
    whole = address_any.find(block, *np.divmod(pairs, len(address_any.NEEDLES)), None)
    assert len(whole) > 300
    assert address_any.look(block, best_backend(), None) == whole


def test_runs_alike_are_weighed_as_each_by_itself() -> None:
    texts = [text for text, _ in NAMES] * 2 + [" ".join(["Ann Ab"] * 30)] * 2 + ["Ann Ab " * 40]
    asked: list[tuple[tuple[int, ...], tuple[object, ...]]] = []
    runs: list[Weighed] = []

    def weighing(packed: Ints, heads: Ints, tails: Ints, columns: tuple[np.ndarray, ...]) -> Weighed:
        around = zip(*(column.tolist() for column in columns), strict=True)
        pairs = zip(heads.tolist(), tails.tolist(), strict=True)
        asked.extend((tuple(packed[a:b].tolist()), own) for (a, b), own in zip(pairs, around, strict=True))
        runs.append(weighed(packed, heads, tails, columns))
        starts.extend(heads.tolist())
        return runs[-1]

    starts: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latin, "weighed", weighing)
        latin.find(Block(pa.array(texts, pa.large_string())))
    told, rest = [], []
    for head, (words, around) in zip(starts, asked, strict=True):
        best, left = names(words, around)
        told += [(head, head + a, head + b, weight, reason) for a, b, weight, reason in best]
        rest += [] if left is None else [(head + left.start, head + left.end, left.weight)]
    (got,) = runs
    assert len(set(asked)) < len(asked)
    assert list(zip(*(column.tolist() for column in got[:5]), strict=True)) == told
    assert list(zip(*(column.tolist() for column in got[5:]), strict=True)) == rest


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Name: Luis Ortega; Age: 34", "Luis Ortega"),
        ("Patient: Odalys Ferrer; DOB 1961-11-02", "Odalys Ferrer"),
        ("Name: Luis Ortega; Blood type: B", "Luis Ortega"),
    ],
)
def test_fields_behind_a_name_are_no_names(text: str, name: str) -> None:
    # The whole engine, which looks again at what is left.
    found = default_engine(("US",)).scan(pa.array([text], pa.large_string()), ["en"])
    assert [text[s.start : s.end] for s in found if s.entity == "PERSON"] == [name]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Al llegar el paquete estaba roto."),
        ("es", "Al parecer el envío se perdió."),
        ("es", "Manda el pedido a la tienda y avisa."),
        ("pt", "Leia o manual antes de usar."),
        ("pt", "Salvador terá carnaval em fevereiro"),
    ],
)
def test_forms_of_verbs_that_a_sentence_opens_with_are_nobody(language: str, text: str) -> None:
    covered = "".join(text[s.start : s.end] for s in NameEngine((language,)).scan([text]) if not s.keep)
    assert not set(covered.split()) & {"Al", "Manda", "Leia", "terá"}


def test_they_are_names_behind_given_names() -> None:
    text = "Firmado por Juan Jurado y por Ana Parada."
    found = [text[s.start : s.end] for s in NameEngine(("es",)).scan([text])]
    assert found == ["Juan Jurado", "Ana Parada"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Aceite de oliva virgen extra Carbonell 1 L"),
        ("es", "Jamón ibérico de bellota Joselito 7 kg"),
        ("pt", "Azeite Gallo extra virgem 500ml"),
        ("en", "Carter baby bodysuit 5-pack"),
    ],
)
def test_what_goods_are_called_by_is_nobody(language: str, text: str) -> None:
    assert not [s for s in NameEngine((language,)).scan([text]) if not s.keep]


def test_people_beside_a_measure_are_found() -> None:
    for language, text, name in (
        ("es", "Paquete de 2 kg para Lucía Gómez", "Lucía Gómez"),
        ("en", "John Whitfield 3 kg left at door", "John Whitfield"),
    ):
        assert name in [text[s.start : s.end] for s in NameEngine((language,)).scan([text])]


@pytest.mark.parametrize(
    "text",
    ["Harga minyak petrol RON95 kekal minggu ini", "the new JACK40 adapter is out", "quận Hoàng Mai Hà Nội đông"],
)
def test_a_word_that_a_short_number_ends_and_a_district_are_nobody(engine: NameEngine, text: str) -> None:
    assert [s for s in engine.scan([text]) if s.entity == "PERSON"] == []


def test_a_name_that_its_telephone_touches_is_still_one(engine: NameEngine) -> None:
    assert uncovered(engine, "please call John0917 555 0199 today", "John", "PERSON") == ""
