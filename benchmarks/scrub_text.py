"""Texts to measure scrubbing on: chats, reviews, captions and queries, most of them Chinese, rows of 170 bytes.

From the public sets beside the repository where they lie, else from the project's own simulators. Nothing is written
twice: each message comes once, so that no cache of repeated rows helps.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from benchmarks.names_recall import DATA

#: Values planted in every fourth row of the dense text: test numbers, documentation addresses, invented names.
PLANTED = (
    "13800138000", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００", "010-69590000", "a.b@example.com",
    "110199199003078538", "4111111111111111", "4111 1111 1111 1111", "192.0.2.17", "02:1A:2B:3C:4D:5E",
    "https://weibo.com/u/1234567890", "微信号：zhang_san88", "取件码3-2-1105", "京A12345", "快递单号773000000000000",
)  # fmt: skip
ROW_BYTES = 170

#: A language and a text.
Row = tuple[str, str]


def messages() -> tuple[list[Row], str]:
    """Messages as they stand, in order of their sources, and where they are from."""
    try:
        return list(_public()), "public sets"
    except FileNotFoundError:
        return list(_simulated()), "simulators"


def rows(texts: Iterable[Row], size: int = ROW_BYTES, seed: int = 7) -> list[Row]:
    """Consecutive messages of one language put together until a row has `size` bytes on average, shuffled."""
    out: list[Row] = []
    spoken, parts, held = "", [], 0
    for language, text in texts:
        if parts and (language != spoken or held >= size * 0.8):
            out.append((spoken, " ".join(parts)))
            parts, held = [], 0
        spoken = language
        parts.append(text)
        held += len(text.encode()) + 1
    if parts:
        out.append((spoken, " ".join(parts)))
    Random(seed).shuffle(out)
    return out


def dense(texts: list[str], seed: int = 11) -> list[str]:
    """The texts with one of `PLANTED` somewhere in every fourth."""
    rng, out = Random(seed), list(texts)
    for row in range(0, len(out), 4):
        at = rng.randrange(len(out[row]) + 1)
        out[row] = out[row][:at] + rng.choice(PLANTED) + out[row][at:]
    return out


def _public() -> Iterator[Row]:
    with zipfile.ZipFile(DATA / "commerce/chats_crosswoz_zh/val.json.zip") as archive:
        for dialogue in json.loads(archive.read("val.json")).values():
            yield from (("zh", message["content"]) for message in dialogue["messages"])
    for path in sorted((DATA / "media/dialogs_kdconv_zh").glob("*.json")):
        for dialogue in json.loads(path.read_text("utf-8")):
            yield from (("zh", message["message"]) for message in dialogue["messages"])
    for path in sorted((DATA / "media/image_text_coco_zh").glob("*.txt")):
        yield from (("zh", line.split("\t")[1]) for line in path.read_text("utf-8").splitlines() if "\t" in line)
    for language, pattern, column, delimiter in (
        ("zh", "commerce/reviews_asap_zh/*.csv", "reviewbody", ","),
        ("en", "commerce/chats_multidogo_en/*.tsv", "utterance", "\t"),
        ("en", "commerce/search_queries_wands_en/query.csv", "query", "\t"),
        ("id", "commerce/reviews_hoasa_id/*.csv", "review", ","),
    ):
        for path in sorted(DATA.glob(pattern)):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file, delimiter=delimiter):
                    if row.get(column):
                        yield language, row[column]


def _simulated() -> Iterator[Row]:
    from infra.simulators.make import make_units

    with tempfile.TemporaryDirectory() as folder:
        wanted = {"commerce.service_chats": 30_000, "commerce.reviews": 10_000}
        make_units(Path(folder), only=wanted)
        file = next(Path(folder).rglob("shop.db"))
        with closing(sqlite3.connect(file)) as shop:
            for table, key in (("chat_messages", "message_id"), ("reviews", "review_id")):
                query = f"SELECT language, body FROM {table} ORDER BY language, {key}"
                yield from ((language or "zh", body) for language, body in shop.execute(query) if body)
