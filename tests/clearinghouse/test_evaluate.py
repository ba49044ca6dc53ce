"""``clearinghouse evaluate``: every format scores the same, faults are told with their rows, values are not shown."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from clearinghouse.cli import app
from clearinghouse.evaluation.labels import IGNORE, LabelMap
from clearinghouse.evaluation.tally import Tally, wilson
from clearinghouse.evaluation.tokens import joined

#: A telephone that is found, a made-up code that is not, and a text that holds nothing.
TEXTS: list[tuple[str, list[tuple[int, int, str]]]] = [
    ("请打13800138001谢谢", [(2, 13, "PHONE")]),
    ("暗号是天王盖地虎", [(3, 8, "SECRET")]),
    ("没有什么", []),
]


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def rows(*arguments: str | Path) -> dict[tuple[str, str, str], dict[str, Any]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout.splitlines()[-1])
    return {(row["group"], row["language"], row["entity"]): row for row in said["rows"]}


def write(folder: Path, kind: str) -> Path:
    file = folder / f"set.{kind}"
    listed = [[list(label) for label in labels] for _, labels in TEXTS]
    named = [[{"start": a, "end": b, "label": name} for a, b, name in labels] for _, labels in TEXTS]
    texts = [text for text, _ in TEXTS]
    if kind == "parquet":
        pq.write_table(pa.table({"text": texts, "spans": [json.dumps(x) for x in named]}), file)
    elif kind == "nested.parquet":
        pq.write_table(pa.table({"text": texts, "spans": named}), file)
    elif kind == "csv":
        cells = [json.dumps(x).replace('"', '""') for x in named]
        file.write_text(
            "text,entities\n" + "".join(f'"{t}","{c}"\n' for t, c in zip(texts, cells, strict=True)), encoding="utf-8"
        )
    elif kind == "json":
        items = [
            {
                "full_text": t,
                "spans": [
                    {"entity_type": n, "start_position": a, "end_position": b, "entity_value": t[a:b]}
                    for a, b, n in labels
                ],
            }
            for t, labels in TEXTS
        ]
        file.write_text(json.dumps(items), encoding="utf-8")
    elif kind == "bio":
        lines = []
        for text, labels in TEXTS:
            tags = ["O"] * len(text)
            for a, b, name in labels:
                tags[a:b] = [f"{'B' if i == a else 'I'}-{name}" for i in range(a, b)]
            lines += [f"{c} {tag}" for c, tag in zip(text, tags, strict=True)] + [""]
        file.write_text("\n".join(lines), encoding="utf-8")
    else:
        chosen = listed if kind == "jsonl" else named
        body = "".join(json.dumps({"text": t, "labels": x}) + "\n" for t, x in zip(texts, chosen, strict=True)).encode()
        file.write_bytes(gzip.compress(body) if kind.endswith("gz") else body)
    return file


@pytest.mark.parametrize("kind", ["jsonl", "jsonl.gz", "csv", "parquet", "nested.parquet", "json", "bio"])
def test_every_format_scores_the_same(tmp_path: Path, kind: str) -> None:
    found = rows(write(tmp_path, kind), "--language", "zh")
    phone = found["all", "zh", "PHONE_NUMBER"]
    assert (phone["labels"], phone["full"], phone["any"], phone["typed"], phone["precision"]) == (1, 1.0, 1.0, 1.0, 1.0)
    assert found["all", "zh", "SECRET"]["full"] == 0.0
    total = found["all", "zh", "all"]
    assert (total["labels"], total["full"], total["over_per_1000"], total["texts"]) == (2, 0.5, 0.0, 3)


def test_the_table_holds_no_value(tmp_path: Path) -> None:
    misses = tmp_path / "misses.jsonl"
    result = run(write(tmp_path, "jsonl"), "--language", "zh", "--misses", misses)
    assert result.exit_code == 0
    assert "PHONE_NUMBER" in result.stdout
    assert "95 %" in result.stdout
    line = json.loads(misses.read_text(encoding="utf-8"))
    assert (line["row"], line["what"], line["entity"], line["context"]) == (1, "missed", "SECRET", "字字字⟦字字字字字⟧")
    assert "13800138001" not in result.output


def test_labels_that_nobody_explained_are_told_and_are_dont_care(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"text": "请打13800138001", "spans": [[2, 13, "TALISMAN"]]}), encoding="utf-8")
    result = run(file, "--language", "zh")
    assert "TALISMAN (1)" in result.output
    assert rows(file, "--language", "zh")["all", "zh", "PHONE_NUMBER"]["over_per_1000"] == 0.0
    names = tmp_path / "names.yaml"
    names.write_text("TALISMAN: PHONE_NUMBER\n", encoding="utf-8")
    assert rows(file, "--language", "zh", "--labels", names)["all", "zh", "PHONE_NUMBER"]["full"] == 1.0


def test_a_map_to_nothing_that_there_is_is_refused(tmp_path: Path) -> None:
    names = tmp_path / "names.yaml"
    names.write_text("A: PERSN\nB: ignore\nC: WHAT\n", encoding="utf-8")
    result = run(write(tmp_path, "jsonl"), "--labels", names)
    assert result.exception is not None
    assert "PERSON" in str(result.exception)
    assert "names.yaml:3" in str(result.exception)


def test_every_fault_is_told_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    lines = [
        '{"text": "ab", "spans": [[0, 9, "PER"]]}',
        "no json",
        '{"text": "secret-value", "spans": [{"start": 0, "end": 3, "label": "PER", "value": "xyz"}]}',
        '{"text": 5, "spans": []}',
        '{"text": "ab", "spans": [[0, 1]]}',
        '{"text": "ab", "spans": [[0, 1, "PER"]]}',
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    result = run(file)
    assert result.exception is not None
    said = str(result.exception)
    assert all(f"row {n}" in said for n in range(5))
    assert "row 5" not in said
    assert "secret" not in said
    kept = run(file, "--keep-going", "--json")
    assert kept.exit_code == 0
    assert json.loads(kept.stdout.splitlines()[-1])["problems"] == 5


def test_files_without_text_or_labels_name_their_columns(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"body": "请打13800138001"}\n', encoding="utf-8")
    assert "body" in str(run(file).exception)
    assert "--clean" in str(run(file, "--text-column", "body").exception)
    found = rows(file, "--text-column", "body", "--clean", "--language", "zh")
    assert found["all", "zh", "PHONE_NUMBER"]["over_per_1000"] == pytest.approx(1000 * 11 / 13, abs=0.01)
    assert "no such file" in str(run(tmp_path / "none.jsonl").exception)


def test_plain_lines_are_clean_text(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("没有什么\n\n请打13800138001\n", encoding="utf-8")
    assert rows(file, "--clean", "--language", "zh")["all", "zh", "all"]["texts"] == 2
    assert "--clean" in str(run(file).exception)


def test_records_and_labels_can_be_grouped(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    items = [
        {
            "text": "请打13800138001",
            "genre": "chat",
            "spans": [{"start": 2, "end": 13, "label": "PHONE", "form": "plain"}],
        },
        {
            "text": "暗号天王盖地虎",
            "genre": "form",
            "spans": [{"start": 2, "end": 7, "label": "SECRET", "form": "odd"}],
        },
    ]
    file.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    by_genre = rows(file, "--language", "zh", "--by", "genre")
    assert by_genre["chat", "zh", "PHONE_NUMBER"]["full"] == 1.0
    assert by_genre["form", "zh", "SECRET"]["full"] == 0.0
    by_form = rows(file, "--language", "zh", "--by", "form")
    assert by_form["plain", "zh", "PHONE_NUMBER"]["full"] == 1.0
    assert by_form["odd", "zh", "SECRET"]["full"] == 0.0


def test_entities_and_scores_can_be_chosen(tmp_path: Path) -> None:
    file = write(tmp_path, "jsonl")
    assert ("all", "zh", "SECRET") not in rows(file, "--language", "zh", "--entities", "phone_number")
    assert rows(file, "--language", "zh", "--min-score", "1")["all", "zh", "PHONE_NUMBER"]["full"] == 0.0
    assert "no such entity" in str(run(file, "--entities", "PHONES").exception)


def test_lone_surrogates_and_empty_files(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "\\ud800打13800138001", "spans": [[2, 13, "PHONE"]]}\n', encoding="utf-8")
    assert rows(file, "--language", "zh")["all", "zh", "PHONE_NUMBER"]["full"] == 1.0
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    assert "no texts" in run(empty).output


def test_tokens_make_texts_and_labels() -> None:
    assert joined([("John", "B-PER"), ("Smith", "I-PER"), ("came", "O")], "en") == ("John Smith came", [(0, 10, "PER")])
    assert joined([("王", "B-PER"), ("明", "E-PER"), ("李", "S-PER")], "zh") == (
        "王明李",
        [(0, 2, "PER"), (2, 3, "PER")],
    )
    assert joined([("a", "B-X"), ("b", "B-X"), ("c", "L-X")], "") == ("abc", [(0, 1, "X"), (1, 3, "X")])
    assert joined([("New", "GPE"), ("York", "GPE"), ("x", "O"), ("Li", "PER")], "en")[1] == [
        (0, 8, "GPE"),
        (11, 13, "PER"),
    ]


def test_what_is_counted() -> None:
    text = "abc 12345 def"
    tally = Tally()
    finds = [(4, 7, "PHONE_NUMBER", False), (10, 13, "PERSON", False)]
    missed = tally.record("all", "en", text, [(4, 9, "PHONE_NUMBER", ""), (10, 12, IGNORE, "")], finds)
    tally.text("all", "en", 11)
    assert [m[:2] for m in missed] == [(4, 9)]
    found = {row["entity"]: row for row in tally.rows()}
    phone, person = found["PHONE_NUMBER"], found["PERSON"]
    assert (phone["full"], phone["any"], phone["typed"], phone["precision"]) == (0.0, 1.0, 0.0, 1.0)
    assert (person["labels"], person["finds"], person["precision"]) == (0, 0, None)
    assert person["over_per_1000"] == pytest.approx(1000 / 11, abs=0.01)


def test_what_stays_hides_nothing_but_its_own_kind() -> None:
    tally = Tally()
    finds = [(0, 5, "SERVICE_LINE", True)]
    assert tally.record("all", "zh", "95338", [(0, 5, "PHONE_NUMBER", "")], finds)
    assert not tally.record("all", "zh", "95338", [(0, 5, "SERVICE_LINE", "")], finds)
    assert tally.at("all", "zh", "SERVICE_LINE").over == 0


def test_intervals() -> None:
    assert wilson(0, 0) is None
    assert wilson(98, 100) == [0.93, 0.9945]
    assert wilson(0, 10) == [0.0, 0.2775]


def test_common_names_of_labels() -> None:
    names = LabelMap()
    for label, entity in {
        "PER": "PERSON",
        "given-name": "PERSON",
        "NOMBRE_SUJETO_ASISTENCIA": "PERSON",
        "Credit Card": "BANK_CARD",
        "STREET_ADDRESS": "ADDRESS",
        "手机号": "PHONE_NUMBER",
        "ORG": IGNORE,
        "LOCATION": IGNORE,
        "WAYBILL": "WAYBILL",
        "XYZZY": None,
    }.items():
        assert names[label] == entity, label
