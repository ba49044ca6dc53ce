"""How many names and addresses are found, and how much is covered that is none: ``make bench NAME=names_recall``.

Sets: CrossWOZ addresses (dialogue acts), KdConv names (its knowledge triples; people who are only mentioned are not
labelled, so its precision is a lower bound), two English sets with labelled spans, and text without personal data.
All lie beside the repository and are only read; a set that is not there is named as skipped. Full cover means that
every letter and digit of a labelled value lies in spans. Intervals are Wilson's at 95 %.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from governance.names.engine import NameEngine

DATA = Path(os.environ.get("CLEARINGHOUSE_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"


class Labelled(NamedTuple):
    """A text with its labelled values: (entity, start, end)."""

    text: str
    values: tuple[tuple[str, int, int], ...]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share, Wilson (1927)."""
    if not total:
        return 0.0, 1.0
    z, p = 1.959964, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def crosswoz() -> Iterator[Labelled]:
    with zipfile.ZipFile(DATA / "commerce/chats_crosswoz_zh/val.json.zip") as archive:
        dialogues = json.loads(archive.read("val.json"))
    for dialogue in dialogues.values():
        for message in dialogue["messages"]:
            text = message["content"]
            said = {act[3] for act in message["dialog_act"] if act[2] == "地址" and act[3] and act[3] in text}
            yield Labelled(text, tuple(("ADDRESS", text.index(v), text.index(v) + len(v)) for v in sorted(said)))


_ABOUT_A_PERSON = {"出生日期", "职业", "民族", "出生地", "星座", "身高", "经纪公司"}
_VALUE_IS_A_PERSON = {
    "导演",
    "主演",
    "编剧",
    "歌手",
    "演唱者",
    "制片人",
    "歌曲原唱",
    "作词",
    "作曲",
    "填词",
    "谱曲",
    "主要演员",
}
_HAN_NAME = re.compile("[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})*\\Z")


def kdconv(foreign: bool) -> Iterator[Labelled]:
    people: set[str] = set()
    messages: list[str] = []
    for path in sorted((DATA / "media/dialogs_kdconv_zh").glob("*.json")):
        for dialogue in json.loads(path.read_text(encoding="utf-8")):
            for message in dialogue["messages"]:
                messages.append(message["message"])
                for triple in message.get("attrs", []):
                    if triple["attrname"] in _ABOUT_A_PERSON:
                        people.add(triple["name"])
                    if triple["attrname"] in _VALUE_IS_A_PERSON:
                        people.update(re.split("[，,、/ ;；]+", triple["attrvalue"]))
    names = {n for n in people if _HAN_NAME.match(n) and len(n) > 1 and "乐队" not in n}
    wanted = {n for n in names if ("·" in n) == foreign and (foreign or len(n) <= 4)}
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=lambda n: (-len(n), n))))
    for text in messages:
        found = list(pattern.finditer(text))
        yield Labelled(text, tuple(("PERSON" if m[0] in wanted else "IGNORE", m.start(), m.end()) for m in found))


def presidio_research() -> Iterator[Labelled]:
    names = {"PERSON": "PERSON", "STREET_ADDRESS": "ADDRESS"}
    for item in json.loads((DATA / "pii_labelled/presidio_research_en/synth_dataset_v2.json").read_text("utf-8")):
        yield Labelled(
            item["full_text"],
            tuple(
                (names.get(s["entity_type"], "OTHER"), s["start_position"], s["end_position"]) for s in item["spans"]
            ),
        )


def pii_syn_nano() -> Iterator[Labelled]:
    for item in json.loads((DATA / "pii_labelled/pii_syn_nano_en/pii_syn_nano_en.json").read_text("utf-8")):
        values = []
        for entry in item["NER"]:
            value = (entry.get("entity") or "").strip("*")
            if value:
                kind = "PERSON" if entry["label"] == "PERSON" else "OTHER"
                values += [(kind, m.start(), m.end()) for m in re.finditer(re.escape(value), item["text"])]
        yield Labelled(item["text"], tuple(values))


def _column(pattern: str, name: str, encoding: str = "utf-8-sig", delimiter: str = ",") -> Iterator[str]:
    for path in sorted(DATA.glob(pattern)):
        with path.open(encoding=encoding, newline="") as file:
            for row in csv.DictReader(file, delimiter=delimiter):
                if row.get(name):
                    yield row[name]


def _films(column: int) -> Iterator[str]:
    text = (DATA / "media/titles_rentals_sakila/postgres-sakila-insert-data-using-copy.sql").read_text("utf-8")
    table = re.search(r"COPY.*?film .*?FROM stdin;\n(.*?)\n\\\.", text, re.DOTALL)
    assert table is not None
    for line in table[1].split("\n"):
        yield line.split("\t")[column]


def _lines(pattern: str, part: Callable[[str], str] = str) -> Iterator[str]:
    for path in sorted(DATA.glob(pattern)):
        yield from (part(line) for line in path.read_text("utf-8").splitlines() if line.strip())


def _descriptions() -> Iterator[str]:
    """Product descriptions of AdventureWorks: tab-separated, the second column."""
    text = (DATA / "commerce/crm_adventureworks/ProductDescription.csv").read_text("utf-8-sig")
    for line in text.splitlines():
        if "\t" in line:
            yield line.split("\t")[1]


def _customer_reviews() -> Iterator[str]:
    """Sentences of the customer reviews: what stands behind the labels of each line."""
    with zipfile.ZipFile(DATA / "commerce/reviews_customer_en/product_reviews_1.zip") as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".txt"):
                for line in archive.read(name).decode("latin-1").splitlines():
                    if "##" in line:
                        yield line.split("##", 1)[1]


LABELLED: dict[str, tuple[str, str, Callable[[], Iterable[Labelled]]]] = {
    "crosswoz": ("zh", "ADDRESS", crosswoz),
    "kdconv": ("zh", "PERSON", lambda: kdconv(False)),
    "kdconv_foreign": ("zh", "PERSON", lambda: kdconv(True)),
    "presidio_research": ("en", "PERSON", presidio_research),
    "presidio_research_addresses": ("en", "ADDRESS", presidio_research),
    "pii_syn_nano": ("en", "PERSON", pii_syn_nano),
}
CLEAN: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "titles_sakila": ("en", lambda: _films(1)),
    "synopses_sakila": ("en", lambda: _films(2)),
    "queries_wands": ("en", lambda: _column("commerce/search_queries_wands_en/query.csv", "query", delimiter="\t")),
    "products_retail": (
        "en",
        lambda: sorted(set(_column("commerce/orders_online_retail/2011-12-0*.csv", "Description"))),
    ),
    "items_shipments": (
        "en",
        lambda: sorted(set(_column("logistics/shipments_scms/*.csv", "Item Description", "latin-1"))),
    ),
    "descriptions_adventureworks": ("en", _descriptions),
    "reviews_customer": ("en", _customer_reviews),
    "reviews_hoasa": ("id", lambda: _column("commerce/reviews_hoasa_id/*.csv", "review")),
    "reviews_asap": ("zh", lambda: _column("commerce/reviews_asap_zh/*.csv", "reviewbody")),
    "captions_coco": ("zh", lambda: _lines("media/image_text_coco_zh/*.txt", lambda line: line.split("\t")[1])),
    "categories_olist": (
        "pt",
        lambda: _column("commerce/catalog_olist_pt/product_category*.csv", "product_category_name"),
    ),
}


def score(engine: NameEngine, items: list[Labelled], entity: str, language: str) -> dict[str, object]:
    """Full-cover recall of `entity`, and typed precision: the share of its spans that touch a label of it.

    A span on a label of another entity (an organisation taken for a person) is wrong; a span on ``IGNORE`` is not
    counted at all.
    """
    spans: dict[int, list[tuple[int, int, str]]] = {}
    for span in engine.scan([item.text for item in items], [language]):
        spans.setdefault(span.row, []).append((span.start, span.end, span.entity))
    gold = hits = touched = said = 0
    for row, item in enumerate(items):
        covered = {i for a, b, _ in spans.get(row, []) for i in range(a, b)}
        for kind, a, b in item.values:
            if kind == entity:
                gold += 1
                hits += all(i in covered for i in range(a, b) if item.text[i].isalnum())
        for a, b, kind in spans.get(row, []):
            if kind != entity:
                continue
            here = {k for k, x, y in item.values if x < b and a < y}
            if entity in here:
                touched += 1
            if entity in here or "IGNORE" not in here:
                said += 1
    low, high = wilson(hits, gold)
    return {
        "recall": hits / max(1, gold),
        "interval": [round(low, 3), round(high, 3)],
        "labels": gold,
        "precision": touched / max(1, said),
    }


def main() -> None:
    engine = NameEngine()
    engine.scan(["warm 我叫张伟 John"])
    figures: dict[str, object] = {}
    print(
        f"{'set':<30}{'lang':<6}{'entity':<9}{'labels':>7}{'recall':>8}  {'95 % interval':<16}{'precision':>9}",
        file=sys.stderr,
    )
    for name, (language, entity, read) in LABELLED.items():
        try:
            items = list(read())
        except FileNotFoundError:
            print(f"{name:<30}skipped: not in reach", file=sys.stderr)
            continue
        result = score(engine, items, entity, language)
        figures[name] = result
        low, high = result["interval"]  # type: ignore[misc]
        print(
            f"{name:<30}{language:<6}{entity:<9}{result['labels']:>7}{result['recall']:>8.3f}  {low:.3f} to {high:.3f}  "
            f"{result['precision']:>9.3f}",
            file=sys.stderr,
        )
    print(
        f"{'text without personal data':<30}{'lang':<6}{'letters':>9}{'covered per 1,000':>20}{'MB/CPU-s':>10}",
        file=sys.stderr,
    )
    for name, (language, lines) in CLEAN.items():
        try:
            texts = list(lines())
        except FileNotFoundError:
            texts = []
        if not texts:
            print(f"{name:<30}skipped: not in reach", file=sys.stderr)
            continue
        began = time.process_time()
        spans = engine.scan(texts, [language])
        spent = time.process_time() - began
        letters = sum(c.isalnum() for text in texts for c in text)
        covered = sum(c.isalnum() for s in spans for c in texts[s.row][s.start : s.end])
        size = sum(len(text.encode()) for text in texts) / 1e6
        figures[name] = {"over_per_1000": 1000 * covered / letters, "mb_per_cpu_s": size / max(spent, 1e-9)}
        print(
            f"{name:<30}{language:<6}{letters:>9}{1000 * covered / letters:>20.2f}{size / max(spent, 1e-9):>10.1f}",
            file=sys.stderr,
        )
    print(json.dumps({"name": "names_recall", "ratios": {}, "figures": figures}))


if __name__ == "__main__":
    main()
