"""Indonesian and Malay: who holds an office, and what places and bodies are called, beside the finder of capitals.

Papers write an office, what it is of, and the name: "Menteri Keuangan Sri Hartati". The finder of capitalised words
sees four capitals in a row; here the office tells where the name begins.
"""

from __future__ import annotations

import re

from governance.names.block import SEPARATOR, Block, Found

RECOGNISER = "names_malay"

#: Offices that are looked for.
_SOUGHT = ("Presiden", "Menteri", "Gubernur", "Ketua", "Pelatih")
_OFFICES = "Presiden|Menteri Besar|Menteri Koordinator|Menteri|Gubernur|Ketua Umum|Ketua Menteri|Ketua|Pelatih"
#: What an office is of.
_OF = (
    "Keuangan|Kewangan|Pertahanan|Pendidikan|Pelajaran|Kesehatan|Kesihatan|Pertanian|Perhubungan|Pengangkutan|Dalam Negeri|Luar Negeri|Agama|Sosial|Perdagangan|Perindustrian|Kehutanan|"
    "Pariwisata|Pelancongan|Hukum dan HAM|Hukum|Perekonomian|Ekonomi|Tenaga Kerja|Sumber Manusia|Komunikasi|Perumahan|Pekerjaan Umum|Kerja Raya|Kebudayaan|Pemuda dan Olahraga|Belia dan Sukan|"
    "Lingkungan Hidup|Kelautan dan Perikanan|Energi|BUMN|ESDM|Sekretaris Negara|DKI Jakarta|DKI|Jakarta|Jawa Barat|Jawa Tengah|Jawa Timur|Banten|Bali|Aceh|Papua|Lampung|Riau|Jambi|"
    "Sumatera Utara|Sumatera Barat|Sumatera Selatan|Sulawesi Selatan|Sulawesi Utara|Kalimantan Timur|Kalimantan Barat|Maluku|Bandung|Surabaya|Solo|Semarang|Medan|Bogor|Depok|Bekasi|"
    "Selangor|Johor|Kedah|Kelantan|Perak|Pahang|Sabah|Sarawak|Terengganu|Melaka|Perlis|Amerika Serikat|Amerika|AS|Jepang|Jepun|Australia|China|Rusia|Prancis|Perancis|Inggris|Britain|"
    "Malaysia|Singapura|Filipina|Thailand|Turki|KPK|KPU|DPR|MPR|DPD|DPRD|MK|MA|PSSI|PBNU|MUI|RT|RW|PDI-P|Golkar|UMNO|MIC|MCA|PAS|AKP|AKBP|Kombes"
)
_RANKS = "Pol|Jenderal|Jendral|Letjen|Mayjen|Brigjen|Irjen|Komjen|Kombes|AKBP|AKP|Kompol|Dr|Ir|Drs|Prof|H|Hj"
_WORD = "[A-Z][a-z]{2,}"
_HELD = re.compile(
    f"(?<![\\w-])(?>(?:{_OFFICES}) )(?:(?:{_OF}) ){{0,2}}+(?:(?:{_RANKS})\\.? )*+"
    f"(?P<name>{_WORD}(?: (?:{_WORD}|[A-Z]\\.?)){{0,3}})(?= (?:[a-z,(]|\\d)|[,.]| [,.]|{SEPARATOR}|$)"
)
_BODIES = frozenset(word for word in _OF.split("|") if word.isupper())
_OF_WORDS = frozenset(word.lower() for word in re.split("[| ]", _OF))
#: Words that begin the names of bodies and places, and what is said of offices: no person's name begins with them.
_NOBODY = frozenset(
    "jalan jl jln bandara stadion stadium pelabuhan pulau danau tasik gunung candi masjid surau hospital universitas universiti sekolah rumah kampung kampong taman bandar lapangan jambatan "
    "jembatan kabupaten kecamatan kelurahan daerah kota provinsi negeri desa sungai bukit istana gedung bangunan mahkamah dewan majlis majelis komisi suruhanjaya badan lembaga kementerian "
    "kementrian jabatan partai parti bank koran akhbar harian berita majalah piala liga kopi teh bunga petani nelayan polis polisi galat ralat baris kiri kanan presiden menteri gubernur "
    "bupati ketua wakil umum negara republik indonesia malaysia jakarta jawa sumatera kalimantan sulawesi bali papua aceh amerika serikat inggris jepang jepun china rusia australia "
    "persatuan pertubuhan yayasan institut pusat tim timnas skuad kelab klub akta undang stesen stasiun terminal hotel pasar mall kerajaan pemerintah rakyat konstitusi tinggi agung "
    "persekutuan perwakilan besar kebangsaan nasional internasional antarabangsa dalam luar utama pertama kedua januari februari mac maret april mei jun juni julai juli ogos agustus "
    "september oktober november disember desember senin selasa rabu kamis khamis jumat jumaat sabtu minggu ahad isnin pelatih jurulatih timbalan setiausaha pengarah bidang bagian fraksi "
    "dinas kamar pengadilan kejaksaan kepolisian perusahaan syarikat osis kelas".split()
)
#: Before what streets, bodies and places are called.
_PLACED = frozenset(
    "jalan jl jln bandara stadion stadium pelabuhan pulau danau tasik gunung candi masjid surau hospital universitas universiti sekolah kampung taman bandar lapangan jambatan jembatan "
    "kabupaten kecamatan kelurahan daerah kota provinsi desa sungai bukit akhbar koran piala".split()
)
#: What is said between such a word and the name of who it is called after.
_BETWEEN_WORDS = frozenset(
    "tun tengku tunku sultan sri seri raja jamek menengah rendah jenderal pangeran negeri negara kebangsaan hulu besar agung utama".split()
)
_BETWEEN = re.compile(f"(?:(?:{'|'.join(sorted(_BETWEEN_WORDS))}) )+\\Z", re.IGNORECASE)
_TITLES = "Ir Drs Dra KH Hj H Ust Tgk Prof Dr Ustaz Bung Nik Abang".split()
_TITLED = frozenset(_TITLES)
_TITLE = re.compile(f"(?<![^\\s(])(?:(?:{'|'.join(_TITLES)}|[A-Z]\\.)\\.? )+\\Z")


def checked(block: Block, found: list[Found]) -> list[Found]:
    """``found`` of the finder of capitals without what places and bodies are called; titles of Indonesia before a name
    go with it."""
    out, text = [], block.text
    for item in found:
        start = item.start
        name = text[start : item.end]
        first = name.partition(" ")[0].lower()
        if first in _DROPPED:
            continue
        if start < 2 or text[start - 1] != " ":
            out.append(item)
            continue
        word = text[max(0, start - 32) : start - 1].rpartition(" ")[2].rpartition(SEPARATOR)[2].rstrip(".")
        low = word.lower()
        # Most have nothing before them that says anything.
        if low in _BETWEEN_WORDS:
            front = text[max(0, start - 32) : start].rpartition(SEPARATOR)[2]
            if (between := _BETWEEN.search(front)) is not None:
                low = front[: between.start()].rstrip(" .").rpartition(" ")[2].lower()
        if low in _PLACED or (low == "kata" and first == "sandi") or name in _BODIES:
            continue
        if word in _TITLED or (len(word) == 1 and word.isupper()):
            front = text[max(0, start - 32) : start].rpartition(SEPARATOR)[2]
            title = _TITLE.search(front)
            if title is not None:
                item = item._replace(start=start - len(front) + title.start())
        out.append(item)
    return out


#: Of `_NOBODY`, what no name of another language begins with either.
_DROPPED = _NOBODY - frozenset(
    "bali jawa kota mei juli juni jun mac april desa bukit bank china bunga agung dinas april sabtu malaysia australia besar".split()
)


def find(block: Block) -> list[Found]:
    """Names behind an office."""
    out: list[Found] = []
    text = block.text
    if len(text) > 1 << 16 and " yang " not in text:
        return out  # so much text in these languages holds "which"
    places: set[int] = set()
    for office in _SOUGHT:
        at = text.find(office)
        while at >= 0:
            places.add(at)
            at = text.find(office, at + len(office))
    for at in sorted(places):
        held = _HELD.match(text, at)
        if held is None:
            continue
        start, end = held.span("name")
        words = held["name"].split()
        while words and words[0].lower() in _NOBODY:
            start += len(words[0]) + 1
            words = words[1:]
        if words and not (_NOBODY | _OF_WORDS).intersection(word.lower() for word in words):
            out.append(Found(start, end, "PERSON", 0.65, RECOGNISER, "context"))
    return out
