"""Encodings and compressions: text comes back as it was written, and damage costs what it touches and no more."""

from __future__ import annotations

import gzip
import io
import random
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.sources import SourceUnreadable, list_pieces, read_piece, streams
from infra.sources.encoding import decode, encoding_of
from schemas.errors import SourceChanged, SourceUnavailable
from tests.infra.source_help import Read, fields, files, read

TEXT = fields("text")
CHINESE = "姓名,城市,备注\n王小明,北京市海淀区,今天的货什么时候能到？\n李丽,上海,没有收到，请尽快处理。\n"
TRADITIONAL = "姓名,城市,備註\n王小明,臺北市信義區,今天的貨什麼時候能到？\n李麗,高雄,沒有收到，請儘快處理。\n"
FRENCH = "nom,ville,avis\nRenée,Orléans,très bon café à l’hôtel – 5 €\nFrançois,Besançon,déjà reçu\n"
PORTUGUESE = "nome,cidade\nJoão,São Paulo\nConceição,Brasília\n"
GERMAN = "Name,Straße\nJürgen Groß,Königsallee 5\n"


# -- encodings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "utf-8"),
        ("id,city\n1,北京\n", "gb18030"),
        ("date,note\n2024年3月5日,已签收\n", "gb18030"),
        (TRADITIONAL, "cp950"),
        ("id,city\n1,臺北\n2,高雄市\n", "cp950"),
        ("the President’s “promise” — now\n", "cp950"),
        (FRENCH, "cp1252"),
        (PORTUGUESE, "cp1252"),
        (GERMAN, "cp1252"),
        ("the ½¢ decrease which ot\n", "cp1252"),
        ("It’s “fine”\n", "cp1252"),
        (FRENCH, "utf-16-le"),
        ("plain,ascii\n1,2\n", "utf-8"),
        (PORTUGUESE, "utf-8"),
    ],
)
def test_detected(text: str, codec: str) -> None:
    assert encoding_of(text.encode(codec)).codec == codec
    assert "".join(decode(iter([text.encode(codec)]), encoding_of(text.encode(codec)))) == text


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_is_left_out_and_outranks_the_contract(tmp_path: Path, mark: str) -> None:
    (tmp_path / "f.txt").write_bytes("北京\nb\n".encode(mark))
    got = read(files(tmp_path / "f.txt", "text", encoding="gbk" if mark == "utf-8-sig" else "auto"), TEXT)
    assert got.tuples == [("北京",), ("b",)]


def test_names_of_encodings() -> None:
    assert encoding_of(b"", "GBK").codec == "gb18030"
    assert encoding_of(b"", "Big5").codec == "cp950"
    assert encoding_of(b"", "ISO_8859-1").codec == "cp1252"
    assert encoding_of("a\n".encode("utf-16-be"), "UTF-16").codec == "utf-16-be"
    with pytest.raises(SourceUnreadable, match="'klingon' is not known"):
        encoding_of(b"", "klingon")


def test_mostly_utf8_is_utf8_with_damage(tmp_path: Path) -> None:
    lines = [f"行{i}".encode() for i in range(20)]
    lines[7] = "老数据".encode("gb18030")
    (tmp_path / "f.txt").write_bytes(b"\n".join(lines))
    got = read(files(tmp_path / "f.txt", "text"), TEXT)
    assert len(got.rows) == 19
    assert got.why == [(8, "undecodable_bytes")]
    assert "\ufffd" in got.rejects[0].sample


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    lines=st.lists(
        st.text(alphabet=st.characters(codec="gb18030", exclude_characters="\n\r\0\ufeff"), max_size=8), max_size=6
    ),
    codec=st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]),
    size=st.integers(1, 7),
)
def test_declared_encodings_in_any_chunks(lines: list[str], codec: str, size: int) -> None:
    data = "\n".join(lines).encode(codec)
    chunks = (data[i : i + size] for i in range(0, len(data), size))
    assert "".join(decode(chunks, encoding_of(b"", codec))) == "\n".join(lines)


@pytest.mark.parametrize(
    ("codec", "bad"),
    [("utf-8", b"\xff"), ("utf-8", b"\xe4\xbd"), ("gb18030", b"\x81"), ("cp950", b"\xfe\xfe"), ("cp1252", b"\x81"),
     ("utf-16-le", b"\x00\xd8"), ("utf-16-be", b"\xd8\x00")],
)  # fmt: skip
def test_a_wrong_byte_costs_its_row(tmp_path: Path, codec: str, bad: bytes) -> None:
    def to_bytes(text: str) -> bytes:
        return text.encode(codec)

    data = to_bytes("id,v\n") + to_bytes("1,a\n2,") + bad + to_bytes("\n3,c\n")
    (tmp_path / "f.csv").write_bytes(data)
    for quote in ('"', None):
        got = read(files(tmp_path / "f.csv", "csv", encoding=codec, quote=quote), fields("id", "v"))
        assert got.tuples == [("1", "a"), ("3", "c")]
        assert got.why == [(3, "undecodable_bytes")]


def test_zero_bytes_in_utf8_are_rejects_not_utf16(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"id,v\n1,a\n2,b\0b\n3,c\n")
    got = read(files(tmp_path / "f.csv", "csv"), fields("id", "v"))
    assert got.tuples == [("1", "a"), ("3", "c")]
    assert got.why == [(3, "nul_byte")]


# -- compressions --------------------------------------------------------------------------------------------------


def rows_of(path: Path, **options: object) -> Read:
    return read(files(path, "text", **options), TEXT)


def numbered(count: int) -> bytes:
    return b"".join(b"%d %s\n" % (i, random.Random(i).randbytes(9).hex().encode()) for i in range(count))


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


def zipped(data: bytes, name: str = "inner.txt", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        zstd,
        zipped,
        lambda data: zipped(data, method=zipfile.ZIP_STORED),
        lambda data: zipped(gzip.compress(data), "inner.gz"),
        lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]) + bytes(512),
        lambda data: zstd(data[:1000]) + zstd(data[1000:]),
    ],
)
@pytest.mark.parametrize("chunk", [1 << 20, 777])
def test_every_packing_gives_the_same_rows(
    tmp_path: Path, pack: object, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = numbered(3000)
    (tmp_path / "f").write_bytes(pack(data))  # type: ignore[operator]
    monkeypatch.setattr(streams, "CHUNK", chunk)
    got = rows_of(tmp_path / "f")
    assert [row["text"] for row in got.rows] == data.decode().splitlines()
    assert got.rejects == []


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_stream_cut_short_gives_what_it_holds_and_one_reject(tmp_path: Path, pack: object, share: float) -> None:
    data = numbered(20000)
    packed = pack(data)  # type: ignore[operator]
    (tmp_path / "f").write_bytes(packed[: max(5, int(len(packed) * share))])
    got = rows_of(tmp_path / "f")
    lines = data.decode().splitlines()
    assert [row["text"] for row in got.rows] == lines[: len(got.rows)]
    assert got.why == [(len(got.rows) + 1, "truncated")]
    if share == 0.9:
        assert len(got.rows) > 12000


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "yaml", "xml", "srt", "ass", "pgcopy", "text"])
def test_every_format_says_once_that_its_stream_was_cut(tmp_path: Path, format: str) -> None:
    content = {
        "csv": "text\n" + '"x",\n' * 0 + "row of text\n" * 50,
        "json": "[" + ",".join(f'{{"text": "t{i}"}}' for i in range(50)) + "]",
        "jsonl": "".join(f'{{"text": "t{i}"}}\n' for i in range(50)),
        "yaml": "".join(f"- text: t{i}\n" for i in range(50)),
        "xml": "<r>" + "".join(f"<row><text>t{i}</text></row>" for i in range(50)) + "</r>",
        "srt": "".join(f"{i}\n00:00:0{i % 9},000 --> 00:00:09,000\nhello\n\n" for i in range(50)),
        "ass": "[Events]\nFormat: Start, End, Text\n" + "Dialogue: 0:00:01.00,0:00:02.00,hello\n" * 50,
        "pgcopy": "COPY public.t (text) FROM stdin;\n" + "value\n" * 50 + "\\.\n",
        "text": "a line\n" * 50,
    }[format]
    # No compression to speak of, so that the cut falls inside the rows.
    packed = gzip.compress(content.encode(), compresslevel=0)
    (tmp_path / "f.gz").write_bytes(packed[: len(packed) - 100])
    options = {"xml": {"record": "row"}, "pgcopy": {"table": "t"}}.get(format, {})
    for quote in ['"', None] if format == "csv" else ['"']:
        got = read(files(tmp_path / "f.gz", format, quote=quote, **options), TEXT)
        assert [reason for _, reason in got.why] == ["truncated"]
        assert (0 if format == "yaml" else 30) <= len(got.rows) < 50


def test_a_checksum_that_fails_is_an_error(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(numbered(1000)))
    packed[-8] ^= 1
    (tmp_path / "f.gz").write_bytes(packed)
    with pytest.raises(SourceUnreadable, match="checksum does not match"):
        rows_of(tmp_path / "f.gz")
    stored = bytearray(zipped(b"a line of text\n" * 9, method=zipfile.ZIP_STORED))
    stored[60] ^= 1
    (tmp_path / "f.zip").write_bytes(stored)
    with pytest.raises(SourceUnreadable, match=r"f\.zip!inner\.txt: .*checksum"):
        rows_of(tmp_path / "f.zip")


def test_zstd_with_a_checksum(tmp_path: Path) -> None:
    plain = tmp_path / "f.txt"
    plain.write_bytes(numbered(1000))
    try:
        subprocess.run(["zstd", "-q", "--check", str(plain), "-o", str(tmp_path / "f.zst")], check=True)
    except FileNotFoundError:
        pytest.skip("the zstd program is not installed")
    assert len(rows_of(tmp_path / "f.zst").rows) == 1000
    data = bytearray((tmp_path / "f.zst").read_bytes())
    data[-2] ^= 1
    (tmp_path / "f.zst").write_bytes(data)
    with pytest.raises(SourceUnreadable, match="checksum does not match"):
        rows_of(tmp_path / "f.zst")


def test_a_zip_without_its_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "f.zip").write_bytes(zipped(numbered(100))[:-30])
    with pytest.raises(SourceUnreadable, match=r"f\.zip has no readable zip directory"):
        list_pieces(files(tmp_path / "f.zip", "text"))


def test_members_of_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("b/two.txt", "2\n")
        archive.writestr("a/one.txt", "1\n")
        archive.writestr("a/data.csv", "x\n9\n")
        archive.writestr("__MACOSX/a/._one.txt", "junk")
        archive.mkdir("empty/")
    wanted = fields("m=$member", "f=$file", "text")
    got = read(files(tmp_path / "f.zip", "text"), wanted)
    assert [row["m"] for row in got.rows] == ["a/data.csv", "a/data.csv", "a/one.txt", "b/two.txt"]
    got = read(files(tmp_path / "f.zip", "text", member="*.txt"), wanted)
    assert got.tuples == [("a/one.txt", "f.zip", "1"), ("b/two.txt", "f.zip", "2")]
    with pytest.raises(SourceUnavailable, match="no member"):
        list_pieces(files(tmp_path / "f.zip", "text", member="*.json"))


@pytest.mark.parametrize("magic", [b"\xfd7zXZ\x00...", b"BZh91AY&SY...", b"7z\xbc\xaf\x27\x1c"])
def test_compressions_that_are_not_read_are_named(tmp_path: Path, magic: bytes) -> None:
    (tmp_path / "f").write_bytes(magic)
    with pytest.raises(SourceUnreadable, match="is compressed with"):
        list_pieces(files(tmp_path / "f", "text"))


def test_declared_compression_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"plain text\n")
    with pytest.raises(SourceUnreadable, match="declared as gzip"):
        list_pieces(files(tmp_path / "f", "text", compression="gzip"))
    (tmp_path / "f").write_bytes(b"\x1f\x8b is how this text begins\n")
    assert len(rows_of(tmp_path / "f", compression="none", encoding="windows-1252").rows) == 1


# -- change --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd, zipped])
def test_a_file_that_changed_since_the_plan(tmp_path: Path, pack: object) -> None:
    path = tmp_path / "f"
    path.write_bytes(pack(b"one\ntwo\n"))  # type: ignore[operator]
    source = files(path, "text")
    (piece,) = list_pieces(source)
    changed = pack(b"one\ntwx\n")  # type: ignore[operator]
    path.write_bytes(changed)
    with pytest.raises(SourceChanged, match="is not the file that was planned"):
        list(read_piece(source, piece, TEXT))
    path.write_bytes(pack(b"one\ntwo\nthree three three\n"))  # type: ignore[operator]
    with pytest.raises(SourceChanged):
        next(read_piece(source, piece, TEXT))
    path.unlink()
    with pytest.raises(SourceUnavailable, match=str(path)):
        next(read_piece(source, piece, TEXT))
