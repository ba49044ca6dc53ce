"""The self-written hold-out is as it was frozen."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.holdout.generate import FILES, records, write

FOLDER = Path(__file__).parents[1] / "holdout"


def test_the_generator_writes_the_frozen_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in FILES:
        body = (FOLDER / name).read_bytes()
        assert (tmp_path / name).read_bytes() == body
        assert sha256(body).hexdigest() in readme


def test_labels_lie_inside_their_texts_and_the_halves_are_apart() -> None:
    dev, held = records(0), records(1)
    for item in (*dev, *held):
        at = 0
        for span in item["spans"]:
            assert at <= span["start"] < span["end"] <= len(item["text"])
            value = item["text"][span["start"] : span["end"]]
            assert value == value.strip()
            at = span["end"]
    assert not {item["text"] for item in dev} & {item["text"] for item in held}


def test_files_are_small_and_one_record_a_line() -> None:
    for name in FILES:
        body = (FOLDER / name).read_bytes()
        assert len(body) < 2_000_000
        assert all({"text", "language", "genre", "spans"} <= json.loads(line).keys() for line in body.splitlines())
