"""The commands that look at a store and decide on what is in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clearinghouse.cli import main
from clearinghouse.cli.store_text import printable, row_text
from schemas.manifest import ReleaseManifest
from tests.builders import FAILED, make_release, make_snapshot, release_table

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_release(tmp_path / "store")
    make_release(tmp_path / "store", version="1.1.0", gates=(FAILED,))
    make_snapshot(tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def cli(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command as the script does; returns exit code, standard output and standard error."""
    monkeypatch.setenv("CLEARINGHOUSE_STORE", str(root))
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["clearinghouse", *arguments])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def json_of(done: tuple[int, str, str], code: int = 0) -> dict:
    assert done[0] == code, done
    return json.loads(done[1])


SIGN = ("--reviewer", "dana.lin", "--reason", "read the report")


def test_a_reviewers_way(cli: Cli, root: Path) -> None:
    """List, look, be refused, sign, and find it signed; everything as text and as JSON."""
    code, out, _ = cli("ls")
    assert code == 0
    assert "demo@1.0.0" in out
    assert "unsigned" in out
    assert "media.notes" in out
    found = json_of(cli("ls", "--json"))
    assert [(r["version"], r["status"], r["latest"], r["gates"]) for r in found["releases"]] == [
        ("1.0.0", "unsigned", False, "1/1"),
        ("1.1.0", "unsigned", False, "0/1"),
    ]
    assert [(s["dataset"], s["kept"]) for s in found["snapshots"]] == [("media.notes", 20)]
    assert "snapshots" not in json_of(cli("ls", "releases", "--json"))
    assert "releases" not in json_of(cli("ls", "snapshots", "--json"))

    code, out, err = cli("show", "demo")
    assert (code, out) == (2, "")
    assert "approve demo@" in err
    code, out, _ = cli("show", "demo@1.1.0")
    assert code == 0
    assert "FAILED" in out
    assert "undecided" in out

    code, out, err = cli("approve", "demo@1.1.0", *SIGN)
    assert (code, out) == (6, "")
    assert "unscanned_cells" in err
    assert json_of(cli("approve", "demo@1.1.0", *SIGN, "--json"), 6)["error"]["type"] == "ReleaseRefused"
    code, out, _ = cli("approve", "demo@1.0.0", *SIGN)
    assert code == 0
    assert "demo@1.0.0 is the latest" in out
    again = json_of(cli("approve", "demo@1.0.0", *SIGN, "--json"))
    assert (again["ledger"], again["latest"], again["repeated"]) == (1, True, True)
    assert "rejected by dana.lin" in cli("reject", "demo@1.1.0", *SIGN)[1]
    assert cli("reject", "demo@1.0.0", *SIGN)[0] == 6
    assert cli("reject", "demo@1.1.0", "--reviewer", "nobody", "--reason", "x")[0] == 2

    code, out, _ = cli("show", "demo")
    assert code == 0
    assert "approved by dana.lin" in out
    shown = json_of(cli("show", "demo@latest", "--json"))
    assert ReleaseManifest.from_json(json.dumps(shown["manifest"]).encode()).version == "1.0.0"
    assert shown["decision"]["reviewer"] == "dana.lin"
    snapshot = json_of(cli("show", "media.notes", "--json"))
    assert snapshot["counts"]["quarantined"] == {"malformed": 2}
    assert "rows add up" in cli("show", "media.notes@1")[1]

    assert [e["body"]["verdict"] for e in json.loads(cli("ledger", "show", "--json")[1])] == ["approve", "reject"]
    assert [e["ordinal"] for e in json.loads(cli("ledger", "show", "-n", "1", "--json")[1])] == [2]
    assert "read the report" in cli("ledger", "show")[1]


def test_head_shows_rows(cli: Cli) -> None:
    assert cli("head", "demo@1.0.0")[0] == 6
    code, out, _ = cli("head", "demo@1.0.0", "--allow-unsigned", "-n", "3", "--columns", "text,id")
    assert code == 0
    assert out.count("第") == 3
    assert "3 of 100 rows" in out
    assert "source" not in out
    value = json_of(cli("head", "demo@1.0.0", "--allow-unsigned", "-n", "200", "--json"))
    assert value["rows"] == release_table(100).to_pylist()
    assert cli("head", "demo@1.0.0", "--allow-unsigned", "--columns", "txt")[0] == 2
    assert cli("head", "other")[0] == 2


def test_rows_are_cut_to_the_terminal_and_cannot_command_it() -> None:
    row = {
        "text": "字" * 500,
        "list": [{"role": "user", "content": "x" * 500}],
        "evil": "\x1b]0;title\x07\u202ea\nb",
        "none": None,
    }
    lines = row_text(0, row, width=60).splitlines()
    assert len(lines) == 5
    from rich.cells import cell_len

    assert all(cell_len(line) <= 60 for line in lines)
    assert sum(line.endswith("…") for line in lines) == 2
    assert "\x1b" not in lines[3]
    assert "\\u202e" in lines[3]
    assert printable("正常 text") == "正常 text"


def test_verify_lists_everything_and_exits_with_seven(cli: Cli, root: Path) -> None:
    assert cli("verify")[0] == 0
    assert json_of(cli("verify", "all", "--json"))["problems"] == []
    shards = sorted((root / "releases/demo/shards").iterdir())
    for path in shards:
        path.write_bytes(path.read_bytes() + b"x")
    code, out, _ = cli("verify", "demo@1.0.0")
    assert code == 7
    assert all(path.name in out for path in shards)
    assert "3 problems" in out
    found = json_of(cli("verify", "--json"), 7)
    assert found["ok"] is False
    assert len(found["problems"]) == 3
    assert {"subject", "key", "message", "expected", "found"} == set(found["problems"][0])
    assert cli("verify", "demo@1.1.0")[0] == 7, "its shards are the same objects"
    assert cli("verify", "media.notes")[0] == 0
    assert cli("verify", "nope")[0] == 2


def test_ledger_verify_finds_a_change_and_a_cut(cli: Cli, root: Path) -> None:
    assert json_of(cli("ledger", "verify", "--json"))["head"] == "0:" + "0" * 64
    for release, verdict in (("demo@1.0.0", "approve"), ("demo@1.1.0", "reject")):
        assert cli(verdict, release, *SIGN)[0] == 0
    code, out, _ = cli("ledger", "verify")
    assert code == 0
    head = json_of(cli("ledger", "verify", "--json"))["head"]
    assert head in out
    assert cli("ledger", "verify", "--head", head)[0] == 0
    last = root / "ledger/00000002.json"
    data = last.read_bytes()
    last.unlink()
    assert cli("ledger", "verify")[0] == 0
    code, out, _ = cli("ledger", "verify", "--head", head)
    assert code == 7
    assert "2" in out
    assert cli("verify", "--head", head)[0] == 7
    last.write_bytes(data.replace(b"dana.lin", b"dana.lim"))
    assert json_of(cli("ledger", "verify", "--head", head, "--json"), 7)["problems"][0]["kind"] == "head"
    assert cli("ledger", "verify", "--head", "nonsense")[0] == 2


def test_a_damaged_release_does_not_hide_the_others(cli: Cli, root: Path) -> None:
    (root / "releases/demo/1.0.0/manifest.json").write_bytes(b"{")
    found = json_of(cli("ls", "releases", "--json"))["releases"]
    assert [r["status"] for r in found] == ["damaged", "unsigned"]
    code, out, _ = cli("ls")
    assert code == 0
    assert "damaged" in out
    assert cli("show", "demo@1.0.0")[0] == 7


def test_a_store_that_is_not_there_is_told(cli: Cli, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    for command in (
        ("ls",), ("show", "demo"), ("head", "demo"), ("verify",), ("ledger", "show"), ("ledger", "verify"),
        ("approve", "demo@1.0.0", *SIGN),
    ):  # fmt: skip
        code, _, err = cli(*command, "--store", nowhere)
        assert code == 8, command
        assert nowhere in err
    assert not Path(nowhere).exists()
    (tmp_path / "empty").mkdir()
    code, out, _ = cli("ls", "--store", str(tmp_path / "empty"))
    assert code == 0
    assert "no release yet" in out
    assert cli("ls", "both")[0] == 2


def test_the_command_line_costs_little_to_start() -> None:
    """No heavy library is imported for ``--help``."""
    code = (
        "import sys, clearinghouse.cli as c\n"
        "try: c.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pyarrow', 'polars', 'boto3', 'great_expectations', 'pandas', 'numpy', 'ray', 'airflow'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("ls", "show", "head", "verify", "approve", "reject", "ledger"):
        assert f" {command} " in done.stdout
