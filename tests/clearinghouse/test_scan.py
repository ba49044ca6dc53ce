"""``clearinghouse scan``: finds with places, in every format, without values."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.scan import NotScannable, Scan
from schemas.policy_loader import load_policy

TEXTS = ["没有什么", "请打１３８００１３８００１谢谢", "写信到a.b@example.com，客服热线95338"]


def write(folder: Path, kind: str) -> Path:
    file = folder / f"texts.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table({"text": TEXTS}), file)
    elif kind == "csv":
        file.write_text("﻿n,text\n" + "".join(f'{i},"{t}\n"\n' for i, t in enumerate(TEXTS)), encoding="utf-8")
    else:
        body = "".join(json.dumps({"text": t}, ensure_ascii=False) + "\n" for t in TEXTS).encode()
        file.write_bytes(gzip.compress(body) if kind.endswith("gz") else body)
    return file


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "csv", "parquet"])
def test_finds_have_the_same_places_in_every_format(tmp_path: Path, kind: str) -> None:
    result = CliRunner().invoke(app, ["scan", str(write(tmp_path, kind)), "--language", "zh", "--json"])
    assert result.exit_code == 0, result.output
    finds = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    places = [(f["row"], f["start"], f["end"], f["entity"], f["action"]) for f in finds]
    assert (1, 2, 13, "PHONE_NUMBER", "placeholder") in places
    assert (2, 3, 18, "EMAIL_ADDRESS", "placeholder") in places
    kept = [f for f in finds if f["action"] == "keep"]
    assert [(f["row"], f["entity"]) for f in kept] == [(2, "SERVICE_LINE")]
    assert "example.com" not in result.stdout
    assert "１３８" not in result.stdout


def test_values_are_revealed_on_a_terminal_only(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["scan", str(write(tmp_path, "jsonl")), "--reveal"])
    assert result.exit_code != 0
    assert "example.com" not in result.output


def test_tabs_in_a_file_called_csv(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("n\ttext\n1\t打13800138001\n", encoding="utf-8")
    assert [find.row for find in Scan(file, "text", "zh", ("CN",), load_policy())] == [0]


def test_broken_lines_keep_their_number(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": 5}\nnot json\n{"text": "打13800138001"}\n', encoding="utf-8")
    work = Scan(file, "text", "zh", ("CN",), load_policy())
    assert [find.row for find in work] == [2]
    assert (work.rows, dict(work.unread.counts)) == (3, {"no text": 1, "no JSON": 1})
    assert work.unread.first == [(0, "no text"), (1, "no JSON")]


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.jsonl", '{"body": "x"}\n', "body"),
        ("a.csv", "n,body\n1,x\n", "body"),
        ("b.csv", "n;body;more\n1;x;y\n", "more"),
        ("a.docx", "", "jsonl"),
        ("a.json", '[{"text": "x"}]\n', "JSON Lines"),
    ],
)
def test_what_cannot_be_scanned_says_why(tmp_path: Path, name: str, body: str, says: str) -> None:
    file = tmp_path / name
    file.write_text(body, encoding="utf-8")
    with pytest.raises(NotScannable, match=says):
        list(Scan(file, "text", "zh", ("CN",), load_policy()))


def scanned(file: Path, *more: str) -> tuple[list[dict[str, object]], str]:
    result = CliRunner().invoke(app, ["scan", str(file), "--language", "zh", "--json", *more])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_lines_of_json_say_what_the_finds_say(tmp_path: Path) -> None:
    file = write(tmp_path, "jsonl")
    assert scanned(file)[0] == [find.as_dict() for find in Scan(file, "text", "zh", ("CN",), load_policy())]


def test_rows_keep_their_numbers_beyond_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearinghouse.scan.BATCH_ROWS", 2)
    texts = [None, "x", "打13800138001", "", "打13800138002", "y", "打13800138003"]
    lines = tmp_path / "x.jsonl"
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    table = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": texts}), table, row_group_size=3)
    for file in (lines, table):
        finds, said = scanned(file)
        assert [find["row"] for find in finds] == [2, 4, 6]
        assert "3 finds in 7 rows" in said
        assert "rows without text: 1 null (row 0)" in said


def test_plain_lines_and_dictionary_columns(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("没有\n打13800138001\r\n", encoding="utf-8")
    assert [(find["row"], find["start"], find["end"]) for find in scanned(file)[0]] == [(1, 1, 12)]
    coded = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": pa.array(["没有", "打13800138001"]).dictionary_encode()}), coded)
    assert [find["row"] for find in scanned(coded)[0]] == [1]


def test_what_json_can_spell_and_arrow_cannot(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(
        b'{"text": "\\ud83d\xe6\x89\x9313800138001"}\n{"text": "\xff 13800138002", "n": NaN}\n\n'
        + b"[" * 100_000
        + b"\n"
    )
    finds, said = scanned(file)
    assert [(find["row"], find["start"], find["end"]) for find in finds] == [(0, 2, 13), (1, 2, 13)]
    assert "1 blank line (row 2)" in said
    assert "1 no JSON (row 3)" in said


def test_a_row_of_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    long = "没有什么好说的，" * 150_000 + "打13800138001"
    file.write_text(
        json.dumps({"text": long}, ensure_ascii=False) + "\n" + json.dumps({"text": "打13800138002"}), encoding="utf-8"
    )
    finds, _ = scanned(file)
    assert [(find["row"], find["start"]) for find in finds] == [(0, len(long) - 11), (1, 1)]


def test_what_was_not_scanned_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"text": "图 " + "iVBORw0KGgo" * 4000}) + "\n", encoding="utf-8")
    assert "not scanned: 1 unbroken_token (row 0)" in scanned(file)[1]


def test_empty_files_hold_nothing(tmp_path: Path) -> None:
    for name in ("x.jsonl", "x.csv", "x.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
        assert "0 finds in 0 rows" in scanned(tmp_path / name)[1]
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "x.parquet")
    assert "0 finds in 0 rows" in scanned(tmp_path / "x.parquet")[1]


def test_broken_files_say_so(tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(b'{"text": "x"}\n' * 10_000)[:-40])
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "b.jsonl").write_bytes('{"text": "x"}'.encode("utf-16"))
    pq.write_table(pa.table({"text": [1, 2]}), tmp_path / "c.parquet")
    (tmp_path / "d.jsonl").write_text("x\ny\n", encoding="utf-8")
    for name, says in [
        ("cut.jsonl.gz", "cannot be read"),
        ("a.parquet", "cannot be read"),
        ("b.jsonl", "UTF-16"),
        ("c.parquet", "int64"),
        ("d.jsonl", "none of its 2 lines"),
        ("none.jsonl", "no file"),
    ]:
        with pytest.raises(NotScannable, match=says):
            list(Scan(tmp_path / name, "text", "zh", ("CN",), load_policy()))


@pytest.mark.parametrize("command", ["scan", "evaluate"])
def test_a_region_that_there_is_not_is_refused(command: str, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "打13800138001", "spans": []}\n', encoding="utf-8")
    result = CliRunner().invoke(app, [command, str(file), "--region", "CN", "--region", "China"])
    assert "no such region: China" in str(result.exception)
    assert result.stdout == ""


def test_a_language_that_is_not_known_is_said(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "打13800138001"}\n', encoding="utf-8")
    for language, said in (("xx", True), ("zh-Hant", False), ("pt", False)):
        result = CliRunner().invoke(app, ["scan", str(file), "--language", language])
        assert result.exit_code == 0
        assert "1 find in 1 row\n" in result.stderr
        assert ("'xx' is not known: numbers of US, CN" in result.stderr) is said
    with pytest.raises(NotScannable, match="is a folder"):
        list(Scan(tmp_path, "text", "zh", ("CN",), load_policy()))


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "打13800138001"}\n' * 20_000, encoding="utf-8")
    command = f"{{ {sys.executable} -m clearinghouse scan {file} --language zh --json; echo $? >&2; }} | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=280)
    assert json.loads(done.stdout)["row"] == 0
    assert done.stderr.split() == ["0"]


def test_json_lines_from_a_pipe(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "打13800138001"}\n', encoding="utf-8")
    command = f"{sys.executable} -m clearinghouse scan - --language zh < {file}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=280)
    assert json.loads(done.stdout)["start"] == 1
