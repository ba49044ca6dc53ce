"""``clearinghouse scan``: finds with places, in every format, without values."""

from __future__ import annotations

import gzip
import json
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
    assert (work.rows, work.unread) == (3, 2)


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
