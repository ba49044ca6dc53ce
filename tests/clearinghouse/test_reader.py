"""What training jobs read: the rows that were signed, in order, or a clear refusal."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import clearinghouse
from clearinghouse.jobs.decide import decide
from clearinghouse.reader import ReleaseNotFound, UnknownColumn, open_release
from clearinghouse.reader_layout import Layout
from clearinghouse.settings import Settings
from infra.store import open_store
from schemas import shard_blocks
from schemas.canonical import digest
from schemas.errors import IntegrityError, ReleaseRefused, StoreError
from schemas.manifest import FORMAT, ReleaseManifest, Shard
from tests.builders import make_release, release_table
from tests.infra.stores import KINDS, make_store

pytestmark = pytest.mark.fork

ROWS = 100


def sign(uri: str, release: str = "demo@1.0.0", verdict: str = "approve") -> None:
    decide(Settings(store=uri), release, verdict, "dana.lin", "read the report")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A store with one signed release of 100 rows: shards of 40, 40 and 20 rows, row groups of 8."""
    make_release(tmp_path / "store", rows=ROWS)
    sign(str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture
def expected() -> list[dict]:
    return release_table(ROWS).to_pylist()


def shard_path(root: Path, manifest: ReleaseManifest, number: int) -> Path:
    return root / manifest.shard_key(number)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verify", [True, False])
def test_rows_come_in_order_by_every_way(
    kind: str, verify: bool, expected: list[dict], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    uri = make_store(kind, request, tmp_path).uri
    manifest = make_release(uri, rows=ROWS)
    sign(uri)
    release = open_release(uri, "demo", verify=verify)
    assert release.manifest == manifest
    assert (release.mix, release.version, len(release)) == ("demo", "1.0.0", ROWS)
    assert release.tokens == sum(row["n_tokens"] for row in expected)
    assert release.schema.names == list(expected[0])
    assert list(release) == list(release.rows()) == expected
    assert release.table().to_pylist() == expected
    assert [row for batch in release.batches() for row in batch.to_pylist()] == expected
    for number in (0, 7, 8, 39, 40, 79, 80, 99, -1, -100):
        assert release.row(number) == release[number] == expected[number]
    assert release.dataset().to_table().to_pylist() == expected
    assert release.verify() == manifest.totals["bytes"]
    assert "dana.lin" in repr(release)


def test_columns_are_read_alone_and_in_the_order_asked_for(root: Path, expected: list[dict]) -> None:
    release = clearinghouse.open_release(root, "demo")
    names = ["text", "n_tokens", "id"]
    wanted = [{name: row[name] for name in names} for row in expected]
    assert list(release.rows(names)) == wanted
    assert [list(row) for row in release.rows(names)] == [names] * ROWS
    assert release.table(names).schema.names == names
    assert list(release.row(50, names)) == names
    assert release.row(50, ["id"]) == {"id": expected[50]["id"]}
    assert sum(len(batch) for batch in release.batches([])) == ROWS
    for read in (release.rows, release.table, release.batches, lambda columns: release.row(0, columns)):
        with pytest.raises(UnknownColumn, match=r"'texts'.*it has id, source"):
            read(["id", "texts"])
        with pytest.raises(TypeError, match="list of names"):
            read("text")


@pytest.mark.parametrize("size", [1, 3, 8, 17, 40, 1000])
def test_batches_keep_to_their_size(root: Path, expected: list[dict], size: int) -> None:
    batches = list(open_release(root, "demo").batches(["id"], batch_rows=size))
    assert all(0 < len(batch) <= size for batch in batches)
    assert [i for batch in batches for i in batch.column("id").to_pylist()] == [row["id"] for row in expected]
    assert all(type(batch) is pa.RecordBatch for batch in batches)
    with pytest.raises(ValueError, match="at least 1"):
        open_release(root, "demo").batches(batch_rows=0)


def test_rows_beyond_the_end_are_no_rows(root: Path) -> None:
    release = open_release(root, "demo")
    for number in (ROWS, -ROWS - 1, 10**12):
        with pytest.raises(IndexError, match="100 rows"):
            release.row(number)
    for number in (1.0, "1", None):
        with pytest.raises(TypeError):
            release.row(number)  # type: ignore[arg-type]


@given(st.lists(st.lists(st.integers(1, 9), max_size=4), max_size=6))
def test_arithmetic_finds_every_row(groups: list[list[int]]) -> None:
    shards, first = [], 0
    for number, sizes in enumerate(groups):
        rows = sum(sizes)
        pairs = tuple((size, 2 * size) for size in sizes)
        shards.append(Shard(f"shards/{number}", 1, "0" * 64, rows, 2 * rows, first, pairs))
        first += rows
    bare = ReleaseManifest("m", "1", None, "eval", "text", 0, {}, {}, {}, "", (), tuple(shards), {}, (), {})
    layout = Layout(bare)
    found = [layout.find(number) for number in range(first)]
    assert found == [
        (shard, group, row)
        for shard, sizes in enumerate(groups)
        for group, size in enumerate(sizes)
        for row in range(size)
    ]
    assert [layout.find(number - first) for number in range(first)] == found
    assert (layout.rows, layout.tokens) == (first, 2 * first)
    for number in (first, -first - 1):
        with pytest.raises(IndexError):
            layout.find(number)


@pytest.mark.parametrize("field", ["first_row", "rows", "tokens"])
def test_a_manifest_that_contradicts_itself_is_refused(tmp_path: Path, field: str) -> None:
    made = make_release(tmp_path / "sound")
    wrong = replace(made.shards[1], **{field: getattr(made.shards[1], field) + 1})
    make_release(tmp_path / "store", shards=(made.shards[0], wrong, made.shards[2]))
    with pytest.raises(IntegrityError, match="contradicts itself"):
        open_release(tmp_path / "store", "demo", "1.0.0", allow_unsigned=True)


def test_unsigned_is_refused_unless_told_otherwise(tmp_path: Path) -> None:
    make_release(tmp_path)
    with pytest.raises(ReleaseRefused, match="unsigned") as caught:
        open_release(tmp_path, "demo", "1.0.0")
    assert "clearinghouse approve demo@1.0.0" in caught.value.fix
    release = open_release(tmp_path, "demo", "1.0.0", allow_unsigned=True)
    assert release.decision is None
    assert len(list(release)) == ROWS
    assert "unsigned" in repr(release)
    with pytest.raises(ReleaseNotFound, match=r"approved yet.*1\.0\.0"):
        open_release(tmp_path, "demo", allow_unsigned=True)


def test_rejected_stays_shut(tmp_path: Path) -> None:
    make_release(tmp_path)
    sign(str(tmp_path), verdict="reject")
    for allow in (True, False):
        with pytest.raises(ReleaseRefused, match=r"rejected by dana\.lin.*read the report"):
            open_release(tmp_path, "demo", "1.0.0", allow_unsigned=allow)


def test_latest_is_the_newest_pointer(tmp_path: Path) -> None:
    for version, rows in (("1.0.0", 10), ("1.1.0", 20), ("1.2.0", 30)):
        make_release(tmp_path, rows=rows, version=version)
    sign(str(tmp_path), "demo@1.0.0")
    assert open_release(tmp_path, "demo").version == "1.0.0"
    sign(str(tmp_path), "demo@1.1.0")
    assert len(open_release(tmp_path, "demo", "latest")) == 20
    assert len(open_release(tmp_path, "demo", "1.0.0")) == 10


def test_what_is_not_there_is_told_with_what_is(root: Path, tmp_path: Path) -> None:
    for mix, version, told in (
        ("demo", "2.0.0", r"demo@2\.0\.0.*versions there: 1\.0\.0"),
        ("dmo", "latest", "releases of: demo"),
        ("dmo", "1.0.0", "releases of: demo"),
        ("../demo", "latest", "no release of"),
        ("demo", "../1.0.0", "no release"),
        ("demo", "", "no release"),
    ):
        with pytest.raises(ReleaseNotFound, match=told):
            open_release(root, mix, version)
    with pytest.raises(StoreError, match="no store at"):
        open_release(tmp_path / "nowhere", "demo")
    for uri in ("s3://AKIAX:hunter2@b/p", "nope://x/y"):
        with pytest.raises(StoreError) as caught:
            open_release(uri, "demo")
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", ["local", "moto"])
@pytest.mark.parametrize("how", ["flipped", "cut", "longer", "gone", "swapped"])
def test_a_changed_shard_is_never_given_out(
    kind: str, how: str, request: pytest.FixtureRequest, tmp_path: Path, expected: list[dict]
) -> None:
    store = make_store(kind, request, tmp_path)
    manifest = make_release(store.uri, rows=ROWS)
    sign(store.uri)
    key = manifest.shard_key(1)
    data = bytearray(store.read(key))
    if how == "gone":
        store.delete(key)
    else:
        if how == "flipped":
            data[40] ^= 1
        elif how == "cut":
            del data[-1]
        elif how == "longer":
            data += b"\0"
        else:
            data[:] = store.read(manifest.shard_key(0))
        store.put(key, bytes(data))
    release = open_release(store.uri, "demo")
    given: list[dict] = []
    with pytest.raises(IntegrityError) as caught:
        given.extend(release.rows())
    told = str(caught.value)
    for part in (manifest.shards[1].key, "demo@1.0.0", "expected", "found", "clearinghouse verify demo@1.0.0"):
        assert part in told
    if how == "flipped":
        assert manifest.shards[1].sha256 in told
    assert caught.value.exit_code == 7
    for read in (release.table, release.verify, lambda: release.row(50)):
        with pytest.raises(IntegrityError, match=manifest.shards[1].sha256[:16]):
            read()
    # The other shards are what they were.
    assert release.row(0) == expected[0]
    assert release.row(99) == expected[99]


def test_verify_names_every_changed_shard(root: Path) -> None:
    release = open_release(root, "demo")
    for number in (0, 2):
        path = shard_path(root, release.manifest, number)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(IntegrityError, match="2 of 3 shards") as caught:
        release.verify()
    assert [shard.key in str(caught.value) for shard in release.manifest.shards] == [True, False, True]


def test_a_block_is_hashed_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    real = shard_blocks.sha256
    monkeypatch.setattr(shard_blocks, "sha256", lambda *a: hashed.append("x") or real(*a))
    release = open_release(root, "demo")
    assert not hashed, "opening a release reads no shard"
    for _ in range(3):
        list(release.rows())
        release.row(5)
    assert len(hashed) == 3
    list(open_release(root, "demo", verify=False).rows())
    assert len(hashed) == 3


def test_shards_without_digests_inside_are_hashed_whole(tmp_path: Path, expected: list[dict]) -> None:
    made = make_release(tmp_path / "store", rows=ROWS, version="0.9.0")
    make_release(tmp_path / "store", rows=ROWS, shards=tuple(replace(shard, footer="") for shard in made.shards))
    sign(str(tmp_path / "store"))
    release = open_release(tmp_path / "store", "demo")
    assert list(release.rows()) == expected
    path = shard_path(tmp_path / "store", release.manifest, 1)
    data = bytearray(path.read_bytes())
    data[-100] ^= 1  # in the footer, far from any row
    path.write_bytes(data)
    with pytest.raises(IntegrityError, match=r"expected sha256 [0-9a-f]{64}, found sha256"):
        list(open_release(tmp_path / "store", "demo").rows())


def test_without_verify_damage_still_gives_no_wrong_size(root: Path) -> None:
    release = open_release(root, "demo", verify=False)
    path = shard_path(root, release.manifest, 1)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(IntegrityError, match="bytes"):
        list(release)
    path.write_bytes(os.urandom(release.manifest.shards[1].bytes))
    with pytest.raises(IntegrityError, match="Parquet"):
        list(open_release(root, "demo", verify=False))


def test_a_manifest_that_was_changed_after_signing_is_refused(root: Path) -> None:
    path = root / "releases/demo/1.0.0/manifest.json"
    manifest = ReleaseManifest.from_json(path.read_bytes())
    # With a digest of its own that is right: only the decision knows better.
    path.write_bytes(replace(manifest, shards=manifest.shards[:1]).to_json())
    for version in ("latest", "1.0.0"):
        with pytest.raises(IntegrityError, match="not what was signed") as caught:
            open_release(root, "demo", version, allow_unsigned=True)
        assert manifest.digest in str(caught.value)
    path.write_bytes(manifest.to_json().replace(b'"seed":7', b'"seed":8'))
    with pytest.raises(IntegrityError, match="digest"):
        open_release(root, "demo")


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"digest":"x","shards":[]}'])
@pytest.mark.parametrize("name", ["manifest.json", "decision.json", "../latest/00000001.json"])
def test_damaged_documents_are_told(root: Path, name: str, damage: bytes) -> None:
    (root / "releases/demo/1.0.0" / name).write_bytes(damage)
    with pytest.raises(IntegrityError, match="damaged") as caught:
        open_release(root, "demo")
    assert caught.value.fix


def test_a_newer_format_is_told(root: Path) -> None:
    path = root / "releases/demo/1.0.0/manifest.json"
    raw = json.loads(path.read_bytes())
    path.write_bytes(json.dumps({**raw, "format": FORMAT + 1, "surprise": {}}).encode())
    with pytest.raises(IntegrityError, match="newer") as caught:
        open_release(root, "demo")
    assert "newer clearinghouse" in caught.value.fix


def test_a_copied_folder_is_not_another_release(root: Path) -> None:
    (root / "releases/demo/1.0.0").rename(root / "releases/demo/1.0.1")
    with pytest.raises(IntegrityError, match=r"demo@1\.0\.0"):
        open_release(root, "demo", "1.0.1")


def test_shards_of_other_columns_or_groups_are_refused(tmp_path: Path) -> None:
    """The bytes are those of the manifest, but they are not what the manifest says of them."""
    store = open_store(str(tmp_path / "store"))
    made = make_release(tmp_path / "sound")
    for number, table, size in (
        (0, release_table(40), 10),
        (1, release_table(40, 40).drop_columns(["text"]), 8),
    ):
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, row_group_size=size)
        data = sink.getvalue().to_pybytes()
        name = digest(data)
        shards = list(made.shards)
        shards[number] = replace(shards[number], key=f"shards/{name}.parquet", sha256=name, bytes=len(data), footer="")
        version = f"1.0.{number}"
        make_release(store.uri, version=version, shards=tuple(shards))
        store.put(f"releases/demo/shards/{name}.parquet", data)
        with pytest.raises(IntegrityError, match="row groups and the columns of the other"):
            list(open_release(store.uri, "demo", version, allow_unsigned=True))


def test_an_empty_release_is_empty(tmp_path: Path) -> None:
    make_release(tmp_path, rows=0)
    release = open_release(tmp_path, "demo", "1.0.0", allow_unsigned=True)
    assert (len(release), release.tokens, list(release), release.files(), release.verify()) == (0, 0, [], [], 0)
    assert len(release.table()) == 0
    with pytest.raises(IndexError):
        release.row(0)


def test_other_tools_open_the_files(root: Path, expected: list[dict]) -> None:
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    files = open_release(root, "demo").files()
    assert all(Path(file).is_absolute() and Path(file).is_file() for file in files)
    assert polars.scan_parquet(files).select("text").collect()["text"].to_list() == [r["text"] for r in expected]
    total = duckdb.sql(f"select sum(n_tokens) from read_parquet({files!r})").fetchall()[0][0]
    assert total == sum(row["n_tokens"] for row in expected)


def test_remote_files_are_uris_that_other_tools_open(moto_s3, expected: list[dict]) -> None:
    polars = pytest.importorskip("polars")
    uri = f"s3://{moto_s3.bucket}/p?endpoint_override={moto_s3.endpoint_url}"
    make_release(uri, rows=ROWS)
    files = open_release(uri, "demo", "1.0.0", allow_unsigned=True).files()
    assert all(file.startswith(f"s3://{moto_s3.bucket}/p/releases/demo/shards/") for file in files)
    assert polars.scan_parquet(files).select("id").collect()["id"].to_list() == [row["id"] for row in expected]
    # The endpoint from the environment, and none of it in the URI.
    assert len(open_release(f"s3://{moto_s3.bucket}/p", "demo", "1.0.0", allow_unsigned=True).table()) == ROWS


def some_row(release: clearinghouse.Release, number: int) -> dict:
    return release.row(number)


@pytest.mark.parametrize("kind", ["local", "moto"])
def test_a_release_travels_to_threads_and_processes(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, expected: list[dict]
) -> None:
    uri = make_store(kind, request, tmp_path).uri
    make_release(uri, rows=ROWS)
    release = open_release(uri, "demo", "1.0.0", allow_unsigned=True)
    release.row(0)  # so that the parent has files open when it forks
    numbers = list(range(0, ROWS, 7))
    wanted = [expected[number] for number in numbers]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(release.row, numbers)) == wanted
        assert list(pool.map(lambda _: list(release.rows()), range(4))) == [expected] * 4
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as processes:
            jobs = [(release, number) for number in numbers]
            assert processes.starmap_async(some_row, jobs).get(timeout=120) == wanted
    fork = multiprocessing.get_context("fork")
    answers = fork.Queue()
    child = fork.Process(target=lambda: answers.put(release.row(57)))  # inherited as it stands, not pickled
    child.start()
    assert answers.get(timeout=120) == expected[57]
    child.join()
    assert list(pickle.loads(pickle.dumps(release))) == expected


BLOCKED = """
import builtins, sys

OURS = {"clearinghouse", "schemas", "schemas.manifest", "schemas.manifest_shards", "schemas.errors", "schemas.canonical",
        "schemas.merkle", "schemas.shard_blocks", "schemas.shard_numbers"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top == "pyarrow":
            return None
        if name.startswith(("_sysconfigdata", "clearinghouse.reader")) or name in OURS:
            return None
        raise ImportError(f"the reader wanted {name}")

sys.meta_path.insert(0, Blocker())
import clearinghouse
release = clearinghouse.open_release(sys.argv[1], "demo", sys.argv[2])
assert sum(len(batch) for batch in release.batches(["text"])) == len(release.table()) == len(list(release)) == 100
assert release.row(57)["text"].startswith("第57条") and release.dataset().count_rows() == 100
assert release.verify() and release.files() and release.schema
print(sorted(name for name in sys.modules if name.split(".")[0] in ("numpy", "pandas", "polars", "boto3")))
"""


def test_the_reader_needs_pyarrow_and_nothing_else(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, str(root), "latest"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_the_base_install_reads_a_release(root: Path, tmp_path: Path) -> None:
    """A fresh environment with the pinned pyarrow and this project without its extras."""
    venv, python = tmp_path / "venv", tmp_path / "venv/bin/python"
    project = Path(__file__).resolve().parents[2]

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=tmp_path)

    made = run(sys.executable, "-m", "venv", venv)
    if made.returncode:
        pytest.skip(f"no venv here: {made.stderr[-200:]}")
    installed = run(python, "-m", "pip", "install", "-q", "--no-deps", f"pyarrow=={pa.__version__}")
    if installed.returncode:
        pytest.skip("no package index within reach to install pyarrow from")
    wheels = tmp_path / "wheels"
    # A copy, because a build leaves its scraps beside what it builds.
    copy = tmp_path / "project"
    for name in ("clearinghouse", "schemas", "transforms", "governance", "infra"):
        shutil.copytree(project / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(project / name, copy / name)
    uv = (sys.executable, "-m", "uv", "build", "-q", "--wheel", "--no-build-isolation", "--python", sys.executable)
    built = run(*uv, "-o", wheels, copy)
    assert built.returncode == 0, built.stderr
    done = run(python, "-m", "pip", "install", "-q", "--no-deps", *wheels.glob("*.whl"))
    assert done.returncode == 0, done.stderr
    code = textwrap.dedent(
        """
        import sys, clearinghouse
        release = clearinghouse.open_release(sys.argv[1], "demo")
        print(len(release), sum(len(b) for b in release.batches(["text"])), release.row(-1)["id"])
        print(clearinghouse.__file__)
        """
    )
    read = run(python, "-c", code, root)
    assert read.returncode == 0, read.stderr
    assert read.stdout.split()[:3] == ["100", "100", release_table(100).column("id")[-1].as_py()]
    assert str(venv) in read.stdout
