"""The same files read from S3 as from disk."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from infra.sources import Piece, list_pieces, read_piece
from schemas.errors import SourceChanged, SourceUnavailable
from tests.infra.source_help import fields, files, read
from tests.services import S3Server


def fill(folder: Path) -> None:
    (folder / "day=1").mkdir()
    (folder / "day=2").mkdir()
    rows = "".join(f"{i},文本 {i}\n" for i in range(20_000))
    (folder / "day=1" / "a.csv").write_text("id,text\n" + rows)
    (folder / "day=1" / "b.csv.gz").write_bytes(gzip.compress(("id,text\n" + rows).encode()))
    with zipfile.ZipFile(folder / "day=2" / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("c1.csv", "id,text\n1,x\n")
        archive.writestr("c2.csv", "id,text\n" + rows)
    table = pa.table({"id": list(range(20_000)), "text": [f"文本 {i}" for i in range(20_000)]})
    pq.write_table(table, folder / "d.parquet", row_group_size=2000)
    (folder / "_SUCCESS").write_text("")


def same_from_s3(server: S3Server, folder: Path) -> None:
    fill(folder)
    client = server.client()
    for path in folder.rglob("*"):
        if path.is_file():
            client.upload_file(str(path), server.bucket, f"feeds/{path.relative_to(folder)}")
    there, wanted = f"s3://{server.bucket}/feeds", fields("id", "text", "f=$file", "m=$member")
    for pattern, format, options in (
        ("day=*/*", "csv", {"partition": r"day=(?P<partition>\d)"}),
        ("day=1", "csv", {}),
        ("day=1/a.csv", "csv", {"quote": None}),
        ("**/*.zip", "csv", {"member": "c?.csv"}),
        ("*.parquet", "parquet", {}),
    ):
        here_source = files(folder / pattern, format, **options)
        there_source = files(f"{there}/{pattern}", format, **options)
        here, far = (list_pieces(source, piece_bytes=100_000) for source in (here_source, there_source))
        assert [(p.member, p.partition, p.bytes, p.digest, p.start, p.stop) for p in far] == [
            (p.member, p.partition, p.bytes, p.digest, p.start, p.stop) for p in here
        ]
        a, b = (read(source, wanted, piece_bytes=100_000) for source in (here_source, there_source))
        assert b.rows == a.rows
        assert b.sizes == a.sizes
        assert len(a.rows) > 10_000
    _errors(server, there)


def _errors(server: S3Server, there: str) -> None:
    source = files(f"{there}/day=1/a.csv", "csv")
    (piece,) = list_pieces(source)
    client = server.client()
    client.put_object(Bucket=server.bucket, Key="feeds/day=1/a.csv", Body=b"id,text\n" + b"x" * (piece.bytes - 8))
    with pytest.raises(SourceChanged):
        list(read_piece(source, piece, fields("id", "text")))
    client.delete_object(Bucket=server.bucket, Key="feeds/day=1/a.csv")
    with pytest.raises(SourceUnavailable, match=r"a\.csv is not there any more"):
        list(read_piece(source, piece, fields("id")))
    for location in (f"{there}/none/*.csv", f"{there}/none.csv"):
        with pytest.raises(SourceUnavailable, match="no file at s3://"):
            list_pieces(files(location, "csv"))
    with pytest.raises(SourceUnavailable):
        list_pieces(files("s3://no-such-bucket-here/x/*.csv", "csv"))


def test_moto(moto_s3: S3Server, tmp_path: Path) -> None:
    same_from_s3(moto_s3, tmp_path)


@pytest.mark.service
def test_radosgw(radosgw_s3: S3Server, tmp_path: Path) -> None:
    same_from_s3(radosgw_s3, tmp_path)


def test_the_endpoint_of_the_contract_outranks_the_environment(
    moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    moto_s3.client().put_object(Bucket=moto_s3.bucket, Key="f.txt", Body=b"a\n")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    monkeypatch.setenv("OUR_S3", moto_s3.endpoint_url)
    source = files(f"s3://{moto_s3.bucket}/f.txt", "text", endpoint_url="${OUR_S3}")
    assert read(source, fields("text")).tuples == [("a",)]


def test_refused_credentials_and_no_server_name_no_secret(moto_s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2hunter2")
    source = files(f"s3://{moto_s3.bucket}/f.txt", "text", endpoint_url="http://127.0.0.1:1")
    with pytest.raises(SourceUnavailable) as caught:
        list_pieces(source)
    assert caught.value.transient
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SourceUnavailable):
        list(read_piece(source, Piece(f"s3://{moto_s3.bucket}/f.txt", None, "all", 1, "0"), fields("text")))
