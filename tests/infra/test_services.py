"""The servers that other tests stand on do answer, and start empty."""

from __future__ import annotations

import adbc_driver_postgresql.dbapi as postgresql
import pytest

from tests.services import S3Server


def _round_trip(server: S3Server) -> None:
    client = server.client()
    assert "Contents" not in client.list_objects_v2(Bucket=server.bucket)
    client.put_object(Bucket=server.bucket, Key="a/b", Body=b"bytes")
    assert client.get_object(Bucket=server.bucket, Key="a/b")["Body"].read() == b"bytes"


def test_moto(moto_s3: S3Server) -> None:
    _round_trip(moto_s3)


@pytest.mark.service
def test_radosgw(radosgw_s3: S3Server) -> None:
    _round_trip(radosgw_s3)


def test_postgres(postgres_uri: str) -> None:
    with postgresql.connect(postgres_uri) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        assert cursor.fetchone() == (0,)
